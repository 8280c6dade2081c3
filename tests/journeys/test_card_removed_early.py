"""The ID card is taken out before it is read."""

from __future__ import annotations

from functools import partial

import pytest

from kiosk.journey import events as e
from kiosk.journey.state import Answering, EnteringKey, ReadingCard
from tests.journey.play import ELECTRICITY
from tests.world import WAITS_FOR_CARD, assert_no_money, assert_understood


@pytest.mark.parametrize("command", [1, 6])
def test_while_it_is_read(card_world, centre, command):
    """A card pulled in the middle of its reading is asked for again, and can be read then."""
    world = card_world(ELECTRICITY)
    world.begin()
    world.when(ReadingCard, partial(world.hand, do="remove_at", apdu=command))
    world.when(WAITS_FOR_CARD, partial(world.hand, do="insert", card="aygun"))
    world.identify("123456")
    assert isinstance(world.state, EnteringKey)
    assert world.last(e.CardRefused).refusal.reason == "removed"
    assert "notice-removed" in world.said
    world.identify("123456")
    assert isinstance(world.state, Answering)
    assert_no_money(world, centre)
    assert_understood(world)


def test_before_the_digits_are_entered(card_world, centre):
    """A card pulled while its digits are typed is found missing, and asked for again."""
    world = card_world(ELECTRICITY)
    world.begin()
    world.hand(do="remove")
    world.when(WAITS_FOR_CARD, partial(world.hand, do="insert", card="aygun"))
    world.identify("123456")
    assert world.last(e.CardRefused).refusal.reason == "removed"
    world.identify("123456")
    assert isinstance(world.state, Answering)
    assert_no_money(world, centre)
    assert_understood(world)


def test_after_it_was_read(card_world, centre):
    """Who takes the card after it was read goes on: nothing more is asked of it, and the end does not wait for it."""
    world = card_world(ELECTRICITY)
    world.begin()
    world.identify("123456")
    world.hand(do="remove")
    world._cues.clear()
    world.answer()
    world.pay()
    assert (world.state.outcome, world.state.card_inside) == ("done", False)
    assert len(world.sales()) == 1
    assert_understood(world)
