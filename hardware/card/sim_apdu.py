"""Command APDUs as a chip receives them (ISO/IEC 7816-4, section 5.2), and the data objects inside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Refused(Exception):
    """The chip does not do what it was told; ``status`` is the status word it answers with."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


class Answer(NamedTuple):
    """What a command comes to: data and status word."""

    data: bytes = b""
    status: int = 0x9000

    @property
    def encoded(self) -> bytes:
        """The response APDU."""
        return self.data + self.status.to_bytes(2, "big")


class Command(NamedTuple):
    """A command APDU. ``le`` is the number of bytes asked for (256 for a short 00), None where no Le was sent."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None

    @property
    def header(self) -> bytes:
        """The first four bytes."""
        return bytes(self[:4])


def parse_command(apdu: bytes) -> Command:
    """Read a short or extended command APDU; ValueError when its lengths do not add up."""
    if len(apdu) < 4:
        raise ValueError(f"shorter than a header: {apdu.hex()}")
    header, body = apdu[:4], apdu[4:]
    if len(body) == 0:
        return _command(header)
    if len(body) == 1:
        return _command(header, le=body[0] or 0x100)
    if body[0] == 0:
        return _extended(header, body[1:])
    end = 1 + body[0]
    if len(body) == end:
        return _command(header, data=body[1:])
    if len(body) == end + 1:
        return _command(header, data=body[1:end], le=body[end] or 0x100)
    raise ValueError(f"Lc says {body[0]}, {len(body) - 1} bytes follow")


def _command(header: bytes, data: bytes = b"", le: int | None = None) -> Command:
    return Command(header[0], header[1], header[2], header[3], data, le)


def _extended(header: bytes, body: bytes) -> Command:
    length = int.from_bytes(body[:2], "big")
    if len(body) == 2:
        return _command(header, le=length or 0x10000)
    if length and len(body) == 2 + length:
        return _command(header, data=body[2:])
    if length and len(body) == 4 + length:
        return _command(header, data=body[2:-2], le=int.from_bytes(body[-2:], "big") or 0x10000)
    raise ValueError(f"extended Lc says {length}, {len(body) - 2} bytes follow")


def data_objects(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Go through BER-TLV data objects with one-byte tags: tag, value, the object as sent. ValueError when cut short."""
    while data:
        if len(data) < 2:
            raise ValueError(f"a data object is cut short: {data.hex()}")
        sizes = data[1] & 0x7F if data[1] & 0x80 else 0
        start = 2 + sizes
        length = int.from_bytes(data[2:start], "big") if sizes else data[1]
        end = start + length
        if sizes > 2 or len(data) < end:
            raise ValueError(f"a data object is cut short: {data.hex()}")
        yield data[0], data[start:end], data[:end]
        data = data[end:]


def encode_object(tag: bytes, value: bytes) -> bytes:
    """One BER-TLV data object of up to 65535 bytes."""
    length = len(value)
    if length < 0x80:
        return tag + bytes([length]) + value
    if length < 0x100:
        return tag + bytes([0x81, length]) + value
    return tag + b"\x82" + length.to_bytes(2, "big") + value
