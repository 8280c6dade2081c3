"""Any one byte of a payment dropped, changed, doubled or followed by noise or a cut: the two sides agree about the money."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardware.terminal.driver import open_driver
from hardware.terminal.settings import TerminalSettings, TerminalTimings
from hardware.terminal.sim_times import Delays, Timings
from hardware.terminal.simulator import SimulatedTerminal
from kiosk.domain.faults import DeviceFault
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, PaymentOutcome, TransactionMark, Unresolved

SALE = Money(240)
OURS = TerminalTimings(
    t1_s=0.05, t2_s=0.3, t3_s=0.6, t4_s=1.2, health_limit_s=2.0, enquiry_limit_s=2.5, pay_limit_s=4.0, settle_limit_s=4.0,
    recovery_limit_s=8.0, retry_first_s=0.05, retry_longest_s=0.2,
)  # fmt: skip
THEIRS = Timings(t1_s=0.05, t2_s=0.3, t3_s=0.6, goods_s=1.0, ask_again_s=0.2, card_s=1.5, status_every_s=0.5)

FAULTS = ("drop", "flip", "double", "noise", "start", "cut")
SIDES = ("ours", "theirs")


class BadWire:
    """A wire between the driver's port and the terminal's that spoils one byte, the ``at``-th of one side, once armed."""

    def __init__(self, far_end: Path) -> None:
        self._near, near_port = os.openpty()
        self.port = os.ttyname(near_port)
        self._far = os.open(far_end, os.O_RDWR | os.O_NOCTTY)
        for end in (self._near, near_port, self._far):
            tty.setraw(end)
        self._kept = near_port
        self._side, self._left, self._fault = "", 0, ""
        self._dead, self._stop = False, threading.Event()
        self._thread = threading.Thread(target=self._carry)
        self._thread.start()

    def arm(self, side: str, at: int, fault: str) -> None:
        self._left, self._fault, self._side, self._dead = at, fault, side, False

    def mend(self) -> None:
        self._side, self._dead = "", False

    def close(self) -> None:
        self._stop.set()
        self._thread.join(5)
        for end in (self._near, self._far, self._kept):
            os.close(end)

    def _carry(self) -> None:
        ways = {self._near: ("ours", self._far), self._far: ("theirs", self._near)}
        while not self._stop.is_set():
            for source in select.select(list(ways), [], [], 0.05)[0]:
                side, target = ways[source]
                with contextlib.suppress(OSError):
                    os.write(target, self._spoilt(side, os.read(source, 4096)))

    def _spoilt(self, side: str, data: bytes) -> bytes:
        if side == self._side and self._left < len(data):
            self._side, at = "", self._left
            byte = data[at : at + 1]
            spoilt = {
                "drop": b"", "flip": bytes([byte[0] ^ 0x21]), "double": byte * 2, "noise": byte + b"\x15\x03\x69\x06",
                "start": byte + b"\x10\x02", "cut": byte,
            }[self._fault]  # fmt: skip
            self._dead = self._fault == "cut"
            return data[:at] + spoilt + (b"" if self._dead else data[at + 1 :])
        if side == self._side:
            self._left -= len(data)
        return b"" if self._dead else data


@pytest.fixture(scope="module")
def wire(tmp_path_factory) -> Iterator[tuple[SimulatedTerminal, BadWire]]:
    folder = tmp_path_factory.mktemp("terminal")
    sim = SimulatedTerminal(folder / "memory", folder / "line", delays=Delays.none(), timings=THEIRS)
    sim.start()
    assert sim.wait_until("idle")
    bad = BadWire(folder / "line")
    yield sim, bad
    bad.close()
    sim.stop()


def taken(sim: SimulatedTerminal) -> int:
    return sum(row["amount_minor"] for row in sim.ledger() if row["outcome"] == "stored")


def sell(port: str, bad: BadWire, fault: tuple[str, int, str]) -> tuple[PaymentOutcome, TransactionMark]:
    """Sell once with a fault on the wire, the way the kiosk does: whatever is in doubt is asked for afterwards."""
    driver = open_driver(TerminalSettings(port=port, delivery_timeout_s=1, timings=OURS))
    try:
        before = driver.last_transaction()
        bad.arm(*fault)
        outcome = driver.pay(SALE, "A-1", lambda _: None)
        if isinstance(outcome, Approved):
            outcome = driver.settle("A-1")
        bad.mend()
        if isinstance(outcome, Unresolved):
            outcome = driver.outcome_of("A-1", SALE, before)
    finally:
        bad.mend()
        driver.close()
    return outcome, before


@given(side=st.sampled_from(SIDES), at=st.integers(0, 600), fault=st.sampled_from(FAULTS))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_single_fault(wire, side, at, fault):
    """A fault at any byte of a payment ends in an outcome that equals the terminal's own ledger, and never in two sales."""
    sim, bad = wire
    held = taken(sim)
    try:
        outcome, _ = sell(bad.port, bad, (side, at, fault))
    except DeviceFault:
        assert taken(sim) == held
        return
    assert not isinstance(outcome, Unresolved), outcome
    assert taken(sim) - held == (SALE.minor if isinstance(outcome, Approved) else 0), outcome
