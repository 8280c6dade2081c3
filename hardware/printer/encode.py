"""A picture as ESC/POS: raster bands, feeds and a cut, packed into windows that a printer's buffer always holds.

python-escpos encodes; its transports are not used (they can block for ever and count what was not sent), and its
`image()` is replaced: with no printer profile it writes to standard output for each picture, converts each one five times
over and ends with error diffusion, which speckles letters. Source of the bytes: Epson, ESC/POS command reference.

    ESC @   1B 40             initialise                GS v 0  1D 76 30 m xL xH yL yH …  raster, x bytes by y rows
    ESC J   1B 4A n           feed n motion units       GS V    1D 56 m                   cut: 0 full, 1 partial
    ESC d   1B 64 n           feed n lines              GS a    1D 61 n                   Automatic Status Back
    GS P    1D 50 x y         motion unit 1/y inch

A serial line has no check sums. A byte lost on it may leave letters in the printer's line, and then pictures and cuts are
ignored: so every window first empties the line (ESC d 0: feeds nothing), the way to the knife is fed in single lines, of which
one may be lost, and the cut can be said again.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import Any

from escpos import capabilities
from escpos.constants import ESC, GS
from escpos.escpos import Escpos
from PIL import Image

from hardware.printer.bands import INVERSE, LONGEST_FEED, band_rows, divide
from hardware.printer.commands import ACKNOWLEDGEMENT_BYTES
from hardware.printer.dialect import Orders
from hardware.printer.profiles import Profile
from hardware.printer.windows import WINDOW_BYTES, pack

if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
    # The library leaves a copy of its printer list in a new temporary folder at every start; years of starts fill a disk.
    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)

LINE_EMPTY = ESC + b"d\0"
LINES_TO_KNIFE = 6
STATUS_BACK = 0x0E
"""GS a: report when online state, error or paper changes."""

PHANTOM = re.compile(rb"\x10[\x04\x05\x14]")
"""How every real-time command begins (DLE EOT, DLE ENQ, DLE DC4). Printers obey it even inside a picture."""
ONE_DOT = 0x40


def without_phantoms(data: bytes) -> bytes:
    """Return raster data without real-time commands: one dot changes in the second byte of each pair.

    One pass is enough: 44, 45 and 54 neither begin nor end such a pair. Flipping the lowest bit instead would turn
    DLE EOT into DLE ENQ.
    """
    return PHANTOM.sub(lambda pair: bytes((pair[0][0], pair[0][1] ^ ONE_DOT)), data)


class Encoder(Escpos):  # type: ignore[misc]  # the library has no types
    """Collects commands, each a whole one, in ``commands``."""

    def __init__(self, profile: Profile) -> None:
        super().__init__()
        self.commands: list[bytes] = []
        self._dialect = profile

    def _raw(self, msg: bytes) -> None:
        self.commands.append(msg)

    def image(self, img_source: Image.Image, *_: Any, **__: Any) -> None:
        """Encode a picture of mode "1" (0 is ink), whose width is a multiple of 8, without a change of any dot."""
        stride = img_source.width // 8
        ink = img_source.tobytes().translate(INVERSE)
        rows = [ink[start : start + stride] for start in range(0, len(ink), stride)]
        used = [len(row.rstrip(b"\0")) for row in rows]
        for start, end, width in divide(used, stride, feeds=self._dialect.feeds, trims=self._dialect.trims):
            if width:
                self._raster(rows[start:end], width)
            else:
                self._blank(end - start, stride)

    def _raster(self, rows: list[bytes], width: int) -> None:
        data = b"".join(row[:width] for row in rows)
        header = GS + b"v0\0" + self._int_low_high(width, 2) + self._int_low_high(len(rows), 2)
        self._raw(header + without_phantoms(data))

    def _blank(self, count: int, stride: int) -> None:
        while count:
            rows = min(count, LONGEST_FEED if self._dialect.feeds or self._dialect.trims else band_rows(stride))
            if self._dialect.feeds:
                self._raw(ESC + b"J" + bytes((rows,)))
            else:
                self._raster([bytes(stride)] * rows, 1 if self._dialect.trims else stride)
            count -= rows


def orders(profile: Profile) -> Orders:
    """Return a profile's orders."""
    encoder = Encoder(profile)
    encoder.hw("INIT")
    start = b"".join(encoder.commands)
    if profile.feeds:
        start += GS + b"P" + bytes((profile.dots_per_inch, profile.dots_per_inch))
    if profile.reports:
        start += GS + b"a" + bytes((STATUS_BACK,))
    knife = GS + b"V" + bytes((profile.cuts == "PART",))
    return Orders(start, (ESC + b"d\1") * LINES_TO_KNIFE + knife, LINE_EMPTY + knife)


def encode(picture: Image.Image, profile: Profile) -> list[bytes]:
    """Return windows of at most ``WINDOW_BYTES``, acknowledgement request included, that print a picture and cut it off.

    Each window ends where a command does, so that a question may follow it; the last one holds the cut.
    """
    encoder = Encoder(profile)
    encoder.image(picture)
    return windows([*encoder.commands, orders(profile).cut])


def windows(commands: list[bytes], limit: int = WINDOW_BYTES - ACKNOWLEDGEMENT_BYTES) -> list[bytes]:
    """Pack whole commands into windows. ValueError for a command that is longer than a window."""
    return pack(commands, limit, before=LINE_EMPTY)
