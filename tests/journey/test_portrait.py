"""The citizen's picture: in front of its owner, sealed in the journal, and nowhere else."""

from __future__ import annotations

import base64

import msgspec
import pytest
from msgspec.structs import replace

from kiosk.domain.proof import Check, Proof
from kiosk.journal.codec import from_row, to_row
from kiosk.journey import events as e
from kiosk.journey.state import Answering, Apology
from tests.journey.play import AYGUN, ELECTRICITY, MARK, QUOTE, SALE, Play

PICTURE = b"\xff\xd8\xff" + b"portrait" * 100
SEEN = replace(AYGUN, portrait=PICTURE)


def recognised() -> Play:
    play = Play().to_reading(ELECTRICITY)
    return play.event(e.CitizenRead(play.order, SEEN))


def test_the_screen_has_the_picture():
    """The state from which the screens are drawn holds what the card's reader gave."""
    state = recognised().state
    assert isinstance(state, Answering)
    assert state.journey.citizen == SEEN


def test_no_order_carries_the_picture():
    """To the centre, to the outbox and to a claim the citizen is known without it, through the whole of a paid service."""
    play = recognised().event(e.AnswerGiven("customer_number", "104558210"))
    play.event(e.AmountQuoted(play.order, QUOTE)).event(e.PaymentConfirmed()).event(e.PaymentPrepared(play.order, MARK))
    play.event(e.PaymentApproved(play.order, SALE)).event(e.PaymentSettled(play.order))
    assert play.state.journey.citizen == SEEN
    told = [order for order in play.orders if AYGUN.document_number in repr(order)]
    assert len(told) >= 2
    assert not any(b"portrait" in repr(order).encode() and "portraitportrait" in repr(order) for order in told)


def test_the_journal_seals_the_picture():
    """In the row of the reading nothing of it stands but in the part whose key is destroyed, and without the key it is gone."""
    body, personal = to_row(e.CitizenRead(7, SEEN))
    written = base64.b64encode(PICTURE).decode()
    assert written[:40] not in body
    assert personal is not None
    assert written in personal.decode()
    assert from_row(body, personal) == e.CitizenRead(7, SEEN)
    assert from_row(body, None) == e.CitizenRead(7)


def test_an_older_journal_replays():
    """A citizen who was read before there were pictures comes back without one."""
    body, personal = to_row(e.CitizenRead(7, AYGUN))
    older = msgspec.json.decode(personal or b"")
    del older["citizen"]["portrait"]
    assert from_row(body, msgspec.json.encode(older)) == e.CitizenRead(7, AYGUN)


@pytest.mark.parametrize("problem", ["proof-insufficient", "unknown-service"])
def test_a_refusal_for_want_of_proof_is_told_as_such(problem: str):
    """Where the centre asks for more than the card has proven, the citizen hears just that, before any payment."""
    play = recognised().event(e.AnswerGiven("customer_number", "104558210"))
    play.event(e.QuoteRefused(play.order, problem))
    assert isinstance(play.state, Apology)
    assert (play.state.reason == "card_unproven") == (problem == "proof-insufficient")


def test_a_proof_stays_with_the_citizen_who_is_told():
    """Taking the picture away takes nothing else."""
    proven = replace(SEEN, proof=Proof(Check("held")))
    assert proven.without_portrait == replace(AYGUN, proof=Proof(Check("held")))
    assert AYGUN.without_portrait is AYGUN
