"""Pages as PWG Raster (PWG 5102.4): the sync word, then for each page a header of 1796 bytes and run-length coded lines. Pure.

A line: how often it is repeated, then runs: 0 to 127 is one byte to be repeated that often and once more, 129 to 255 is
257 less that many bytes as they are. A byte is a pixel of sgray_8, and eight of black_1.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal

from PIL import ImageChops

from hardware.document.raster import Page, black_and_white

MEDIA_TYPE = "image/pwg-raster"
SYNC = b"RaS2"
HEADER_BYTES = 1796
LINES_MAX = 256
POINTS_PER_INCH = 72
A4_POINTS = (595, 842)
A4 = "iso_a4_210x297mm"

Kind = Literal["sgray_8", "black_1"]
SPACES: dict[Kind, tuple[int, int]] = {"sgray_8": (18, 8), "black_1": (3, 1)}
"""ColorSpace and bits per pixel (PWG 5102.4, tables 3 and 4). Black is 0 in sgray_8 and 1 in black_1."""

RUN_OR_LITERAL = re.compile(rb"(.)\1{1,127}|(?:(.)(?!\2)){1,128}", re.DOTALL)


def encode(pages: Iterable[Page], kind: Kind, dots_per_inch: int) -> bytes:
    """Return a document of A4 pages, one-sided."""
    sheets = list(pages)
    out = bytearray(SYNC)
    for page in sheets:
        rows = rows_of(page, kind)
        out += header(page, kind, dots_per_inch, len(sheets))
        for row, same in groupby(rows):
            line, count = packed(row), sum(1 for _ in same)
            while count:
                repeated = min(count, LINES_MAX)
                out += bytes((repeated - 1,)) + line
                count -= repeated
    return bytes(out)


def header(page: Page, kind: Kind, dots_per_inch: int, count: int) -> bytes:
    """Return a page's header (PWG 5102.4, table 1). What is not set is 0: the printer's own choice."""
    space, bits = SPACES[kind]
    head = bytearray(HEADER_BYTES)
    head[0:9] = b"PwgRaster"
    words = {
        276: dots_per_inch, 280: dots_per_inch, 340: 1, 352: A4_POINTS[0], 356: A4_POINTS[1], 372: page.width,
        376: page.height, 384: bits, 388: bits, 392: (page.width * bits + 7) // 8, 400: space, 420: 1, 452: count,
        456: 1, 460: 1,
    }  # fmt: skip
    for at, word in words.items():
        struct.pack_into(">I", head, at, word)
    head[1732 : 1732 + len(A4)] = A4.encode()
    return bytes(head)


def rows_of(page: Page, kind: Kind) -> Iterator[bytes]:
    """Return a page's lines, from the top."""
    if kind == "sgray_8":
        data, stride = page.pixels, page.width
    else:
        data, stride = ImageChops.invert(black_and_white(page)).tobytes(), (page.width + 7) // 8
    return (data[start : start + stride] for start in range(0, len(data), stride))


def packed(row: bytes) -> bytes:
    """Return one line, run-length coded."""
    out = bytearray()
    for found in RUN_OR_LITERAL.finditer(row):
        piece = found.group()
        if found.group(1) is not None or len(piece) == 1:
            out += bytes((len(piece) - 1, piece[0]))
        else:
            out.append(257 - len(piece))
            out += piece
    return bytes(out)
