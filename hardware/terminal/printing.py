"""Receipts that the terminal has us print: lines 06 D1 and blocks 06 D3 (PA00P015 rev 13.08, 3.5, 3.6), put together. Pure.

06 D1: attribute, text, at the end of some terminals' text a TLV container with 1F07. 06 D3: a TLV container with 1F07 and
25 {09 attribute, 07 text, …}. An attribute with its highest bit set, except 80, ends a receipt.
"""

from __future__ import annotations

import re

from msgspec import Struct

from hardware.terminal import messages
from hardware.terminal.apdu import Apdu
from hardware.terminal.bmp import TEXT_LINE, TLV_CONTAINER, cut_fields
from hardware.terminal.redaction import print_line
from hardware.terminal.tlv import iterate_tlv

ATTRIBUTE, CHARACTER_SET, RECEIPT_TYPE = 0x09, 0x14, 0x1F07
KINDS = {1: "merchant", 2: "customer", 3: "administration"}
MOST_LINES = 400
"""Kept of all receipts of one command: a terminal that prints on and on is not listened to for ever."""
_TYPE_BEHIND_TEXT = re.compile(rb"\x06\x04\x1f\x07\x01([\x01-\x03])\Z")


class Printed(Struct, frozen=True):
    """One 06 D1 or 06 D3. ``kind``: "merchant", "customer", "administration", or "" if it is not said."""

    kind: str = ""
    lines: tuple[str, ...] = ()
    ends: bool = False


def parse_print(apdu: Apdu) -> Printed:
    """Read a print command as far as it can be read. Never raises; card numbers are masked."""
    return _line(apdu.data) if apdu.command == messages.PRINT_LINE else _block(apdu.data)


def _line(data: bytes) -> Printed:
    attribute, text, kind = data[:1], data[1:], ""
    told = _TYPE_BEHIND_TEXT.search(text)
    if told is not None:
        text, kind = text[: told.start()], KINDS[told[1][0]]
    ends = _ends(attribute)
    # The attribute alone ends a receipt; with nothing else to it, it is no line of it.
    return Printed(kind, () if ends and not text else (print_line(text),), ends)


def _block(data: bytes) -> Printed:
    objects = [each for bmp, value in cut_fields(data)[0] if bmp == TLV_CONTAINER for each in iterate_tlv(value)]
    charset = next((value[0] for tag, value in objects if tag == CHARACTER_SET and value), 0)
    kind = next((value[0] for tag, value in objects if tag == RECEIPT_TYPE and value), 0)
    lines = tuple(print_line(value, charset) for tag, value in objects if tag == TEXT_LINE)
    return Printed(KINDS.get(kind, ""), lines, any(tag == ATTRIBUTE and _ends(value) for tag, value in objects))


def _ends(attribute: bytes) -> bool:
    return attribute[:1] > b"\x80"


class Receipts:
    """Puts the print commands of one command together; whole receipts only leave it, at the command's end the last one too."""

    def __init__(self) -> None:
        self._whole: list[tuple[str, tuple[str, ...]]] = []
        self._kind, self._lines = "", list[str]()
        self._room = MOST_LINES

    def take(self, apdu: Apdu) -> None:
        """Take one 06 D1 or 06 D3."""
        printed = parse_print(apdu)
        if printed.kind and self._kind and printed.kind != self._kind:
            self._end()
        self._kind = printed.kind or self._kind
        kept = printed.lines[: self._room]
        self._room -= len(kept)
        self._lines += kept
        if printed.ends:
            self._end()

    def customer(self) -> tuple[str, ...]:
        """Return the customer's receipt; () if there is none.

        Where the terminal does not name its receipts, the merchant's comes first: of two the last is the customer's.
        """
        self._end()
        named = [lines for kind, lines in self._whole if kind == "customer"]
        unnamed = [lines for kind, lines in self._whole if not kind]
        return (named or unnamed or [()])[-1]

    def _end(self) -> None:
        if self._lines:
            self._whole.append((self._kind, tuple(self._lines)))
        self._kind, self._lines = "", []
