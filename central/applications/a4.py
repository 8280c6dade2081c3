"""A document on one page of A4: letterhead, title, facts in rows, the sealed QR. Drawn by reportlab, every font embedded.

Noto Sans has every letter of Azerbaijani and Russian (Debian: fonts-noto-core).
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from central.store import StoreError

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

FONTS = Path("/usr/share/fonts/truetype/noto")
PLAIN, BOLD = "NotoSans", "NotoSans-Bold"
MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT = 25 * MM, 185 * MM
VALUE = 83 * MM
"""Where values begin: a third of the way, so that labels in Russian keep to two lines."""
QR_SIDE = 46 * MM
LOWEST_CHECK = QR_SIDE + 42 * MM
"""How far above the page's edge the rows must end, so that the code and its words have room."""
LABEL_SIZE, VALUE_SIZE, LEADING, ROW_GAP = 10.5, 12.0, 1.38, 12.0
SCALES = (1.0, 0.85, 0.7, 0.55, 0.4)
INK, SOFT, LINE, ACCENT = "#16202a", "#52606d", "#cfd8df", "#14653b"


class Sheet(Struct, frozen=True):
    """What stands on the page. ``lines``: title, then "label: value" rows or sentences, as the slip has them."""

    language: str
    lines: tuple[str, ...]
    url: str
    kiosk: str
    receipt_number: str
    issuer: str


def draw(sheet: Sheet) -> bytes:
    """Return the page as an unsigned PDF. StoreError when the fonts are missing."""
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - loaded with the first document

    load_fonts()
    out, text = BytesIO(), words()[sheet.language]
    pen = Canvas(out, (WIDTH, HEIGHT), lang=sheet.language, pageCompression=1, initialFontName=PLAIN)
    pen.setTitle(sheet.lines[0])
    pen.setAuthor(sheet.issuer)
    pen.setSubject(sheet.receipt_number)
    pen.setCreator("kiosk-central")
    pen.setViewerPreference("DisplayDocTitle", "true")
    letterhead(pen, text)
    bottom = facts(pen, sheet, title(pen, sheet.lines[0]))
    check(pen, sheet, text, min(bottom - 12 * MM, 122 * MM))
    pen.setFont(PLAIN, 8.5)
    pen.setFillColor(SOFT)
    pen.drawString(LEFT, 15 * MM, text["footer"].format(kiosk=sheet.kiosk, receipt=sheet.receipt_number))
    pen.drawRightString(RIGHT, 15 * MM, "1 / 1")
    pen.showPage()
    pen.save()
    return out.getvalue()


def letterhead(pen: Canvas, text: dict[str, str]) -> None:
    """Draw who issues the document."""
    pen.setFillColor(ACCENT)
    pen.rect(LEFT, HEIGHT - 19 * MM, RIGHT - LEFT, 2.2 * MM, stroke=0, fill=1)
    pen.setFillColor(INK)
    pen.setFont(BOLD, 12.5)
    pen.drawString(LEFT, HEIGHT - 27 * MM, text["organisation"])
    pen.setFillColor(SOFT)
    pen.setFont(PLAIN, 10)
    pen.drawString(LEFT, HEIGHT - 33 * MM, text["department"])
    rule(pen, HEIGHT - 38.5 * MM, LINE, 0.6)


def title(pen: Canvas, words_: str) -> float:
    """Draw the title, over as many lines as it wants, and return where it ends."""
    pen.setFillColor(INK)
    y = HEIGHT - 58 * MM
    for line in wrapped(words_, BOLD, 22, RIGHT - LEFT):
        pen.setFont(BOLD, 22)
        pen.drawString(LEFT, y, line)
        y -= 10 * MM
    return y - 2 * MM


class Fact(NamedTuple):
    """A row, broken into lines, and its height in points."""

    labels: list[str]
    values: list[str]
    height: float


def facts_of(sheet: Sheet, scale: float) -> list[Fact]:
    """Return the rows of a sheet as they are at a scale."""
    found = []
    for line in sheet.lines[1:-1]:
        label, colon, value = line.partition(": ")
        width = (VALUE if colon else RIGHT) - LEFT - 6 * MM
        labels = wrapped(label, PLAIN, LABEL_SIZE * scale, width)
        values = wrapped(value, BOLD, VALUE_SIZE * scale, RIGHT - VALUE) if colon else []
        lines = max(len(labels) * LABEL_SIZE, len(values) * VALUE_SIZE) * LEADING + ROW_GAP
        found.append(Fact(labels, values, lines * scale))
    return found


def facts(pen: Canvas, sheet: Sheet, y: float) -> float:
    """Draw the rows from a height down, and return where they end. Labels stand left, values at one edge.

    What would not leave room for the code is drawn smaller.
    """
    room = y - LOWEST_CHECK - ROW_GAP
    scale = next((each for each in SCALES if sum(fact.height for fact in facts_of(sheet, each)) <= room), SCALES[-1])
    for fact in facts_of(sheet, scale):
        column(pen, LEFT, y, fact.labels, PLAIN, LABEL_SIZE * scale, SOFT if fact.values else INK)
        column(pen, VALUE, y, fact.values, BOLD, VALUE_SIZE * scale, INK)
        y -= fact.height
        rule(pen, y + (VALUE_SIZE + 0.3 * ROW_GAP) * scale, LINE, 0.6)
    return y


def column(pen: Canvas, x: float, y: float, lines: list[str], font: str, size: float, colour: str) -> None:
    """Draw lines under each other."""
    pen.setFont(font, size)
    pen.setFillColor(colour)
    for number, line in enumerate(lines):
        pen.drawString(x, y - number * size * LEADING, line)


def check(pen: Canvas, sheet: Sheet, text: dict[str, str], top: float) -> None:
    """Draw the QR and how the document is checked, from a height down."""
    address, _, _ = sheet.url.partition("#")
    place, _, code = address.rpartition("/")
    qr(pen, sheet.url, LEFT, top - QR_SIDE)
    x, y = LEFT + QR_SIDE + 9 * MM, top - 4.4 * MM
    pen.setFillColor(INK)
    pen.setFont(BOLD, 12)
    pen.drawString(x, y, text["check"])
    y -= 7.5 * MM
    for words_, font, size, colour in (
        (text["scan"], PLAIN, 10, INK),
        (f"{place}/", PLAIN, 10, INK),
        (" ".join(code[start : start + 4] for start in range(0, len(code), 4)), BOLD, 10, INK),
        (text["offline"], PLAIN, 9, SOFT),
        (text["signed"].format(issuer=sheet.issuer), PLAIN, 9, SOFT),
    ):
        for line in wrapped(words_, font, size, RIGHT - x):
            pen.setFont(font, size)
            pen.setFillColor(colour)
            pen.drawString(x, y, line)
            y -= size * 0.46 * MM
        y -= 1.6 * MM
    pen.setFillColor(SOFT)
    pen.setFont(PLAIN, 10)
    pen.drawString(LEFT, top - QR_SIDE - 9 * MM, sheet.lines[-1])


def qr(pen: Canvas, data: str, x: float, y: float) -> None:
    """Draw a QR code of correction M as one path, so that no seam shows between its modules."""
    import qrcode  # noqa: PLC0415 - as reportlab

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(data)
    code.make(fit=True)
    side = QR_SIDE / len(code.modules)
    path = pen.beginPath()
    for row, cells in enumerate(code.modules):
        for column, dark in enumerate(cells):
            if dark:
                path.rect(x + column * side, y + QR_SIDE - (row + 1) * side, side, side)
    pen.setFillColor("#000000")
    pen.drawPath(path, stroke=0, fill=1)


def rule(pen: Canvas, y: float, colour: str, width: float) -> None:
    """Draw a line across the page."""
    pen.setStrokeColor(colour)
    pen.setLineWidth(width)
    pen.line(LEFT, y, RIGHT, y)


def wrapped(text: str, font: str, size: float, width: float) -> list[str]:
    """Break a text into lines; a word longer than a line is broken, too."""
    from reportlab.lib.utils import simpleSplit  # noqa: PLC0415 - as reportlab
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415

    lines: list[str] = []
    for line in simpleSplit(text, font, size, width):
        rest = line
        while len(rest) > 1 and stringWidth(rest, font, size) > width:
            end = next(n for n in range(len(rest) - 1, 0, -1) if n == 1 or stringWidth(rest[:n], font, size) <= width)
            lines.append(rest[:end])
            rest = rest[end:]
        lines.append(rest)
    return lines


@cache
def load_fonts() -> None:
    """Tell reportlab the fonts. StoreError when they are missing."""
    from reportlab.pdfbase import pdfmetrics, ttfonts  # noqa: PLC0415 - as reportlab

    for name, file in ((PLAIN, "NotoSans-Regular.ttf"), (BOLD, "NotoSans-Bold.ttf")):
        try:
            pdfmetrics.registerFont(ttfonts.TTFont(name, FONTS / file))
        except ttfonts.TTFError as error:
            raise StoreError(f"{FONTS / file} is missing (Debian package fonts-noto-core)") from error


@cache
def words() -> dict[str, dict[str, str]]:
    """Return the page's words by language."""
    table: dict[str, dict[str, str]] = tomllib.loads(
        files("central.applications").joinpath("a4.toml").read_text("utf-8")
    )
    return table
