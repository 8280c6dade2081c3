"""A service may ask for more than a card that can be read: signed data, or a chip that is no copy."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kiosk.domain.citizen import Citizen
from kiosk.domain.proof import Check, Proof
from kiosk.domain.service import Service
from kiosk.domain.signals import CardRefusal
from kiosk.journal.codec import from_row, to_row
from kiosk.journey import events as e
from kiosk.journey.state import Answering, Apology, Choosing, PresentingCard
from tests.journey.play import AYGUN, ELECTRICITY, FINE, Play

HELD, NONE = Check("held"), Check("not_offered")
PROOFS = {
    "nothing": Proof(NONE, NONE, NONE),
    "unchecked": Proof(),
    "authentic": Proof(HELD, NONE, NONE),
    "genuine": Proof(HELD, NONE, HELD),
    "unsigned": Proof(NONE, HELD, HELD),
}


def asking(needs: str, service: Service = ELECTRICITY) -> Service:
    return replace(service, needs=needs)


def citizen(proof: str) -> Citizen:
    return replace(AYGUN, proof=PROOFS[proof])


@pytest.mark.parametrize(
    ("needs", "enough"),
    [
        ("card", {"nothing", "unchecked", "authentic", "genuine", "unsigned"}),
        ("authentic_card", {"authentic", "genuine"}),
        ("genuine_card", {"genuine"}),
    ],
)
@pytest.mark.parametrize("proof", PROOFS)
def test_what_a_service_asks_for_is_enough_and_less_is_not(needs: str, enough: set[str], proof: str):
    """A card that proves too little leads to an apology that says so, before any question is asked."""
    play = Play().to_reading(asking(needs))
    play.event(e.CitizenRead(play.order, citizen(proof)))
    if proof in enough:
        assert isinstance(play.state, Answering)
    else:
        assert isinstance(play.state, Apology)
        assert play.state.reason == "card_unproven"
        assert play.state.journey.card_inside


def test_a_second_service_asks_anew():
    """A card that was enough for the first service is looked at again for the next one of the same visit."""
    play = Play().to_reading()
    play.event(e.CitizenRead(play.order, citizen("authentic"))).event(e.WentBack())
    assert isinstance(play.state, Choosing)
    weaker = Play(play.kiosk).event(e.ServiceChosen(asking("authentic_card", FINE)))
    assert isinstance(weaker.state, Answering)
    stronger = Play(play.kiosk).event(e.ServiceChosen(asking("genuine_card", FINE)))
    assert isinstance(stronger.state, Apology)
    assert stronger.state.reason == "card_unproven"


def test_a_card_that_is_not_genuine_must_come_out():
    """A failed proof is said, and the next try needs another card; no question was asked with this one."""
    play = Play().to_reading()
    play.event(e.CardRefused(play.order, CardRefusal("not_genuine", "passive failed")))
    assert isinstance(play.state, PresentingCard)
    assert (play.state.notice, play.state.fresh) == ("not_genuine", True)
    assert play.state.journey.citizen is None


def test_a_journal_from_before_is_read():
    """An entry that was written before there were proofs is read: nothing was checked then."""
    body, personal = to_row(e.CitizenRead(5, citizen("genuine")))
    assert personal is not None
    assert from_row(body, personal) == e.CitizenRead(5, citizen("genuine"))
    before = personal[: personal.index(b',"proof"')] + b"}}"
    assert from_row(body, before) == e.CitizenRead(5, AYGUN)
