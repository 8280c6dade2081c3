"""The centre's document on A4: ordered once, and the slip in its place wherever it does not come out whole."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kiosk.domain.health import Degraded, Failed, Ready
from kiosk.domain.receipt import NotStarted, Partial, Printed, Unverified
from kiosk.journey import events as e
from kiosk.journey.effects import Order, PrintDocument, PrintPaper
from kiosk.journey.lamps import lamps
from kiosk.journey.state import Confirming, Farewell, Printing
from kiosk.journey.state_document import PrintingDocument
from tests.journey.play import CERTIFICATE, SERVICES, Play


def documents(play):
    return [order for order in play.orders if isinstance(order, PrintDocument)]


def test_the_sheet_is_ordered_by_its_numbers_alone():
    """After the centre's acceptance the sheet is fetched and printed by receipt number, under the reference."""
    play = Play().to_printing_document()
    assert isinstance(play.state, PrintingDocument)
    assert play.orders[-1] == PrintDocument(play.order, play.state.journey.reference, "C-1")


@pytest.mark.parametrize("outcome", [Printed(), Unverified("unconfirmed")])
def test_the_farewell_says_where_it_is(outcome):
    """A sheet that came is the only paper, and the last screen knows that it is not below; the receipt printer's lamp stays dark."""
    play = Play().to_printing_document().event(e.ReceiptEnded(Play().to_printing_document().order, outcome))
    assert isinstance(play.state, Farewell)
    assert (play.state.sheet, play.state.paper, play.state.journey.unprinted) == (True, "slip", "")
    assert not any(isinstance(order, PrintPaper) for order in play.orders)
    assert "printer" not in lamps(play.state)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda order: e.ReceiptEnded(order, NotStarted("unfetched")), "unfetched"),
        (lambda order: e.ReceiptEnded(order, NotStarted("unprintable")), "unprintable"),
        (lambda order: e.ReceiptEnded(order, Partial("paper_out")), "paper_out"),
        (lambda order: e.DeviceFailed(order, "document", "absent"), "absent"),
        (e.OrderOverdue, "silent"),
    ],
)
def test_whatever_fails_the_slip_comes(answer, reason):
    """Not fetched, not printable, half printed, absent or overdue: the slip is ordered as an original, and the farewell tells why."""
    play = Play().to_printing_document()
    play.event(answer(play.order))
    assert isinstance(play.state, Printing)
    assert (play.state.paper, play.state.copy, play.state.journey.unprinted) == ("slip", 0, reason)
    play.event(e.ReceiptEnded(play.order, Printed()))
    assert isinstance(play.state, Farewell)
    assert (play.state.sheet, play.state.printed, play.state.journey.unprinted) == (False, "printed", reason)
    assert len(documents(play)) == 1


def test_a_late_answer_changes_nothing():
    """A sheet that is told to have come after the slip was ordered moves nothing."""
    play = Play().to_printing_document()
    order = play.order
    before = play.event(e.OrderOverdue(order)).state
    assert play.event(e.ReceiptEnded(order, Printed())).state == before


def test_the_power_fails_while_it_prints():
    """After a power cut the sheet is not ordered again: the slip comes and says that it is a copy, the next one that it is the next."""
    play = Play().to_printing_document().restart()
    assert (play.state.paper, play.state.copy, play.state.journey.unprinted) == ("slip", 1, "power")
    assert play.restart().state.copy == 2
    assert len(documents(play)) == 1


@pytest.mark.parametrize("health", [None, Failed("paper_out")])
def test_without_a_document_printer_that_is_well_nothing_changes(health):
    """With no such printer, or one known to have failed, the slip is printed as ever."""
    play = Play()
    if health:
        play.event(e.HealthChanged("document", health))
    play.to_certificate()
    assert documents(play) == []
    assert (play.state.sheet, play.state.paper, play.state.journey.unprinted) == (False, "slip", "")


def test_a_service_that_is_no_document_has_no_sheet():
    """A bill's receipt is none: a document printer does not change how it comes."""
    play = Play().event(e.HealthChanged("document", Ready())).to_farewell()
    assert documents(play) == []
    assert all(service.document == "a4" for service in SERVICES.values() if service.paper == "slip")


def test_nobody_is_asked_to_go_without_paper_where_a_sheet_comes():
    """With the receipt printer out of paper a service whose sheet comes begins without that question; any other asks."""
    play = (
        Play()
        .event(e.HealthChanged("printer", Failed("paper_out")))
        .event(e.HealthChanged("document", Degraded("paper_low")))
    )
    play.to_answering(CERTIFICATE)
    assert isinstance(play.state, Confirming)
    other = (
        Play()
        .event(e.HealthChanged("printer", Failed("paper_out")))
        .event(e.HealthChanged("document", Ready()))
        .to_choosing()
    )
    other.event(e.ServiceChosen(replace(CERTIFICATE, document="")))
    assert type(other.state).__name__ == "AgreeingNoPaper"


def test_one_order_at_a_time():
    """Whatever the document printer answers, no step orders more than one thing that answers."""
    play = Play().to_printing_document()
    play.event(e.ReceiptEnded(play.order, Partial("mechanical")))
    assert len([effect for effect in play.effects if isinstance(effect, Order)]) == 1
