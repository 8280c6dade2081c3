"""APDUs, BMPs and TLV objects as the terminal writes and reads them (PA00P016 5.2; PA00P015 rev. 13.08, chapters 9 and 13).

APDU  ``CLASS INSTR LEN data``; LEN is one byte up to FE, or FF and two bytes, low first.
BMP   one byte that names a field, and the field: of fixed length, LLVAR (``Fx Fy``), LLLVAR (``Fx Fy Fz``), or 06 and TLV objects.
"""

from __future__ import annotations

FIXED_LENGTHS = {
    0x01: 1, 0x02: 1, 0x03: 1, 0x04: 6, 0x05: 1, 0x0B: 3, 0x0C: 3, 0x0D: 2, 0x0E: 2, 0x19: 1, 0x37: 3, 0x3A: 2,
    0x3B: 8, 0x3D: 3, 0x49: 2, 0x87: 2, 0x8A: 1, 0xD2: 1, 0xFA: 1,
}  # fmt: skip
COUNTED_LENGTHS = {0x22: 2, 0x23: 2, 0x2D: 2, 0x24: 3, 0x3C: 3}
CONTAINER = 0x06
CARD_DATA = frozenset({0x22, 0x23, 0x24, 0x2D, 0x0E, 0x3A})


class Malformed(ValueError):
    """The register sent something that this protocol does not allow; the message holds the evidence."""


def apdu(control: str, *parts: bytes) -> bytes:
    """Build an APDU from its control field in hex (``"04 0F"``) and its data."""
    data = b"".join(parts)
    length = bytes([len(data)]) if len(data) < 0xFF else b"\xff" + len(data).to_bytes(2, "little")
    return bytes.fromhex(control) + length + data


def data_of(message: bytes) -> bytes:
    """Give the data of an APDU whose length field must be right. Raises Malformed."""
    if len(message) < 3:
        raise Malformed(f"an APDU of {len(message)} bytes")
    long = message[2] == 0xFF
    start = 5 if long else 3
    length = int.from_bytes(message[3:5], "little") if long else message[2]
    if len(message) != start + length:
        raise Malformed(f"length field {length}, {len(message) - start} bytes of data")
    return message[start:]


def bcd(number: int, size: int) -> bytes:
    """Pack a number into ``size`` bytes, two digits each."""
    return bytes.fromhex(f"{number:0{size * 2}d}")


def number(packed: bytes) -> int:
    """Unpack decimal digits. Raises Malformed if a half-byte is no digit."""
    digits = packed.hex()
    if not digits.isdecimal():
        raise Malformed(f"{digits} is no packed decimal number")
    return int(digits)


def counted(data: bytes, digits: int) -> bytes:
    """Put an LLVAR (2 digits) or LLLVAR (3 digits) count before the data."""
    return bytes(0xF0 | int(digit) for digit in f"{len(data):0{digits}d}") + data


def tlv(tag: str, data: bytes) -> bytes:
    """Build one TLV object; its tag in hex."""
    size = len(data)
    length = (
        bytes([size]) if size < 0x80 else b"\x81" + bytes([size]) if size < 0x100 else b"\x82" + size.to_bytes(2, "big")
    )
    return bytes.fromhex(tag) + length + data


def container(*objects: bytes) -> bytes:
    """Build BMP 06 with these TLV objects."""
    return tlv("06", b"".join(objects))


def fields(data: bytes) -> dict[int, bytes]:
    """Read the BMPs of a command: name to content (without counts). Raises Malformed for a BMP that no command here has."""
    found: dict[int, bytes] = {}
    rest = data
    while rest:
        name = rest[0]
        content, rest = _content(name, rest[1:])
        found[name] = content
    return found


def objects(data: bytes) -> list[tuple[str, bytes]]:
    """Read the TLV objects of a container, one level: tag in upper-case hex, content. Raises Malformed."""
    found: list[tuple[str, bytes]] = []
    rest = data
    while rest:
        end = 1
        if rest[0] & 0x1F == 0x1F:
            while end < len(rest) and rest[end] & 0x80:
                end += 1
            end += 1
        content, after = _measured(rest[end:])
        found.append((rest[:end].hex().upper(), content))
        rest = after
    return found


def _content(name: int, rest: bytes) -> tuple[bytes, bytes]:
    if name == CONTAINER:
        return _measured(rest)
    if name in FIXED_LENGTHS:
        return _cut(rest, FIXED_LENGTHS[name])
    if name in COUNTED_LENGTHS:
        count, rest = _cut(rest, COUNTED_LENGTHS[name])
        if any(byte >> 4 != 0xF or byte & 0xF > 9 for byte in count):
            raise Malformed(f"BMP {name:02X} with the count {count.hex()}")
        return _cut(rest, int("".join(str(byte & 0xF) for byte in count)))
    raise Malformed(f"BMP {name:02X} is not known here")


def _measured(rest: bytes) -> tuple[bytes, bytes]:
    if not rest:
        raise Malformed("a TLV object without a length")
    size, start = rest[0], 1
    if size in {0x81, 0x82}:
        start = size - 0x7F
        size = int.from_bytes(rest[1:start], "big")
    elif size > 0x7F:
        raise Malformed(f"a TLV length that begins with {size:02X}")
    return _cut(rest[start:], size)


def _cut(rest: bytes, size: int) -> tuple[bytes, bytes]:
    if len(rest) < size:
        raise Malformed(f"{size} bytes announced, {len(rest)} there")
    return rest[:size], rest[size:]
