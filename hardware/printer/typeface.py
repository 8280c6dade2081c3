"""Letters for paper: Noto Sans Mono in three sizes, measured in whole cells, and lines broken to a number of cells.

The face has every letter of Azerbaijani and Russian and the manat sign. Its advance is exactly 0.6 em, so sizes that are
multiples of 5 dots have cells of whole dots and columns stand exactly under each other. Debian: fonts-noto-mono.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from kiosk.domain.faults import DeviceFault

Size = Literal["small", "normal", "large"]

FOLDER = Path("/usr/share/fonts/truetype/noto")
FACES = {False: "NotoSansMono-Regular.ttf", True: "NotoSansMono-Bold.ttf"}
BREAK_AFTER = "-/_.,:;?&="
"""Where a word that is longer than its line (a URL, an e-mail address) is best divided."""
KEPT_LETTERS = 1024
BOND = "\ue000"
"""Holds two words together; for private use (Unicode, category Co), so no cleaned text has it."""


class Grade(NamedTuple):
    """One size of type, in dots at 203 dpi (8 dots = 1 mm): em, cell width, distance of lines, baseline below line top."""

    em: int
    cell: int
    pitch: int
    baseline: int


class Letter(NamedTuple):
    """One letter: its grey (mode "L", 255 is ink), and where that stands from the left end of its cell on the baseline."""

    grey: Image.Image
    left: int
    top: int


GRADES: dict[Size, Grade] = {
    "small": Grade(em=20, cell=12, pitch=28, baseline=21),
    "normal": Grade(em=25, cell=15, pitch=36, baseline=27),
    "large": Grade(em=35, cell=21, pitch=48, baseline=36),
}
"""Capitals of 1.8, 2.2 and 3.1 mm: the usual receipt letter is our small one; what matters is larger."""


@cache
def font(size: Size, *, bold: bool) -> ImageFont.FreeTypeFont:
    """Return a font. DeviceFault when the Debian package is not installed or the file is damaged."""
    path = FOLDER / FACES[bold]
    try:
        # By its bytes: given a path that is not there, Pillow looks for a namesake elsewhere on the machine.
        with path.open("rb") as file:
            return ImageFont.truetype(file, GRADES[size].em, layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise DeviceFault(f"{path}: {error} (Debian package fonts-noto-mono)") from error


@lru_cache(KEPT_LETTERS)
def letter(sign: str, size: Size, *, bold: bool) -> Letter:
    """Return how one letter looks: drawing it anew for each place takes most of a receipt's time. DeviceFault as `font`."""
    face = font(size, bold=bold)
    left, top, right, bottom = face.getbbox(sign, anchor="ls")
    grey = Image.new("L", (max(1, round(right - left)), max(1, round(bottom - top))))
    ImageDraw.Draw(grey).text((-left, -top), sign, font=face, fill=255, anchor="ls")
    return Letter(grey, round(left), round(top))


def check_fonts() -> str:
    """Load both faces and say which they are. DeviceFault when one is missing."""
    return ", ".join(" ".join(str(part) for part in font("normal", bold=bold).getname()) for bold in FACES)


def clean(text: str) -> str:
    """Return printable text, composed (NFC) so that every letter is one cell; control characters become spaces."""
    return "".join(
        " " if unicodedata.category(letter).startswith("C") else letter for letter in unicodedata.normalize("NFC", text)
    )


def wrap(text: str, cells: int) -> list[str]:
    """Break text to lines of at most ``cells`` letters, at spaces that may break (U+0020) where possible.

    A word of one letter (Russian о, в, с, и) does not end a line.
    """
    lines = [""]
    for word in _bound(clean(text).split(" "), cells):
        if not word:
            continue
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if len(joined) <= cells:
            lines[-1] = joined
            continue
        pieces = _divide(word, cells)
        lines += pieces if lines[-1] else []
        lines = lines if lines[-1] else pieces
    return [line.replace(BOND, " ") for line in lines]


def balanced(text: str, cells: int) -> list[str]:
    """Break text to as few lines as `wrap`, and as even ones: what a centred heading needs."""
    count = len(wrap(text, cells))
    # A line must hold every word, and what is bound together, or evenness would be bought with a torn word.
    longest = max(len(word) for word in _bound(clean(text).split(" "), cells))
    widths = range(min(cells, max(1, cells // 2, longest)), cells + 1)
    narrowest = next(width for width in widths if len(wrap(text, width)) <= count)
    return wrap(text, narrowest)


def longest_word(text: str) -> int:
    """Return the cells of the longest part that cannot be broken at a space."""
    return max((len(word) for word in clean(text).split(" ")), default=0)


def _bound(words: list[str], cells: int) -> list[str]:
    """Bind each word of one letter to the next one, if a line holds both."""
    bound = words[:1]
    for word in words[1:]:
        alone = len(bound[-1]) == 1 and bound[-1].isalpha() and word
        if alone and len(word) + 2 <= cells:
            bound[-1] += BOND + word
        else:
            bound.append(word)
    return bound


def _divide(word: str, cells: int) -> list[str]:
    pieces = []
    while len(word) > cells:
        good = max((word.rfind(mark, cells // 2, cells) for mark in BREAK_AFTER), default=-1)
        cut = good + 1 if good >= 0 else cells
        pieces.append(word[:cut])
        word = word[cut:]
    return [*pieces, word] if word else pieces
