"""TLV objects of ZVT (PA00P015 rev 13.08, chapter 9): pure, never raises.

tag     one byte, or more if its low five bits are all set; of the further ones the last has no high bit
length  00..7F, or 81 and one byte, or 82 and two bytes
value   more objects if the tag's bit 20 is set
"""

from __future__ import annotations

from collections.abc import Iterator

DEEPEST = 4


def ber_length(data: bytes, at: int) -> tuple[int, int] | None:
    """Read a length of one to three bytes: where the value starts, and its size; None if it is none."""
    if at >= len(data):
        return None
    more = data[at] - 0x80
    if more < 0:
        return at + 1, data[at]
    if more not in (1, 2) or at + 1 + more > len(data):
        return None
    return at + 1 + more, int.from_bytes(data[at + 1 : at + 1 + more], "big")


def read_tlv(data: bytes) -> tuple[list[tuple[int, bytes]], int]:
    """Return the objects of one level as (tag, value), and how many bytes at the end could not be read."""
    objects, at = [], 0
    while at < len(data):
        first, tag, after = data[at], data[at], at + 1
        more = first & 0x1F == 0x1F
        while more and after < len(data):
            more, tag, after = data[after] >= 0x80, tag << 8 | data[after], after + 1
        length = ber_length(data, after)
        if length is None or sum(length) > len(data):
            break
        at = sum(length)
        objects.append((tag, data[length[0] : at]))
    return objects, len(data) - at


def is_constructed(tag: int) -> bool:
    """Say whether the value of a tag is objects again."""
    while tag > 0xFF:
        tag >>= 8
    return bool(tag & 0x20)


def iterate_tlv(data: bytes, depth: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield the primitive objects, those in nested ones too. Stops where it cannot go on."""
    for tag, value in read_tlv(data)[0]:
        if is_constructed(tag) and depth < DEEPEST:
            yield from iterate_tlv(value, depth + 1)
        else:
            yield tag, value
