"""The line to the centre goes while money is being taken: the payment is kept and delivered later, exactly once."""

from __future__ import annotations

import pytest

from kiosk.journey.state import SettlingPayment
from tests.world import assert_paid, assert_understood, at_the_centre


@pytest.mark.parametrize("fault", ["down", "lose_answers"])
def test_it_is_delivered_when_the_line_is_back(world, centre, fault):
    """The receipt says that the centre hears later; it does, once, with the amount that was charged."""
    world.when(SettlingPayment, getattr(centre, fault))
    world.begin()
    world.answer()
    world.pay()
    assert (world.state.outcome, world.state.printed) == ("deferred", "printed")
    assert "CentralUnanswered" in world.names()
    assert world.says("paper-receipt-deferred") in world.last_paper()
    assert world.outbox.pending().count == 1
    world.leave()
    centre.up()
    assert world.deliver() == 1
    assert world.deliver() == 0
    assert_paid(world, centre, 2400)
    assert_understood(world)


def test_it_outlives_a_power_cut(world, centre):
    """What waits in the outbox is delivered by the kiosk that starts next."""
    world.when(SettlingPayment, centre.down)
    world.visit()
    assert at_the_centre(world, centre, "submission") == []
    world.restart()
    assert world.outbox.pending().count == 1
    centre.up()
    assert_paid(world, centre, 2400)
