"""A guardian with a child's card, a helper with that of whom he helps: two cards in turn, never mixed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kiosk.domain.proof import Check, Proof
from kiosk.domain.secret import Secret
from kiosk.domain.signals import CardRefusal
from kiosk.journey import events as e
from kiosk.journey.effects import Submit, WaitForCard
from kiosk.journey.second_card import under_age
from kiosk.journey.state import Apology, Choosing, Confirming, EnteringKey, PresentingCard, ReadingCard
from tests.journey.play import AYGUN, CERTIFICATE, SERVICES, Play

CHILDS, ANOTHERS = SERVICES["child-certificate"], SERVICES["entrusted-certificate"]
CHILD = replace(
    AYGUN, document_number="AA0000004", personal_number="4NRY7K3", given_names="NURAY", birth_date="2016-04-09"
)
ADULT = replace(AYGUN, document_number="AA0000002", personal_number="5KLM8N4", birth_date="1948-03-15")


def to_second(service=CHILDS) -> Play:
    """The first card was read."""
    play = Play().to_reading(service)
    return play.event(e.CitizenRead(play.order, AYGUN))


def read(play: Play, person) -> Play:
    """Another card is put in, opened and read."""
    play.event(e.CardInserted(play.order)).event(e.AccessKeyEntered(Secret("246810")))
    return play.event(e.CitizenRead(play.order, person))


def test_the_first_card_has_to_come_out():
    """After the guardian's card the child's is asked for, and what lies in the reader then does not count."""
    play = to_second()
    assert isinstance(play.state, PresentingCard)
    assert play.state.journey.citizen == AYGUN
    assert play.state.journey.whose == "child"
    assert WaitForCard(play.order, fresh=True) in play.effects


@pytest.mark.parametrize(("service", "person"), [(CHILDS, CHILD), (ANOTHERS, ADULT), (ANOTHERS, CHILD)])
def test_each_is_who_their_own_card_says(service, person):
    """The visit stays the first person's, the second is the subject, and the centre is told both, each with their own proof."""
    proven = replace(person, proof=Proof(Check("held"), Check("held"), Check("not_offered")))
    play = read(to_second(service), proven)
    assert isinstance(play.state, Confirming)
    assert (play.state.journey.citizen, play.state.journey.subject) == (AYGUN, proven)
    play.event(e.PaymentConfirmed())
    [order] = [effect for effect in play.effects if isinstance(effect, Submit)]
    assert (order.submission.citizen, order.submission.subject) == (AYGUN, proven)


@pytest.mark.parametrize(
    "again", [AYGUN, replace(AYGUN, document_number="AA9999999"), replace(AYGUN, personal_number="")]
)
def test_one_person_is_not_two(again):
    """The first card again, or another card of the same person, is told as such and asked for anew."""
    play = read(to_second(), again)
    assert isinstance(play.state, PresentingCard)
    assert play.state.notice == "same_card"
    assert play.state.journey.subject is None


def test_an_adult_is_no_child():
    """Where a child is meant, an adult's card is told as such and asked for anew."""
    play = read(to_second(), ADULT)
    assert isinstance(play.state, PresentingCard)
    assert play.state.notice == "not_a_child"
    assert play.state.journey.subject is None


def test_the_second_card_must_prove_as_much():
    """What the service asks to be proven holds for the second card too, however well the first one was proven."""
    genuine = Proof(Check("held"), Check("held"), Check("held"))
    play = Play().to_reading(replace(CHILDS, needs="genuine_card"))
    play.event(e.CitizenRead(play.order, replace(AYGUN, proof=genuine)))
    read(play, CHILD)
    assert isinstance(play.state, Apology)
    assert play.state.reason == "card_unproven"


def test_a_refused_second_card_changes_nothing():
    """Wrong digits, a card pulled out: the first person stays who they are, and the second card is asked for again."""
    play = to_second()
    play.event(e.CardInserted(play.order)).event(e.AccessKeyEntered(Secret("000000")))
    play.event(e.CardRefused(play.order, CardRefusal("wrong_key")))
    assert isinstance(play.state, EnteringKey)
    play.event(e.AccessKeyEntered(Secret("246810")))
    assert isinstance(play.state, ReadingCard)
    play.event(e.CardRefused(play.order, CardRefusal("removed")))
    assert isinstance(play.state, PresentingCard)
    assert (play.state.journey.citizen, play.state.journey.subject) == (AYGUN, None)


def test_another_service_asks_for_the_first_card_again():
    """Who goes back after the second card came is nobody known: the next service asks for the visitor's own card anew."""
    play = read(to_second(), CHILD).event(e.WentBack())
    assert isinstance(play.state, Choosing)
    assert (play.state.journey.citizen, play.state.journey.subject) == (None, None)
    play.event(e.ServiceChosen(CERTIFICATE))
    assert isinstance(play.state, PresentingCard)
    assert play.state.journey.whose == "holder"
    assert WaitForCard(play.order, fresh=True) in play.effects
    read(play, AYGUN).event(e.PaymentConfirmed())
    [order] = [effect for effect in play.effects if isinstance(effect, Submit)]
    assert (order.submission.citizen, order.submission.subject) == (AYGUN, None)


def test_chosen_again_both_cards_are_asked_for_again():
    """The same service a second time asks for both cards anew: who stood here before may not stand here now."""
    play = read(to_second(), CHILD).event(e.WentBack()).event(e.ServiceChosen(CHILDS))
    assert isinstance(play.state, PresentingCard)
    assert (play.state.journey.citizen, play.state.journey.subject) == (None, None)
    read(play, AYGUN)
    assert isinstance(play.state, PresentingCard)
    assert play.state.journey.whose == "child"


@pytest.mark.parametrize(
    ("born", "minor"),
    [
        ("2008-09-21", True),
        ("2008-09-20", False),
        ("1990-01-01", False),
        ("2030-01-01", False),
        ("2016", False),
        ("", False),
    ],
)
def test_who_is_of_age(born, minor):
    """A child is under eighteen on the day itself; a date that is not whole, or lies ahead, proves no child."""
    assert under_age(born, 1_789_900_000_000) is minor  # 2026-09-20, UTC
