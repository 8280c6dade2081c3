"""A guardian asks for a child, with two cards in turn."""

from __future__ import annotations

from kiosk.journey import events as e
from kiosk.journey.state import Confirming, Farewell, PresentingCard
from tests.journey.play import SERVICES
from tests.world import WAITS_FOR_CARD, assert_understood, at_the_centre

CHILDS = SERVICES["child-certificate"]


def swap_when_asked(world, card):
    """Take the first card out and put another in when the second one is asked for."""

    def swap():
        world.hand(do="remove")
        world.when(WAITS_FOR_CARD, lambda: world.hand(do="insert", card=card))

    world.when(PresentingCard, swap)


def asked_for(world, card, can):
    """The guardian identifies herself, then whoever the other card belongs to."""
    world.begin()
    swap_when_asked(world, card)
    world.identify("123456")
    world.identify(can)


def test_a_certificate_for_the_child(card_world, centre):
    """Both cards bring a certificate about the child, which says who asked, and the centre knows both."""
    world = card_world(CHILDS)
    asked_for(world, "nuray", "246810")
    assert isinstance(world.state, Confirming)
    assert world.state.journey.citizen.personal_number == "7ABC1D2"
    assert world.state.journey.subject.personal_number == "4NRY7K3"
    world.pay()
    assert isinstance(world.state, Farewell)
    assert (world.state.paper, world.state.printed) == ("slip", "printed")
    paper = "\n".join(str(line) for line in world.composed[-1].lines)
    assert "Məmmədova Nuray" in paper
    assert "Aygün Məmmədova" in paper
    assert len(at_the_centre(world, centre, "submission")) == 1
    assert_understood(world)


def test_a_child_of_somebody_else(card_world, centre):
    """Who is nobody's guardian by the register gets no certificate, and is told why."""
    world = card_world(CHILDS, card="leyla")
    world.begin()
    swap_when_asked(world, "nuray")
    world.identify("112233")
    world.identify("246810")
    world.pay()
    assert world.state.reason == "not_a_guardian"
    assert world.last(e.SubmissionRefused).problem == "not-a-guardian"
    assert world.pieces() == 0
    assert at_the_centre(world, centre, "submission") == []
    assert_understood(world)


def test_nothing_of_the_two_is_left(card_world):
    """When the visit is over the journal knows neither of them any more."""
    world = card_world(CHILDS)
    asked_for(world, "nuray", "246810")
    world.pay()
    world.leave()
    kept = (world.place.folder / "journal.db").read_bytes()
    for trace in ("Məmmədova", "4NRY7K3", "7ABC1D2", "AA0000004"):
        assert trace.encode() not in kept
