"""The terminal's cable is pulled in the middle of a payment."""

from __future__ import annotations

from kiosk.journey.state import Apology, CheckingPayment
from tests.world import IMPATIENT, assert_claimed, assert_ledgers_agree, assert_understood


def test_plugged_in_again(make_world, centre):
    """Pulled while the sale is held and plugged in again: the terminal has taken it back, and the citizen is told so."""
    world = make_world(timings=IMPATIENT)
    world.boot()
    world.when("remove_card", lambda: world.bench_do("terminal", do="unplug"))
    world.when(CheckingPayment, lambda: world.bench_do("terminal", do="plug"))
    world.begin()
    world.answer()
    world.pay()
    assert isinstance(world.state, Apology)
    assert world.state.reason == "not_charged"
    assert "PaymentUnresolved" in world.names()
    assert len(world.sales("auto_reversed")) == 1
    assert_ledgers_agree(world, centre)
    assert_understood(world)


def test_never_plugged_in_again(make_world, centre):
    """Pulled and gone, nobody can say what became of the money: it becomes a claim, never a second charge."""
    world = make_world(timings=IMPATIENT)
    world.boot()
    world.when("remove_card", lambda: world.bench_do("terminal", do="unplug"))
    world.begin()
    world.answer()
    world.pay()
    assert world.state.outcome == "claim"
    assert world.sales() == []
    assert_claimed(world, centre, "unresolved")
    assert_understood(world)
