"""The card is false: what it says is not what its state signed, or its chip is a copy."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
from msgspec.structs import replace

from hardware.card.driver import open_driver as open_card
from hardware.card.trust_import import Import
from kiosk.journey import events as e
from kiosk.journey.state import Answering, EnteringKey, PresentingCard
from tests.journey.play import ELECTRICITY
from tests.journeys.conftest import CARDS
from tests.world import WAITS_FOR_CARD, assert_no_money, assert_paid, assert_understood

CAREFUL = replace(ELECTRICITY, needs="genuine_card")


@pytest.fixture
def card_reader(card_simulator, tmp_path):
    """The real driver, with the authorities of the simulated country imported."""
    sim_trust = pytest.importorskip("hardware.card.sim_trust")
    sim_trust.export_trust(tmp_path / "published")
    work = Import(tmp_path / "trust", datetime.now(UTC))
    for name in ("csca.der", "masterlist.ml"):
        work.take_file(tmp_path / "published" / name)
    work.write()
    driver = open_card(replace(CARDS, trust=str(tmp_path / "trust")))
    yield driver
    driver.close()


def test_a_genuine_card_pays(card_world, centre):
    """Where a service asks for a genuine card, a genuine card is all it takes."""
    world = card_world(CAREFUL)
    world.begin()
    world.identify("123456")
    assert isinstance(world.state, Answering)
    assert world.last(e.CitizenRead).citizen.proof.level == "genuine"
    world.answer()
    world.pay()
    assert_paid(world, centre, 2400)
    assert_understood(world)


@pytest.mark.parametrize("fault", ["tampered", "cloned_chip"])
def test_a_false_card_is_told_and_a_true_one_goes_on(card_world, centre, fault):
    """A false card is never shown as success: it must come out, its holder is not known, and nothing was taken."""
    world = card_world(ELECTRICITY, card=f"aygun:{fault}")
    world.begin()

    world.when(PresentingCard, partial(world.hand, do="remove"))
    world.when(WAITS_FOR_CARD, partial(world.hand, do="insert", card="aygun"))
    world.identify("123456")
    assert world.last(e.CardRefused).refusal.reason == "not_genuine"
    assert "notice-not-genuine" in world.said
    assert isinstance(world.state, EnteringKey)
    assert world.state.journey.citizen is None
    assert_no_money(world, centre)
    world.identify("123456")
    assert isinstance(world.state, Answering)
    assert_understood(world)
