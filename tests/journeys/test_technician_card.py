"""The technician's card from door to slip: real driver, pcscd, centre, journal and printer, with the simulated PIV card."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from central.__main__ import main
from hardware.card.driver import open_driver
from hardware.card.sim_persons import TECHNICIAN
from hardware.card.sim_profile import save_card
from hardware.card.sim_trust import export_first_trust
from kiosk.domain.secret import Secret
from kiosk.journey import events as e
from kiosk.journey.state import Confirming, PresentingCard, Servicing
from kiosk.journey.state_cash import ChoosingSurplus
from kiosk.journey.state_technician import AskingCard
from kiosk.journey.turn import at_rest
from kiosk.runtime.revocations import Revocations
from tests.hardware.card.hands import do as hand
from tests.journey.play import ELECTRICITY
from tests.journeys.conftest import CARDS, told_of
from tests.world import WAITS_FOR_CARD, at_the_centre, without_card

RIGHT, WRONG = "246810", "135791"
SERVICE = without_card(replace(ELECTRICITY, surplus=("account", "claim")))
COLLECTOR = replace(
    TECHNICIAN, name="collector", common_name="Rəna Əliyeva", staff_number="T-12", role="cash-collector"
)


@pytest.fixture
def reader(virtual_reader, tmp_path):
    """The real driver, which believes the simulated operator."""
    export_first_trust(tmp_path / "published")
    authority, lists = str(tmp_path / "published/operator.der"), str(tmp_path / "lists")
    driver = open_driver(replace(CARDS, technicians=authority, revocations=lists))
    yield driver
    driver.close()


@pytest.fixture
def opened(make_world, reader):
    """Return a function that makes a world whose door has been opened."""

    def make(service=SERVICE, **options):
        world = make_world(service, card=reader, way_in="card", **options)
        world.boot()
        world.pump()
        if options.get("notes"):
            world.when(ChoosingSurplus, lambda: world.inbox.post(e.SurplusChosen("account")))
            world.visit()
        world.bench_do("panel", do="open")
        world.news()
        assert isinstance(world.state, AskingCard)
        return world

    return make


@pytest.fixture
def put(card_simulator, reader):
    """Put a card into the reader, in the place of another one; return when the service has seen it."""

    def put_in(card):
        if reader.wait_for_card(0.0):
            hand(card_simulator, do="remove")
            assert reader.wait_for_removal(5.0)
        hand(card_simulator, do="insert", card=str(card))
        assert reader.wait_for_card(5.0)

    return put_in


def enter(world, pin):
    world.do(e.PinEntered(Secret(pin)))


def close_the_door(world):
    world.bench_do("panel", do="close")
    world.news()
    assert at_rest(world.runner.kiosk)


def fetch(world, centre, published, reader):
    """Put the operator's list into the centre, and let the kiosk fetch it."""
    files = [str(published / "operator.crl"), "--ca", str(published / "operator.der")]
    assert main(["put-revocations", *files, "--database", centre.database]) == 0
    revocations = Revocations(world.central, reader.renew_revocations)
    revocations.serving = lambda: not at_rest(world.runner.kiosk)
    return revocations


def test_a_collector_takes_the_cash_box(opened, put, card_simulator, centre, tmp_path):
    """No card, a wrong PIN, the right one: two tries left are told, the card may go, and slip, centre and journal name who took the money."""
    save_card(COLLECTOR, tmp_path / "card.json")
    world = opened(notes=(20, 5))
    enter(world, RIGHT)
    assert world.state.notice == "no_card"
    put(tmp_path / "card.json")
    enter(world, WRONG)
    assert (world.state.notice, world.state.tries_left) == ("wrong_pin", 2)
    enter(world, RIGHT)
    assert world.state == Servicing(notice="no_list")  # the centre was never asked yet
    hand(card_simulator, do="remove")
    world.do(e.ReportWanted())
    assert not world.state.busy, "a collector prints no report"
    world.do(e.CollectionWanted(), e.CashCollected())
    assert world.state.notice == "slip_printed"
    assert f"{world.says('paper-serviced-by')}: Rəna Əliyeva" in world.last_paper()
    who = world.last(e.TechnicianAccepted).technician
    assert who.serial in world.last_paper()
    assert world.last(e.CashCollected).by == who
    assert [row["outcome"] for row in at_the_centre(world, centre, "claim")] == ["collection"]
    close_the_door(world)
    assert world.runner.kiosk.technician is None
    assert world.journal.verify().broken_at is None


def test_a_revoked_card_stays_out_also_offline(opened, put, reader, centre, tmp_path):
    """The list comes at rest and revokes; with the line down and after a restart it still does, and a good card gets in."""
    save_card(replace(TECHNICIAN, name="revoked", certificate="revoked"), tmp_path / "card.json")
    world = opened()
    put(tmp_path / "card.json")
    revocations = fetch(world, centre, tmp_path / "published", reader)
    revocations.look()  # not while somebody is there
    enter(world, RIGHT)
    assert isinstance(world.state, Servicing), "before the list came"
    close_the_door(world)
    revocations.look()
    centre.down()
    world.restart()
    world.bench_do("panel", do="open")
    world.news()
    enter(world, RIGHT)
    assert world.state.notice == "revoked"
    put("technician")
    enter(world, RIGHT)
    assert world.state == Servicing()
    world.do(e.ReportWanted())
    assert world.state.notice == "report_printed"


def test_citizens_and_technicians_cards_are_not_mixed_up(opened, put, card_simulator, reader, monkeypatch):
    """A citizen's card left in the reader lets nobody in; the technician's, left there, is not the next citizen's."""
    world = opened(service=ELECTRICITY)
    put("aygun")
    enter(world, RIGHT)
    assert world.state.notice == "not_a_technician_card"
    put("technician")
    enter(world, RIGHT)
    assert isinstance(world.state, Servicing)
    close_the_door(world)
    monkeypatch.setattr(reader, "wait_for_card", told_of(world, reader.wait_for_card))
    world.when(PresentingCard, lambda: hand(card_simulator, do="remove"))
    world.when(WAITS_FOR_CARD, lambda: hand(card_simulator, do="insert", card="aygun"))
    world.begin()
    world.identify("123456")
    world.answer()
    assert isinstance(world.state, Confirming)
    assert world.state.journey.citizen.surname == "Məmmədova"
