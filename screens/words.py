"""Text as a texture that always fits: it wraps between words, and shrinks until nothing is clipped and no word breaks."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from kivy.core.text import Label
from kivy.graphics.texture import Texture
from msgspec import Struct

FONT = "Roboto"
"""Comes with Kivy; has every letter of the three languages and the manat (a test reads its cmap), but no symbols."""

Align = Literal["left", "center", "right"]
STEP = 0.94
SMALLEST = 0.5
"""Below half its size a text counts as not fitting: then the words must change, not the letters."""


class Setting(Struct, frozen=True):
    """A text set in type: the texture, and whether it went in without shrinking too far."""

    texture: Texture
    font_px: float
    fits: bool


@lru_cache(maxsize=160)
def set_text(text: str, font_px: float, width: int, height: int, bold: bool, align: Align, lines: int = 0) -> Setting:
    """Set ``text`` into ``width`` x ``height`` pixels with letters of ``font_px`` at most, in ``lines`` at most (0: any)."""
    size = font_px
    while size > font_px * SMALLEST:
        if _goes_in(text, size, width, height, bold, lines):
            return Setting(_label(text, size, width, bold, align).texture, size, True)
        size *= STEP
    return Setting(_label(text, size, width, bold, align, (width, height)).texture, size, False)


def text_width(text: str, font_px: float, bold: bool) -> float:
    """Return how wide a text is on one line, in pixels."""
    return float(_plain(font_px, bold).get_extents(text)[0])


def _goes_in(text: str, font_px: float, width: int, height: int, bold: bool, lines: int) -> bool:
    plain = _plain(font_px, bold)
    if any(plain.get_extents(word)[0] > width for word in text.replace("\n", " ").split(" ")):
        return False
    label = Label(text=text, font_name=FONT, font_size=font_px, bold=bold, text_size=(width, None))
    label.resolve_font_name()
    needed = label.render()[1]
    line = plain.get_extents("Ağ")[1]
    return bool(needed <= height + 1 and (not lines or needed <= line * (lines + 0.5)))


def _label(
    text: str, font_px: float, width: int, bold: bool, align: Align, box: tuple[int, int] | None = None
) -> Label:
    label = Label(
        text=text,
        font_name=FONT,
        font_size=font_px,
        bold=bold,
        halign=align,
        text_size=box or (width, None),
        shorten=box is not None,
    )
    label.refresh()
    return label


@lru_cache(maxsize=64)
def _plain(font_px: float, bold: bool) -> Label:
    label = Label(text="", font_name=FONT, font_size=font_px, bold=bold)
    label.resolve_font_name()
    return label
