"""A picture as Star raster graphics, in windows each of which enters the picture mode and leaves it again.

    ESC @         1B 40              initialise
    ESC * r A     1B 2A 72 41        enter the picture mode         ESC * r B   1B 2A 72 42     leave it
    ESC * r P 0   1B 2A 72 50 30 00  a page without an end          ESC * r E 1 1B 2A 72 45 31 00  leave it without a cut
    b n1 n2 …     62 n1 n2 …         one row of n1 + 256 n2 bytes   ESC * r Y n 1B 2A 72 59 n 00   feed n (decimal) rows
    ESC d 2       1B 64 02           feed to the knife and cut

Between two windows the printer stands in the line mode, where questions and ETB are understood. ESC * r E 1 comes before
the first dots, for a printer that leaves the picture mode with the setting it starts with cuts the paper.

Source: Star Micronics, Star Line Mode command specifications (line thermal printers).
"""

from __future__ import annotations

import re

from PIL import Image

from hardware.printer.bands import INVERSE, LONGEST_FEED
from hardware.printer.dialect import Orders
from hardware.printer.windows import WINDOW_BYTES, pack

ENTER = b"\x1b*rA\x1b*rP0\0\x1b*rE1\0"
LEAVE = b"\x1b*rB"
ORDERS = Orders(LEAVE + b"\x1b@", LEAVE + b"\x1bd\x02", b"")
"""Each leaves the picture mode, which a damaged window may not have left: in it they would not be obeyed."""
REQUEST_BYTES = 2
LEAST_FEED = 2
"""A single blank row is shorter as a row of one byte."""
PHANTOM = re.compile(rb"\x1b\x06")
"""ESC ACK begins the real-time command; even inside a picture the printer may obey it."""


def encode(picture: Image.Image) -> list[bytes]:
    """Return windows of at most 2 KB, requests included, that print a picture (mode "1", 0 is ink) and cut it off."""
    stride = picture.width // 8
    ink = picture.tobytes().translate(INVERSE)
    rows = [ink[start : start + stride].rstrip(b"\0") for start in range(0, len(ink), stride)]
    *packed, last = windows(commands(rows))
    return [*packed, last + ORDERS.cut]


def windows(orders: list[bytes], limit: int = WINDOW_BYTES - REQUEST_BYTES - len(ORDERS.cut)) -> list[bytes]:
    """Pack rows and feeds into windows. ValueError for one that is longer than a window."""
    return pack(orders, limit, before=ENTER, after=LEAVE)


def commands(rows: list[bytes]) -> list[bytes]:
    """Encode rows of ink, white right ends removed: rows, and feeds for what is blank."""
    found: list[bytes] = []
    blank = 0
    for row in [*rows, b""]:
        if not row:
            blank += 1
            continue
        found += feeds(blank)
        blank = 0
        found.append(_row(row))
    return found + feeds(blank - 1)


def feeds(count: int) -> list[bytes]:
    """Return what moves the paper by so many rows."""
    if 0 < count < LEAST_FEED:
        return [_row(b"\0")] * count
    steps = [min(LONGEST_FEED, count - start) for start in range(0, count, LONGEST_FEED)]
    return [b"\x1b*rY%d\0" % step for step in steps]


def _row(row: bytes) -> bytes:
    return b"b" + len(row).to_bytes(2, "little") + PHANTOM.sub(b"\x1b\x46", row)
