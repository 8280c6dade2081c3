"""Somebody comes back and asks what became of a payment."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from central.payments.verdicts import settle
from kiosk.journey import events as e
from kiosk.journey.choosing import COMES_BACK_MS, in_order
from kiosk.journey.state import Answering, Apology, Farewell
from kiosk.journey.state_matters import ShowingMatters
from tests.central.server import with_store
from tests.journey.play import ELECTRICITY, SERVICES
from tests.world import IMPATIENT, WAITS_FOR_CARD, assert_paid, assert_understood

BY_CODE, BY_CARD = SERVICES["payment-status"], SERVICES["my-payments"]


def ask(world, code):
    """Ask by the code on a paper, typed as the keys allow."""
    world.do(e.JourneyStarted("az"), e.ServiceChosen(BY_CODE), e.AnswerGiven("code", code.replace("-", "")))


def standings(world):
    assert isinstance(world.state, ShowingMatters)
    return [matter.standing for matter in world.state.journey.matters]


def claimed(make_world):
    """Pay at a terminal that falls silent for good; return the world and the slip's code."""
    world = make_world(timings=IMPATIENT)
    world.boot()
    world.begin()
    world.answer()
    world.when("contacting_bank", lambda: world.bench_do("terminal", do="silent"))
    world.pay()
    assert world.state.outcome == "claim"
    code = world.state.journey.reference
    world.leave()
    return world, code


def test_a_paid_bill_by_its_code(world, centre):
    """The code on a receipt tells that it is paid, and puts that on paper; no money moves and nothing is submitted."""
    world.visit()
    code = next(state.journey.reference for state in world.shown if isinstance(state, Farewell))
    ask(world, code)
    assert standings(world) == ["paid"]
    world.do(e.PaperWanted())
    assert (world.state.outcome, world.state.paper, world.state.printed) == ("done", "statement", "printed")
    assert world.says("paper-matter-paid") in world.last_paper()
    world.leave()
    assert_paid(world, centre, 2400, paper=False)
    assert_understood(world)


def test_a_claim_and_its_verdict(make_world, centre):
    """An unresolved payment is BEING CHECKED until staff decide; then the kiosk shows what they decided."""
    world, code = claimed(make_world)
    ask(world, code)
    assert standings(world) == ["being_checked"]
    world.do(e.CancelPressed())
    with_store(centre.database, lambda store: settle(store, code, "not_taken"))
    ask(world, code)
    assert standings(world) == ["not_paid"]
    assert_understood(world)


def test_the_same_bill_warns_of_the_open_payment(make_world, centre):
    """Whoever is about to pay a bill that has a payment being checked reads so before paying."""
    world, _ = claimed(make_world)
    world.bench_do("terminal", do="normal")
    world.look("terminal")
    world.begin()
    world.answer()
    assert world.state.journey.quote.lines[0].label["en"] == "Payment being checked"
    world.do(e.CancelPressed())


def test_an_unknown_code_is_asked_for_again(world):
    """A misread code leads back to its field with a sentence, not to an end."""
    ask(world, "NOSUCHCODE12")
    assert isinstance(world.state, Answering)
    assert world.state.notice == "unknown_code"
    assert_understood(world)


def test_without_the_centre_nothing_is_guessed(world, centre):
    """Where the centre cannot be asked the kiosk says so."""
    centre.down()
    ask(world, "NOSUCHCODE12")
    assert isinstance(world.state, Apology)
    assert world.state.reason == "no_central"
    assert_understood(world)


def test_the_card_shows_its_holders_payments_alone(card_world, centre):
    """The ID card tells its holder's payments, at a later visit and with no code; another card tells none of them."""
    world = card_world(ELECTRICITY)
    world.begin()
    world.identify("123456")
    world.answer()
    world.pay()
    paid = world.state.journey.reference
    world.leave()
    world.service = BY_CARD
    world.when(WAITS_FOR_CARD, partial(world.hand, do="insert", card="aygun"))
    world.begin()
    world.identify("123456")
    assert paid in [matter.reference for matter in world.state.journey.matters]
    assert standings(world)[0] == "paid"
    assert_understood(world)


def test_who_left_something_open_is_offered_that_first(make_world):
    """After a visit that ended in a claim the services that ask after payments stand first for a month."""
    world, _ = claimed(make_world)
    assert world.runner.kiosk.open_ms > 0
    world.restart()
    world.do(e.JourneyStarted("az"))
    kiosk = replace(world.runner.kiosk, services=tuple(SERVICES.values()))
    first = [service.id for service in in_order(kiosk, world.state.journey)][:3]
    assert first == ["my-payments", "payment-status", "electricity"]
    months_later = replace(world.state.journey, started_ms=kiosk.open_ms + COMES_BACK_MS)
    assert in_order(kiosk, months_later)[0] == ELECTRICITY


def test_a_statement_is_not_printed_for_nobody(world):
    """When the power fails while a statement is printed, it is not printed again: who asked is gone."""
    world.visit()
    code = next(state.journey.reference for state in world.shown if isinstance(state, Farewell))
    ask(world, code)
    pieces = world.pieces()
    world.runner.accept(e.PaperWanted())
    world.restart()
    assert world.runner.kiosk.state.__class__.__name__ == "Welcome"
    assert world.pieces() == pieces
