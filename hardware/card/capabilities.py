"""Whether card and reader carry long APDUs, and how long: from the ATR, EF.ATR/INFO and the reader itself.

The card says in its historical bytes (ISO/IEC 7816-4, 12.1.1) or in EF.ATR/INFO (Doc 9303-10, 3.11.1) that it knows extended
length fields. READ BINARY may use them only where EF.ATR/INFO states the sizes of its buffers (Doc 9303-10, 3.6.4.2).
The reader says so in its features (PC/SC part 10, 2.6.14); many say nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from hardware.card import tlv
from kiosk.domain.faults import ProtocolError

_CAPABILITIES = 7
_EXTENDED_LENGTH = 0x40
_LENGTHS, _INTEGER = 0x7F66, 0x02
_FEATURE_PROPERTIES = 0x12
_MAX_APDU_BYTES = 0x0A
_SHORT_APDU_MAX = 261

GET_FEATURES = 3400
"""The control code of the question for a reader's features, before SCARD_CTL_CODE."""

Control = Callable[[int], bytes]
"""Sends a control code without data to the reader and returns its answer."""


def historical_bytes(atr: bytes) -> bytes:
    """Return the historical bytes of an ATR (ISO/IEC 7816-3, 8.2); nothing where it is cut off."""
    if len(atr) < 2:
        return b""
    place, follows = 2, atr[1] >> 4
    while True:
        present = follows.bit_count()
        if not follows & 0x8:
            return atr[place + present : place + present + (atr[1] & 0x0F)]
        last = place + present - 1
        if last >= len(atr):
            return b""
        place, follows = last + 1, atr[last] >> 4


def says_extended(atr: bytes) -> bool | None:
    """Whether the ATR says that the card knows extended length fields; None where it says nothing about it."""
    history = historical_bytes(atr)
    if history[:1] not in {b"\x00", b"\x80"}:
        return None
    place = 1
    while place < len(history):
        tag, length = history[place] >> 4, history[place] & 0x0F
        value = history[place + 1 : place + 1 + length]
        if tag == _CAPABILITIES and len(value) == 3:
            return bool(value[2] & _EXTENDED_LENGTH)
        place += 1 + length
    return None


def response_bytes(atr_info: bytes) -> int | None:
    """Return how long a response may be, status word included, by the content of EF.ATR/INFO; None where it is not stated.

    ProtocolError where the file is damaged.
    """
    for found in tlv.parse(atr_info):
        if found.tag != _LENGTHS:
            continue
        sizes = [tlv.number(each.value) for each in tlv.parse(found.value) if each.tag == _INTEGER]
        if len(sizes) != 2:
            raise ProtocolError(f"extended length information with {len(sizes)} numbers")
        return sizes[1]
    return None


def reader_extended(control: Control, ctl_code: Callable[[int], int]) -> bool | None:
    """Whether the reader carries extended APDUs; None where it does not say."""
    for tag, value in _flat(control(ctl_code(GET_FEATURES))):
        if tag == _FEATURE_PROPERTIES and len(value) == 4:
            for name, amount in _flat(control(int.from_bytes(value, "big"))):
                if name == _MAX_APDU_BYTES:
                    return int.from_bytes(amount, "little") > _SHORT_APDU_MAX
    return None


def _flat(answer: bytes) -> list[tuple[int, bytes]]:
    """Take an answer of tag, length, value, one byte each for the first two, apart."""
    found, place = [], 0
    while place + 2 <= len(answer):
        found.append((answer[place], answer[place + 2 : place + 2 + answer[place + 1]]))
        place += 2 + answer[place + 1]
    return found
