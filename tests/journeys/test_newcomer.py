"""Somebody else puts a card in while a visit goes on, at the real reader."""

from __future__ import annotations

import time

import pytest

from hardware.card.sim_persons import PERSONS
from kiosk.domain.secret import Secret
from kiosk.journey import events as e
from kiosk.journey.state import Answering, Choosing, Confirming, EnteringKey, Farewell
from kiosk.journey.state_newcomer import EndedByCard
from tests.journey.play import CERTIFICATE, ELECTRICITY, SERVICES
from tests.journeys.test_guardian_and_child import swap_when_asked
from tests.world import WAITS_FOR_CARD, assert_no_money, assert_understood, at_the_centre

CHILDS = SERVICES["child-certificate"]
LEYLA = PERSONS["leyla"]


def put_in_unasked(world, card):
    """Take out what lies there and put another card in, as fast as a hand can."""
    world.hand(do="remove")
    world.hand(do="insert", card=card)


def identified(world):
    world.begin()
    world.identify("123456")


def test_the_next_person_finds_nothing_of_the_first(card_world, centre):
    """Read, taken out, gone; whoever puts a card in then is told that the visit was ended, and nothing is asked for in the first one's name."""
    world = card_world(CERTIFICATE)
    identified(world)
    assert isinstance(world.state, Confirming)
    put_in_unasked(world, "leyla")
    world.news()
    assert isinstance(world.state, EndedByCard)
    assert "7ABC1D2" not in repr(world.state)
    world.do(e.PaymentConfirmed(), e.WentBack(), e.ServiceChosen(CERTIFICATE))
    assert at_the_centre(world, centre, "submission") == []
    kept = (world.place.folder / "journal.db").read_bytes()
    assert b"7ABC1D2" not in kept
    assert_no_money(world, centre)
    assert_understood(world)


def test_the_newcomer_is_served_as_themselves(card_world, centre):
    """The card comes out, a new visit begins, and what is read then is the newcomer's own."""
    world = card_world(CERTIFICATE)
    identified(world)
    world.when(EndedByCard, lambda: world.hand(do="remove"))
    put_in_unasked(world, "leyla")
    world.news()
    assert isinstance(world.state, EndedByCard)
    assert not world.state.card_inside
    world.do(e.Acknowledged())
    assert world.screens()[-1] == "Welcome"
    world.when(WAITS_FOR_CARD, lambda: world.hand(do="insert", card="leyla"))
    world.begin()
    world.identify(LEYLA.can)
    assert world.state.journey.citizen.personal_number == LEYLA.personal_number
    world.pay()
    [submission] = at_the_centre(world, centre, "submission")
    assert submission


def test_a_card_that_is_taken_ends_nothing(card_world, centre):
    """Who takes the card as soon as it was read goes on as the person it named."""
    world = card_world(CERTIFICATE)
    world._cues.pop(Farewell)
    identified(world)
    world.hand(do="remove")
    assert world.devices.card.wait_for_removal(5.0)
    world.pay()
    assert len(at_the_centre(world, centre, "submission")) == 1
    assert "AnotherCardCame" not in world.names()


def test_a_swap_in_the_gap_between_reading_and_watching(card_world, card_reader, monkeypatch):
    """A card that takes the other's place before anybody watches is noticed all the same: the count of the reader tells."""
    world = card_world(ELECTRICITY)
    watch = card_reader.watch

    def late(report):
        if report is not None:
            put_in_unasked(world, "leyla")
            assert card_reader.wait_for_removal(5.0)
            time.sleep(1.5)  # the hand's 0.6 s, and a look of pcscd
        watch(report)

    monkeypatch.setattr(card_reader, "watch", late)
    identified(world)
    monkeypatch.undo()
    if isinstance(world.state, Answering):
        world.news()
    assert isinstance(world.state, EndedByCard)


@pytest.mark.parametrize("service", [CERTIFICATE, SERVICES["my-payments"]])
def test_back_from_the_second_card_is_nobody(card_world, centre, service):
    """A guardian's card was read and taken, another person's lies there, Back: the next service asks for a card, and knows nobody."""
    world = card_world(CHILDS)
    world.begin()
    swap_when_asked(world, "leyla")
    world.do(e.AccessKeyEntered(Secret("123456")))
    assert isinstance(world.state, EnteringKey)
    world.do(e.WentBack())
    assert isinstance(world.state, Choosing)
    assert world.state.journey.citizen is None
    swap_when_asked(world, "rashid")
    world.do(e.ServiceChosen(service))
    assert isinstance(world.state, EnteringKey)
    assert world.state.journey.citizen is None
    assert at_the_centre(world, centre, "submission") == []
