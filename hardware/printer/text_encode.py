"""A receipt as ESC/POS letters, in windows: code pages that the profile names, and drawn glyphs for what they lack.

    ESC 3    1B 33 n         distance of lines, in motion units     ESC !  1B 21 n    8 bold, 10 twice as high, 20 as wide
    ESC t    1B 74 n         code page                              LF     0A         print the line
    ESC * 33 1B 2A 21 nL nH  columns of 24 dots, three bytes each   ESC a  1B 61 n    1: centred
    GS ( k   1D 28 6B        QR code: model, module, level, data, print (functions 165, 167, 169, 180, 181)

Nothing of a receipt's text but single bytes from 20h up is ever sent, so no text can be a command. Every line says its own
distance, style and page: a byte lost on the wire spoils one line. ESC * is 24 dots high whatever the style says, so a large
line that lacks a letter in every page is drawn whole, in an upper and a lower half.

Source: Epson, ESC/POS command reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby

from hardware.printer.bands import LONGEST_FEED
from hardware.printer.encode import Encoder, orders, windows, without_phantoms
from hardware.printer.layout import lay_out
from hardware.printer.profiles import Profile
from hardware.printer.text_glyphs import CELL_ROWS, columns
from hardware.printer.text_layout import CELL_DOTS, PITCH_ROWS, Block, Feed, Strip, Symbol, set_out
from kiosk.domain.receipt import Qr, Receipt

BOLD, TWICE = 0x08, 0x30
LINE_FEED = b"\n"
FIRST_LETTER = 0x20
GLYPH = -1
"""In place of a page's number: no page has the letter."""
LARGEST_MODULE, LONGEST_DATA = 16, 1024


def encode(receipt: Receipt, profile: Profile, width_dots: int) -> tuple[int, list[bytes]]:
    """Return how many rows of paper a receipt takes, and windows as `hardware.printer.encode.encode` returns them."""
    blocks = set_out(receipt, width_dots, profile.dots_per_inch)
    commands = [command for block in blocks for command in _commands(block, profile, width_dots)]
    return sum(block.rows for block in blocks), windows([*commands, orders(profile).cut])


def _commands(block: Block, profile: Profile, width_dots: int) -> Iterator[bytes]:
    match block:
        case Strip():
            yield from strip(block, profile)
        case Feed(rows):
            yield from _feeds(rows, profile)
        case Symbol(data) if profile.codes and block.side <= LARGEST_MODULE and _is_plain(data):
            yield b"\x1ba\1" + _code(block) + b"\x1ba\0"
        case Symbol(data):
            yield from _drawn_code(block, profile, width_dots)


def strip(line: Strip, profile: Profile) -> list[bytes]:
    """Return the commands of one line, each of which ends with a line feed."""
    if not line.text.strip():
        return [_begin(line.rows, 0) + LINE_FEED]
    runs = _runs(line.text, profile)
    if line.times > 1 and any(page == GLYPH for page, _ in runs):
        return _in_halves(line)
    style = BOLD * line.bold | TWICE * (line.times > 1)
    sent, current = _begin(line.rows, style), GLYPH
    codecs = dict(profile.pages)
    for page, signs in runs:
        if page == GLYPH:
            sent += _columns(signs, 1, 0, bold=line.bold)
            continue
        if page != current:
            sent, current = sent + b"\x1bt" + bytes((page,)), page
        sent += signs.encode(codecs[page])
    return [sent + LINE_FEED]


def _runs(text: str, profile: Profile) -> list[tuple[int, str]]:
    """Divide a line by the page that has each letter: for preference the one that lacks the fewest of the line's letters.

    `GLYPH` where none has it. What every page has, spaces among them, stays in the page that is selected.
    """
    ranked = sorted(profile.pages, key=lambda page: sum(not _has(page[1], sign) for sign in text))
    found: list[tuple[int, str]] = []
    for sign in text:
        page = next((number for number, codec in ranked if _has(codec, sign)), GLYPH)
        if found and (page == found[-1][0] or (sign.isascii() and found[-1][0] != GLYPH)):
            found[-1] = (found[-1][0], found[-1][1] + sign)
        else:
            found.append((page, sign))
    return found


@cache
def _has(codec: str, sign: str) -> bool:
    try:
        return sign.isprintable() and sign.encode(codec)[0] >= FIRST_LETTER
    except UnicodeEncodeError:
        return False


def _begin(pitch_rows: int, style: int) -> bytes:
    return b"\x1b3" + bytes((pitch_rows,)) + b"\x1b!" + bytes((style,))


def _in_halves(line: Strip) -> list[bytes]:
    """Draw a large line: its upper half, and the lower one close below it. Blank cells are spaces, two to a cell."""
    halves = []
    for half, pitch_rows in enumerate((CELL_ROWS, line.rows - CELL_ROWS)):
        sent = _begin(pitch_rows, 0)
        for blank, group in groupby(line.text, str.isspace):
            signs = "".join(group)
            sent += b"  " * len(signs) if blank else _columns(signs, line.times, half, bold=line.bold)
        halves.append(sent + LINE_FEED)
    return halves


def _columns(signs: str, times: int, half: int, *, bold: bool) -> bytes:
    width = len(signs) * CELL_DOTS * times
    return b"\x1b*\x21" + width.to_bytes(2, "little") + without_phantoms(columns(signs, times, half, bold=bold))


def _feeds(rows: int, profile: Profile) -> Iterator[bytes]:
    if not profile.feeds:
        pitch_rows = PITCH_ROWS[1]
        yield from [_begin(pitch_rows, 0) + LINE_FEED] * round(rows / pitch_rows)
        return
    for start in range(0, rows, LONGEST_FEED):
        yield b"\x1bJ" + bytes((min(LONGEST_FEED, rows - start),))


def _is_plain(data: str) -> bool:
    return data.isascii() and data.isprintable() and len(data) <= LONGEST_DATA


def _code(symbol: Symbol) -> bytes:
    data = symbol.data.encode("ascii")
    parameters = (b"1A2\0", b"1C" + bytes((symbol.side,)), b"1E1", b"1P0" + data, b"1Q0")
    return b"".join(b"\x1d(k" + len(block).to_bytes(2, "little") + block for block in parameters)


def _drawn_code(symbol: Symbol, profile: Profile, width_dots: int) -> list[bytes]:
    width_mm = symbol.rows * 25.4 / profile.dots_per_inch
    picture = lay_out(Receipt("", "", (Qr(symbol.data, width_mm + 0.01),)), width_dots, profile.dots_per_inch)
    encoder = Encoder(profile)
    encoder.image(picture.crop((0, symbol.quiet.rows, width_dots, picture.height - symbol.quiet.rows)))
    return encoder.commands
