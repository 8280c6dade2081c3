"""A PDF's pages as dots, drawn by a process of its own (``raster_child``) that a hostile document cannot leave. Memory only.

PDFium never runs in the kiosk's own process: a document comes over the network, and its renderer is a large program.
"""

from __future__ import annotations

import logging

from msgspec import Struct
from PIL import Image

from hardware.document import raster_bounds as bounds
from hardware.sandbox import Sandbox, SandboxFault
from kiosk.domain.faults import ProtocolError

_log = logging.getLogger(__name__)

CHILD = "hardware.document.raster_child"
LIMIT_S = 20.0
"""For one document, the start of the process included: a page takes 0.1 s here, and some ten times as long on a Raspberry Pi."""
DARKNESS = 150
"""Grey from which a dot is burnt, as on receipts: thermal paper thins fine strokes."""
SIDE_MAX_PX = 5000
MM_PER_INCH = 25.4
A4_MM = (210.0, 297.0)


class Unprintable(ProtocolError):
    """The document cannot be printed by anybody: the message says why, and holds nothing of what stands in it."""


class Page(Struct, frozen=True):
    """One page: ``pixels`` row by row from the top, a byte each, 0 is black and 255 white."""

    width: int
    height: int
    pixels: bytes


def a4_px(dots_per_inch: int) -> tuple[int, int]:
    """Return width and height of A4 in dots, rounded as ISO 216's millimetres fall."""
    width, height = (round(side * dots_per_inch / MM_PER_INCH) for side in A4_MM)
    return width, height


def rasterise(pdf: bytes, width: int, height: int, limit_s: float = LIMIT_S) -> tuple[Page, ...]:
    """Return a PDF's pages, each made as large as fits into ``width`` x ``height`` dots and centred on white. Unprintable.

    Ten pages, 40 million dots and 2 MiB at most.
    """
    if not (0 < width <= SIDE_MAX_PX and 0 < height <= SIDE_MAX_PX):
        raise Unprintable(f"{width} x {height} dots are no page")
    if len(pdf) > bounds.INPUT_MAX_BYTES:
        raise Unprintable(f"a document of {len(pdf)} bytes")
    most = bounds.HEAD.size + min(bounds.PIXELS_MAX, bounds.PAGES_MAX * width * height)
    try:
        with Sandbox(CHILD) as process:
            answer = process.ask(bounds.ASK.pack(width, height) + pdf, most, limit_s)
    except SandboxFault as fault:
        raise Unprintable(bounds.REFUSALS.get(fault.status or 0, str(fault))) from None
    except OSError as error:
        raise Unprintable(f"no process can be started to draw it: {error.strerror}") from error
    return _pages(answer, width, height)


def _pages(answer: bytes, width: int, height: int) -> tuple[Page, ...]:
    """Read what the process gave; whatever it is, no more than pages of that size are taken."""
    size = width * height
    mark, count = bounds.HEAD.unpack_from(answer) if len(answer) >= bounds.HEAD.size else (b"", 0)
    if mark not in {b"S", b"L"} or not count or len(answer) != bounds.HEAD.size + count * size:
        raise Unprintable(f"the rasteriser gave {len(answer)} bytes for pages of {width} x {height} dots")
    if mark == b"L":
        _log.warning("the rasteriser was held by limits alone: no seccomp filter on this kernel or processor")
    starts = range(bounds.HEAD.size, len(answer), size)
    return tuple(Page(width, height, answer[start : start + size]) for start in starts)


def black_and_white(page: Page) -> Image.Image:
    """Return a page as a print head burns it: mode "1", thresholded and never dithered, so that edges stay sharp."""
    grey = Image.frombytes("L", (page.width, page.height), page.pixels)
    return grey.point([0] * DARKNESS + [255] * (256 - DARKNESS), mode="1")
