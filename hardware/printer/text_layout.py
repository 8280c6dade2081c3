"""A receipt in the printer's own letters: strips of cells on a grid of 12 dots, as `layout` would break and place them. Pure.

Small and normal text are one cell high and wide, large text two. For lines so slow that a picture takes half a minute.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from hardware.printer.layout import NO_BREAK, ORPHAN, QUIET_MODULES, dots, module_dots, qr_modules, split
from hardware.printer.typeface import Size, balanced, wrap
from kiosk.domain.receipt import Gap, Qr, Receipt, ReceiptLine, Row, Rule, Text

CELL_DOTS = 12
RULE = "\u2500"
LEADER = "."
SHORTEST_LEADER = 3
PITCH_ROWS = {1: 28, 2: 52}
"""Distance of lines by their size."""


class Strip(Struct, frozen=True):
    """One line: a letter to a cell, ``times`` as high and wide as the smallest."""

    text: str
    times: int = 1
    bold: bool = False

    @property
    def rows(self) -> int:
        """Its height, distance to the next line included."""
        return PITCH_ROWS[self.times]


class Feed(Struct, frozen=True):
    """Blank paper, in dots."""

    rows: int


class Symbol(Struct, frozen=True):
    """A QR code, centred: its data, how many modules it has on a side, and how many dots a module."""

    data: str
    modules: int
    side: int

    @property
    def rows(self) -> int:
        """Its height, quiet zone not included."""
        return self.modules * self.side

    @property
    def quiet(self) -> Feed:
        """What stays blank above and below."""
        return Feed(QUIET_MODULES * self.side)


Block = Strip | Feed | Symbol


def set_out(receipt: Receipt, width_dots: int, dots_per_inch: int) -> list[Block]:
    """Break a receipt into strips, feeds and symbols on paper of this width."""
    grid = _Grid(width_dots, dots_per_inch)
    return [block for line in receipt.lines for block in grid.blocks(line)]


class _Grid:
    def __init__(self, width_dots: int, dots_per_inch: int) -> None:
        self._width, self._dots_per_inch = width_dots, dots_per_inch

    def blocks(self, line: ReceiptLine) -> Iterator[Block]:
        match line:
            case Text():
                yield from self._text(line)
            case Row():
                yield from self._row(line)
            case Rule():
                yield Strip(RULE * self._cells(1))
            case Gap():
                yield Feed(dots(line.height_mm, self._dots_per_inch))
            case Qr():
                yield from self._qr(line)

    def _cells(self, times: int) -> int:
        return self._width // (CELL_DOTS * times)

    def _text(self, text: Text) -> Iterator[Strip]:
        times = _times(text.size)
        cells = self._cells(times)
        lines = wrap(text.text, cells)
        if text.align == "centre" or len(lines[-1]) < cells // ORPHAN:
            lines = balanced(text.text, cells)
        for line in lines:
            slack = cells - len(line)
            indent = {"left": 0, "centre": slack // 2, "right": slack}[text.align]
            yield Strip(" " * indent + line.replace(NO_BREAK, " "), times, text.bold)

    def _row(self, row: Row) -> Iterator[Strip]:
        times = _times(row.size)
        cells = self._cells(times)
        labels, values = split(row.label, row.value, cells)
        drop = len(labels) - 1 if len(values) == 1 else 0
        values = [""] * drop + values
        block = max((len(value) for value in values), default=0)
        for number in range(max(len(labels), len(values))):
            label = labels[number] if number < len(labels) else ""
            value = values[number] if number < len(values) else ""
            last = number == len(labels) - 1 and len(values) == drop + 1 and times == 1
            yield Strip(_joined(label, value.ljust(block), cells, leads=bool(last and value)), times, row.bold)

    def _qr(self, qr: Qr) -> Iterator[Block]:
        modules = qr_modules(qr.data)
        side = module_dots(len(modules), qr.width_mm, self._width, self._dots_per_inch)
        if not side:
            yield from self._text(Text(qr.data, size="small"))
            return
        symbol = Symbol(qr.data, len(modules), side)
        yield from (symbol.quiet, symbol, symbol.quiet)


def _times(size: Size) -> int:
    return 2 if size == "large" else 1


def _joined(label: str, value: str, cells: int, *, leads: bool) -> str:
    gap = cells - len(label) - len(value)
    if leads and gap >= SHORTEST_LEADER + 2:
        label, gap = f"{label} {LEADER * (gap - 2)} ", 0
    return (label + " " * gap + value).replace(NO_BREAK, " ").rstrip()
