"""The citizen presses stop on the terminal."""

from __future__ import annotations

from kiosk.journey.state import Confirming
from tests.world import assert_ledgers_agree, assert_paid, assert_understood


def test_nothing_is_taken_and_the_bill_is_shown_again(world, centre):
    """Stop on the terminal leads back to the bill, with a notice; nothing was taken."""
    world.bench_do("terminal", do="cancel")
    world.begin()
    world.answer()
    world.pay()
    assert isinstance(world.state, Confirming)
    assert world.state.notice == "cancelled"
    assert "PaymentCancelled" in world.names()
    assert world.sales() == []
    world.leave()
    assert_ledgers_agree(world, centre)
    assert_understood(world)


def test_a_second_try_is_one_charge(world, centre):
    """Who stopped by mistake can pay after all, once."""
    world.bench_do("terminal", do="cancel", once=True)
    world.begin()
    world.answer()
    world.pay()
    world.pay()
    assert world.state.outcome == "done"
    assert_paid(world, centre, 2400)
