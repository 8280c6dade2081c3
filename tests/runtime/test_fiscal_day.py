"""The end of the fiscal register's day, over the real wire, compared with the real journal."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from hardware.fiscal.driver import open_driver
from hardware.fiscal.simulator import SimulatedFiscalRegister
from kiosk.domain.fiscal import Registered
from kiosk.domain.health import Ready
from kiosk.journey.events_fiscal import SaleRegistered, SaleUnresolved
from kiosk.runtime.fiscal_day import FiscalDay
from kiosk.runtime.nightly import TRIES
from tests.hardware.fiscal.sales import a_sale, fiscal_settings

BAKU = ZoneInfo("Asia/Baku")
NIGHT = "2026-11-28"


@pytest.fixture
def simulated(tmp_path):
    made = SimulatedFiscalRegister(tmp_path / "register")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def register(simulated, tmp_path):
    driver = open_driver(fiscal_settings(str(simulated.url), tmp_path))
    yield driver
    driver.close()


def day_of(register, journal, told, **options):
    """Return the end of the day; what it tells is an entry of the journal, as in the kiosk."""

    def post(event):
        journal.append(event, 0, 1, 1)
        told.append(event)

    return FiscalDay(register, post, journal.path, 3, BAKU, **options)


def sold(register, journal, number, *, known=True):
    """Register a sale of 0.40; the journal hears of it or not."""
    outcome = register.register(a_sale(f"K-{number}"))
    assert isinstance(outcome, Registered)
    if known:
        journal.append(SaleRegistered(1, outcome.document), number, 1, 1)


def sums(told):
    return [(each.count, each.amount.minor, each.expected_count, each.expected.minor, each.problem) for each in told]


def test_a_day_that_agrees(register, journal):
    """Two sales that the journal knows are the shift's totals; closing it again the same night does nothing."""
    told = []
    sold(register, journal, 1)
    sold(register, journal, 2)
    day = day_of(register, journal, told)
    day.close_once(NIGHT)
    day.close_once(NIGHT)
    assert sums(told) == [(2, 80, 2, 80, "")]
    assert (told[0].first, told[0].last, told[0].unsent) == (1, 2, 0)


def test_a_day_that_differs_is_told(register, journal):
    """A sale that the journal does not know of makes the day differ, with both sums in the chain."""
    told = []
    sold(register, journal, 1)
    sold(register, journal, 2, known=False)
    day_of(register, journal, told).close_once(NIGHT)
    assert sums(told) == [(2, 80, 1, 40, "differs")]


def test_a_sale_in_doubt_may_be_among_them(register, journal):
    """A sale of which nobody could tell is no difference when the register has it: staff have its claim."""
    told = []
    sold(register, journal, 1)
    sold(register, journal, 2, known=False)
    journal.append(SaleUnresolved(1, "line lost"), 2, 1, 1)
    day_of(register, journal, told).close_once(NIGHT)
    assert sums(told) == [(2, 80, 1, 40, "")]
    assert told[0].doubtful == 1


def test_each_night_stands_for_itself(register, journal):
    """What was closed is not expected again the next night."""
    told = []
    day = day_of(register, journal, told)
    sold(register, journal, 1)
    day.close_once(NIGHT)
    sold(register, journal, 2)
    day.close_once("2026-11-29")
    assert sums(told) == [(1, 40, 1, 40, ""), (1, 40, 1, 40, "")]


def test_a_shift_that_was_changed_meanwhile(simulated, register, journal):
    """Sales of a shift that had to be closed before its night are not held against the one that is closed now."""
    told = []
    sold(register, journal, 1)
    simulated.do({"do": "later", "hours": 25})
    sold(register, journal, 2)
    day_of(register, journal, told).close_once(NIGHT)
    assert sums(told) == [(1, 40, 1, 40, "")]


def test_a_night_without_sales(register, journal):
    """Where no shift was open and nothing was sold, nothing is told."""
    told = []
    day_of(register, journal, told).close_once(NIGHT)
    assert told == []


def test_a_shift_that_somebody_else_closed(register, journal):
    """Sales whose shift is closed already cannot be compared, and that is told."""
    told = []
    sold(register, journal, 1)
    register.close_day()
    day_of(register, journal, told).close_once(NIGHT)
    assert [each.problem for each in told] == ["refused"]


def test_a_lost_report_is_doubt(simulated, register, journal):
    """When the answer to closing is lost, nobody claims to know the totals."""
    told = []
    sold(register, journal, 1)
    simulated.do({"do": "lose_answer", "operation": "close_shift"})
    day_of(register, journal, told).close_once(NIGHT)
    assert [each.problem for each in told] == ["unresolved"]


def test_a_register_that_is_away_is_tried_again(simulated, register, journal):
    """A register that cannot be asked is tried so often and no more that night, and the next night again."""
    told = []
    sold(register, journal, 1)
    day = day_of(register, journal, told)
    simulated.do({"do": "power_off"})
    for _ in range(TRIES):
        day.close_once(NIGHT)
    simulated.do({"do": "power_on"})
    day.close_once(NIGHT)
    assert told == []
    day.close_once("2026-11-29")
    assert sums(told) == [(1, 40, 1, 40, "")]


@pytest.mark.parametrize("ready", [False, True])
def test_the_card_terminals_day_comes_first(register, journal, monkeypatch, ready):
    """In the hour of the day's end the shift is closed once the card terminal's day is over, and not before."""
    told = []
    sold(register, journal, 1)
    day = day_of(register, journal, told, after=lambda _night: ready)
    monkeypatch.setattr(day, "due", lambda: NIGHT)
    assert isinstance(day.look(), Ready)
    assert bool(told) == ready
