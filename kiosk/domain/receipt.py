"""A piece of paper for the citizen: lines to lay out, and what became of printing them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Text(Struct, frozen=True, tag="text"):
    """A paragraph, wrapped to the paper's width."""

    text: str
    align: Literal["left", "centre", "right"] = "left"
    size: Literal["small", "normal", "large"] = "normal"
    bold: bool = False


class Row(Struct, frozen=True, tag="row"):
    """A label on the left and its value on the right; both wrap in their own column when long."""

    label: str
    value: str
    bold: bool = False
    size: Literal["small", "normal", "large"] = "normal"


class Rule(Struct, frozen=True, tag="rule"):
    """A line across the paper."""


class Gap(Struct, frozen=True, tag="gap"):
    """White space, in millimetres."""

    height_mm: float = 2.0


class Qr(Struct, frozen=True, tag="qr"):
    """A QR code, centred, error correction M."""

    data: str
    width_mm: float = 28.0


class Picture(Struct, frozen=True, tag="picture"):
    """A picture of black and white dots, centred. ``bits``: rows of whole bytes, the left dot in the highest bit, 1 is white."""

    width: int
    height: int
    bits: bytes


ReceiptLine = Text | Row | Rule | Gap | Qr | Picture


class Receipt(Struct, frozen=True):
    """What is printed. ``copy`` 0 is the original; a reprint is marked with its number by whoever composed it."""

    reference: str
    language: str
    lines: tuple[ReceiptLine, ...]
    copy: int = 0


class Supply(Struct, frozen=True):
    """How much paper has come off the roll since it was changed, and what is left of it; None where nobody knows its length."""

    printed_mm: int
    cuts: int
    left_mm: int | None
    near_end: bool


class Printed(Struct, frozen=True, tag="printed"):
    """The printer acknowledged every window up to and with the cut."""


class Unverified(Struct, frozen=True, tag="unverified"):
    """Everything was sent and nothing complained, but this printer cannot confirm."""

    reason: str


class Partial(Struct, frozen=True, tag="partial"):
    """Printing began and did not end; some paper may have come out."""

    reason: str
    windows_acknowledged: int = 0


class NotStarted(Struct, frozen=True, tag="not_started"):
    """Nothing was printed."""

    reason: str


PrintOutcome = Printed | Unverified | Partial | NotStarted
"""``reason`` is one of: paper_out, cover_open, cutter, mechanical, overheated, offline, lost, silent, unconfirmed;
of a document also unprintable (no printer could print it) and unfetched (the centre did not give it)."""
