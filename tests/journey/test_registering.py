"""Registering a sale on the pure machine: what is told to the register, and that nothing keeps the citizen's receipt back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kiosk.domain.health import Failed, Ready
from kiosk.domain.money import Money
from kiosk.journey import events as e
from kiosk.journey import events_fiscal as f
from kiosk.journey.effects import FileClaim, PrintPaper, QuerySale, RegisterSale
from kiosk.journey.readiness import obstacle
from kiosk.journey.registering import ATTEMPTS, QUERIES
from kiosk.journey.state import Printing
from kiosk.journey.state_fiscal import CheckingSale, FilingUnregistered, RegisteringSale
from tests.journey.play import CERTIFICATE, DOCUMENT, ELECTRICITY, FINE, MARK, QUOTE, SALE, Play

ALL = replace(ELECTRICITY, fiscal="total", vat_percent=None)


def orders_of(play, kind):
    return [order for order in play.orders if isinstance(order, kind)]


def test_without_a_register_nothing_changes():
    """A kiosk that has no register prints the receipt as soon as the centre has answered, and registers nothing."""
    play = Play().to_printing()
    assert isinstance(play.state, Printing)
    assert play.state.journey.fiscal is None
    assert play.state.journey.fiscal_due == ""
    assert orders_of(play, RegisterSale) == []


def test_the_fee_is_the_sale():
    """Of a bill that the state is paid, the fee is what the operator sells, in the citizen's words and by card."""
    sale = Play().to_registering().orders[-1].sale
    assert (sale.items[0].name, sale.items[0].code) == (ELECTRICITY.title["az"], "electricity")
    assert (sale.total, sale.cash, sale.cashless, sale.vat_percent) == (QUOTE.fee, Money(0), QUOTE.fee, 18)
    assert (sale.reference, sale.cashier) == ("AGALI-1-000001", "AGALI-1")


def test_the_receipt_carries_the_document():
    """With the sale registered the receipt is printed, and its document is on it."""
    play = Play().to_registering()
    play.event(f.SaleRegistered(play.order, DOCUMENT))
    assert isinstance(play.orders[-1], PrintPaper)
    assert play.orders[-1].journey.fiscal == DOCUMENT


def paid_in_cash(service, notes):
    """Pay in notes (qəpik each)."""
    play = Play(replace(Play().kiosk, services=(service,))).event(e.HealthChanged("fiscal", Ready()))
    play.event(e.HealthChanged("cash", Ready())).event(e.PowerRestored("1")).event(e.JourneyStarted("az"))
    play.event(e.ServiceChosen(replace(service, needs="nothing"))).event(e.AnswerGiven("customer_number", "104558210"))
    play.event(e.AmountQuoted(play.order, QUOTE)).event(e.PaymentConfirmed("cash")).event(e.CashPrepared(play.order))
    for minor in notes:
        play.event(e.NoteHeld(play.order, Money(minor)))
        if type(play.state).__name__ == "ChoosingSurplus":
            play.event(e.SurplusChosen("claim")).event(e.NoteKept(play.order))
        play.event(e.NoteStacked(play.order, Money(minor))).event(e.NoteAcknowledged(play.order))
    return play


def test_all_of_it_in_cash_with_a_surplus():
    """Where all of the payment is the sale, notes count up to what was due: the surplus is the citizen's and no sale."""
    play = paid_in_cash(ALL, (2000, 1000))
    play.event(e.SubmissionAccepted(play.order, "R-1"))
    sale = play.orders[-1].sale
    assert (sale.total, sale.cash, sale.cashless, sale.vat_percent) == (QUOTE.total, QUOTE.total, Money(0), None)


def test_a_kept_submission_is_registered_too():
    """A payment that the centre does not answer is kept for delivery and registered all the same."""
    play = Play().event(e.HealthChanged("fiscal", Ready())).to_submitting()
    play.event(e.CentralUnanswered(play.order))
    assert isinstance(play.state, RegisteringSale)
    assert play.state.journey.deferred


def test_what_costs_nothing_is_not_registered():
    """A free service, and a bill without a fee, go straight to their paper."""
    play = Play().event(e.HealthChanged("fiscal", Ready())).to_certificate()
    assert orders_of(play, RegisterSale) == []
    play = Play().event(e.HealthChanged("fiscal", Ready())).to_quoting()
    free = replace(QUOTE, fee=Money(0))
    play.event(e.AmountQuoted(play.order, free)).event(e.PaymentConfirmed()).event(e.PaymentPrepared(play.order, MARK))
    play.event(e.PaymentApproved(play.order, SALE, settled=True))
    play.event(e.SubmissionAccepted(play.order, "R-1"))
    assert isinstance(play.state, Printing)


@pytest.mark.parametrize("answer", [
    lambda order: f.SaleNotRegistered(order, "offline", "code 604"),
    lambda order: e.DeviceFailed(order, "fiscal", "absent", "cannot be reached"),
])  # fmt: skip
def test_a_refused_sale_is_told_to_the_centre(answer):
    """A sale that the register refuses becomes a claim with a code of its own and no person, then the receipt, which says so."""
    play = Play().to_registering()
    play.event(answer(play.order))
    assert isinstance(play.state, FilingUnregistered)
    claim = play.orders[-1].claim
    assert (claim.reference, claim.kind, claim.amount) == ("AGALI-1-000001-F", "unregistered", QUOTE.fee)
    assert (claim.citizen, claim.answers) == (None, {})
    assert "AGALI-1-000001: cash 0, card 40" in claim.evidence
    play.event(e.ClaimFiled(play.order, delivered=False))
    assert isinstance(play.orders[-1], PrintPaper)
    assert (play.orders[-1].paper, play.orders[-1].journey.fiscal_due) == ("receipt", "follows")
    assert play.orders[-1].journey.doubt == ""


def test_a_claim_that_cannot_be_kept_is_told_on_the_receipt():
    """When the centre cannot be told either, the receipt sends the citizen to people instead of promising anything."""
    play = Play().to_filing_unregistered()
    play.event(e.DeviceFailed(play.order, "central", "not_kept"))
    assert play.orders[-1].journey.fiscal_due == "unfiled"


def test_doubt_is_asked_about_and_bounded():
    """A register that cannot tell is asked so often and no more; then staff are told to look in its history first."""
    play = Play().to_registering()
    play.event(e.OrderOverdue(play.order))
    for _ in range(QUERIES):
        assert isinstance(play.state, CheckingSale)
        play.event(f.SaleUnresolved(play.order, "no answer"))
    assert len(orders_of(play, QuerySale)) == QUERIES
    assert "history first" in play.orders[-1].claim.evidence


def test_what_was_surely_not_made_is_sent_once_more():
    """A sale that the register surely does not know is sent again under the same reference, so often and no more."""
    play = Play().to_registering()
    for _ in range(ATTEMPTS):
        play.event(f.SaleUnresolved(play.order, "no answer")).event(f.SaleNotRegistered(play.order, "not_made"))
    sales = [order.sale for order in orders_of(play, RegisterSale)]
    assert len(sales) == ATTEMPTS
    assert len({sale.reference for sale in sales}) == 1
    assert isinstance(play.state, FilingUnregistered)


def test_cuts_without_end():
    """However often the power fails, a sale is registered at most so often, and the same claim is filed each time."""
    play = Play().to_registering()
    for _ in range(5):
        play.restart()
        play.event(f.SaleNotRegistered(play.order, "not_made"))
    assert len(orders_of(play, RegisterSale)) <= ATTEMPTS
    play = Play().to_filing_unregistered()
    first = play.orders[-1].claim
    play.restart().restart()
    assert {order.claim.reference for order in orders_of(play, FileClaim)} == {first.reference}
    assert play.orders[-1].claim == first


def test_no_promise_without_a_register():
    """With the register failed, what must be registered is not offered, and everything else is; a kiosk without one offers all."""
    panel, failed = Play().kiosk.panel, {"fiscal": Failed("absent")}
    assert [obstacle(service, failed, panel) for service in (ELECTRICITY, FINE, CERTIFICATE)] == [
        "no_fiscal",
        "no_fiscal",
        "",
    ]
    assert obstacle(ELECTRICITY, {}, panel) == ""
