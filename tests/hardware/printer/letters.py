"""Reads a paper that was printed in letters, dot by dot: what stands in each cell of 12 by 24 dots, or of 24 by 48.

The simulated printer's own letters are known (`sim_text`), and so are the drawn ones; a line is where every cell is one of
them. Letters that look the same in two scripts are the same letter here: `likeness` says of a text what would be read.

``python -m tests.hardware.printer.letters FOLDER`` prints every paper in every language, for somebody's eyes; ``--accept``
makes what was sent for them what the test knows.
"""

from __future__ import annotations

import hashlib
import json
import sys
from functools import cache
from pathlib import Path

from PIL import Image, ImageChops

from hardware.printer.layout import HEADS
from hardware.printer.profiles import PROFILES
from hardware.printer.sim_text import Style, draw
from hardware.printer.text_encode import encode
from hardware.printer.text_glyphs import cell
from tests.hardware.printer.all_papers import receipts
from tests.hardware.printer.wire import wire

GOLDEN = Path(__file__).parents[2] / "golden" / "papers-in-letters.json"
DRAWN = "əƏ₼"
ALPHABET = "".join(map(chr, range(0x21, 0x7F))) + "çÇğĞıİöÖşŞüÜ№·─" + "".join(map(chr, range(0x410, 0x450))) + "Ёё"
CELL, ROWS = 12, 24
FEWEST_CELLS = 2


@cache
def known(times: int) -> dict[bytes, str]:
    """Return letters by the dots of their cells; of several that look the same, the first."""
    found = {blank(times): " "}
    for bold in (False, True):
        style = Style(bold=bold, width_times=times, height_times=times)
        for sign in ALPHABET:
            found.setdefault(draw(sign, style).tobytes(), sign)
        for sign in ALPHABET + DRAWN:
            found.setdefault(cell(sign, times, bold=bold).tobytes(), sign)
    return found


def blank(times: int) -> bytes:
    return Image.new("1", (CELL * times, ROWS * times)).tobytes()


@cache
def likeness(sign: str) -> str:
    """Return the letter that is read where this one was printed."""
    dots = cell(sign, 1, bold=False) if sign in DRAWN else draw(sign, Style())
    return known(1).get(dots.tobytes(), sign)


def words(text: str) -> list[str]:
    """Divide a text into words as they are read: no leaders, no rules."""
    found = "".join(likeness(sign) if not sign.isspace() else " " for sign in text).split()
    return [word for word in found if set(word) - set(".─")]


def read(paper: Image.Image) -> list[str]:
    """Return the lines of a paper (mode "1", 0 is ink), topmost first."""
    ink, lines, top = ImageChops.invert(paper), [], 0
    while top < paper.height - ROWS:
        found = next(((text, times) for times in (2, 1) if (text := _line(ink, top, times))), None)
        if found is not None:
            lines.append(found[0])
        top += ROWS * found[1] if found is not None else 1
    return lines


def _line(ink: Image.Image, top: int, times: int) -> str:
    """Return the text that stands here; "" if a cell holds no letter, or nothing but blanks."""
    if not ink.crop((0, top, ink.width, top + 1 + ROWS * times)).getbbox():
        return ""
    text = ""
    for left in range(0, ink.width - CELL * times + 1, CELL * times):
        sign = known(times).get(ink.crop((left, top, left + CELL * times, top + ROWS * times)).tobytes())
        if sign is None:
            return ""
        text += sign
    return text.rstrip() if len(text.strip()) >= FEWEST_CELLS else ""


def digests() -> dict[str, str]:
    """Return what is sent for every paper on every head, as digests."""
    profile = PROFILES["generic-80"]
    return {
        f"{name}-{dots}": hashlib.sha256(b"".join(encode(receipt, profile, dots)[1])).hexdigest()[:16]
        for name, receipt in receipts().items()
        for dots in sorted(set(HEADS.values()))
    }


def main(arguments: list[str]) -> None:
    """Print the papers into a folder; with ``--accept`` keep their digests."""
    folder = Path(arguments[0])
    for width_mm in (80, 58):
        with wire(folder / f"{width_mm}mm", width_mm=width_mm, path="text") as wired:
            for name, receipt in receipts().items():
                wired.driver.print(receipt)
                wired.papers()[-1].save(folder / f"{name}-{width_mm}mm.png")
    if "--accept" in arguments:
        GOLDEN.write_text(json.dumps(digests(), indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
