"""The simulated card through the real service: inserted, removed, swapped, and spoiled by the hand that holds it."""

from __future__ import annotations

import json
import socket
import threading
import time
from pathlib import Path

import pytest
from smartcard import scard

from hardware.card.sim_persons import PERSONS
from hardware.card.simulator import SimulatedCardReader
from tests.hardware.card.slot import connection, wait_for

CAN = b"123456"
READ_ACCESS = "00B09C0000"


def test_a_citizen_is_read_through_the_real_service(card_simulator, virtual_reader, context):
    """Insert, PACE, DG1: the zone comes out, and the ledger tells what was read."""
    assert card_simulator.do({"do": "insert", "card": "aygun"}) == {"ok": True, "card": "aygun"}
    with connection(context, virtual_reader) as reader:
        assert reader.plain(READ_ACCESS) == 0x9000
        assert reader.pace(CAN) == 0x9000
        assert reader.protected("00A4040C", bytes.fromhex("A0000002471001")) == 0x9000
        assert reader.protected("00B08100", le=95) == 0x9000
        assert reader.data[5:].decode() == PERSONS["aygun"].mrz()
    (session,) = card_simulator.ledger()
    assert session == {"card": "aygun", "apdus": 8, "read": ["EF.CardAccess", "EF.DG1"], "wrong_can": 0, "wrong_mrz": 0}


def test_removal_is_seen(card_simulator, virtual_reader, context):
    """A card taken out is gone for the service within its poll of 0.4 s and some."""
    card_simulator.do({"do": "insert", "card": "rashid"})
    wait_for(context, virtual_reader, present=True)
    assert card_simulator.do({"do": "remove"}) == {"ok": True, "card": "rashid"}
    assert wait_for(context, virtual_reader, present=False) < 1.5


def test_an_exchange_is_fast(card_simulator, virtual_reader, context):
    """No exchange waits for a delayed acknowledgement, which would be 40 ms: the median of 50 is under 5 ms."""
    card_simulator.do({"do": "insert", "card": "aygun"})
    took = []
    with connection(context, virtual_reader) as reader:
        for _ in range(50):
            start = time.perf_counter()
            reader.plain(READ_ACCESS)
            took.append(time.perf_counter() - start)
    assert sorted(took)[25] < 0.005


def test_wrong_cans_are_in_the_ledger_and_outlive_a_restart(card_simulator, virtual_reader, context, tmp_path: Path):
    """Two wrong CANs are counted in the session, on disk, and by a simulator started anew in the same folder."""
    card_simulator.do({"do": "insert", "card": "leyla"})
    with connection(context, virtual_reader) as reader:
        assert [reader.pace(CAN), reader.pace(CAN)] == [0x6300, 0x6300]
    assert card_simulator.ledger()[-1]["wrong_can"] == 2
    assert json.loads((tmp_path / "card" / "ledger.json").read_text()) != []
    card_simulator.stop()
    again = SimulatedCardReader(tmp_path / "card", virtual_reader.port)
    assert [(entry["card"], entry["wrong_can"]) for entry in again.ledger()] == [("leyla", 2)]


def test_the_card_vanishes_at_the_armed_command(card_simulator, virtual_reader, context):
    """With remove_at 3 two commands are answered, the third is not, and the slot is empty."""
    card_simulator.do({"do": "insert", "card": "aygun"})
    wait_for(context, virtual_reader, present=True)
    assert card_simulator.do({"do": "remove_at", "apdu": 3}) == {"ok": True}
    with connection(context, virtual_reader) as reader:
        assert [reader.plain(READ_ACCESS), reader.plain(READ_ACCESS)] == [0x9000, 0x9000]
        with pytest.raises(ConnectionError):
            reader.plain(READ_ACCESS)
    assert card_simulator.do({"do": "remove"})["ok"] is False


def test_the_next_card_is_seen_after_one_vanished(card_simulator, virtual_reader, context):
    """A card inserted at once after one that vanished is seen: the hand needs its time."""
    card_simulator.do({"do": "insert", "card": "aygun"})
    wait_for(context, virtual_reader, present=True)
    card_simulator.do({"do": "remove_at", "apdu": 1})
    with connection(context, virtual_reader) as reader, pytest.raises(ConnectionError):
        reader.plain(READ_ACCESS)
    assert card_simulator.do({"do": "insert", "card": "leyla"})["ok"] is True
    with connection(context, virtual_reader) as reader:
        assert reader.plain(READ_ACCESS) == 0x9000
    assert card_simulator.ledger()[-1]["card"] == "leyla"


def test_noise_is_found_by_the_checksum(card_simulator, virtual_reader, context):
    """With garble_at the answer's body is turned over, which secure messaging notices; the next is clean."""
    card_simulator.do({"do": "insert", "card": "aygun"})
    with connection(context, virtual_reader) as reader:
        assert reader.pace(CAN) == 0x9000
        card_simulator.do({"do": "garble_at", "apdu": 1})
        with pytest.raises(AssertionError):
            reader.protected("00A4040C", bytes.fromhex("A0000002471001"))
        assert reader.plain("00A4000C") == 0x9000
        assert reader.plain(READ_ACCESS) == 0x9000


def test_a_hanging_card_answers_late_when_normal_again(card_simulator, virtual_reader, context):
    """With hang_at the command stays open until the card is well again."""
    card_simulator.do({"do": "insert", "card": "aygun"})
    card_simulator.do({"do": "hang_at", "apdu": 1})
    timer = threading.Timer(0.3, card_simulator.do, [{"do": "normal"}])
    with connection(context, virtual_reader) as reader:
        timer.start()
        start = time.monotonic()
        assert reader.plain(READ_ACCESS) == 0x9000
        assert time.monotonic() - start > 0.25
    timer.join(1)


def test_a_hanging_card_can_be_taken_out(card_simulator, virtual_reader, context):
    """Removal ends a hanging command with an error."""
    card_simulator.do({"do": "insert", "card": "aygun"})
    card_simulator.do({"do": "hang_at", "apdu": 1})
    timer = threading.Timer(0.2, card_simulator.do, [{"do": "remove"}])
    with connection(context, virtual_reader) as reader:
        timer.start()
        with pytest.raises(ConnectionError):
            reader.plain(READ_ACCESS)
    timer.join(1)


def test_a_slow_card_takes_its_time(card_simulator, virtual_reader, context):
    """With slow each command takes that long, and normal ends it."""
    card_simulator.do({"do": "insert", "card": "aygun"})
    card_simulator.do({"do": "slow", "ms": 120})
    with connection(context, virtual_reader) as reader:
        start = time.monotonic()
        reader.plain(READ_ACCESS)
        assert time.monotonic() - start >= 0.12
        card_simulator.do({"do": "normal"})
        start = time.monotonic()
        reader.plain(READ_ACCESS)
        assert time.monotonic() - start < 0.1


def test_a_fast_swap_is_another_chip(card_simulator, virtual_reader, context):
    """Behind a handle that survives a swap lies another chip, which knows nothing of the old session."""
    card_simulator.do({"do": "insert", "card": "aygun"})
    with connection(context, virtual_reader) as reader:
        assert reader.pace(CAN) == 0x9000
        assert card_simulator.do({"do": "swap", "card": "rashid"}) == {"ok": True, "card": "rashid"}
        outcomes = []
        for _ in range(2):
            try:
                outcomes.append(reader.protected("00A4040C", bytes.fromhex("A0000002471001")))
            except (ConnectionError, AssertionError):
                outcomes.append(0)
            time.sleep(0.5)  # two polls of the service: what it does with the handle by then is its affair
        assert 0x9000 not in outcomes
    assert {entry["card"] for entry in card_simulator.ledger()} <= {"aygun", "rashid"}


def test_the_card_stays_in_while_the_service_restarts(card_simulator, virtual_reader):
    """A card in the slot is there again when the service is."""
    card_simulator.do({"do": "insert", "card": "aygun"})
    virtual_reader.restart_service()
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    assert result == scard.SCARD_S_SUCCESS
    with connection(context, virtual_reader) as reader:
        assert reader.plain(READ_ACCESS) == 0x9000
    scard.SCardReleaseContext(context)


@pytest.mark.parametrize(
    "command",
    [
        {},
        {"do": "fly"},
        {"do": "insert"},
        {"do": "insert", "card": "nobody"},
        {"do": "remove"},
        {"do": "swap", "card": "leyla"},
        {"do": "remove_at", "apdu": 0},
        {"do": "hang_at", "apdu": "3"},
        {"do": "garble_at"},
        {"do": "slow", "ms": -1},
    ],
)
def test_a_command_that_makes_no_sense_is_refused(command, tmp_path: Path):
    """Each is answered with a sentence, and the simulator lives on."""
    simulator = SimulatedCardReader(tmp_path, 1)
    simulator.start()
    answer = simulator.do(command)
    assert answer["ok"] is False
    assert answer["error"]
    simulator.stop()


def test_a_second_card_does_not_fit(tmp_path: Path):
    """Inserting on top of a card is refused; stop takes the card out within a second and ends its thread."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        simulator = SimulatedCardReader(tmp_path, server.getsockname()[1])
        simulator.start()
        assert simulator.do({"do": "insert", "card": "aygun"})["ok"] is True
        assert simulator.do({"do": "insert", "card": "leyla"})["ok"] is False
        start = time.monotonic()
        simulator.stop()
        simulator.stop()
        assert time.monotonic() - start < 1
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("card-")]
