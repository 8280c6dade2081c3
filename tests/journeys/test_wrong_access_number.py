"""The six digits are not the card's."""

from __future__ import annotations

from functools import partial

from hardware.card.sim_persons import PERSONS
from kiosk.journey import events as e
from kiosk.journey.state import Answering, EnteringKey, PresentingCard
from tests.journey.play import ELECTRICITY
from tests.world import WAITS_FOR_CARD, assert_no_money, assert_paid, assert_understood

WRONG = "654329"


def test_wrong_then_right(card_world, centre):
    """After a wrong number it is asked for again, and the right one opens the card."""
    world = card_world(ELECTRICITY)
    world.begin()
    world.identify(WRONG)
    assert isinstance(world.state, EnteringKey)
    assert world.state.mistakes == 1
    world.identify("123456")
    assert isinstance(world.state, Answering)
    world.answer()
    world.pay()
    assert_paid(world, centre, 2400)
    assert_understood(world)


def test_three_times_wrong(card_world, card_simulator, centre):
    """After three wrong numbers the card has to be taken out first; then another try is free."""
    world = card_world(ELECTRICITY)
    world.begin()
    world.identify("111111")
    world.identify("222222")

    world.when(PresentingCard, partial(world.hand, do="remove"))
    world.when(WAITS_FOR_CARD, partial(world.hand, do="insert", card="aygun"))
    world.identify("333333")
    assert "notice-wrong-key-too-often" in world.said
    assert isinstance(world.state, EnteringKey)
    assert world.state.mistakes == 0
    assert sum(session["wrong_can"] for session in card_simulator.ledger()) == 3
    world.identify("123456")
    assert isinstance(world.state, Answering)
    assert_no_money(world, centre)
    assert_understood(world)


def test_the_digits_are_never_kept(card_world):
    """Neither wrong nor right digits are found in the kiosk's files, during the visit or after."""
    world = card_world(ELECTRICITY, card="rashid")
    world.begin()
    world.identify(WRONG)
    world.identify(PERSONS["rashid"].can)
    assert isinstance(world.state, Answering)
    assert_not_kept(world)
    world.do(e.CancelPressed())
    assert_not_kept(world)


def assert_not_kept(world) -> None:
    for file in world.place.folder.glob("*.db*"):
        content = file.read_bytes()
        for digits in (WRONG, PERSONS["rashid"].can):
            assert digits.encode() not in content, file
