"""An IPP printer that somebody else has written gets what we mean to send."""

from __future__ import annotations

import pytest

from hardware.document import pwg
from hardware.document.ipp import IppSettings, open_driver
from hardware.document.raster import a4_px, rasterise
from kiosk.domain.health import Failed, Ready
from kiosk.domain.receipt import Partial, Printed
from tests.hardware.document.ippeve import running
from tests.hardware.document.papers import certificate


def driver_at(url, **settings):
    return open_driver(IppSettings(url=url, poll_s=0.1, **settings))


def test_a_pdf_arrives_byte_for_byte(tmp_path):
    """Where the printer takes PDF it gets the centre's signed bytes unchanged, under the reference alone, and says when it has printed."""
    with running(tmp_path) as url:
        printer = driver_at(url)
        assert printer.print_document(certificate(), "AGALI1-7KQ-000123") == Printed()
        printer.close()
    (kept,) = (tmp_path / "spool").glob("*.pdf")
    assert kept.read_bytes() == certificate()
    assert kept.stem == "1-agali1-7kq-000123"


def test_a_printer_without_pdf_gets_dots(tmp_path):
    """Where it takes PWG Raster alone it gets the page as dots."""
    with running(tmp_path, "image/pwg-raster") as url:
        printer = driver_at(url)
        assert printer.print_document(certificate(), "R-1") == Printed()
        printer.close()
    (kept,) = (tmp_path / "spool").glob("*.pwg")
    assert kept.read_bytes() == pwg.encode(rasterise(certificate(), *a4_px(300)), "sgray_8", 300)


def test_it_is_well_and_says_so(tmp_path):
    """Health and self-test are those of a printer that works, while it runs, and of one that is absent afterwards."""
    with running(tmp_path) as url:
        printer = driver_at(url)
        assert isinstance(printer.health(), Ready)
        test = printer.self_test()
        assert {check.name: check.outcome for check in test.checks if check.name != "media"} == {
            "answer": "passed", "formats": "passed", "state": "passed",
        }  # fmt: skip
    health = printer.health()
    assert isinstance(health, Failed)
    assert health.reason == "absent"
    printer.close()


def test_a_job_that_it_could_not_print_is_no_success(tmp_path):
    """Where its own print command fails, the outcome is no Printed."""
    with running(tmp_path, command="/bin/false") as url:
        printer = driver_at(url)
        outcome = printer.print_document(certificate(), "R-2")
        printer.close()
    assert isinstance(outcome, Partial)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/x", "ipp://8.8.8.8/ipp/print", "ipp://printer.example/ipp/print", "ipp:///x", ""]
)
def test_a_document_does_not_travel_in_clear(url):
    """An address beyond this machine or a private network must be encrypted."""
    with pytest.raises(ValueError, match="expected ipps"):
        IppSettings(url=url)
