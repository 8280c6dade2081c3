"""The bank declines the card."""

from __future__ import annotations

from kiosk.journey import events as e
from kiosk.journey.state import Confirming
from tests.world import assert_ledgers_agree, assert_paid, assert_understood


def test_another_card_is_charged_once(world, centre):
    """After a declined card the bill is shown again; another card pays it under a reference of its own."""
    world.bench_do("terminal", do="decline", code="05", once=True)
    world.begin()
    world.answer()
    world.pay()
    assert isinstance(world.state, Confirming)
    assert world.state.notice == "declined"
    first = world.state.journey.reference
    assert world.last(e.PaymentDeclined).code == "05"
    world.pay()
    assert world.state.outcome == "done"
    second = world.state.journey.reference
    assert first
    assert second == f"{first}-2"
    assert second in world.last_paper()
    assert_paid(world, centre, 2400)
    assert [len(world.sales(end)) for end in ("declined", "stored")] == [1, 1]
    assert_understood(world)


def test_who_gives_up_was_not_charged(world, centre):
    """Who goes after a declined card owes nothing, and no ledger says otherwise."""
    world.bench_do("terminal", do="decline", code="33")
    world.visit()
    assert world.screens()[-1] == "Welcome"
    assert world.sales() == []
    assert "SubmissionAccepted" not in world.names()
    assert_ledgers_agree(world, centre)
    assert_understood(world)
