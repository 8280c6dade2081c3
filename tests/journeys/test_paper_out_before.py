"""There is no paper before the visit: that is said before anything else, and nobody is trapped by it."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.journey import events as e
from kiosk.journey.state import Apology, Choosing, Confirming, Farewell
from kiosk.journey.state_matters import ShowingMatters
from kiosk.journey.state_paper import AgreeingNoPaper
from tests.journey.play import ELECTRICITY, SERVICES
from tests.world import assert_no_money, assert_paid, assert_understood, without_card


def out_of_paper(world):
    world.bench_do("printer", do="paper_out")
    world.look("printer")
    assert world.runner.kiosk.devices["printer"].reason == "paper_out"


def test_the_citizen_is_told_first_and_may_stop(world, centre):
    """Without paper the kiosk says so when the service is chosen, before any number is typed; stopping costs nothing."""
    out_of_paper(world)
    assert world.screens()[-1] == "Welcome"
    world.begin()
    assert isinstance(world.state, AgreeingNoPaper)
    world.do(e.WentBack())
    assert isinstance(world.state, Choosing)
    world.do(e.CancelPressed())
    assert_no_money(world, centre)
    world.bench_do("printer", do="paper_in")
    world.look("printer")
    world.visit()
    assert_paid(world, centre, 2400)
    assert_understood(world)


def test_paid_without_paper_and_printed_elsewhere(world, make_world, centre):
    """Whoever agrees pays without paper, carries the code away, and another kiosk prints the receipt from it."""
    out_of_paper(world)
    world.begin()
    world.do(e.PaperlessAccepted())
    world.answer()
    world.pay()
    assert isinstance(world.state, Farewell)
    assert (world.state.outcome, world.state.printed, world.state.carries) == ("done", "not_started", True)
    code = world.state.journey.reference
    world.leave()
    assert_paid(world, centre, 2400, paper=False)
    other = make_world()
    other.boot()
    other.pump()
    other.runner.kiosk = replace(other.runner.kiosk, services=tuple(SERVICES.values()))
    other.do(e.JourneyStarted("az"), e.ServiceChosen(SERVICES["payment-status"]))
    other.do(e.AnswerGiven("code", code.replace("-", "")))
    assert isinstance(other.state, ShowingMatters)
    other.do(e.CopyWanted(code))
    assert (other.state.notice, other.composed[-1].copy) == ("copy_printed", 1)
    assert_understood(world)
    assert_understood(other)


def test_while_the_bill_is_shown(world, centre):
    """Paper that ends while the citizen looks at the bill is told before money; agreed, the bill is shown again and paid."""
    world.begin()
    world.answer()
    out_of_paper(world)
    world.do(e.PaymentConfirmed())
    assert isinstance(world.state, AgreeingNoPaper)
    assert "PreparingPayment" not in world.screens()
    assert_no_money(world, centre)
    world.do(e.PaperlessAccepted())
    assert isinstance(world.state, Confirming)
    world.pay()
    assert (world.state.outcome, world.state.printed) == ("done", "not_started")
    world.leave()
    assert_paid(world, centre, 2400, paper=False)
    assert_understood(world)


def test_a_service_that_needs_its_paper_is_refused(make_world, centre):
    """Where the operator says that a service cannot be had without paper, it is refused before money."""
    world = make_world(replace(without_card(ELECTRICITY), without_paper="refused"))
    world.boot()
    world.pump()
    out_of_paper(world)
    assert world.screens()[-1] == "OutOfService"
    world.begin()
    assert isinstance(world.state, Apology)
    assert world.state.reason == "no_printer"
    world.leave()
    assert_no_money(world, centre)
    assert_understood(world)
