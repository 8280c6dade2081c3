"""Letters that no page of the printer has, drawn in a cell of its own letters: 12 by 24 dots, as ESC * 33 takes them."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw

from hardware.printer.layout import DARKNESS, pen_letter
from hardware.printer.text_layout import CELL_DOTS
from hardware.printer.typeface import letter

CELL_ROWS = 24
BASELINE = 19
"""Where the printers' own letters of this size stand."""
KEPT_CELLS = 512


@lru_cache(KEPT_CELLS)
def cell(sign: str, times: int, *, bold: bool) -> Image.Image:
    """Draw one letter in its cell, mode "1", ink is not 0; larger ones with each dot ``times`` as wide and high."""
    grey = Image.new("L", (CELL_DOTS, CELL_ROWS), 255)
    drawn = letter(sign, "small", bold=bold)
    if not sign.isspace():
        pen_letter((drawn.left, BASELINE + drawn.top), drawn.grey, ImageDraw.Draw(grey))
    ink = grey.point([255] * DARKNESS + [0] * (256 - DARKNESS), mode="1")
    return ink.resize((CELL_DOTS * times, CELL_ROWS * times), Image.Resampling.NEAREST)


def columns(text: str, times: int, half: int, *, bold: bool) -> bytes:
    """Return the columns of some letters, three bytes each, topmost dot first; ``half`` 0 is the upper one of a large line."""
    width = CELL_DOTS * times
    picture = Image.new("1", (width * len(text), CELL_ROWS))
    for number, sign in enumerate(text):
        picture.paste(cell(sign, times, bold=bold), (number * width, -half * CELL_ROWS))
    return picture.transpose(Image.Transpose.TRANSPOSE).tobytes()
