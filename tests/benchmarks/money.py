"""What the two devices that take money cost: the processor while they are polled, and the time that a payment spends on its line."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from hardware.cash.driver import open_driver as open_cash
from hardware.cash.settings import CashSettings
from hardware.line import KINDS, Fault, Line
from hardware.terminal.driver import open_driver as open_terminal
from hardware.terminal.settings import TerminalSettings
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved
from tests.benchmarks.measure import Row
from tests.hardware.cash.test_any_single_fault import AT_ONCE, stacked_over_a_bad_line

WAIT_S = 10.0
HEALTH_EVERY_S = 10.0
LOOKS = 10
PAYMENTS = 15
CASES = 64
SEED = 5
BAUD = 115_200
BITS_PER_BYTE = 11
"""ZVT: a start bit, eight of data, two stop bits."""


def measure() -> list[Row]:
    """Return percent of one core, and a payment's time on the line as a multiple of what its bytes need."""
    with TemporaryDirectory() as folder, bench(Path(folder)) as ports:
        polling = polled(ports)
        overhead = on_the_line(Path(folder), ports)
    return [
        Row(
            "money: faults on the line while a note is taken", faults_per_second(), "cases/s", note=f"{AT_ONCE} at once"
        ),
        Row("money: polling terminal and validator, notes awaited", polling, "% of a core", 2),
        Row("money: a card payment beside its bytes at 115200 baud", overhead, "x", 1.2),
    ]


@contextmanager
def bench(folder: Path) -> Iterator[dict[str, Any]]:
    """Run the simulated devices in a process of their own: their work is not the driver's."""
    command = [str(Path(sys.executable).with_name("kiosk-bench")), "--folder", str(folder / "bench"), "--quick"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def faults_per_second() -> float:
    """Take notes over lines with one seeded fault each; AssertionError where the driver's word is not where the note lies."""
    dice = random.Random(SEED)
    faults = [
        Fault(dice.choice(KINDS), dice.choice(("to_device", "to_kiosk")), dice.randrange(36)) for _ in range(CASES)
    ]
    with TemporaryDirectory(prefix="kb-") as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        began = time.perf_counter()
        places = [Path(folder) / str(number) for number in range(CASES)]
        list(pool.map(stacked_over_a_bad_line, places, faults))
        return CASES / (time.perf_counter() - began)


def polled(ports: dict[str, Any]) -> float:
    """Wait for a note that does not come, and ask after the terminal's health as the crew does."""
    cash = open_cash(CashSettings(port=str(ports["validator"])))
    terminal = open_terminal(TerminalSettings(port=str(ports["terminal"])))
    try:
        terminal.health()
        cash.next_note(Money(20_000), 0.5)
        began = time.process_time()
        cash.next_note(Money(20_000), WAIT_S)
        waited = (time.process_time() - began) / WAIT_S
        began = time.process_time()
        for _ in range(LOOKS):
            terminal.health()
        return 100 * (waited + (time.process_time() - began) / LOOKS / HEALTH_EVERY_S)
    finally:
        cash.close()
        terminal.close()


class Watched(Line):
    """A line that measures how long the ball lies with the kiosk: from what came last to what the kiosk sends next."""

    def __init__(self, link: Path, target: Path) -> None:
        super().__init__(link, target)
        self.kiosks_s, self._since = 0.0, 0.0

    def begin(self) -> None:
        """Begin anew, at the first byte: before it the driver listens whether the line is quiet."""
        self.kiosks_s, self._since = 0.0, 0.0

    def _pass_on(self, data: bytes, other: int, direction: str) -> None:
        now = time.perf_counter()
        if direction == "to_kiosk":
            self._since = now
        elif self._since:
            self.kiosks_s += now - self._since
            self._since = 0.0
        super()._pass_on(data, other, direction)


def on_the_line(folder: Path, ports: dict[str, Any]) -> float:
    """Pay through a watched line; return (time of the kiosk + time of the bytes) / time of the bytes, the median payment."""
    line = Watched(folder / "line", Path(ports["terminal"]))
    line.start()
    terminal = open_terminal(TerminalSettings(port=str(folder / "line")))
    try:
        terminal.health()
        return median(payment(terminal, line, number) for number in range(PAYMENTS))
    finally:
        terminal.close()
        line.stop()


def payment(terminal: Any, line: Watched, number: int) -> float:
    """Pay once."""
    before = sum(line.passed.values())
    line.begin()
    assert isinstance(terminal.pay(Money(2_400), f"B-{number}", lambda _progress: None), Approved)
    assert isinstance(terminal.settle(f"B-{number}"), Approved)
    wire_s = (sum(line.passed.values()) - before) * BITS_PER_BYTE / BAUD
    return (line.kiosks_s + wire_s) / wire_s
