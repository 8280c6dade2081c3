"""``kill -9`` of the real kiosk at any moment of a visit, and a start again: all ledgers agree, and money is taken at most once."""

from __future__ import annotations

import json
import random
import threading
import time
from contextlib import suppress

import pytest

from central.agencies import demo
from central.days import day_of, now_ms
from hardware.demo.citizen import citizen
from hardware.demo.ledgers import Ledgers
from hardware.demo.program import DemoError
from hardware.demo.stage import Stage
from hardware.demo.truths import ask_all
from tests.central.server import with_store
from tests.processes.visitor import Visitor

STATES = (
    "PresentingCard", "EnteringKey", "ReadingCard", "Answering", "Quoting", "Confirming", "PreparingPayment",
    "TakingPayment", "SettlingPayment", "Submitting", "Printing", "Farewell",
)  # fmt: skip
DELAYS = 8
SEED = 20261124
AGREE_S = 30.0
LATEST_S = 30.0
CARD_HOLDER_S = 0.15
MOMENTS = [(state, 0) for state in STATES] + [("PaymentConfirmed", number) for number in range(DELAYS)]


class Log:
    """The kiosk's log, read on from where it ended when this was made."""

    def __init__(self, stage: Stage) -> None:
        self._path = stage.folder / "kiosk.log"
        self._at = self._path.stat().st_size

    def steps(self) -> list[dict]:
        """Return the steps that were logged since the last call, whole lines only."""
        with self._path.open("rb") as file:
            file.seek(self._at)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        self._at += len(whole)
        lines = (json.loads(line) for line in whole.splitlines() if line.startswith(b"{"))
        return [line for line in lines if line.get("event") == "step"]


class Killer(threading.Thread):
    """Kills the kiosk when the log tells of a state (or of an event), and a while after."""

    def __init__(self, stage: Stage, word: str, delay_s: float) -> None:
        super().__init__(daemon=True)
        self._stage, self._word, self._delay_s = stage, word, delay_s
        self._log = Log(stage)
        self.struck = False

    def run(self) -> None:
        """Watch, wait and kill; give up when the word never comes."""
        deadline = time.monotonic() + LATEST_S
        while time.monotonic() < deadline:
            if any(self._word in (step["state"], step["kind"]) for step in self._log.steps()):
                time.sleep(self._delay_s)
                self._stage.kill_kiosk()
                self.struck = True
                return
            time.sleep(0.001)


@pytest.fixture(scope="module")
def stage():
    """Central system, bench and kiosk, for all visits of this module."""
    with Stage(quick=True) as stage:
        # A terminal that holds an approval open gives it back after a second instead of a minute.
        stage.config.write_text(
            stage.config.read_text().replace("[terminal]\n", "[terminal]\ndelivery_timeout_s = 1\n")
        )
        stage.stop_kiosk()
        stage.start_kiosk()
        stage.do("terminal", "approve", delay_s=CARD_HOLDER_S)
        yield stage


@pytest.fixture(scope="module")
def undisturbed_s(stage):
    """How long it takes from the touch on Pay to the farewell when nobody kills anything."""
    log = Log(stage)
    lay_down_debts(stage)
    Visitor(stage, citizen("electricity", "az")).visit()
    at = {}
    for step in log.steps():
        at.setdefault(step["kind"], step["timestamp"])
    began, ended = (time_of(at[kind]) for kind in ("PaymentConfirmed", "ReceiptEnded"))
    return ended - began


@pytest.fixture(scope="module")
def ledgers(stage, undisturbed_s):
    """What is known so far: ``last``, the ledgers as the last visit left them, and the papers that have been ``read``."""
    read = {}
    told = settled(stage, read)
    assert (undisturbed_s > 0, told.quarrels(), len(told.terminal)) == (True, [], 1)
    return {"last": told, "read": read}


def time_of(stamp):
    """Return the seconds of a log's time stamp within its day."""
    hours, minutes, seconds = stamp.partition("T")[2].rstrip("Z").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def lay_down_debts(stage):
    """Put the debts back to their beginning; what was submitted stays."""

    def seed(store):
        with store.write() as tx:
            demo.seed(tx, day_of(now_ms()))

    with_store(f"sqlite:///{stage.folder / 'central.db'}", seed)


def settled(stage, read) -> Ledgers:
    """Return the ledgers as soon as they agree, or as they are when they do not in time. ``read``: papers read before."""
    deadline = time.monotonic() + AGREE_S
    while not (ledgers := ask_all(stage, read)).agree() and time.monotonic() < deadline:
        time.sleep(0.2)
    return ledgers


def kill_in_visit(stage, word, delay_s, *, power_cycle):
    """Make a visit, kill the kiosk in it, start it again, and let the citizen read on and leave."""
    killer = Killer(stage, word, delay_s)
    killer.start()
    with suppress(DemoError, OSError):  # on a fast machine the visit may just have ended: then it is killed at rest
        Visitor(stage, citizen("electricity", "az")).visit()
    killer.join(2 * LATEST_S)
    assert killer.struck
    if power_cycle:
        stage.do("terminal", "power_cycle")
    stage.start_kiosk()
    Visitor(stage, citizen("electricity", "az")).leave()


def count(rows, outcomes):
    return sum(row["outcome"] in outcomes for row in rows)


@pytest.mark.parametrize(("word", "number"), MOMENTS, ids=[f"{word}-{number}" for word, number in MOMENTS])
def test_all_ledgers_agree_after_a_kill(stage, undisturbed_s, ledgers, word, number):
    """Killed at this moment and started again, terminal, printer, journal and centre tell the same story of one payment or none."""
    position = MOMENTS.index((word, number))
    dice = random.Random(SEED + position)
    lay_down_debts(stage)
    part_s = undisturbed_s / DELAYS
    delay_s = (number + dice.random()) * part_s if word == "PaymentConfirmed" else dice.uniform(0, 0.01)
    before = ledgers["last"]
    kill_in_visit(stage, word, delay_s, power_cycle=position % 2 == 1)
    after = ledgers["last"] = settled(stage, ledgers["read"])
    told = f"killed {1000 * delay_s:.0f} ms after {word}"
    assert after.quarrels() == [], told
    ours = {row["reference"] for row in after.journal} - {row["reference"] for row in before.journal}
    assert len(ours) <= 1, told
    terminal, central, papers = (
        [row for row in rows if row["reference"] in ours] for rows in (after.terminal, after.central, after.printer)
    )
    charges = count(after.terminal, ("stored",)) - count(before.terminal, ("stored",))
    assert charges == count(terminal, ("stored",)) <= 1, told
    assert len(central) == len(after.central) - len(before.central) <= 1, told
    if charges:
        assert len(central) == 1, told
        assert count(papers, ("printed", "copy")) >= 1, told
    if word == "Farewell":
        assert charges == 1
    if STATES.index("PreparingPayment") >= position:
        assert charges == 0
