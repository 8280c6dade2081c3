"""``kill -9`` of the real kiosk while notes are taken: what lies in the cash box is what journal and centre know of."""

from __future__ import annotations

import random
import time
from contextlib import suppress

import pytest

from hardware.demo.citizen import citizen
from hardware.demo.program import DemoError
from hardware.demo.stage import Stage
from tests.processes.test_kill import LATEST_S, Killer, lay_down_debts
from tests.processes.visitor import CashVisitor

SEED = 20261128
DUE_MINOR = 2400
SETTLED_S = 30.0
CASH = [20, 5]
"""Manat: one more than is due, so that the second note waits for the citizen's choice."""
MIXED = [20]
MOMENTS = [
    (word, number, notes)
    for notes in (CASH, MIXED)
    for word in (
        "PreparingCash",
        "TakingCash",
        "NoteHeld",
        "StackingNote",
        "NoteStacked",
        "AcknowledgingNote",
        "Submitting",
    )
    for number in range(1)
]
MOMENTS += [("ChoosingSurplus", 1, CASH)]
MOMENTS += [(word, 1, MIXED) for word in ("TakingPayment", "SettlingPayment")]


@pytest.fixture(scope="module")
def stage():
    """Central system, bench and a kiosk with a cash acceptor, for all visits of this module."""
    with Stage(quick=True) as stage:
        with_cash(stage)
        yield stage


def with_cash(stage: Stage) -> None:
    """Give the kiosk an acceptor, and let the terminal give back soon what nobody has acknowledged."""
    stage.stop_kiosk()
    settings = stage.config.read_text().replace("[terminal]\n", "[terminal]\ndelivery_timeout_s = 1\n")
    port = stage.ports["validator"]
    stage.config.write_text(f'{settings}\n[drivers]\ncash = "ccnet"\n\n[cash]\nport = "{port}"\n')
    stage.start_kiosk()


class Count:
    """What every side has of the money, so far."""

    def __init__(self, stage: Stage) -> None:
        told = stage.bench({"do": "ledger"})["ledger"]
        self.stacked_minor = sum(100 * row["value"] for row in told["validator"] if row["place"] == "stacker")
        self.held = [row for row in told["validator"] if row["place"] not in ("stacker", "hand", "collected")]
        self.charged_minor = sum(row["amount_minor"] for row in told["terminal"] if row["outcome"] == "stored")
        events = [row["event"] for row in stage.journal()]
        self.credited_minor = sum(event["value"]["minor"] for event in events if event["type"] == "NoteStacked")
        self.doubtful = sum(event["type"] == "NoteUnresolved" for event in events)
        # The code of a surplus is a part of its submission, not money of its own.
        self.central = [row for row in stage.central_ledger() if row["outcome"] != "surplus"]

    def since(self, before: Count) -> tuple[int, int, int, int]:
        """Return what came to the box, the journal, the card, and how many entries to the centre, since then."""
        return (
            self.stacked_minor - before.stacked_minor,
            self.credited_minor - before.credited_minor,
            self.charged_minor - before.charged_minor,
            len(self.central) - len(before.central),
        )


def quarrels(before: Count, after: Count) -> list[str]:
    """Return what does not fit together after one visit."""
    stacked, credited, charged, entries = after.since(before)
    in_doubt = after.doubtful > before.doubtful  # nobody can tell of that note: a claim, wherever it lies
    wrong = [f"notes left in the way: {after.held}"] if after.held else []
    if not in_doubt and stacked != credited:
        wrong.append(f"{stacked} in the box, {credited} in the journal")
    if charged > DUE_MINOR or entries != (1 if stacked or charged or in_doubt else 0):
        wrong.append(f"{stacked} in notes and {charged} by card are {entries} entries at the centre")
    new = after.central[len(before.central) :]
    if new and new[-1]["entry"] == "submission" and new[-1]["amount_minor"] != stacked + charged:
        wrong.append(f"submitted as {new[-1]['amount_minor']}, taken {stacked} in notes and {charged} by card")
    if new and new[-1]["entry"] == "claim" and new[-1]["amount_minor"] < stacked + charged:
        wrong.append(f"claimed as {new[-1]['amount_minor']}, taken {stacked} in notes and {charged} by card")
    return wrong


def kill_in_visit(stage: Stage, word: str, delay_s: float, notes: list[int]) -> None:
    """Make a visit, kill the kiosk in it, start it again, and let the citizen read on and leave."""
    killer = Killer(stage, word, delay_s)
    killer.start()
    with suppress(DemoError, OSError):
        CashVisitor(stage, citizen("electricity", "az"), notes).visit()
    killer.join(2 * LATEST_S)
    assert killer.struck
    stage.start_kiosk()
    CashVisitor(stage, citizen("electricity", "az"), []).leave()


@pytest.mark.parametrize(
    ("word", "number", "notes"),
    MOMENTS,
    ids=[f"{word}-{number}-{'-'.join(map(str, n))}" for word, number, n in MOMENTS],
)
def test_no_note_is_lost_by_a_kill(stage, word, number, notes):
    """Killed at this moment and started again: cash box, card terminal, journal and centre tell of the same money, once."""
    dice = random.Random(SEED + MOMENTS.index((word, number, notes)))
    lay_down_debts(stage)
    before = Count(stage)
    delay_s = dice.uniform(0, 0.02 if number == 0 else 0.15)
    kill_in_visit(stage, word, delay_s, notes)
    deadline = time.monotonic() + SETTLED_S
    while (wrong := quarrels(before, Count(stage))) and time.monotonic() < deadline:
        time.sleep(0.3)
    assert wrong == [], f"killed {1000 * delay_s:.0f} ms after {word}"
