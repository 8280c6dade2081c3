"""A bill paid by somebody who shows an ID card."""

from __future__ import annotations

from kiosk.journey.state import Confirming
from tests.journey.play import ELECTRICITY
from tests.world import assert_paid, assert_understood


def test_card_number_bill_and_payment(card_world, centre):
    """ID card, its number, customer number, bank card: one charge, one submission, one receipt, and the card is taken."""
    world = card_world(ELECTRICITY)
    world.begin()
    world.identify("123456")
    world.answer()
    assert isinstance(world.state, Confirming)
    assert world.state.journey.citizen.surname == "Məmmədova"
    world.pay()
    assert (world.state.outcome, world.state.printed, world.state.card_inside) == ("done", "printed", False)
    assert "CardTaken" in world.names()
    assert_paid(world, centre, 2400)
    assert_understood(world)
    expected = ["PresentingCard", "EnteringKey", "ReadingCard", "Answering", "Quoting", "Confirming"]
    assert [name for name in world.screens() if name in expected] == expected
