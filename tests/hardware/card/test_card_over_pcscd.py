"""Reading a card through pyscard, pcscd and a virtual reader, with a simulated card at the far end of the wire."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from unittest.mock import Mock

import pytest
from smartcard import scard

from hardware.card import driver as driver_module
from hardware.card.driver import CardSettings, PcscCardReader, open_driver
from hardware.card.files import STEPS, AskedTooMuch
from hardware.card.sim_persons import PERSONS
from hardware.card.simulator import SimulatedCardReader
from hardware.card.virtual_reader import VirtualReader
from kiosk.domain.access_key import MrzKey
from kiosk.domain.citizen import Citizen
from kiosk.domain.faults import DeviceSilent
from kiosk.domain.health import Failed
from kiosk.domain.secret import Secret
from tests.hardware.card.hands import AYGUN, CAN, do, later, present, refusal, wait_until

COMMANDS = 13
"""How many commands the reading of a citizen takes; a test counts them."""


def test_aygun_is_read(card: SimulatedCardReader, reader: PcscCardReader):
    """A card in the reader and its number are enough: the citizen is known, in twelve commands."""
    assert reader.read_citizen(CAN) == AYGUN
    assert card.ledger()[-1]["apdus"] == COMMANDS


def test_a_card_of_a_known_kind_is_not_asked_again_for_its_buffers(card: SimulatedCardReader, reader: PcscCardReader):
    """EF.ATR/INFO is asked for at the first card of a kind in a reader; the second reading has a command less."""
    assert reader.read_citizen(CAN) == reader.read_citizen(CAN) == AYGUN
    assert [entry["apdus"] for entry in card.ledger()][-2:] == [COMMANDS, COMMANDS - 1]


def test_a_reading_that_asked_for_too_much_is_begun_anew(
    card: SimulatedCardReader, reader: PcscCardReader, monkeypatch: pytest.MonkeyPatch
):
    """A session that a length has ended is no failure: the card is reset and read again, and only so many times."""
    read, attempts = driver_module.read_citizen, []

    def read_but_not_at_first(*arguments: Any) -> Citizen:
        attempts.append(arguments)
        if len(attempts) == 1:
            raise AskedTooMuch("6700")
        return read(*arguments)

    monkeypatch.setattr(driver_module, "read_citizen", read_but_not_at_first)
    assert reader.read_citizen(CAN) == AYGUN
    assert len(attempts) == 2
    monkeypatch.setattr(driver_module, "read_citizen", Mock(side_effect=AskedTooMuch("6700")))
    assert refusal(reader.read_citizen(CAN)) == "unreadable"
    assert driver_module.read_citizen.call_count == len(STEPS)


def test_every_citizen_is_read_one_after_the_other(card_simulator: SimulatedCardReader, reader: PcscCardReader):
    """Three cards come and go, and each time it is the one that lies there."""
    for name, person in PERSONS.items():
        present(card_simulator, reader, name)
        citizen = reader.read_citizen(Secret(person.can))
        assert isinstance(citizen, Citizen)
        assert citizen.document_number == person.document_number
        do(card_simulator, do="remove")
        assert reader.wait_for_removal(3.0)


def test_a_wrong_number_is_a_wrong_key_and_the_next_try_is_free(card: SimulatedCardReader, reader: PcscCardReader):
    """The wrong number is refused as such, without another way in, and the right one opens afterwards."""
    assert refusal(reader.read_citizen(Secret("654321"))) == "wrong_key"
    assert card.ledger()[-1]["wrong_can"] == 1
    assert card.ledger()[-1]["read"] == ["EF.CardAccess"]
    assert reader.read_citizen(CAN) == AYGUN


def test_the_zone_opens_the_card_as_well(card: SimulatedCardReader, reader: PcscCardReader):
    """Document number, birth and expiry in place of the number: the citizen is known, and a wrong date is a wrong key."""
    assert reader.read_citizen(MrzKey("AA0000001", "900101", "300101")) == AYGUN
    assert refusal(reader.read_citizen(MrzKey("AA0000001", "900102", "300101"))) == "wrong_key"
    assert card.ledger()[-1]["wrong_mrz"] == 1
    assert card.ledger()[-1]["read"] == ["EF.CardAccess"]


def test_an_empty_number_is_a_wrong_key_and_no_card_is_asked(reader: PcscCardReader):
    """A secret that a replay has emptied is never tried: without any card it is the key that is wrong."""
    assert refusal(reader.read_citizen(Secret())) == "wrong_key"


def test_no_card_is_removed(reader: PcscCardReader):
    """Reading where nothing lies says that the card is gone."""
    assert refusal(reader.read_citizen(CAN)) == "removed"


@pytest.mark.parametrize("apdu", [1, 6, COMMANDS])
def test_a_card_pulled_at_any_command_is_removed(card: SimulatedCardReader, reader: PcscCardReader, apdu: int):
    """Pulled at the first command, within PACE or at the last: "removed", and it is gone."""
    do(card, do="remove_at", apdu=apdu)
    assert refusal(reader.read_citizen(CAN)) == "removed"
    assert reader.wait_for_card(0.0) is False, "the card that has been pulled is still seen"


def test_a_card_pulled_between_two_commands_is_removed(card: SimulatedCardReader, reader: PcscCardReader):
    """A card pulled while nothing is being sent is found gone at the next command."""
    do(card, do="slow", ms=60)
    with later(lambda: do(card, do="remove"), 0.2):
        assert refusal(reader.read_citizen(CAN)) == "removed"


def test_a_garbled_answer_is_unreadable(card: SimulatedCardReader, reader: PcscCardReader):
    """Whichever answer is damaged, the outcome is "unreadable", and the next reading is well."""
    for apdu in range(1, COMMANDS):
        do(card, do="garble_at", apdu=apdu)
        assert refusal(reader.read_citizen(CAN)) == "unreadable", apdu
        assert reader.read_citizen(CAN) == AYGUN


def test_a_reading_after_a_failed_one_begins_with_a_reset(card: SimulatedCardReader, reader: PcscCardReader):
    """An answer without a status word ends the connection; the next reading finds a freshly powered card."""
    do(card, do="garble_at", apdu=3)
    assert refusal(reader.read_citizen(CAN)) == "unreadable"
    assert reader.read_citizen(CAN) == AYGUN
    assert [entry["apdus"] for entry in card.ledger()] == [3, COMMANDS - 1]


def test_a_hung_card_is_silent_in_bounded_time(card: SimulatedCardReader, reader: PcscCardReader):
    """A card that never answers costs one time-out; it is said to be silent until it is taken out, then all is well."""
    do(card, do="hang_at", apdu=5)
    started = time.monotonic()
    with pytest.raises(DeviceSilent):
        reader.read_citizen(CAN)
    assert time.monotonic() - started < 2.0
    health = reader.health()
    assert isinstance(health, Failed)
    assert health.reason == "silent"
    with pytest.raises(DeviceSilent):
        reader.read_citizen(CAN)
    do(card, do="remove")
    assert reader.wait_for_removal(3.0)
    do(card, do="normal")
    present(card, reader)
    assert reader.read_citizen(CAN) == AYGUN


def test_a_slow_card_is_given_up_as_a_whole(card: SimulatedCardReader, virtual_reader: VirtualReader):
    """Commands that each come back just in time do not make a reading without end."""
    slow = open_driver(CardSettings(transmit_timeout_s=5.0, read_timeout_s=0.5))
    do(card, do="slow", ms=150)
    started = time.monotonic()
    with pytest.raises(DeviceSilent):
        slow.read_citizen(CAN)
    assert time.monotonic() - started < 1.5
    slow.close()


@pytest.mark.parametrize("command", [1, 8])
def test_a_swap_in_the_middle_never_mixes_two_persons(card: SimulatedCardReader, reader: PcscCardReader, command: int):
    """Faster than the service can see, another card takes the place of the first: nobody is read, and then the second.

    The old connection goes on working with the new card after one error, so only dropping it keeps them apart.
    """
    leyla = Secret(PERSONS["leyla"].can)
    do(card, do="slow", ms=15)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(reader.read_citizen, CAN)
        wait_until(lambda: spoken(card) >= command)
        do(card, do="swap", card="leyla")
        assert refusal(reading.result(timeout=5.0)) == "removed"
    do(card, do="normal")
    assert reader.wait_for_card(3.0)
    citizen = reader.read_citizen(leyla)
    assert isinstance(citizen, Citizen)
    assert citizen.document_number == PERSONS["leyla"].document_number


def spoken(simulator: SimulatedCardReader) -> int:
    """Count the commands that the card has got."""
    return sum(entry["apdus"] for entry in simulator.ledger())


def test_a_card_moved_while_it_was_read_is_removed(
    card: SimulatedCardReader, reader: PcscCardReader, monkeypatch: pytest.MonkeyPatch
):
    """Taken out and put back before the result is handed over: the service's counter tells, and nobody is read."""
    read = driver_module.read_citizen

    def read_and_move(*arguments: Any) -> Citizen:
        citizen = read(*arguments)
        with watching() as gone:
            do(card, do="remove")
            gone(scard.SCARD_STATE_EMPTY)
            do(card, do="insert", card="aygun")
            gone(scard.SCARD_STATE_PRESENT)
        return citizen

    monkeypatch.setattr(driver_module, "read_citizen", read_and_move)
    assert refusal(reader.read_citizen(CAN)) == "removed"


@contextmanager
def watching() -> Iterator[Callable[[int], None]]:
    """Give a wait for a state of the reader, by a client of the service apart from the driver."""
    name = VirtualReader.reader_name
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)

    def wait(flag: int) -> None:
        state, give_up = scard.SCARD_STATE_UNAWARE, time.monotonic() + 3.0
        while not state & flag:
            assert time.monotonic() < give_up
            _, states = scard.SCardGetStatusChange(context, 1000, [(name, state)])
            state = states[0][1]

    yield wait
    scard.SCardReleaseContext(context)


def test_a_reader_held_by_another_program_is_waited_for(card: SimulatedCardReader, reader: PcscCardReader):
    """Another client's short hold is sat out; a long one is a fault in bounded time, never a shared session."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _, handle, _ = scard.SCardConnect(context, VirtualReader.reader_name, scard.SCARD_SHARE_SHARED, 3)
    with pytest.raises(DeviceSilent):
        reader.read_citizen(CAN)
    with later(lambda: scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD), 0.15):
        assert reader.read_citizen(CAN) == AYGUN
    scard.SCardReleaseContext(context)
