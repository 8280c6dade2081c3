"""The rasteriser's own process: a PDF in at standard input, grey pages out at standard output, and nothing else.

``python -I -m hardware.document.raster_child``. In: width and height of a page in pixels, then the PDF. Out: how it was shut in
(``S`` by the kernel's filter too, ``L`` by limits alone), how many pages, then their pixels, one byte each, 255 is white.
With anything wrong nothing is written, and the exit status says what (``raster_bounds.REFUSALS``). Fonts that are not embedded are
PDFium's own: no file can be opened any more when the document is.
"""

from __future__ import annotations

import sys
from typing import NoReturn

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from hardware.document.raster_bounds import (
    ADDRESS_SPACE_BYTES,
    ASK,
    CPU_S,
    DAMAGED,
    HEAD,
    INPUT_MAX_BYTES,
    LOCKED,
    PAGES_MAX,
    PIXELS_MAX,
    TOO_LARGE,
    TOO_MANY,
    WHITE,
)
from hardware.sandbox_child import shut_in


def page_of(page: pypdfium2.PdfPage, width: int, height: int) -> bytes:
    """Return a page, made as large as fits into the box, centred on white: width times height bytes. ValueError for one without size."""
    own_width, own_height = page.get_size()
    if not (own_width > 0 and own_height > 0):
        raise ValueError("a page without size")
    scale = min(width / own_width, height / own_height)
    drawn_width, drawn_height = max(1, int(own_width * scale)), max(1, int(own_height * scale))
    drawn = pypdfium2.PdfBitmap.new_native(drawn_width, drawn_height, pdfium.FPDFBitmap_Gray)
    drawn.fill_rect((WHITE, WHITE, WHITE, WHITE), 0, 0, drawn_width, drawn_height)
    flags = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE | pdfium.FPDF_PRINTING
    pdfium.FPDF_RenderPageBitmap(drawn, page, 0, 0, drawn_width, drawn_height, 0, flags)
    sheet = Image.new("L", (width, height), WHITE)
    sheet.paste(drawn.to_pil(), ((width - drawn_width) // 2, (height - drawn_height) // 2))
    return sheet.tobytes()


def pages_of(pdf: bytes, width: int, height: int) -> list[bytes]:
    """Return all pages. SystemExit with what is wrong with the document."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise SystemExit(LOCKED if error.err_code == pdfium.FPDF_ERR_PASSWORD else DAMAGED) from error
    if not 0 < len(document) <= PAGES_MAX:
        raise SystemExit(TOO_MANY)
    if len(document) * width * height > PIXELS_MAX:
        raise SystemExit(TOO_LARGE)
    try:
        return [page_of(document[number], width, height) for number in range(len(document))]
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise SystemExit(DAMAGED) from error
    except MemoryError as error:
        raise SystemExit(TOO_LARGE) from error


def warm_up() -> None:
    """Draw a page once, so that nothing has to be loaded any more."""
    document = pypdfium2.PdfDocument.new()
    page_of(document.new_page(72, 72), 16, 16)
    document.close()


def main() -> NoReturn:
    """Rasterise one document."""
    warm_up()
    mark = b"S" if shut_in(ADDRESS_SPACE_BYTES, CPU_S) else b"L"
    given = sys.stdin.buffer.read(ASK.size + INPUT_MAX_BYTES)
    pages = pages_of(given[ASK.size :], *ASK.unpack_from(given))
    sys.stdout.buffer.write(HEAD.pack(mark, len(pages)))
    for page in pages:
        sys.stdout.buffer.write(page)
    sys.stdout.buffer.flush()
    raise SystemExit(0)


if __name__ == "__main__":
    main()
