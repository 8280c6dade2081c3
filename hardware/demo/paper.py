"""Reads printed paper: finds words on the picture of a receipt, dot by dot.

A receipt is set in a monospaced face without any grey, so a word looks the same wherever it stands: what the typeface says
a word looks like is searched for on the paper. So the printer's ledger is what lies in the printer's mouth, and not what
the kiosk says that it has printed.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, get_args

from PIL import Image, ImageOps

from hardware.demo.settings import CONFIG
from hardware.printer.layout import WIDTHS, lay_out
from hardware.printer.typeface import GRADES, Size
from kiosk.domain.receipt import Receipt, Text

SIZES: tuple[Size, ...] = get_args(Size)
MONEY = re.compile(r"([0-9 \u00a0]+),([0-9]{2})[ \u00a0]AZN")
WORTH_READING = 3
"""A shorter word could be part of another one."""
COPIES = 3

Bits = tuple[str, ...]


class Sheet:
    """One piece of paper."""

    def __init__(self, picture: Path) -> None:
        with Image.open(picture) as image:
            self._rows = rows_of(image)

    def holds(self, text: str, sizes: tuple[Size, ...] = SIZES, bolds: tuple[bool, ...] = (False, True)) -> bool:
        """Say whether a text stands on it in one line, in one of these sizes and weights."""
        return any(self._has(shape(text, size, bold)) for size in sizes for bold in bolds)

    def _has(self, wanted: Bits) -> bool:
        if not wanted:
            return False
        depth, sample = max(enumerate(wanted), key=lambda row: row[1].count("1"))
        for top in range(len(self._rows) - len(wanted) + 1):
            at = self._rows[top + depth].find(sample)
            while at >= 0:
                if all(self._rows[top + n].startswith(bits, at) for n, bits in enumerate(wanted)):
                    return True
                at = self._rows[top + depth].find(sample, at + 1)
        return False


@cache
def shape(text: str, size: Size, bold: bool) -> Bits:
    """Return how a text looks: rows of "1" for ink; nothing if it does not fit into one line."""
    if len(text) * GRADES[size].cell > WIDTHS[80] - 2 * GRADES[size].cell:
        return ()
    image = lay_out(Receipt("", "", (Text(text, size=size, bold=bold),)))
    box = ImageOps.invert(image.convert("L")).getbbox()
    return rows_of(image.crop(box)) if box else ()


def rows_of(image: Image.Image) -> Bits:
    """Return the rows of a picture, "1" for ink."""
    dark = image.convert("L").point(lambda grey: 49 if grey < 128 else 48, mode="L").tobytes().decode("ascii")
    return tuple(dark[start : start + image.width] for start in range(0, len(dark), image.width))


def read_paper(picture: Path, texts: dict[str, str]) -> dict[str, Any]:
    """Return what a piece of paper says: reference, amount_minor, outcome (printed, copy, partial).

    ``texts`` are the composed papers by reference. Partial: a word of its text is missing on the paper.
    """
    sheet = Sheet(picture)
    found = {"paper": picture.name, "reference": None, "amount_minor": 0, "outcome": "partial"}
    reference = next((name for name in sorted(texts, key=len, reverse=True) if sheet.holds(name)), None)
    if reference is None:
        return found
    totals = [match for match in MONEY.finditer(texts[reference]) if sheet.holds(match[0].strip(), ("large",), (True,))]
    copy = any(sheet.holds(mark, ("large",), (True,)) for mark in copy_marks())
    # The text is that of the last paper with this reference: the mark of a copy is not on the original.
    words = {word for line in texts[reference].splitlines() if line not in copy_marks() for word in words_of(line)}
    whole = all(sheet.holds(word) for word in words)
    return found | {
        "reference": reference,
        "amount_minor": minor_of(totals[-1]) if totals else 0,
        "outcome": ("copy" if copy else "printed") if whole else "partial",
    }


def is_blank(picture: Path) -> bool:
    """Say whether nothing is printed on a piece of paper, as on the one that a new kiosk's first start cuts off."""
    with Image.open(picture) as image:
        return image.convert("L").getextrema() == (255, 255)


def words_of(line: str) -> list[str]:
    """Return the words of a line that are long enough to be known again."""
    return [word for word in re.split(r"[ :]+", line) if len(word) >= WORTH_READING]


def minor_of(amount: re.Match[str]) -> int:
    """Return an amount in qəpik."""
    return int(re.sub(r"[^0-9]", "", amount[1])) * 100 + int(amount[2])


@cache
def copy_marks() -> tuple[str, ...]:
    """Return how copies are marked, in every language of the catalogue (``paper-copy``)."""
    marks: list[str] = []
    for catalogue in sorted(CONFIG.glob("languages/*/papers.ftl")):
        found = re.search(r"^paper-copy\s*=\s*(.+)$", catalogue.read_text("utf-8"), re.MULTILINE)
        if found:
            marks += [re.sub(r"\{.*?\}", str(number), found[1]).strip() for number in range(1, COPIES + 1)]
    return tuple(marks)
