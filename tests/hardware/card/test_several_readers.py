"""A contact reader and a contactless one at the same kiosk, and readers that come while somebody waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.card.driver import CardSettings, PcscCardReader, open_driver
from hardware.card.sim_persons import PERSONS
from hardware.card.simulator import SimulatedCardReader
from hardware.card.virtual_reader import VirtualReader
from kiosk.domain.citizen import Citizen
from kiosk.domain.health import Ready
from kiosk.domain.secret import Secret
from kiosk.domain.signals import CardRefusal
from tests.hardware.card.hands import AYGUN, CAN, do, later, present

LEYLA = PERSONS["leyla"]
BOTH = CardSettings(reader="virtual pcd", transmit_timeout_s=2.0, settle_s=10.0)


@pytest.fixture
def reader(virtual_reader: VirtualReader) -> Iterator[PcscCardReader]:
    """The driver with both slots of the virtual reader."""
    driver = open_driver(BOTH)
    yield driver
    driver.close()


@pytest.fixture
def second(
    card_simulator: SimulatedCardReader, virtual_reader: VirtualReader, tmp_path: Path
) -> Iterator[SimulatedCardReader]:
    """A hand with cards at the second slot."""
    assert card_simulator is not None  # it leaves a service just started
    simulator = SimulatedCardReader(tmp_path / "second", virtual_reader.port + 1)
    simulator.start()
    yield simulator
    simulator.stop()


def number(result: Citizen | CardRefusal) -> str:
    assert isinstance(result, Citizen), result
    return result.document_number


def test_a_card_in_either_reader_is_read(
    card_simulator: SimulatedCardReader, second: SimulatedCardReader, reader: PcscCardReader
):
    """Whichever reader the card lies in, it is found, read and missed when it goes."""
    present(second, reader, "leyla")
    assert number(reader.read_citizen(Secret(LEYLA.can))) == LEYLA.document_number
    do(second, do="remove")
    assert reader.wait_for_removal(3.0)
    present(card_simulator, reader)
    assert reader.read_citizen(CAN) == AYGUN


def test_cards_in_both_readers_are_two_cards_and_none_is_asked(
    card_simulator: SimulatedCardReader, second: SimulatedCardReader, reader: PcscCardReader
):
    """Two cards are told as two, no key is tried on either; with one gone the other is read."""
    present(card_simulator, reader)
    do(second, do="insert", card="leyla")
    result = wait_for_two(reader)
    assert f"{VirtualReader.reader_name} and {VirtualReader.second_name}" in result.evidence
    assert card_simulator.ledger() == second.ledger() == []
    do(card_simulator, do="remove")
    assert reader.wait_for_removal(1.5) is False, "a card lies in the second reader"
    assert number(reader.read_citizen(Secret(LEYLA.can))) == LEYLA.document_number


def wait_for_two(reader: PcscCardReader) -> CardRefusal:
    """Ask, without a number that any card could get, until the service has seen the second card."""
    give_up = time.monotonic() + 5.0
    while time.monotonic() < give_up:
        health = reader.health()
        assert isinstance(health, Ready)
        if health.detail.count("(card)") == 2:
            result = reader.read_citizen(CAN)
            assert isinstance(result, CardRefusal)
            assert result.reason == "two_cards"
            return result
        time.sleep(0.02)
    raise AssertionError("the second card was not seen")


def test_of_several_readers_the_configured_one_is_read(
    card_simulator: SimulatedCardReader, second: SimulatedCardReader, reader: PcscCardReader
):
    """A name in the configuration settles which reader it is, whatever lies in the other."""
    present(card_simulator, reader)
    do(second, do="insert", card="leyla")
    wait_for_two(reader)
    one = open_driver(CardSettings(reader=VirtualReader.second_name))
    assert number(one.read_citizen(Secret(LEYLA.can))) == LEYLA.document_number
    one.close()


def test_a_reader_that_comes_during_a_wait_is_used(
    card_simulator: SimulatedCardReader, virtual_reader: VirtualReader, reader: PcscCardReader
):
    """The wait begins without any reader; the reader comes, a card in it, and the wait ends with the card."""
    virtual_reader.restart_service(with_reader=False)
    do(card_simulator, do="insert", card="aygun")
    with later(virtual_reader.restart_service, 0.4):
        assert reader.wait_for_card(10.0)
    assert reader.read_citizen(CAN) == AYGUN


def test_the_wait_is_in_a_thread_of_its_own(reader: PcscCardReader):
    """SCardGetStatusChange waits in the driver's thread: the caller's is free to be told to stop at once."""
    seen: list[str] = []
    with later(lambda: seen.extend(thread.name for thread in threading.enumerate()), 0.2):
        assert reader.wait_for_card(0.6) is False
    assert "card-service" in seen
