"""IPP messages as bytes and back (RFC 8010, section 3). Pure; reading is bounded by what was given and raises ProtocolError alone.

version (2 bytes), operation or status (2), request id (4), then groups: tag, attributes …, and 03; document data follow.
An attribute: value tag, length and name, length and value; further values have an empty name.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import NamedTuple

from kiosk.domain.faults import ProtocolError

OPERATION_GROUP, JOB_GROUP, END, PRINTER_GROUP, UNSUPPORTED_GROUP = 1, 2, 3, 4, 5
LAST_GROUP = 0x0F
INTEGER, BOOLEAN, ENUM = 0x21, 0x22, 0x23
RESOLUTION, RANGE = 0x32, 0x33
BEGIN_COLLECTION, TEXT_WITH_LANGUAGE, NAME_WITH_LANGUAGE, END_COLLECTION = 0x34, 0x35, 0x36, 0x37
TEXT, NAME, KEYWORD, URI, URI_SCHEME, CHARSET, LANGUAGE, MIME, MEMBER = (
    0x41,
    0x42,
    0x44,
    0x45,
    0x46,
    0x47,
    0x48,
    0x49,
    0x4A,
)
FIRST_STRING = 0x40
PER_INCH, PER_CENTIMETRE = 3, 4
CM_PER_INCH = 2.54

HEAD = struct.Struct(">BBHi")

Value = int | bool | str | bytes | tuple[int, int] | None
"""int, bool, str; a resolution as dots per inch across and down, a range as its ends; None for a collection or what is out of band."""
Version = tuple[int, int]


class Attribute(NamedTuple):
    """One attribute to be sent."""

    tag: int
    name: str
    values: tuple[int | bool | str, ...]


class Group(NamedTuple):
    """One group that came: its tag, and values by name."""

    tag: int
    values: dict[str, list[Value]]

    def first(self, name: str) -> Value:
        """Return an attribute's first value; None where there is none."""
        return next(iter(self.values.get(name, ())), None)

    def number(self, name: str) -> int:
        """Return an attribute's number, or 0."""
        value = self.first(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0

    def words(self, name: str) -> tuple[str, ...]:
        """Return all of an attribute's words."""
        return tuple(value for value in self.values.get(name, ()) if isinstance(value, str))


class Message(NamedTuple):
    """What came: ``code`` is a status, or in a request the operation."""

    version: Version
    code: int
    request_id: int
    groups: tuple[Group, ...]
    data: bytes = b""

    def group(self, tag: int) -> Group:
        """Return the first group with this tag, or an empty one."""
        return next((group for group in self.groups if group.tag == tag), Group(tag, {}))

    def all_of(self, tag: int) -> tuple[Group, ...]:
        """Return all groups with this tag."""
        return tuple(group for group in self.groups if group.tag == tag)


def encode(
    version: Version, code: int, request_id: int, groups: Iterable[tuple[int, Iterable[Attribute]]], data: bytes = b""
) -> bytes:
    """Return a message with its document data."""
    out = bytearray(HEAD.pack(*version, code, request_id))
    for tag, attributes in groups:
        out.append(tag)
        for attribute in attributes:
            name = attribute.name.encode("ascii")
            for value in attribute.values:
                body = _value(attribute.tag, value)
                out += struct.pack(">BH", attribute.tag, len(name)) + name + struct.pack(">H", len(body)) + body
                name = b""
    out.append(END)
    return bytes(out) + data


def _value(tag: int, value: int | bool | str) -> bytes:
    if tag == BOOLEAN:
        return bytes((bool(value),))
    if tag in {INTEGER, ENUM}:
        return struct.pack(">i", value)
    return str(value).encode()


def decode(message: bytes) -> Message:
    """Read a message. ProtocolError for what is none."""
    try:
        major, minor, code, request_id = HEAD.unpack_from(message)
        groups, at = _groups(message, HEAD.size)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ProtocolError(f"no IPP message: {type(error).__name__} after {len(message)} bytes") from None
    return Message((major, minor), code, request_id, groups, message[at:])


def _groups(message: bytes, at: int) -> tuple[tuple[Group, ...], int]:
    groups: list[Group] = []
    last: list[Value] = []
    depth = 0
    while (tag := message[at]) != END:
        if tag <= LAST_GROUP:
            groups.append(Group(tag, {}))
            last, depth, at = [], 0, at + 1
            continue
        name, at = _counted(message, at + 1)
        body, at = _counted(message, at)
        if not groups:
            raise ProtocolError("no IPP message: an attribute outside any group")
        if depth == 0 and name:
            last = groups[-1].values.setdefault(name.decode("ascii"), [])
        if depth == 0:
            last.append(_read(tag, body))
        depth += (tag == BEGIN_COLLECTION) - (tag == END_COLLECTION)
    return tuple(groups), at + 1


def _counted(message: bytes, at: int) -> tuple[bytes, int]:
    (length,) = struct.unpack_from(">H", message, at)
    end = at + 2 + length
    if end > len(message):
        raise ProtocolError("no IPP message: cut off in an attribute")
    return message[at + 2 : end], end


def _read(tag: int, body: bytes) -> Value:  # one line for each syntax
    if tag in {INTEGER, ENUM}:
        (number,) = struct.unpack(">i", body)
        return int(number)
    if tag == BOOLEAN:
        return body != b"\0"
    if tag == RESOLUTION:
        across, down, unit = struct.unpack(">iib", body)
        scale = CM_PER_INCH if unit == PER_CENTIMETRE else 1
        return round(across * scale), round(down * scale)
    if tag == RANGE:
        low, high = struct.unpack(">ii", body)
        return int(low), int(high)
    if tag in {TEXT_WITH_LANGUAGE, NAME_WITH_LANGUAGE}:
        _, at = _counted(body, 0)
        return _counted(body, at)[0].decode("utf-8", "replace")
    if tag > FIRST_STRING:
        return body.decode("utf-8", "replace")
    return None
