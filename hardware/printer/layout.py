"""A receipt as a picture: one bit per dot, thresholded and never dithered, exactly what the print head will burn.

Everything is measured in dots (203 dpi: 8 dots = 1 mm; 180 dpi: 7 dots, so that letters of the same dots are an eighth larger,
as they are on the printers' own). A label stands on the left and its value ends at the right edge,
joined by a line of dots that leads the eye; what is too long for its column wraps inside it; nothing leaves the paper.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import qrcode
from PIL import Image, ImageChops, ImageDraw
from qrcode.exceptions import DataOverflowError

from hardware.printer.typeface import GRADES, Size, balanced, letter, longest_word, wrap
from kiosk.domain.receipt import Gap, Picture, Qr, Receipt, ReceiptLine, Row, Rule, Text

MM_PER_INCH = 25.4
HEADS: dict[tuple[int, int], int] = {(80, 203): 576, (58, 203): 384, (80, 180): 512, (58, 180): 360}
"""Paper width in millimetres and dots per inch → printable dots."""
WIDTHS: dict[int, int] = {width_mm: dots for (width_mm, per_inch), dots in HEADS.items() if per_inch == 203}

INK = 0
WHITE = 255
DARKNESS = 150
"""Grey from which a dot is burnt. Above 128: thermal paper thins fine strokes, so borderline dots count as ink."""

MARGIN = 3
GUTTER = 2
RULE_DOTS, RULE_SPACE = 2, 11
LEADER_DOTS = 16
ORPHAN = 3
"""A last line shorter than a third of the paper looks lost: the paragraph is then broken evenly."""
NO_BREAK = "\u00a0"
QUIET_MODULES = 4
MODULE_DOTS = (3, 12)
"""Least and largest dots per QR module: 0.375 mm is what a telephone reads from worn thermal paper."""


LONGEST_MM = 200.0


def dots(length_mm: float, dots_per_inch: int) -> int:
    """Return a length in dots; one that is no length, or longer than any paper wants, is brought to what can be printed."""
    return round(min(max(0.0, length_mm), LONGEST_MM) * dots_per_inch / MM_PER_INCH)


class Split(NamedTuple):
    """A row in two columns: lines of the label, lines of the value, cells of the value's column."""

    labels: list[str]
    values: list[str]


def lay_out(receipt: Receipt, width_dots: int = WIDTHS[80], dots_per_inch: int = 203) -> Image.Image:
    """Draw a receipt. Returns one image of mode "1", ``width_dots`` wide. DeviceFault when the fonts are missing."""
    sheet = _Sheet(width_dots, dots_per_inch)
    for line in receipt.lines:
        sheet.add(line)
    return sheet.picture()


class _Sheet:
    """Paper that grows downwards: lines are measured first and drawn once, when the height is known."""

    def __init__(self, width: int, dots_per_inch: int) -> None:
        self.width, self.height = width, 0
        self._dots_per_inch = dots_per_inch
        self._strokes: list[Callable[[ImageDraw.ImageDraw], None]] = []

    def picture(self) -> Image.Image:
        grey = Image.new("L", (self.width, max(1, self.height)), WHITE)
        pen = ImageDraw.Draw(grey)
        for stroke in self._strokes:
            stroke(pen)
        return grey.point([INK] * DARKNESS + [WHITE] * (256 - DARKNESS), mode="1")

    def add(self, line: ReceiptLine) -> None:
        match line:
            case Text():
                self._text(line)
            case Row():
                self._row(line)
            case Rule():
                self._rule()
            case Gap():
                self.height += dots(line.height_mm, self._dots_per_inch)
            case Qr():
                self._qr(line)
            case Picture():
                self._picture(line)

    def _cells(self, size: Size) -> int:
        return (self.width - 2 * MARGIN) // GRADES[size].cell

    def _text(self, text: Text) -> None:
        cells, grade = self._cells(text.size), GRADES[text.size]
        lines = wrap(text.text, cells)
        if text.align == "centre" or len(lines[-1]) < cells // ORPHAN:
            lines = balanced(text.text, cells)
        for line in lines:
            used = len(line) * grade.cell
            slack = self.width - 2 * MARGIN - used
            offset = {"left": 0, "centre": slack // 2, "right": slack}[text.align]
            self._write(line, MARGIN + offset, self.height, text.size, bold=text.bold)
            self.height += grade.pitch

    def _row(self, row: Row) -> None:
        cells, grade = self._cells(row.size), GRADES[row.size]
        labels, values = split(row.label, row.value, cells)
        # A short value belongs to the end of a long label, as in a price list; two long ones start together.
        drop = len(labels) - 1 if len(values) == 1 else 0
        block = max((len(value) for value in values), default=0)
        right = self.width - MARGIN
        for number, label in enumerate(labels):
            self._write(label, MARGIN, self.height + number * grade.pitch, row.size, bold=row.bold)
        for number, value in enumerate(values):
            top = self.height + (drop + number) * grade.pitch
            self._write(value, right - (block * grade.cell), top, row.size, bold=row.bold)
        if len(values) == 1 and values[0]:
            start, end = MARGIN + (len(labels[-1]) + 1) * grade.cell, right - (block + 1) * grade.cell
            self._lead(start, end, self.height + drop * grade.pitch + grade.baseline)
        self.height += max(len(labels), drop + len(values)) * grade.pitch

    def _lead(self, start: int, end: int, baseline: int) -> None:
        """Dots between two positions, on one grid for the whole paper so that they stand under each other."""
        if end - start < 2 * LEADER_DOTS:
            return
        first, y = start + -(start + MARGIN - self.width) % LEADER_DOTS, baseline - 2
        for x in range(first, end, LEADER_DOTS):
            self._box(x, y, 2, 2)

    def _rule(self) -> None:
        self._box(MARGIN, self.height + RULE_SPACE, self.width - 2 * MARGIN, RULE_DOTS)
        self.height += 2 * RULE_SPACE + RULE_DOTS

    def _qr(self, qr: Qr) -> None:
        modules = qr_modules(qr.data)
        side = module_dots(len(modules), qr.width_mm, self.width, self._dots_per_inch)
        if not side:
            # Too much for a code that a telephone could read: the words themselves are still proof.
            self._text(Text(qr.data, size="small"))
            return
        left, top = (self.width - side * len(modules)) // 2, self.height + QUIET_MODULES * side

        for row, cells in enumerate(modules):
            for column, dark in enumerate(cells):
                if dark:
                    self._box(left + column * side, top + row * side, side, side)
        self.height = top + (len(modules) + QUIET_MODULES) * side

    def _picture(self, given: Picture) -> None:
        """Draw dot for dot; one that is wider than the paper is made smaller."""
        image = Image.frombytes("1", (given.width, given.height), given.bits).convert("L")
        if image.width > self.width:
            image = image.resize((self.width, max(1, image.height * self.width // image.width)))
        place = ((self.width - image.width) // 2, self.height)
        self._strokes.append(lambda pen: pen.bitmap(place, ImageChops.invert(image), fill=INK))
        self.height += image.height

    def _box(self, x: int, y: int, width: int, height: int) -> None:
        box = (x, y, x + width - 1, y + height - 1)
        self._strokes.append(lambda pen: pen.rectangle(box, fill=INK))

    def _write(self, text: str, x: int, top: int, size: Size, *, bold: bool) -> None:
        baseline = top + GRADES[size].baseline
        for number, sign in enumerate(text):
            if not sign.isspace():
                drawn = letter(sign, size, bold=bold)
                place = (x + number * GRADES[size].cell + drawn.left, baseline + drawn.top)
                self._strokes.append(partial(pen_letter, place, drawn.grey))


def pen_letter(place: tuple[int, int], grey: Image.Image, pen: ImageDraw.ImageDraw) -> None:
    """Draw a letter's grey, its upper left corner at ``place``."""
    pen.bitmap(place, grey, fill=INK)


def qr_modules(data: str) -> list[list[bool]]:
    """Return a QR code's modules without quiet zone, error correction M; empty when no code can hold the data (too much, or half a letter)."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    try:
        code.add_data(data)
        code.make(fit=True)
    except (DataOverflowError, ValueError):
        return []
    return [[bool(module) for module in row] for row in code.modules]


def module_dots(modules: int, width_mm: float, width_dots: int, dots_per_inch: int) -> int:
    """Return how many dots a module of a code gets on paper of this width; 0 if a telephone could not read it."""
    largest = (width_dots - 2 * MARGIN) // (modules + 2 * QUIET_MODULES) if modules else 0
    if largest < MODULE_DOTS[0]:
        return 0
    return min(max(dots(width_mm, dots_per_inch) // modules, MODULE_DOTS[0]), MODULE_DOTS[1], largest)


def split(label: str, value: str, cells: int) -> Split:
    """Break a row into two columns with the fewest lines.

    The value goes below the label where a word would have to be cut, or where that takes fewer lines. A value without letters (a number, an amount, a date) stays in one line, if that holds it.
    """
    if len(value) <= cells and not any(letter.isalpha() for letter in value):
        value = value.replace(" ", NO_BREAK)
    one = Split(wrap(label, cells), wrap(value, cells))
    if len(one.labels) == len(one.values) == 1 and len(label) + GUTTER + len(value) <= cells:
        return one
    best: tuple[int, int, Split] | None = None
    least, most = max(1, longest_word(value)), cells - GUTTER - max(1, longest_word(label))
    for width in range(least, most + 1):
        found = Split(wrap(label, cells - GUTTER - width), wrap(value, width))
        lines = max(len(found.labels), len(found.values))
        if best is None or (lines, len(found.labels)) < best[:2]:
            best = (lines, len(found.labels), found)
    if best is not None and best[0] <= len(one.labels) + len(one.values):
        return best[2]
    return Split([*one.labels, *[""] * len(one.values)], [*[""] * len(one.labels), *one.values])
