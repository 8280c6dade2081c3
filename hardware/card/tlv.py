"""BER-TLV data objects as smart cards use them (ISO/IEC 7816-4, 5.2.2): definite lengths, tags of one to three bytes.

tag │ length │ value      length: one byte up to 7F; 81 xx; 82 xxxx; 83 xxxxxx
"""

from __future__ import annotations

from msgspec import Struct

from kiosk.domain.faults import ProtocolError

_TAG_BYTES_MAX = 3
_LENGTH_BYTES_MAX = 3
_NUMBER_BYTES_MAX = 8


class DataObject(Struct, frozen=True):
    """A tag, as the manuals print it (0x7F49), and its value."""

    tag: int
    value: bytes

    def to_bytes(self) -> bytes:
        """Encode with the shortest length."""
        return encode(self.tag, self.value)


def encode(tag: int, value: bytes) -> bytes:
    """Encode one data object."""
    head = tag.to_bytes(max(1, (tag.bit_length() + 7) // 8), "big")
    if len(value) < 0x80:
        return head + bytes([len(value)]) + value
    length = len(value).to_bytes((len(value).bit_length() + 7) // 8, "big")
    return head + bytes([0x80 | len(length)]) + length + value


def read_header(data: bytes, start: int = 0) -> tuple[int, int, int]:
    """Read a tag and a length: (tag, offset of the value, length of the value). ProtocolError where they are damaged."""
    try:
        end = start + 1
        if data[start] & 0x1F == 0x1F:
            while data[end] & 0x80:
                end += 1
            end += 1
        tag, first = data[start:end], data[end]
        width = first & 0x7F if first & 0x80 else 0
        length = int.from_bytes(data[end + 1 : end + 1 + width], "big") if width else first
    except IndexError as error:
        raise ProtocolError(f"data object cut off in its header, at byte {start}") from error
    if len(tag) > _TAG_BYTES_MAX or first == 0x80 or width > _LENGTH_BYTES_MAX or end + 1 + width > len(data):
        raise ProtocolError(f"damaged header of a data object at byte {start}: {data[start : start + 5].hex()}")
    return int.from_bytes(tag, "big"), end + 1 + width, length


def parse(data: bytes) -> list[DataObject]:
    """Decode data objects that follow each other up to the end of the data. ProtocolError where they do not fit."""
    found: list[DataObject] = []
    position = 0
    while position < len(data):
        tag, start, length = read_header(data, position)
        position = start + length
        if position > len(data):
            raise ProtocolError(f"data object {tag:X} says {length} bytes and has {len(data) - start}")
        found.append(DataObject(tag, data[start:position]))
    return found


def only(data: bytes, tag: int) -> bytes:
    """Return the value of the one data object that the data must consist of. ProtocolError for anything else."""
    objects = parse(data)
    if [found.tag for found in objects] != [tag]:
        raise ProtocolError(f"expected the data object {tag:X} alone, got {_tags(objects)}")
    return objects[0].value


def find(data: bytes, tag: int) -> bytes:
    """Return the value of the first data object of a tag. ProtocolError where it is missing."""
    objects = parse(data)
    for found in objects:
        if found.tag == tag:
            return found.value
    raise ProtocolError(f"expected a data object {tag:X}, got {_tags(objects)}")


def number(value: bytes) -> int:
    """Return the unsigned number that a value is. ProtocolError: longer than anything that is counted here."""
    if len(value) > _NUMBER_BYTES_MAX:
        raise ProtocolError(f"a number of {len(value)} bytes")
    return int.from_bytes(value, "big")


def _tags(objects: list[DataObject]) -> str:
    """Name what was found without its values: evidence is journalled, and they may be somebody's name."""
    return ", ".join(f"{found.tag:X} of {len(found.value)} bytes" for found in objects) or "nothing"
