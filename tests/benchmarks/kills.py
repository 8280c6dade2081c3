"""Not timed: the real kiosk killed at seeded moments of payments by card, in notes and in both. ``./run bench kills`` takes most of an hour."""

from __future__ import annotations

import os
import random
import time

from hardware.demo.stage import Stage
from tests.benchmarks.measure import Row
from tests.processes.test_kill import lay_down_debts
from tests.processes.test_kill_cash import CASH, MIXED, SETTLED_S, Count, kill_in_visit, quarrels, with_cash

RUNS = int(os.environ.get("KILLS", "200"))
LATEST_S = 3.0
"""After the first note's place or the terminal is being prepared: most visits are over by then."""
CARD: list[int] = []
SEED = 7


def measure() -> list[Row]:
    """Return how many visits were played, and after how many of them two ledgers told of different money."""
    dice, wrong = random.Random(SEED), []
    with Stage(quick=True) as stage:
        with_cash(stage)
        for number in range(RUNS):
            notes = dice.choice((CASH, MIXED, CARD))
            word, delay_s = "PaymentConfirmed", dice.uniform(0, LATEST_S)
            lay_down_debts(stage)
            before = Count(stage)
            kill_in_visit(stage, word, delay_s, notes)
            deadline = time.monotonic() + SETTLED_S
            while (told := quarrels(before, Count(stage))) and time.monotonic() < deadline:
                time.sleep(0.3)
            if told:
                wrong.append(f"run {number}: {notes} killed {1000 * delay_s:.0f} ms after {word}: {told}")
    return [
        Row("kills: visits", RUNS, ""),
        Row("kills: visits after which ledgers differ", len(wrong), "", 0, note="; ".join(wrong[:3])),
    ]
