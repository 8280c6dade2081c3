"""A certificate of residence: free, from the ID card alone."""

from __future__ import annotations

import pytest

from kiosk.journey import events as e
from kiosk.journey.state import Apology, Confirming, Farewell
from tests.journey.play import CERTIFICATE
from tests.world import assert_ledgers_agree, assert_understood, at_the_centre, refuse_submissions


def test_the_card_is_enough(card_world, centre):
    """The ID card and its number bring a certificate with a code to verify it; no terminal and no money is involved."""
    world = card_world(CERTIFICATE)
    world.begin()
    world.identify("123456")
    assert isinstance(world.state, Confirming)
    assert world.state.journey.citizen.personal_number == "7ABC1D2"
    world.pay()
    assert isinstance(world.state, Farewell)
    assert (world.state.paper, world.state.printed, world.state.card_inside) == ("slip", "printed", False)
    url = world.last(e.SubmissionAccepted).acceptance.verification_url
    assert any(getattr(line, "data", "") == url for line in world.composed[-1].lines)
    assert world.bench.devices["terminal"].ledger() == []
    assert [row["amount_minor"] for row in at_the_centre(world, centre, "submission")] == [0]
    assert world.pieces() == 1
    assert_understood(world)


def test_nothing_of_the_citizen_is_left(card_world):
    """When the visit is over the journal knows the citizen's name, number and certificate no more."""
    world = card_world(CERTIFICATE)
    world.begin()
    world.identify("123456")
    world.pay()
    assert world.last(e.CitizenRead).citizen is not None
    world.leave()
    assert world.last(e.CitizenRead).citizen is None
    assert world.last(e.SubmissionAccepted).acceptance is None
    kept = (world.place.folder / "journal.db").read_bytes()
    assert "Məmmədova".encode() not in kept
    assert b"7ABC1D2" not in kept


@pytest.mark.parametrize("fault", ["down", "lose_answers"])
def test_without_the_centre_there_is_none(card_world, centre, fault):
    """A certificate is worth nothing later: without an answer the citizen gets an apology and nothing waits in the outbox."""
    world = card_world(CERTIFICATE)
    world.begin()
    world.identify("123456")
    getattr(centre, fault)()
    world.pay()
    assert isinstance(world.state, Apology)
    assert world.state.reason == "no_central"
    assert world.outbox.pending().count == 0
    assert world.pieces() == 0
    assert_understood(world)


def test_who_is_no_resident_gets_none(card_world, centre):
    """Somebody the register does not know is refused by the centre, before any paper."""
    world = card_world(CERTIFICATE)
    refuse_submissions(centre, "not-a-resident")
    world.begin()
    world.identify("123456")
    world.pay()
    assert world.state.reason == "not_a_resident"
    assert world.last(e.SubmissionRefused).problem == "not-a-resident"
    world.leave()
    centre.up()
    assert_ledgers_agree(world, centre)
    assert_understood(world)
