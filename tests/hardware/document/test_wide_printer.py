"""A certificate on a kiosk printer as wide as A4: dot for dot, held out, and of each fault is told what came out."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from hardware.document.escpos import EscposDocumentSettings, open_driver, strip
from hardware.printer.simulator import SimulatedPrinter
from kiosk.domain.health import Failed, Ready
from kiosk.domain.receipt import NotStarted, Partial, Printed
from tests.hardware.document.papers import ADDRESS, blank, certificate


@pytest.fixture
def far(tmp_path):
    printer = SimulatedPrinter(tmp_path / "paper", tmp_path / "document", model="custom_a4")
    printer.start()
    yield printer
    printer.stop()


@pytest.fixture
def wide(far):
    driver = open_driver(EscposDocumentSettings(port=far.port, grace_s=0.3))
    yield driver
    driver.close()


def papers(far) -> list[Image.Image]:
    sheets = []
    for row in far.ledger():
        with Image.open(Path(far.folder) / row["paper"]) as sheet:
            sheets.append(sheet.convert("1"))
    return sheets


def begins_with(paper: Image.Image, page: Image.Image) -> bool:
    """Compare dot for dot; the encoder may change a few, where the page's bytes would be a command to the printer."""
    head = paper.crop((0, 0, page.width, page.height)).convert("L")
    return ImageChops.difference(head, page.convert("L")).histogram()[255] <= 5


def test_a_certificate_comes_dot_for_dot(far, wide):
    """The printer burns the very dots of the page, 1648 to a row, its code can be read, and the sheet is held out."""
    assert wide.print_document(certificate(), "R-1") == Printed()
    sheet = papers(far)[-1]
    assert sheet.width == 1648
    assert begins_with(sheet, strip(certificate(), 1648))
    assert far.ledger()[-1]["qr"] == [ADDRESS]
    state = far.do({"do": "state"})
    assert state["held_out"]
    assert state["unknown_bytes"] == 0


def test_two_pages_are_one_strip(far, wide):
    """A document of two pages is one paper: the presenter would throw the first of two out."""
    assert wide.print_document(blank(2), "R-1") == Printed()
    assert papers(far)[-1].height >= 2 * 2331


def test_no_paper_is_told_before(far, wide):
    """Without paper nothing begins; health and self-test say why, and with a new roll it prints."""
    far.do({"do": "paper_out"})
    assert wide.print_document(certificate(), "R-1") == NotStarted("paper_out")
    assert isinstance(wide.health(), Failed)
    test = wide.self_test()
    assert (test.device, test.outcome) == ("document", "failed")
    far.do({"do": "paper_in"})
    assert isinstance(wide.health(), Ready)
    assert wide.print_document(certificate(), "R-2") == Printed()


def test_paper_that_ends_in_the_middle_is_partial(far, wide):
    """A sheet that breaks off is Partial, and the next citizen's begins on clean paper."""
    far.do({"do": "slow", "mm_per_s": 400})
    far.do({"do": "paper_out_after", "rows": 700})
    assert wide.print_document(certificate(), "R-1") == Partial(
        "paper_out", windows_acknowledged=pytest.approx(50, abs=200)
    )
    far.do({"do": "normal"})
    assert wide.print_document(certificate("en"), "R-2") == Printed()
    assert begins_with(papers(far)[-1], strip(certificate("en"), 1648))


def test_a_line_that_ends_in_the_middle_leaves_nothing_on_the_next_sheet(far, wide):
    """Where the kiosk's end of the line is gone in the middle, the rest of the broken-off sheet is cut off before the next one."""
    far.do({"do": "slow", "mm_per_s": 200})
    printing = threading.Thread(target=wide.print_document, args=(certificate(), "R-1"))
    printing.start()
    end_s = time.monotonic() + 30
    while far.do({"do": "state"})["uncut_rows"] < 300:
        assert time.monotonic() < end_s
        time.sleep(0.01)
    far.do({"do": "unplug"})
    printing.join(60)
    far.do({"do": "normal"})
    far.do({"do": "plug"})
    again = open_driver(EscposDocumentSettings(port=far.port))
    assert again.print_document(certificate("ru"), "R-2") == Printed()
    again.close()
    assert begins_with(papers(far)[-1], strip(certificate("ru"), 1648))


def test_what_is_no_document_moves_no_paper(far, wide):
    """A damaged document is told as such."""
    assert wide.print_document(b"%PDF-1.4 nothing", "R-1") == NotStarted("unprintable")
    assert far.ledger() == []
