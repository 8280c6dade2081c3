"""The simulated printer's characters: a monospaced font in fixed cells, and the line they are gathered in.

Font A is 12 x 24 dots, font B 9 x 17, as in Epson's 80 mm printers: 48 or 64 columns on 576 dots.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from hardware.printer.sim_paper import rows_of

FONT_FILES: Final = (
    "/usr/share/fonts/truetype/noto/NotoSansMono-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
)
# (cell width, cell height, font size, base line), all in dots
CELLS: Final = ((12, 24, 20, 19), (9, 17, 15, 13))
DEFAULT_SPACING_ROWS: Final = 30
TAB_COLUMNS: Final = 8


@dataclass
class Style:
    """All that ESC @ sets back. Lengths in dots, of which one motion unit is one."""

    codec: str = "cp437"
    font: int = 0
    bold: bool = False
    underline_rows: int = 0
    inverse: bool = False
    upside_down: bool = False
    width_times: int = 1
    height_times: int = 1
    align: int = 0
    spacing_rows: int = DEFAULT_SPACING_ROWS
    space_dots: int = 0
    margin_dots: int = 0
    area_dots: int | None = None
    tabs: tuple[int, ...] = field(default_factory=lambda: tuple(range(TAB_COLUMNS, 256, TAB_COLUMNS)))

    def area(self, width_dots: int) -> int:
        """Give the width of the printing area on paper of this width."""
        room = max(0, width_dots - self.margin_dots)
        return room if self.area_dots is None else min(room, self.area_dots)


class Line:
    """The print buffer: cells side by side, standing on a common bottom, printed by a line feed."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget the line."""
        self.text = ""
        self.cursor_dots = 0
        self._cells: list[tuple[int, Image.Image]] = []

    def __bool__(self) -> bool:
        return bool(self._cells or self.cursor_dots)

    def add(self, cell: Image.Image, space_dots: int = 0) -> None:
        """Put a cell at the cursor."""
        self._cells.append((self.cursor_dots, cell))
        self.cursor_dots += cell.width + space_dots

    def rows(self, style: Style, width_dots: int) -> list[int]:
        """Give the line as rows of the paper's width, aligned within the printing area."""
        area = style.area(width_dots)
        height = max((cell.height for _, cell in self._cells), default=0)
        canvas = Image.new("1", (width_dots, height))
        start = style.margin_dots + (area - min(area, self.cursor_dots)) * style.align // 2
        for offset, cell in self._cells:
            canvas.paste(cell, (start + offset, height - cell.height))
        if style.upside_down:
            canvas = canvas.transpose(Image.Transpose.ROTATE_180)
        return rows_of(canvas)


def draw(character: str, style: Style) -> Image.Image:
    """Give the cell of one character in a style: 1-bit, non-zero = ink."""
    cell = _plain(character, style.font).copy()
    if style.bold:
        cell.paste(1, (1, 0), cell.crop((0, 0, cell.width - 1, cell.height)))
    if style.underline_rows and not style.inverse:
        cell.paste(1, (0, cell.height - style.underline_rows, cell.width, cell.height))
    if style.inverse:
        cell = cell.point(lambda dot: 0 if dot else 255)
    size = (cell.width * style.width_times, cell.height * style.height_times)
    return cell.resize(size, Image.Resampling.NEAREST)


@cache
def _plain(character: str, font: int) -> Image.Image:
    width, height, size, base = CELLS[font]
    cell = Image.new("1", (width, height))
    pen = ImageDraw.Draw(cell)
    pen.fontmode = "1"
    pen.text((0, base), character, fill=1, font=_face(size), anchor="ls")
    return cell


@cache
def _face(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in FONT_FILES:
        if Path(name).exists():
            return ImageFont.truetype(name, size)
    return ImageFont.load_default(size)
