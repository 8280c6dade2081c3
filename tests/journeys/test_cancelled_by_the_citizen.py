"""The citizen presses cancel on the screen while the terminal waits for the card."""

from __future__ import annotations

from kiosk.journey import events as e
from kiosk.journey.state import Confirming
from tests.world import assert_ledgers_agree, assert_paid, assert_understood


def test_the_terminal_stops_and_nothing_is_taken(world, centre):
    """Cancel tells the terminal to stop; when it has, the bill is shown again and nothing was taken."""
    world.bench_do("terminal", do="hold")
    world.when("insert_card", lambda: world.runner.accept(e.CancelPressed()))
    world.begin()
    world.answer()
    world.pay()
    assert isinstance(world.state, Confirming)
    assert world.state.notice == "cancelled"
    assert {"stopping-title", "notice-cancelled"} <= world.said
    names = world.names()
    assert names.index("CancelPressed") < names.index("PaymentCancelled")
    assert world.sales() == []
    world.leave()
    assert_ledgers_agree(world, centre)
    assert_understood(world)


def test_a_card_that_is_faster_has_paid(world, centre):
    """Cancel after the card was read comes too late: what the terminal then approves is served, and charged once."""
    world.when("contacting_bank", lambda: world.runner.accept(e.CancelPressed()))
    world.begin()
    world.answer()
    world.pay()
    assert world.state.outcome == "done"
    assert "CancelPressed" in world.names()
    assert_paid(world, centre, 2400)
    assert_understood(world)
