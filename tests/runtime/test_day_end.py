"""The end of the card terminal's day, over the real wire, compared with the real journal."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from hardware.bench.bench import Bench
from hardware.terminal.driver import open_driver
from hardware.terminal.settings import TerminalSettings
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved
from kiosk.journey import events as e
from kiosk.runtime.day_end import DayEnd
from tests.journey.play import MARK
from tests.world import QUICK

BILL = Money(2_400)


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "bench", quick=True)
    made.start_without_reader()
    yield made
    made.stop()


@pytest.fixture
def terminal(bench):
    driver = open_driver(TerminalSettings(port=str(bench.terminal_port), delivery_timeout_s=1, timings=QUICK))
    yield driver
    driver.close()


def day_end(terminal, journal, told):
    return DayEnd(terminal, told.append, journal.path, 3, ZoneInfo("Asia/Baku"))


def sold(terminal, journal, number, *, known=True):
    """Sell once; the journal hears of it or not."""
    outcome = terminal.pay(BILL, f"K-{number}", lambda _progress: None)
    assert isinstance(outcome, Approved)
    assert isinstance(terminal.settle(f"K-{number}"), Approved)
    if known:
        journal.append(e.PaymentPrepared(1, MARK), number, 1, 1)
        journal.append(e.PaymentApproved(2, outcome.authorisation), number, 1, 1)


def test_a_day_that_agrees(terminal, journal):
    """Two sales that the journal knows are what the terminal's totals say; closing it again the same night does nothing."""
    told = []
    sold(terminal, journal, 1)
    sold(terminal, journal, 2)
    end = day_end(terminal, journal, told)
    end.close_once("2026-11-28")
    end.close_once("2026-11-28")
    assert [(each.amount, each.expected, each.problem) for each in told] == [(Money(4_800), Money(4_800), "")]


def test_a_day_that_differs_is_told(terminal, journal):
    """A sale that the journal does not know of makes the day differ, with both sums in the chain."""
    told = []
    sold(terminal, journal, 1)
    sold(terminal, journal, 2, known=False)
    day_end(terminal, journal, told).close_once("2026-11-28")
    assert [(each.amount, each.expected, each.problem) for each in told] == [(Money(4_800), BILL, "differs")]


def test_each_day_stands_for_itself(terminal, journal):
    """What was closed is not expected again the next night, and what was given back is not expected at all."""
    told = []
    sold(terminal, journal, 1)
    end = day_end(terminal, journal, told)
    end.close_once("2026-11-28")
    journal.append(told[-1], 0, 2, 2)
    sold(terminal, journal, 2)
    journal.append(e.PaymentPrepared(3, MARK), 3, 3, 3)
    journal.append(e.PaymentCancelled(4), 3, 3, 3)
    end.close_once("2026-11-29")
    assert [(each.expected_count, each.problem) for each in told] == [(1, ""), (1, "")]


def test_a_sale_that_could_not_be_given_back_stands(terminal, journal):
    """A reversal that the terminal refused, learnt after a power cut, leaves its sale in the day."""
    told = []
    sold(terminal, journal, 1)
    journal.append(e.SubmissionRefused(5, "quote-unknown"), 1, 2, 2)
    journal.append(e.PaymentDeclined(6, "B5"), 1, 3, 3)
    day_end(terminal, journal, told).close_once("2026-11-28")
    assert [(each.expected, each.problem) for each in told] == [(BILL, "")]


def test_a_terminal_that_is_away_is_tried_three_times(bench, terminal, journal):
    """A terminal that cannot be asked is tried again the same night, not for ever, and nothing is told of a day not closed."""
    told = []
    bench.do({"device": "terminal", "do": "unplug"})
    end = day_end(terminal, journal, told)
    for _ in range(5):
        end.close_once("2026-11-28")
    bench.do({"device": "terminal", "do": "plug"})
    end.close_once("2026-11-28")
    assert told == []


def test_nobody_waits_for_the_days_end(terminal, journal, monkeypatch):
    """While somebody is served, and in any other hour, a look is only a look."""
    told = []
    end = DayEnd(terminal, told.append, journal.path, -1, ZoneInfo("Asia/Baku"))
    end.serving = lambda: False
    end.look()
    always = [DayEnd(terminal, told.append, journal.path, hour, ZoneInfo("Asia/Baku")) for hour in range(24)]
    for each in always:
        each.serving = lambda: True
        each.look()
    assert told == []
