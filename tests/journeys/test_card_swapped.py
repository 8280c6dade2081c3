"""Another card takes the place of the first."""

from __future__ import annotations

import threading

from hardware.card.sim_persons import PERSONS
from kiosk.journey import events as e
from kiosk.journey.state import Answering, EnteringKey, PresentingCard, ReadingCard
from tests.hardware.card.hands import wait_until
from tests.journey.play import ELECTRICITY
from tests.world import assert_no_money, assert_understood


def test_before_the_digits_are_entered(card_world, centre):
    """The digits of the first card do not open the second; those of the second name its own holder."""
    world = card_world(ELECTRICITY)
    world.begin()
    world.hand(do="swap", card="leyla")
    world.identify("123456")
    assert isinstance(world.state, EnteringKey | PresentingCard)
    assert not [event for event in world.events() if isinstance(event, e.CitizenRead)]
    world.identify(PERSONS["leyla"].can)
    assert isinstance(world.state, Answering)
    assert world.state.journey.citizen.personal_number == PERSONS["leyla"].personal_number
    assert_no_money(world, centre)
    assert_understood(world)


def test_while_it_is_read(card_world, card_simulator, centre):
    """Swapped in the middle of the reading, faster than anybody can see, nobody is read, and no two persons are mixed."""
    world = card_world(ELECTRICITY)
    world.begin()
    world.hand(do="slow", ms=15)

    def swap() -> None:
        wait_until(lambda: sum(session["apdus"] for session in card_simulator.ledger()) >= 7)
        world.hand(do="swap", card="leyla")

    other_hand = threading.Thread(target=swap)
    world.when(ReadingCard, other_hand.start)
    world.identify("123456")
    other_hand.join(3)
    world.hand(do="normal")
    assert world.last(e.CardRefused).refusal.reason == "removed"
    assert not [event for event in world.events() if isinstance(event, e.CitizenRead)]
    assert isinstance(world.state, EnteringKey)  # the second card lies there already
    world.identify(PERSONS["leyla"].can)
    assert world.state.journey.citizen.personal_number == PERSONS["leyla"].personal_number
    assert_no_money(world, centre)
    assert_understood(world)
