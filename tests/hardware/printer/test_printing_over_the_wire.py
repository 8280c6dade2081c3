"""The driver and a printer written by another hand, on a real line: what is said of a paper is what lies in the tray."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hardware.printer.layout import HEADS
from kiosk.domain.health import Degraded, Failed, Ready
from kiosk.domain.receipt import NotStarted, Partial, Printed
from tests.hardware.printer.samples import PAPERS, PAYMENT, SHORT
from tests.hardware.printer.wire import is_exactly, the_next_paper_is_clean, wire

BOTH = pytest.mark.parametrize("model", ["epson", "tup900"])
"""A printer of each language."""


@pytest.mark.parametrize("name", sorted(PAPERS))
@pytest.mark.parametrize(("width_mm", "dots_per_inch"), sorted(HEADS))
def test_what_comes_out_fits_every_head(tmp_path: Path, width_mm: int, dots_per_inch: int, name: str) -> None:
    """On every width and head each paper is the layout, dot for dot: feeds are in the head's own dots."""
    with wire(tmp_path, width_mm=width_mm, dots_per_inch=dots_per_inch) as wired:
        assert wired.driver.print(PAPERS[name]) == Printed()
        (paper,) = wired.papers()
        assert paper.width == HEADS[width_mm, dots_per_inch]
        assert is_exactly(paper, wired, PAPERS[name])


def test_papers_follow_each_other(tmp_path: Path) -> None:
    """Several papers in a row are each whole and each alone."""
    with wire(tmp_path) as wired:
        for _ in range(3):
            assert wired.driver.print(SHORT) == Printed()
        assert [is_exactly(paper, wired, SHORT) for paper in wired.papers()] == [True] * 3


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        ("paper_out", "paper_out"),
        ("overheat", "overheated"),
        ("break", "mechanical"),
        ("silent", "silent"),
        ("frozen", "silent"),
        ("unplug", "lost"),
        ("power_off", "silent"),
    ],
)
@BOTH
def test_a_fault_before(tmp_path: Path, model: str, happens: str, reason: str) -> None:
    """A printer that cannot print is asked first: nothing is printed, and the reason is told."""
    with wire(tmp_path, model) as wired:
        wired.do(happens)
        assert wired.driver.print(PAYMENT) == NotStarted(reason)
        assert wired.do("state")["uncut_rows"] == 0
        assert wired.papers() == []


@pytest.mark.parametrize(
    ("happens", "reason", "ends"),
    [
        ("paper_out", "paper_out", "paper_in"),
        ("overheat", "overheated", "cool"),
        ("break", "mechanical", "normal"),
        ("power_off", "", "power_on"),
    ],
)
@BOTH
def test_a_fault_in_the_middle(tmp_path: Path, model: str, happens: str, reason: str, ends: str) -> None:
    """A paper that broke off is Partial with its reason; once the fault is gone, the next paper starts clean."""
    with wire(tmp_path, model) as wired:
        printing = wired.begin(PAYMENT)
        wired.do(happens)
        outcome = printing.result(30)
        assert isinstance(outcome, Partial)
        assert outcome.reason == (reason or outcome.reason)
        assert 0 < outcome.windows_acknowledged < len(wired.windows(PAYMENT))
        assert not wired.papers()
        wired.do(ends)
        the_next_paper_is_clean(wired)


def test_the_stub_goes_while_nobody_is_there(tmp_path: Path) -> None:
    """After a refill the kiosk's own look at the printer cuts the broken-off paper: nobody gets it with his receipt."""
    with wire(tmp_path) as wired:
        wired.do("paper_out_after", rows=300)
        wired.driver.print(PAYMENT)
        wired.do("paper_in")
        assert isinstance(wired.driver.health(), Ready)
        assert len(wired.papers()) == 1
        the_next_paper_is_clean(wired)
        assert len(wired.papers()) == 2


def test_the_grace_ends_when_nobody_waits(tmp_path: Path) -> None:
    """Cancelling ends the wait for the cover to be closed within a second."""
    with wire(tmp_path, grace_s=60.0) as wired:
        printing = wired.begin(PAYMENT)
        wired.do("cover_open")
        wired.until(lambda state: state["offline"])
        begun_s = time.monotonic()
        wired.driver.cancel()
        outcome = printing.result(5)
        assert isinstance(outcome, Partial)
        assert outcome.reason == "cover_open"
        assert time.monotonic() - begun_s < 1


@pytest.mark.parametrize("kept", [3, 5, 7])
def test_a_crash_inside_a_command(tmp_path: Path, kept: int) -> None:
    """A torn header does not become a picture of megabytes that swallows every paper to come."""
    with wire(tmp_path) as wired:
        wired.leave(bytes.fromhex("1d 76 30 00 48 00 18 00")[:kept])
        the_next_paper_is_clean(wired)


@BOTH
def test_garbage_on_the_line(tmp_path: Path, model: str) -> None:
    """Noise between answers changes nothing of what is printed and said."""
    with wire(tmp_path, model) as wired:
        printing = wired.begin(PAYMENT)
        wired.do("garbage", bytes="ff 81 93 11 13 91 ff")
        assert printing.result(20) == Printed()
        assert is_exactly(wired.papers()[0], wired, PAYMENT)


def test_unplugged_and_plugged_while_idle(tmp_path: Path) -> None:
    """The driver finds the printer again by itself, at the very next call."""
    with wire(tmp_path) as wired:
        assert wired.driver.print(SHORT) == Printed()
        wired.do("unplug")
        assert isinstance(wired.driver.health(), Failed)
        wired.do("plug")
        assert isinstance(wired.driver.health(), Ready)
        wired.do("unplug")
        wired.do("plug")
        assert wired.driver.print(SHORT) == Printed()


@pytest.mark.parametrize(
    ("happens", "health"),
    [
        ("normal", Ready("generic-80")),
        ("near_end", Degraded("paper_low", "generic-80")),
        ("paper_out", Failed("paper_out", "generic-80")),
        ("cover_open", Failed("cover_open", "generic-80")),
        ("overheat", Failed("overheated", "generic-80")),
        ("break", Failed("mechanical", "generic-80")),
    ],
)
def test_health(tmp_path: Path, happens: str, health: object) -> None:
    """Health tells the printer's condition within its 3 s."""
    with wire(tmp_path) as wired:
        wired.do(happens)
        begun_s = time.monotonic()
        assert wired.driver.health() == health
        assert time.monotonic() - begun_s < 3


@pytest.mark.parametrize(("happens", "reason"), [("silent", "silent"), ("unplug", "absent")])
def test_health_of_a_printer_that_is_away(tmp_path: Path, happens: str, reason: str) -> None:
    """A silent printer and an absent one are told apart, within the 3 s."""
    with wire(tmp_path) as wired:
        wired.do(happens)
        begun_s = time.monotonic()
        health = wired.driver.health()
        assert isinstance(health, Failed)
        assert health.reason == reason
        assert time.monotonic() - begun_s < 3


@pytest.mark.parametrize(
    ("happens", "failed"),
    [
        ("normal", set()),
        ("paper_out", {"paper"}),
        ("cover_open", {"cover"}),
        ("overheat", {"mechanism"}),
        ("silent", {"answer"}),
        ("unplug", {"port"}),
    ],
)
def test_self_test(tmp_path: Path, happens: str, failed: set[str]) -> None:
    """The self-test names what fails, says what to do about it, moves no paper, and leaves the rest passed."""
    with wire(tmp_path) as wired:
        wired.do(happens)
        test = wired.driver.self_test()
        assert {check.name for check in test.checks if check.outcome == "failed"} == failed
        assert all(check.advice for check in test.checks if check.outcome != "passed")
        assert test.outcome == ("failed" if failed else "passed")
        assert {"fonts"} <= {check.name for check in test.checks if check.outcome == "passed"}
        assert wired.papers() == []
