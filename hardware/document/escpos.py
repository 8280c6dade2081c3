"""The document printer's driver for a kiosk printer with paper as wide as A4 (ESC/POS, a presenter): the page as a picture.

It is delivered exactly as receipts are (``hardware.printer``): in windows that are each acknowledged, cut, and held out. A
document of several pages comes as one strip, since a presenter holds one paper at a time.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import asdict, replace
from PIL import Image

from hardware.document.raster import Unprintable, a4_px, black_and_white, rasterise
from hardware.printer.driver import EscposPrinter, PrinterSettings
from hardware.printer.profiles import PROFILES, ProfileName
from kiosk.domain.health import Health, SelfTest
from kiosk.domain.receipt import NotStarted, PrintOutcome

PROFILE: ProfileName = "custom-a4"
WHITE = 255


class EscposDocumentSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[document]`` with the driver ``escpos``: each as in ``[printer]``. A page has ten times the dots of a receipt: USB or TCP, not a slow line."""

    port: str
    baudrate: int = 115200
    rts_cts: bool = False
    grace_s: float = 20.0
    limit_s: float = 140.0
    answer_s: float = 0.6
    acknowledge_s: float = 8.0
    take_s: float = 60.0
    roll_m: float = 0.0
    roll_file: str = ""


class EscposDocumentPrinter:
    """Prints documents on an A4-wide kiosk printer of its own port."""

    def __init__(self, settings: EscposDocumentSettings) -> None:
        self._printer = EscposPrinter(PrinterSettings(profile=PROFILE, path="picture", **asdict(settings)))
        # Half a sheet that was coming out when the program ended never joins the next citizen's.
        self._printer.abandon()

    def print_document(self, pdf: bytes, reference: str) -> PrintOutcome:  # noqa: ARG002 - a strip of paper has no name
        """Print one document and cut it off."""
        try:
            return self._printer.print_picture(strip(pdf, PROFILES[PROFILE].width_dots))
        except Unprintable:
            return NotStarted("unprintable")

    def health(self) -> Health:
        """Ask the printer how it is."""
        return self._printer.health()

    def self_test(self) -> SelfTest:
        """Test the printer as a receipt printer is tested."""
        return replace(self._printer.self_test(), device="document")

    def cancel(self) -> None:
        """End the wait for a fault to be removed: the sheet is given up."""
        self._printer.cancel()

    def close(self) -> None:
        """Let go of the port."""
        self._printer.close()


def strip(pdf: bytes, width_dots: int) -> Image.Image:
    """Return a document's pages below each other, in the shape of A4 and as wide as the head. Unprintable."""
    width, height = a4_px(PROFILES[PROFILE].dots_per_inch)
    pages = rasterise(pdf, width_dots, height * width_dots // width)
    whole = Image.new("1", (width_dots, sum(page.height for page in pages)), WHITE)
    for number, page in enumerate(pages):
        whole.paste(black_and_white(page), (0, number * page.height))
    return whole


def open_driver(settings: EscposDocumentSettings) -> EscposDocumentPrinter:
    """Open the driver. The printer may be away: the port is opened when it is needed."""
    return EscposDocumentPrinter(settings)
