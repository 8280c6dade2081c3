"""The citizen goes and leaves the ID card in the reader."""

from __future__ import annotations

import threading

import pytest

from hardware.card.sim_persons import PERSONS
from kiosk.journey import events as e
from kiosk.journey.state import EnteringKey, Farewell, PresentingCard
from kiosk.runtime import performers
from tests.journey.play import CERTIFICATE
from tests.world import assert_understood


@pytest.fixture
def world(card_world, monkeypatch):
    """A kiosk whose first citizen has got a certificate and gone without the card."""
    monkeypatch.setattr(performers, "REMOVAL_WAIT_S", 0.3)
    world = card_world(CERTIFICATE)
    world._cues.pop(Farewell)
    world.begin()
    world.identify("123456")
    world.pay()
    assert world.state.card_inside
    assert "CardForgotten" in world.names()
    assert "take-card" in world.said
    world.wait_out()
    assert world.screens()[-1] == "Welcome"
    return world


def test_it_is_not_the_next_citizens(world):
    """The card of the one before does not count: only one put in after it was taken out is asked for its digits."""
    lay_there = []

    def tidy() -> None:
        lay_there.append(isinstance(world.state, PresentingCard))
        world.hand(do="remove")
        world.hand(do="insert", card="rashid")

    somebody = threading.Timer(0.5, tidy)
    world.when(PresentingCard, somebody.start)
    world.begin()
    somebody.join(3)
    assert lay_there == [True]
    assert isinstance(world.state, EnteringKey)
    world.identify(PERSONS["rashid"].can)
    assert world.state.journey.citizen.personal_number == PERSONS["rashid"].personal_number
    assert_understood(world)


@pytest.mark.parametrize("between", ["power cut at rest", "power cut in a visit", "visit without a card"])
def test_nothing_in_between_makes_it_anybody_elses(world, between):
    """Neither a power cut nor a visit that asks for no card makes the card left inside the next citizen's."""
    if between != "power cut at rest":
        world.do(e.JourneyStarted("ru"))
    if between == "visit without a card":
        world.do(e.CancelPressed())
    else:
        world.restart()
        world.leave()
    somebody = threading.Timer(0.5, lambda: (world.hand(do="remove"), world.hand(do="insert", card="rashid")))
    world.when(PresentingCard, somebody.start)
    world.begin()
    somebody.join(3)
    assert isinstance(world.state, EnteringKey)
    world.identify(PERSONS["rashid"].can)
    assert world.state.journey.citizen.personal_number == PERSONS["rashid"].personal_number
