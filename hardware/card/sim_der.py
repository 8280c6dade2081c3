"""DER by hand (ITU-T X.690), as far as certificates, security objects and SecurityInfos of simulated cards need it."""

from __future__ import annotations

from datetime import datetime

from hardware.card.sim_apdu import encode_object

NULL = b"\x05\x00"
TRUE = b"\x01\x01\xff"
_UTC_TIME_UNTIL = 2050  # RFC 5280, section 4.1.2.5


def sequence(*parts: bytes) -> bytes:
    """Join encoded parts in a SEQUENCE."""
    return encode_object(b"\x30", b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    """Join encoded parts in a SET OF, in the order of their encodings."""
    return encode_object(b"\x31", b"".join(sorted(parts)))


def tagged(number: int, *parts: bytes) -> bytes:
    """Put encoded parts under a constructed context tag."""
    return encode_object(bytes([0xA0 | number]), b"".join(parts))


def integer(value: int) -> bytes:
    """Encode a number that is not negative."""
    return encode_object(b"\x02", value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    """Encode an object identifier."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return encode_object(b"\x06", b"".join(_base_128(arc) for arc in (40 * first + second, *rest)))


def _base_128(arc: int) -> bytes:
    digits = [arc & 0x7F]
    while arc := arc >> 7:
        digits.append(0x80 | arc & 0x7F)
    return bytes(reversed(digits))


def octets(value: bytes) -> bytes:
    """Encode an OCTET STRING."""
    return encode_object(b"\x04", value)


def bits(value: bytes, unused: int = 0) -> bytes:
    """Encode a BIT STRING."""
    return encode_object(b"\x03", bytes([unused]) + value)


def utf8(text: str) -> bytes:
    """Encode a UTF8String."""
    return encode_object(b"\x0c", text.encode())


def printable(text: str) -> bytes:
    """Encode a PrintableString."""
    return encode_object(b"\x13", text.encode("ascii"))


def time(moment: datetime) -> bytes:
    """Encode a Time: UTCTime until 2049, GeneralizedTime after it."""
    if moment.year < _UTC_TIME_UNTIL:
        return encode_object(b"\x17", f"{moment:%y%m%d%H%M%SZ}".encode())
    return encode_object(b"\x18", f"{moment:%Y%m%d%H%M%SZ}".encode())
