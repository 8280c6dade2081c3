"""Data fields of ZVT: BMPs, BCD, LLVAR, LLLVAR and the TLV container (PA00P015 rev 13.08, chapters 8 and 9). Pure.

    BMP, value of its fixed length
    BMP, Fx Fy, value             LLVAR: two digits of length, each in the low half of a byte
    BMP, Fx Fy Fz, value          LLLVAR: three digits
    06, BER length, TLV objects   the container; a tag has one byte or more, a length one to three

A value that is not on the list of the kept ones is measured and dropped here; of the others ``redaction`` takes what is a card's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hardware.terminal.redaction import masked_bytes, masked_card_number, masked_hex, masked_text
from hardware.terminal.tlv import ber_length, iterate_tlv

FIXED = {
    0x01: 1, 0x02: 1, 0x03: 1, 0x04: 6, 0x05: 1, 0x0B: 3, 0x0C: 3, 0x0D: 2, 0x0E: 2, 0x17: 2, 0x19: 1, 0x27: 1, 0x29: 4,
    0x2A: 15, 0x37: 3, 0x3A: 2, 0x3B: 8, 0x3D: 3, 0x49: 2, 0x70: 4, 0x71: 4, 0x72: 1, 0x73: 1, 0x74: 1, 0x75: 1, 0x87: 2,
    0x88: 3, 0x8A: 1, 0x8C: 1, 0xA0: 1, 0xAA: 3, 0xBA: 5, 0xD0: 1, 0xD2: 1, 0xD3: 1, 0xE0: 1, 0xE9: 1, 0xEA: 1, 0xEB: 8,
    0xF0: 1, 0xF9: 1, 0xFA: 1, 0xFB: 1, 0xFC: 1, 0xFD: 1,
}  # fmt: skip
"""Lengths in bytes."""

DIGITS_OF_LENGTH = {
    **dict.fromkeys((0x22, 0x23, 0x2D, 0x4C, 0x8B, 0xA7, 0xD1, *range(0xE1, 0xE9), *range(0xF1, 0xF9)), 2),
    **dict.fromkeys((0x24, 0x2E, 0x3C, 0x60, 0x9A, 0xAF), 3),
}
"""LLVAR and LLLVAR."""

TLV_CONTAINER, CARD_NUMBER, TOTALS, TEXT_LINE = 0x06, 0x22, 0x60, 0x07

KEPT = frozenset({
    0x04, 0x0B, 0x0C, 0x0D, 0x19, 0x27, 0x29, 0x2A, 0x37, 0x3B, 0x3C, 0x49, TOTALS, 0x87, 0x88, 0x8A, 0x8B, 0xA0, 0xAA, 0xD0,
})  # fmt: skip
KEPT_TAGS = frozenset({
    0x07, 0x09, 0x14, 0x43, 0x44, 0x1F07, 0x1F10, 0x1F11, 0x1F12, 0x1F16, 0x1F17, 0x1F2B,
})  # fmt: skip
"""Only these are ever stored; tracks (23, 24, 2D), expiry date (0E) and whatever nobody needs are not among them."""

TEXTS, TEXT_TAGS = frozenset({0x3C, 0x8B}), frozenset({TEXT_LINE, 0x44, 0x1F17})
LONGEST_REST = 256
TOTALS_BYTES = 53


@dataclass
class Fields:
    """What a data block holds, after redaction. Its repr shows no values: texts are as the terminal wrote them.

    ``values``: BMP → raw value, the card number (22) as ASCII such as ``****5726``. ``tags``: TLV tag → value; of a
    repeated one the first. ``lines``: all texts (tag 07) in order. ``unread``: how many bytes stand behind the last BMP
    that could be read; ``rest``: the first of them in hex, from the BMP that is unknown or cut off, with dots for digits.
    """

    values: dict[int, bytes] = field(default_factory=dict, repr=False)
    tags: dict[int, bytes] = field(default_factory=dict, repr=False)
    lines: list[bytes] = field(default_factory=list, repr=False)
    unread: int = 0
    rest: str = field(default="", repr=False)

    @property
    def partial(self) -> bool:
        """True if something could not be read."""
        return self.unread > 0


def cut_fields(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """Return each BMP and its value, unredacted, and what stands from the first BMP that is unknown or cut off."""
    cut, at = [], 0
    while at < len(data) and (found := _field_at(data, at)) is not None:
        cut.append((data[at], data[found[0] : found[1]]))
        at = found[1]
    return cut, data[at:]


def parse_fields(data: bytes) -> Fields:
    """Read a data block as far as it can be read. Never raises."""
    fields = Fields()
    cut, rest = cut_fields(data)
    for bmp, value in cut:
        _keep(fields, bmp, value)
    fields.unread, fields.rest = len(rest), masked_hex(rest[:LONGEST_REST])
    return fields


def _field_at(data: bytes, at: int) -> tuple[int, int] | None:
    """Return where the value of the field at ``at`` starts and ends; None if that cannot be told."""
    bmp = data[at]
    if bmp in FIXED:
        start, size = at + 1, FIXED[bmp]
    elif bmp in DIGITS_OF_LENGTH:
        start = at + 1 + DIGITS_OF_LENGTH[bmp]
        counter = data[at + 1 : start]
        if any(byte < 0xF0 or byte > 0xF9 for byte in counter):
            return None
        size = int("".join(str(byte & 0x0F) for byte in counter) or "0")
    elif bmp == TLV_CONTAINER:
        length = ber_length(data, at + 1)
        if length is None:
            return None
        start, size = length
    else:
        return None
    return (start, start + size) if start + size <= len(data) else None


def _keep(fields: Fields, bmp: int, value: bytes) -> None:
    if bmp == TLV_CONTAINER:
        for tag, content in iterate_tlv(value):
            if tag in KEPT_TAGS:
                kept = _without_card(tag, content)
                fields.tags.setdefault(tag, kept)
                if tag == TEXT_LINE:
                    fields.lines.append(kept)
    elif bmp == CARD_NUMBER:
        fields.values[bmp] = masked_card_number(value).encode()
    elif bmp == TOTALS:
        fields.values[bmp] = value if len(value) >= TOTALS_BYTES else b""
    elif bmp in KEPT:
        fields.values[bmp] = masked_bytes(value) if bmp in TEXTS else value


def _without_card(tag: int, content: bytes) -> bytes:
    """Return what of an object may be kept."""
    if tag in TEXT_TAGS:
        return masked_bytes(content)
    hexed = content.hex().upper()
    return content if masked_text(hexed) == hexed else b""


def encode_bcd(number: int | str, size_bytes: int) -> bytes:
    """Pack decimal digits, two to a byte, zeros in front. ValueError if they do not fit or are none."""
    digits = str(number).zfill(size_bytes * 2)
    if len(digits) != size_bytes * 2 or not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"{len(digits)} characters do not make {size_bytes * 2} decimal digits")
    return bytes.fromhex(digits)


def decode_bcd(value: bytes) -> str:
    """Return the digits; "" if a half byte is not one (a damaged field is as good as none)."""
    digits = value.hex()
    return digits if digits.isdigit() else ""
