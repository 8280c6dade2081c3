"""There is no line to the centre before any money: it is said at once."""

from __future__ import annotations

import pytest

from kiosk.journey.state import Apology
from tests.world import assert_no_money, assert_paid, assert_understood


@pytest.mark.parametrize("fault", ["down", "hang", "lose_answers"])
def test_no_bill_without_the_centre(world, centre, fault):
    """Without an answer about the bill the citizen is told so, and nothing is asked of the terminal."""
    world.begin()
    getattr(centre, fault)()
    world.answer()
    assert isinstance(world.state, Apology)
    assert world.state.reason == "no_central"
    assert "CentralUnanswered" in world.names()
    centre.up()
    assert_no_money(world, centre)
    assert_understood(world)


def test_a_known_fault_is_said_when_the_service_is_chosen(world, centre):
    """Where the crew knows already that the line is down, the service is refused before the first question."""
    centre.down()
    world.look("central")
    world.begin()
    assert world.state.reason == "no_central"
    assert "Answering" not in world.screens()
    centre.up()
    world.look("central")
    world.leave()
    assert_no_money(world, centre)
    assert_understood(world)


def test_a_bill_in_hand_can_be_paid(world, centre):
    """Once the bill is shown it can be paid without a line: the outbox delivers it."""
    world.begin()
    world.answer()
    centre.down()
    world.look("central")
    world.pay()
    assert world.state.outcome == "deferred"
    world.leave()
    centre.up()
    assert_paid(world, centre, 2400)
    assert_understood(world)
