"""Every kind of fault at every byte of a payment: the two sides agree about the money, whatever happens to the line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from hardware.line import KINDS, Direction, Fault, Kind, Line
from hardware.terminal.driver import open_driver
from hardware.terminal.settings import TerminalSettings, TerminalTimings
from hardware.terminal.sim_times import Delays, Timings
from hardware.terminal.simulator import SimulatedTerminal
from kiosk.domain.faults import DeviceFault
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, PaymentOutcome, Unresolved

SALE = Money(240)
OURS = TerminalTimings(
    t1_s=0.05, t2_s=0.15, t3_s=0.3, t4_s=0.6, health_limit_s=2.0, enquiry_limit_s=2.5, pay_limit_s=3.0, settle_limit_s=3.0,
    recovery_limit_s=8.0, retry_first_s=0.02, retry_longest_s=0.1,
)  # fmt: skip
THEIRS = Timings(t1_s=0.05, t2_s=0.15, t3_s=0.3, goods_s=0.6, ask_again_s=0.2, card_s=1.0, status_every_s=0.5)

AT_ONCE = 16
"""Worlds beside each other: nearly all of a faulty payment is waiting."""
SPLIT_S, OUTLASTS_T1_S, OUTLASTS_T3_S = 0.01, 0.1, 0.4
"""A delay that only splits a frame; one that breaks it off; one after which nobody waits for it any more."""
MARGIN = 10
"""Offsets tried beyond the recorded payment, for bytes that only a fault brings."""


class World:
    """One terminal behind one line, for one payment after another."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.sim = SimulatedTerminal(folder / "memory", folder / "device", delays=Delays.none(), timings=THEIRS)
        self.sim.start()
        assert self.sim.wait_until("idle")
        self.line, self.port = Line(folder / "port", folder / "device"), folder / "port"
        self.line.start()

    def whole(self) -> bool:
        """Wait until a pulled cable is back in its place."""
        end = time.monotonic() + 3.0
        while not self.port.exists() and time.monotonic() < end:
            time.sleep(0.01)
        return self.port.exists()

    def close(self) -> None:
        self.line.stop()
        self.sim.stop()

    def stored(self) -> list[int]:
        return [row["amount_minor"] for row in self.sim.ledger() if row["outcome"] == "stored"]

    def sell(self, fault: Fault) -> PaymentOutcome | None:
        """Sell once with the fault, the way the kiosk does: what is in doubt is asked for, never repeated. None: not begun."""
        driver = open_driver(TerminalSettings(port=str(self.port), delivery_timeout_s=1, timings=OURS))
        try:
            before = driver.last_transaction()
            self.line.arm(fault)
            try:
                outcome = driver.pay(SALE, "A-1", lambda _: None)
            except DeviceFault:
                return None
            if isinstance(outcome, Approved):
                outcome = driver.settle("A-1")
            for _ in range(3):
                if isinstance(outcome, Unresolved):
                    outcome = driver.outcome_of("A-1", SALE, before)
            return outcome
        finally:
            driver.close()

    def judge(self, fault: Fault) -> bool:
        """Sell with a fault and hold the outcome against the terminal's own ledger; say whether the fault happened."""
        assert self.whole()
        before = self.stored()
        outcome = self.sell(fault)
        charged = self.stored()[len(before) :]
        assert charged == ([SALE.minor] if isinstance(outcome, Approved) else []), (fault, outcome)
        assert not isinstance(outcome, Unresolved), (fault, outcome)
        return self.line.fired


@contextmanager
def a_world(folder: Path) -> Iterator[World]:
    world = World(folder)
    try:
        yield world
    finally:
        world.close()


def lengths(folder: Path) -> dict[str, int]:
    """Record one payment on a good line: how many bytes pass in each direction."""
    with a_world(folder) as world:
        assert isinstance(world.sell(Fault("drop", "to_device", 1_000_000)), Approved)
        return dict(world.line.passed)


def judge_all(folder: Path, faults: list[Fault]) -> int:
    with a_world(folder) as world:
        return sum(world.judge(fault) for fault in faults)


@pytest.mark.parametrize("direction", ["to_device", "to_kiosk"])
@pytest.mark.parametrize(
    ("kind", "seconds"),
    [(kind, 0.1) for kind in KINDS if kind != "delay"]
    + [("delay", SPLIT_S), ("delay", OUTLASTS_T1_S), ("delay", OUTLASTS_T3_S)],
)
def test_any_fault_at_any_byte(tmp_path, kind: Kind, seconds: float, direction: Direction):
    """A fault of any kind at any byte of a payment ends in an outcome that equals the terminal's own ledger, never in two sales."""
    length = lengths(tmp_path / "recorded")[direction]
    first = Fault(kind, direction, 0, seconds)
    faults = [replace(first, offset=offset) for offset in range(length + MARGIN)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        happened = pool.map(judge_all, *zip(*slices(tmp_path, faults), strict=True))
        assert sum(happened) >= length - MARGIN


def slices(folder: Path, faults: list[Fault]) -> Iterator[tuple[Path, list[Fault]]]:
    """Deal the faults out to the worlds."""
    for number in range(AT_ONCE):
        yield folder / str(number), faults[number::AT_ONCE]
