"""The driver while the service, the reader or the card is not as it should be: waits, health, and the technician's test."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hardware.card.driver import CardSettings, PcscCardReader, open_driver
from hardware.card.simulator import SimulatedCardReader
from hardware.card.virtual_reader import VirtualReader
from kiosk.domain.faults import DeviceAbsent
from kiosk.domain.health import Failed, Ready
from tests.hardware.card.hands import AYGUN, CAN, do, later, present, refusal, wait_until


@pytest.fixture
def service(virtual_reader: VirtualReader) -> Iterator[VirtualReader]:
    """The service, to be ended and started; it runs with its reader again afterwards."""
    yield virtual_reader
    virtual_reader.restart_service()


def test_a_wait_ends_when_it_is_cancelled(card_simulator: SimulatedCardReader, reader: PcscCardReader):
    """Cancel from another thread ends a wait at once, and the next wait is not touched by it."""
    started = time.monotonic()
    with later(reader.cancel, 0.1):
        assert reader.wait_for_card(30.0) is False
    assert time.monotonic() - started < 15.0
    present(card_simulator, reader)
    with later(reader.cancel, 0.1):
        assert reader.wait_for_removal(5.0) is False


def test_a_wait_ends_at_its_time(reader: PcscCardReader):
    """Nobody comes: False after the time-out."""
    started = time.monotonic()
    assert reader.wait_for_card(0.2) is False
    assert 0.15 < time.monotonic() - started < 1.0


def test_no_reader_is_absent(service: VirtualReader, reader: PcscCardReader):
    """Without a reader every call says so in bounded time, and the technician is told to look at the cable."""
    service.restart_service(with_reader=False)
    for call in (reader.wait_for_card, reader.wait_for_removal):
        with pytest.raises(DeviceAbsent) as fault:
            call(2.0)
        assert fault.value.reason == "absent"
    with pytest.raises(DeviceAbsent):
        reader.read_citizen(CAN)
    assert reader.health() == Failed("absent", "no reader")
    test = reader.self_test()
    assert [(check.name, check.outcome) for check in test.checks] == [
        ("smart card service", "passed"),
        ("card reader", "failed"),
    ]
    assert "cable" in test.checks[1].advice


def test_another_reader_s_name_is_absent(virtual_reader: VirtualReader):
    """A reader that is not the configured one is not used; the evidence names what is there."""
    other = open_driver(CardSettings(reader="Omnikey", settle_s=0.1))
    with pytest.raises(DeviceAbsent, match="Virtual PCD 00 00"):
        other.read_citizen(CAN)
    other.close()


def test_no_service_has_its_own_reason(service: VirtualReader, reader: PcscCardReader):
    """Without pcscd every call says so, and the technician is told what to start."""
    assert isinstance(reader.health(), Ready)
    service.kill_service()
    for call in (lambda: reader.wait_for_card(2.0), lambda: reader.read_citizen(CAN)):
        with pytest.raises(DeviceAbsent) as fault:
            call()
        assert fault.value.reason == "no_service"
    test = reader.self_test()
    assert test.outcome == "failed"
    assert "pcscd" in test.checks[0].advice


def test_a_restarted_service_is_found_again(card_simulator: SimulatedCardReader, service: VirtualReader):
    """A wait outlives a restart of the service, and a driver that was at rest meanwhile does not notice it."""
    patient = open_driver(CardSettings(settle_s=3.0))

    def restart_and_insert() -> None:
        service.restart_service()
        do(card_simulator, do="insert", card="aygun")

    with later(restart_and_insert, 0.1):
        assert patient.wait_for_card(5.0)
    assert patient.read_citizen(CAN) == AYGUN
    service.restart_service()
    assert isinstance(patient.health(), Ready)
    assert patient.wait_for_card(3.0)
    assert patient.read_citizen(CAN) == AYGUN
    patient.close()


def test_a_service_killed_during_the_reading(card: SimulatedCardReader, service: VirtualReader, reader: PcscCardReader):
    """The service dies in mid-reading: a fault with its reason, not a refused card."""
    do(card, do="slow", ms=60)
    with later(service.kill_service, 0.2), pytest.raises(DeviceAbsent) as fault:
        reader.read_citizen(CAN)
    assert fault.value.reason == "no_service"


def test_a_frozen_service_is_silent_in_bounded_time(
    card: SimulatedCardReader, service: VirtualReader, reader: PcscCardReader
):
    """A service that is there and does not answer costs at most three seconds, and works again when it thaws."""
    assert isinstance(reader.health(), Ready)
    with frozen(service):
        started = time.monotonic()
        health = reader.health()
        assert time.monotonic() - started < 3.0
        assert isinstance(health, Failed)
        assert health.reason == "silent"
    assert reader.read_citizen(CAN) == AYGUN


@contextmanager
def frozen(service: VirtualReader) -> Iterator[None]:
    pid = int((service.socket_path.parent / "pcscd.pid").read_text().strip("\n\0"))
    send(signal.SIGSTOP, pid)
    wait_until(lambda: all(state_of(task) == "T" for task in Path(f"/proc/{pid}/task").iterdir()))
    try:
        yield
    finally:
        send(signal.SIGCONT, pid)


def state_of(task: Path) -> str:
    """The state of a thread (proc(5), stat): a stopping process stops one thread after the other."""
    return (task / "stat").read_text().rpartition(")")[2].split()[0]


def send(number: signal.Signals, pid: int) -> None:
    """Signal the service, which runs as root where the tests may become root."""
    try:
        os.kill(pid, number)
    except PermissionError:
        subprocess.run(["sudo", "-n", "kill", f"-{number.value}", str(pid)], check=True, timeout=5)


def test_the_self_test_powers_the_card_and_leaves_it_closed(card: SimulatedCardReader, reader: PcscCardReader):
    """With a card the technician sees what it offers; no number is tried."""
    test = reader.self_test()
    assert test.outcome == "passed"
    assert "BRAINPOOLP256r1" in test.checks[2].detail
    assert card.ledger()[-1]["read"] == ["EF.CardAccess"]
    assert card.ledger()[-1]["wrong_can"] == 0


def test_the_self_test_names_a_hung_card(card: SimulatedCardReader, reader: PcscCardReader):
    """A card that hangs is a failed check with advice, and the reader stays known as silent."""
    do(card, do="hang_at", apdu=1)
    test = reader.self_test()
    assert [check.outcome for check in test.checks] == ["passed", "passed", "failed"]
    assert "Take the card out" in test.checks[2].advice
    assert isinstance(reader.health(), Failed)


def test_no_thread_is_left_behind(card: SimulatedCardReader, virtual_reader: VirtualReader):
    """After close, every thread of the driver has gone."""
    before = set(threading.enumerate())
    driver = open_driver(CardSettings())
    assert driver.read_citizen(CAN) == AYGUN
    driver.cancel()
    driver.close()
    wait_until(lambda: set(threading.enumerate()) <= before)


def test_a_reading_that_ended_well_leaves_its_thread_to_the_next_and_a_failed_one_does_not(
    card: SimulatedCardReader, reader: PcscCardReader
):
    """No thread and context are made for each citizen; after a failure both are new, and nothing of the old is used."""
    assert reader.read_citizen(CAN) == AYGUN
    first = workplaces()
    assert reader.read_citizen(CAN) == AYGUN
    assert workplaces() == first
    do(card, do="remove_at", apdu=5)
    assert refusal(reader.read_citizen(CAN)) == "removed"
    present(card, reader)
    assert reader.read_citizen(CAN) == AYGUN
    assert len(workplaces()) == 1
    assert not workplaces() & first


def workplaces() -> set[threading.Thread]:
    """The threads in which connections are made."""
    return {thread for thread in threading.enumerate() if thread.name == "card-connection"}


@pytest.mark.parametrize(
    "table", [{"readers": "x"}, {"settle_s": 0}, {"transmit_timeout_s": "1"}, {"personal_number": "["}]
)
def test_mistaken_settings_are_refused(table: dict[str, Any]):
    """An unknown key, a time of zero, a wrong type, a broken expression: told at the start."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(table, CardSettings)


def test_opening_needs_nothing():
    """A driver is opened and closed without service, reader or card."""
    open_driver(CardSettings()).close()
