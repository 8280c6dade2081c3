"""What goes wrong at the far end of the line is told as what it is, and a document is never sent twice."""

from __future__ import annotations

import threading

import pytest

from hardware.document.ipp import IppSettings, open_driver
from hardware.document.simulator import PWG, SimulatedDocumentPrinter, Work
from kiosk.domain.health import Degraded, Failed, Ready
from kiosk.domain.receipt import NotStarted, Partial, Printed
from tests.hardware.document.papers import blank, certificate


@pytest.fixture
def far():
    printer = SimulatedDocumentPrinter()
    printer.start()
    yield printer
    printer.stop()


@pytest.fixture
def open_at():
    opened = []

    def make(far, **settings):
        usual = {"poll_s": 0.05, "grace_s": 0.3, "job_s": 30.0, "answer_timeout_s": 20.0}
        opened.append(open_driver(IppSettings(url=far.url, **(usual | settings))))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def states(far):
    return [row["state"] for row in far.ledger()]


def test_well_it_prints_and_is_told_nothing_but_the_reference(far, open_at):
    """A document comes out once, byte for byte, under the reference."""
    assert open_at(far).print_document(certificate(), "R-000001") == Printed()
    (work,) = far.works
    assert (work.name, work.document, work.kind) == ("R-000001", certificate(), "application/pdf")
    assert states(far) == ["completed"]


def test_an_old_printer_is_spoken_to_in_its_version(far, open_at):
    """A printer that knows IPP 1.1 alone is asked again in it, and prints."""
    far.do({"do": "old"})
    assert open_at(far).print_document(certificate(), "R-1") == Printed()


def test_a_printer_without_pdf_gets_dots(open_at):
    """Where PDF is not among its formats the page comes as PWG Raster."""
    far = SimulatedDocumentPrinter(formats=(PWG,))
    far.start()
    try:
        assert open_at(far).print_document(certificate(), "R-1") == Printed()
        assert far.works[0].document[:13] == b"RaS2PwgRaster"
    finally:
        far.stop()


@pytest.mark.parametrize(
    ("trouble", "reason"), [("paper_out", "paper_out"), ("jam", "mechanical"), ("door_open", "cover_open")]
)
def test_a_printer_that_cannot_is_sent_nothing(far, open_at, trouble, reason):
    """With no paper, a jam or an open door nothing is sent, health says why, and the next document comes once it is well."""
    printer = open_at(far)
    far.do({"do": trouble})
    assert printer.print_document(certificate(), "R-1") == NotStarted(reason)
    assert far.works == []
    assert printer.health() == Failed(reason, "Simulated A4")
    assert printer.self_test().outcome == "failed"
    far.do({"do": "clear"})
    assert isinstance(printer.health(), Ready)
    assert printer.print_document(certificate(), "R-2") == Printed()


@pytest.mark.parametrize(
    ("trouble", "reason"), [("paper_out", "paper_out"), ("jam", "mechanical"), ("door_open", "cover_open")]
)
def test_trouble_in_the_middle_gives_the_document_up(far, open_at, trouble, reason):
    """Trouble that nobody removes in time cancels the job, so that it does not come out for the next citizen."""
    far.do({"do": "slow", "seconds": 1000})
    timer = threading.Thread(target=lambda: when(far, lambda: far.works, lambda: far.do({"do": trouble})))
    timer.start()
    assert open_at(far).print_document(certificate(), "R-1") == Partial(reason)
    timer.join()
    assert states(far) == ["canceled"]


def when(far, come, then):
    for _ in range(2000):
        if come():
            break
        threading.Event().wait(0.01)
    then()


def test_trouble_that_is_removed_in_time_is_none(far, open_at):
    """Paper put in within the grace lets the document come out."""
    far.do({"do": "slow", "seconds": 0.5})

    def refill():
        when(far, lambda: far.works, lambda: far.do({"do": "paper_out"}))
        threading.Event().wait(0.3)
        far.do({"do": "paper_in"})

    helper = threading.Thread(target=refill)
    helper.start()
    assert open_at(far, grace_s=30.0).print_document(certificate(), "R-1") == Printed()
    helper.join()


def test_a_job_that_hangs_is_given_up(far, open_at):
    """A job that never ends is cancelled when its time is over."""
    far.do({"do": "hang"})
    assert open_at(far, job_s=0.5).print_document(certificate(), "R-1") == Partial("unconfirmed")
    assert states(far) == ["canceled"]


@pytest.mark.parametrize(("mood", "outcome"), [("abort", Partial("offline")), ("errors", Partial("mechanical"))])
def test_a_job_that_failed_is_no_success(far, open_at, mood, outcome):
    """Aborted, or completed with errors: some paper may have come out, and nothing more is claimed."""
    far.do({"do": mood})
    assert open_at(far).print_document(certificate(), "R-1") == outcome


def test_a_lost_answer_is_asked_about_and_not_repeated(far, open_at):
    """Where the answer to Print-Job is lost the printer is asked for the job by its name: it is followed, and there is one."""
    far.do({"do": "lose_answer"})
    assert open_at(far).print_document(certificate(), "R-1") == Printed()
    assert len(far.works) == 1


def test_a_lost_request_is_not_repeated(far, open_at):
    """Where nobody knows of the job the outcome is open, and it is not sent again."""
    far.do({"do": "lose_request"})
    assert open_at(far).print_document(certificate(), "R-1") == Partial("lost")
    assert far.works == []


def test_silence_is_bounded(far, open_at):
    """A printer that takes the line and says nothing is silent, before a document and in health."""
    printer = open_at(far, answer_timeout_s=0.3)
    far.do({"do": "silent"})
    assert printer.print_document(certificate(), "R-1") == NotStarted("silent")
    assert printer.health() == Failed("silent", "the document did not answer in time")


def test_silence_in_the_middle_is_partial(far, open_at):
    """A printer that falls silent with a job under way leaves the outcome open."""
    far.do({"do": "slow", "seconds": 1000})
    helper = threading.Thread(target=lambda: when(far, lambda: far.works, far.awake.clear))
    helper.start()
    assert open_at(far, answer_timeout_s=1.0, job_s=4.0).print_document(certificate(), "R-1") == Partial("silent")
    helper.join()
    assert len(far.works) == 1


def test_a_job_left_behind_comes_out_for_nobody(far, open_at):
    """Killed with its job under way, the kiosk gives that job up at its next start, before anybody's document; another's job stays."""
    far.do({"do": "slow", "seconds": 1000})
    dying = open_at(far)
    helper = threading.Thread(target=lambda: dying.print_document(certificate(), "R-1"))
    helper.start()
    when(far, lambda: far.works, lambda: None)
    dying._client.close()  # the power fails: nothing more is said on the wire
    helper.join()
    assert states(far) == ["processing"]
    far.works.append(Work(2, "another's", "application/pdf", b"", 1000.0))
    far.do({"do": "slow", "seconds": 0})
    printer = open_at(far)
    assert isinstance(printer.health(), Ready)
    assert printer.print_document(certificate(), "R-2") == Printed()
    assert states(far) == ["canceled", "processing", "completed"]


def test_a_busy_printer_and_garbage_are_no_start(far, open_at):
    """A refusal, and an answer that is none, mean that nothing was printed."""
    printer = open_at(far)
    far.do({"do": "busy"})
    assert printer.print_document(certificate(), "R-1") == NotStarted("offline")
    far.do({"do": "normal"})
    far.do({"do": "garbage"})
    assert printer.print_document(certificate(), "R-1") == NotStarted("offline")
    assert printer.health().reason == "garbled"


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.4 nothing", blank(11)])
def test_what_is_no_document_never_leaves(far, open_at, pdf):
    """A damaged document, or one of too many pages, is not sent, even where the printer would draw it itself."""
    assert open_at(far).print_document(pdf, "R-1") == NotStarted("unprintable")
    assert far.works == []


def test_a_cancelled_wait_gives_the_job_up(far, open_at):
    """cancel() from another thread ends the wait, and the job."""
    far.do({"do": "hang"})
    printer = open_at(far)
    helper = threading.Thread(target=lambda: when(far, lambda: far.works, printer.cancel))
    helper.start()
    assert isinstance(printer.print_document(certificate(), "R-1"), Partial)
    helper.join()
    assert states(far) == ["canceled"]


def test_low_paper_is_degraded(far, open_at):
    """Little paper is told to the technician, and printing goes on."""
    far.do({"do": "low"})
    printer = open_at(far)
    assert printer.health() == Degraded("paper_low", "Simulated A4")
    assert printer.self_test().outcome == "degraded"
    assert printer.print_document(certificate(), "R-1") == Printed()
