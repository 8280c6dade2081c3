"""The citizen does nothing any more."""

from __future__ import annotations

import pytest

from kiosk.journey import events as e
from kiosk.journey.state import Answering, Choosing, Confirming, StillThere
from tests.world import assert_no_money, assert_paid, assert_understood


@pytest.mark.parametrize("screen", [Choosing, Answering, Confirming])
def test_it_asks_first_then_ends(world, centre, screen):
    """A screen left alone asks whether somebody is there; left alone again, it ends the visit and forgets its data."""
    world.do(e.JourneyStarted("az"))
    if screen is not Choosing:
        world.do(e.ServiceChosen(world.service))
    if screen is Confirming:
        world.answer()
    assert isinstance(world.state, screen)
    world.wait_out()
    assert isinstance(world.state, StillThere)
    world.wait_out()
    assert world.screens()[-1] == "Welcome"
    assert [event.value for event in world.events() if isinstance(event, e.AnswerGiven)] in ([], [""])
    assert_no_money(world, centre)
    assert_understood(world)


def test_who_is_still_there_loses_nothing(world, centre):
    """One touch on the question leads back to the same screen with all that was entered."""
    world.begin()
    world.answer()
    before = world.state
    world.wait_out()
    world.do(e.MoreTimeWanted())
    assert world.state == before
    world.pay()
    assert_paid(world, centre, 2400)
    assert_understood(world)


def test_the_farewell_ends_by_itself(world, centre):
    """Who walks away from the last screen leaves a kiosk that is ready for the next citizen and knows nothing of this one."""
    world.begin()
    world.answer()
    world.pay()
    world.wait_out()
    assert world.screens()[-1] == "Welcome"
    assert world.last(e.AnswerGiven).value == ""
    assert_paid(world, centre, 2400)
