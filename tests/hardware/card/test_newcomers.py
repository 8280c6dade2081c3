"""Whether another card came after one was read: seen through the real service, however the cards change places."""

from __future__ import annotations

import threading
import time

import pytest

from hardware.card.driver import PcscCardReader
from hardware.card.newcomers import moved_in
from hardware.card.pcsc import Service, Slot
from hardware.card.sim_persons import PERSONS
from hardware.card.simulator import SimulatedCardReader
from hardware.card.virtual_reader import VirtualReader
from kiosk.domain.secret import Secret
from tests.hardware.card.hands import AYGUN, CAN, QUICK, do, present

SEEN_S = 10.0
QUIET_S = 1.0
"""Longer than pcscd's look, every 0.4 s, and the hand's 0.6 s from one card to the next."""


class Newcomer:
    """What was reported, and how often."""

    def __init__(self) -> None:
        self.times = 0
        self._seen = threading.Event()

    def __call__(self) -> None:
        self.times += 1
        self._seen.set()

    def came(self, within_s: float = SEEN_S) -> bool:
        return self._seen.wait(within_s)


@pytest.fixture
def known(card_simulator: SimulatedCardReader, reader: PcscCardReader) -> SimulatedCardReader:
    """Aygun's card, lying in the reader and read."""
    present(card_simulator, reader)
    assert reader.read_citizen(CAN) == AYGUN
    return card_simulator


def watched(reader: PcscCardReader) -> Newcomer:
    newcomer = Newcomer()
    reader.watch(newcomer)
    return newcomer


def test_a_card_that_stays_is_nobody_new(known: SimulatedCardReader, reader: PcscCardReader):
    """The card that was read lies there on, and is not reported; nor is that it is taken out."""
    newcomer = watched(reader)
    assert not newcomer.came(QUIET_S)
    do(known, do="remove")
    assert reader.wait_for_removal(SEEN_S)
    assert not newcomer.came(QUIET_S)


def test_the_next_card_is_reported_once(known: SimulatedCardReader, reader: PcscCardReader):
    """Whoever puts a card in after that is reported, once, whatever follows."""
    newcomer = watched(reader)
    do(known, do="remove")
    do(known, do="insert", card="leyla")
    assert newcomer.came()
    do(known, do="remove")
    do(known, do="insert", card="rashid")
    time.sleep(QUIET_S)
    assert newcomer.times == 1


def test_the_same_card_put_in_anew_is_reported(known: SimulatedCardReader, reader: PcscCardReader):
    """No chip tells without its key whose it is, so the first card counts too once it was taken out and put back."""
    newcomer = watched(reader)
    do(known, do="remove")
    do(known, do="insert", card="aygun")
    assert newcomer.came()


def test_a_swap_before_the_watch_began_is_not_lost(known: SimulatedCardReader, reader: PcscCardReader):
    """The watch begins where the reading ended: a card that took the other's place in between is reported at once."""
    do(known, do="remove")
    do(known, do="insert", card="leyla")
    assert reader.wait_for_removal(SEEN_S)
    assert reader.wait_for_card(SEEN_S)
    assert watched(reader).came()


def test_a_card_that_came_and_went_unseen_is_not_lost(known: SimulatedCardReader, reader: PcscCardReader):
    """A card that is gone again when the watch looks has been there all the same: its owner stands here."""
    do(known, do="remove")
    assert reader.wait_for_removal(SEEN_S)
    do(known, do="insert", card="leyla")
    assert reader.wait_for_card(SEEN_S)
    do(known, do="remove")
    assert reader.wait_for_removal(SEEN_S)
    assert watched(reader).came()


def test_the_driver_goes_on_meanwhile(known: SimulatedCardReader, reader: PcscCardReader):
    """The watch takes no thread of the driver's, and no ``cancel`` ends it: waits, health and readings go on, and a card is reported."""
    newcomer = watched(reader)
    assert reader.read_citizen(CAN) == AYGUN
    reader.cancel()
    assert reader.wait_for_card(SEEN_S)
    assert "card" in str(reader.health())
    do(known, do="remove")
    assert reader.wait_for_removal(SEEN_S)
    assert not newcomer.came(0)
    do(known, do="insert", card="leyla")
    assert newcomer.came()


def test_a_new_reading_is_a_new_beginning(known: SimulatedCardReader, reader: PcscCardReader):
    """Once the next card was read, it is the one that may stay: a watch from there on reports only the one after it."""
    do(known, do="remove")
    assert reader.wait_for_removal(SEEN_S)
    present(known, reader, "leyla")
    assert not isinstance(reader.read_citizen(Secret(PERSONS["leyla"].can)), str)
    newcomer = watched(reader)
    assert not newcomer.came(QUIET_S)
    do(known, do="remove")
    do(known, do="insert", card="aygun")
    assert newcomer.came()


def test_what_is_ended_reports_nothing(known: SimulatedCardReader, reader: PcscCardReader):
    """Neither a watch that was ended nor one that another took the place of reports what comes then."""
    first, second = watched(reader), watched(reader)
    reader.watch(None)
    do(known, do="remove")
    do(known, do="insert", card="leyla")
    assert reader.wait_for_removal(SEEN_S)
    assert reader.wait_for_card(SEEN_S)
    assert not first.came(QUIET_S)
    assert not second.came(0)


def test_a_service_that_goes_and_comes_back_empty_is_nobody(
    known: SimulatedCardReader, reader: PcscCardReader, virtual_reader: VirtualReader
):
    """With the reader away nothing is reported, nor when it is back and empty; the next card is."""
    newcomer = watched(reader)
    do(known, do="remove")
    assert reader.wait_for_removal(SEEN_S)
    virtual_reader.restart_service(with_reader=False)
    assert not newcomer.came(QUIET_S)
    virtual_reader.restart_service()
    assert not newcomer.came(QUIET_S)
    do(known, do="insert", card="leyla")
    assert newcomer.came()


def test_a_card_in_a_reader_that_was_away_counts(
    known: SimulatedCardReader, reader: PcscCardReader, virtual_reader: VirtualReader
):
    """What lies in a reader that was away may be anybody's: it is reported when the reader is back."""
    newcomer = watched(reader)
    virtual_reader.restart_service(with_reader=False)
    assert not newcomer.came(QUIET_S)
    virtual_reader.restart_service()
    assert newcomer.came()


def test_a_slow_service_is_no_newcomer(
    known: SimulatedCardReader, reader: PcscCardReader, monkeypatch: pytest.MonkeyPatch
):
    """A service that answered late once still counts as before: the card that was read is not taken for another."""
    monkeypatch.setattr("hardware.card.pcsc.CALL_LIMIT_S", 0.0)
    newcomer = watched(reader)
    time.sleep(0.3)
    monkeypatch.undo()
    assert not newcomer.came(QUIET_S)
    do(known, do="remove")
    do(known, do="insert", card="leyla")
    assert newcomer.came(SEEN_S)


EMPTY, PRESENT = 0x10, 0x20


@pytest.mark.parametrize(
    ("before", "now", "came"),
    [
        ((1, PRESENT), (1, PRESENT), False),
        ((1, PRESENT), (2, EMPTY), False),
        ((1, PRESENT), (3, PRESENT), True),
        ((1, PRESENT), (4, EMPTY), True),
        ((2, EMPTY), (2, EMPTY), False),
        ((2, EMPTY), (3, PRESENT), True),
        ((2, EMPTY), (4, EMPTY), True),
        ((0xFFFF, PRESENT), (0, EMPTY), False),
        ((0xFFFF, PRESENT), (1, PRESENT), True),
    ],
)
def test_how_the_count_is_read(before: tuple[int, int], now: tuple[int, int], came: bool):
    """One change more is a card taken out, or one put in where none lay; any further change means that a card came."""
    slots = [Slot("R", count << 16 | state) for count, state in (before, now)]
    assert moved_in(*slots) is came


def test_a_session_lasts_as_long_as_the_service_is_used(virtual_reader: VirtualReader):
    """Counters are compared within one session: it stays the same while the service is used, and is another after it was left."""
    service = Service(QUICK.reader)
    service.slots()
    first = service.session
    service.slots()
    assert service.session == first
    service.close()
    service.slots()
    assert service.session != first
    service.close()
