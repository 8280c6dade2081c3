"""The ID card is opened without its six digits: by its number and dates, or by a scanner."""

from __future__ import annotations

from functools import partial

import pytest

from hardware.card.sim_persons import PERSONS
from kiosk.domain.access_key import MrzKey
from kiosk.journey import events as e
from kiosk.journey import events_key as k
from kiosk.journey.state import Answering, Farewell
from kiosk.journey.state_key import EnteringDocument
from tests.journey.play import ELECTRICITY, SERVICES
from tests.world import WAITS_FOR_CARD, assert_no_money, assert_paid, assert_understood

NUMBER, BIRTH, EXPIRY = "AA0000001", "900101", "300101"


def typed(number=NUMBER, birth=BIRTH, expiry=EXPIRY):
    """What the screen sends when all three have been typed."""
    return e.AccessKeyEntered(MrzKey(number, birth, expiry), "document")


@pytest.fixture
def bac_card(tmp_path):
    """The file of a card that six digits cannot open: it has no PACE."""
    from hardware.bench import cards

    assert cards.main(["make", "--out", str(tmp_path / "bac.json"), "--access", "BAC"]) == 0
    return str(tmp_path / "bac.json")


def test_number_and_dates_open_a_card_without_an_access_number(card_world, bac_card, centre):
    """Six digits typed for a card that has none lead to its number and dates; they open it, and the bill is paid."""
    world = card_world(ELECTRICITY, card=bac_card)
    world.begin()
    world.identify("123456")
    assert isinstance(world.state, EnteringDocument)
    assert "notice-zone-needed" in world.said
    world.do(typed())
    assert isinstance(world.state, Answering)
    world.answer()
    world.pay()
    assert_paid(world, centre, 2400)
    assert_understood(world)


def test_wrong_dates_then_right(card_world, centre):
    """Number and dates that do not match are asked for again; the card with PACE opens with the right ones."""
    world = card_world(ELECTRICITY)
    world.begin()
    world.do(k.KeyWayChosen("where"), k.KeyWayChosen("document"), typed(expiry="310101"))
    assert isinstance(world.state, EnteringDocument)
    assert (world.state.notice, world.state.mistakes) == ("wrong_document", 1)
    world.do(typed())
    assert isinstance(world.state, Answering)
    assert_no_money(world, centre)
    assert_understood(world)


def test_the_card_may_be_out_while_its_number_is_typed(card_world):
    """Who took the card out to read its number puts it back after typing, and it is read then."""
    world = card_world(ELECTRICITY)
    world.begin()
    world.hand(do="remove")
    assert world.devices.card.wait_for_removal(10)
    world.when(WAITS_FOR_CARD, partial(world.hand, do="insert", card="aygun"))
    world.do(typed())
    assert isinstance(world.state, Answering)


def test_number_and_dates_are_never_kept(card_world):
    """Neither right nor wrong numbers and dates are found in the kiosk's files, and their keys are overwritten."""
    world = card_world(ELECTRICITY)
    world.begin()
    wrong, right = typed(number="ZZ9876543", birth="840229"), typed()
    world.do(k.KeyWayChosen("document"), wrong, right)
    assert isinstance(world.state, Answering)
    assert not wrong.key
    assert not right.key
    for file in world.place.folder.glob("*.db*"):
        content = file.read_bytes()
        assert not any(
            part in content for part in (b"ZZ9876543", b"840229", PERSONS["aygun"].mrz_information().encode())
        )


@pytest.fixture
def scanner_world(card_world, monkeypatch):
    """Return a function that makes a card world with an MRZ scanner, to which cards are held one after another once it looks."""

    def make(*scans):
        world = card_world(ELECTRICITY, scanner=True)
        left = list(scans)
        forget = world.devices.scanner._forget

        def looking(port):
            forget(port)
            if world.orders_scan and left:
                world.bench_do("scanner", do="scan", **left.pop(0))

        monkeypatch.setattr(world.devices.scanner, "_forget", looking)
        world.orders_scan = False
        world.look("scanner")
        world.orders_scan = True
        return world

    return make


def test_a_scan_opens_the_card(scanner_world, centre):
    """The card's lines held to the scanner are as good as its digits: nothing is typed, and the bill is paid."""
    world = scanner_world({"card": "aygun"})
    world.begin()
    assert isinstance(world.state, Answering)
    assert "AccessKeyEntered" not in world.names()
    world.answer()
    world.pay()
    assert_paid(world, centre, 2400)
    assert_understood(world)


def test_a_misread_is_told_and_the_next_scan_opens(scanner_world):
    """A scan with a covered corner is told on the screen; laid flat, the card opens."""
    world = scanner_world({"card": "aygun", "hide": 9}, {"card": "aygun"})
    world.begin()
    assert "notice-misread" in world.said
    assert isinstance(world.state, Answering)
    assert_understood(world)


def test_another_persons_lines_do_not_open_the_card(scanner_world):
    """The lines of another card are a wrong key and are told as that; those of the card itself then open it."""
    world = scanner_world({"card": "rashid"}, {"card": "aygun"})
    world.begin()
    assert "notice-wrong-zone" in world.said
    assert isinstance(world.state, Answering)
    assert world.state.journey.citizen.document_number == NUMBER
    assert_understood(world)


def test_asking_after_payments_ends_with_taking_the_card(card_world):
    """Whoever only looked how things stand is reminded of the card in the reader before the welcome comes."""
    world = card_world(SERVICES["my-payments"])
    world.begin()
    world.identify("123456")
    world.do(e.Acknowledged())
    assert isinstance(world.state, Farewell)
    assert world.state.journey.card_inside is False
    assert_understood(world)
