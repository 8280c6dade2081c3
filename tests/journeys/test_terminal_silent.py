"""The card terminal does not answer."""

from __future__ import annotations

from kiosk.journey.state import Apology, CheckingPayment
from tests.world import IMPATIENT, assert_claimed, assert_ledgers_agree, assert_no_money, assert_understood


def silent_world(make_world):
    world = make_world(timings=IMPATIENT)
    world.boot()
    world.begin()
    world.answer()
    return world


def test_before_the_payment(make_world, centre):
    """A terminal that is silent before the payment is asked for nothing, and the citizen hears that nothing was taken."""
    world = silent_world(make_world)
    world.bench_do("terminal", do="silent")
    world.pay()
    assert isinstance(world.state, Apology)
    assert world.state.reason == "terminal_failed"
    world.leave()
    assert_no_money(world, centre)
    world.begin()
    assert world.state.reason == "no_terminal"  # the crew has looked meanwhile
    assert_understood(world)


def test_during_the_payment_and_for_good(make_world, centre):
    """A terminal that falls silent with the card in it leaves a doubt: a claim is filed, and the slip says do not pay again."""
    world = silent_world(make_world)
    world.when("contacting_bank", lambda: world.bench_do("terminal", do="silent"))
    world.pay()
    assert (world.state.outcome, world.state.paper) == ("claim", "claim")
    assert {"CheckingPayment", "FilingClaim"} <= set(world.screens())
    assert world.says("paper-claim-done") in world.last_paper()
    assert_claimed(world, centre, "unresolved")
    assert_understood(world)


def test_during_the_payment_and_back_in_time(make_world, centre):
    """If it speaks again while it is being asked, its answer counts: it took the unacknowledged sale back."""
    world = silent_world(make_world)
    world.when("remove_card", lambda: world.bench_do("terminal", do="silent"))
    world.when(CheckingPayment, lambda: world.bench_do("terminal", do="silent", on=False))
    world.pay()
    assert isinstance(world.state, Apology)
    assert world.state.reason == "not_charged"
    assert len(world.sales("auto_reversed")) == 1
    assert_ledgers_agree(world, centre)
    assert_understood(world)
