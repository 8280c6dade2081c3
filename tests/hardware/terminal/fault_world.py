"""Payments one after another over a line with faults, each held against the terminal's own ledger."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hardware.line import Fault, Line
from hardware.sim_times import Delays
from hardware.tcp_line import TcpLine
from hardware.terminal.driver import ZvtTerminal, open_driver
from hardware.terminal.settings import TerminalSettings, TerminalTimings
from hardware.terminal.sim_times import Timings
from hardware.terminal.simulator import SimulatedTerminal
from kiosk.domain.faults import DeviceFault
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, PaymentOutcome, TransactionMark, Unresolved

SALE = Money(240)
OURS = TerminalTimings(
    t1_s=0.05, t2_s=0.15, stall_s=0.15, t3_s=0.3, t4_s=0.6, health_limit_s=2.0, enquiry_limit_s=2.5, pay_limit_s=3.0, settle_limit_s=3.0,
    recovery_limit_s=8.0, retry_first_s=0.02, retry_longest_s=0.1,
)  # fmt: skip
THEIRS = Timings(t1_s=0.05, t2_s=0.15, t3_s=0.3, goods_s=0.6, ask_again_s=0.2, card_s=1.0, status_every_s=0.5)

RECORDINGS = 3
AT_ONCE = 16
"""Worlds beside each other: nearly all of a faulty payment is waiting."""


class World:
    """One terminal behind one line, for one payment after another."""

    def __init__(self, folder: Path, *, tcp: bool = False) -> None:
        folder.mkdir()
        self.unresolved, self._tcp = 0, tcp
        self.sim = SimulatedTerminal(
            folder / "memory", folder / "device", delays=Delays.none(), timings=THEIRS, tcp_port=0 if tcp else None
        )
        self.sim.start()
        assert self.sim.wait_until("idle")
        self.line, self.port = self._laid(folder)
        self.line.start()

    def _laid(self, folder: Path) -> tuple[Line | TcpLine, str]:
        if not self._tcp:
            return Line(folder / "port", folder / "device"), str(folder / "port")
        line = TcpLine(self.sim.port)
        return line, line.port

    def whole(self) -> bool:
        """Wait until a pulled cable is back in its place."""
        end = time.monotonic() + 3.0
        while not self._tcp and not Path(self.port).exists() and time.monotonic() < end:
            time.sleep(0.01)
        return self._tcp or Path(self.port).exists()

    def close(self) -> None:
        self.line.stop()
        self.sim.stop()

    def stored(self) -> list[int]:
        return [row["amount_minor"] for row in self.sim.ledger() if row["outcome"] == "stored"]

    def sell(self, fault: Fault) -> PaymentOutcome | None:
        """Sell once with the fault, the way the kiosk does: what is in doubt is asked for, never repeated. None: not begun."""
        driver = open_driver(TerminalSettings(port=self.port, delivery_timeout_s=1, timings=OURS))
        try:
            before = asked(driver)
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
        if isinstance(
            outcome, Unresolved
        ):  # a claim; on a busy machine the line may seem silent for longer than is waited here
            assert charged in ([], [SALE.minor]), (fault, outcome)
            self.unresolved += 1
        else:
            assert charged == ([SALE.minor] if isinstance(outcome, Approved) else []), (fault, outcome)
        return self.line.fired


def asked(driver: ZvtTerminal) -> TransactionMark:
    """Return the mark before the payment; what the fault before left behind on the line may cost a few tries."""
    for _ in range(4):
        with suppress(DeviceFault):
            return driver.last_transaction()
        time.sleep(0.3)
    return driver.last_transaction()


@contextmanager
def a_world(folder: Path, *, tcp: bool = False) -> Iterator[World]:
    world = World(folder, tcp=tcp)
    try:
        yield world
    finally:
        world.close()


def lengths(folder: Path, *, tcp: bool = False) -> dict[str, int]:
    """Record payments on a good line: how many bytes pass in each direction at least. On a busy machine some are sent twice."""
    passed: list[dict[str, int]] = []
    with a_world(folder, tcp=tcp) as world:
        for _ in range(RECORDINGS):
            assert isinstance(world.sell(Fault("drop", "to_device", 1_000_000)), Approved)
            passed.append(dict(world.line.passed))
    return {way: min(each[way] for each in passed) for way in passed[0]}


def judge_all(folder: Path, faults: list[Fault], *, tcp: bool = False) -> int:
    with a_world(folder, tcp=tcp) as world:
        happened = sum(world.judge(fault) for fault in faults)
        assert (
            world.unresolved <= 1 + len(faults) // 4
        )  # doubt is for the rare case: a driver that doubts everything proves nothing
        return happened


def slices(folder: Path, faults: list[Fault]) -> Iterator[tuple[Path, list[Fault]]]:
    """Deal the faults out to the worlds."""
    for number in range(AT_ONCE):
        yield folder / str(number), faults[number::AT_ONCE]
