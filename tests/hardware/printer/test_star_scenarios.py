"""The scenarios of `test_scenarios` on a Star printer that another hand wrote from the manual: what is said lies in the tray."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hardware.printer.profiles import PROFILES
from hardware.printer.star import Star
from hardware.printer.star_encode import encode
from kiosk.domain.health import Failed, Ready
from kiosk.domain.receipt import NotStarted, Partial, Printed
from tests.hardware.printer.samples import PAPERS, PAYMENT, SHORT
from tests.hardware.printer.wire import Wire, is_exactly, the_next_paper_is_clean, wire


@contextmanager
def star(folder: Path, model: str = "tup900", **settings: Any) -> Iterator[Wire]:
    with wire(folder, model, **{"profile": "star-tup900", "answer_s": 0.3, **settings}) as wired:
        yield wired


@pytest.mark.parametrize("name", sorted(PAPERS))
@pytest.mark.parametrize(
    ("model", "network", "width_mm"),
    [("tup900", False, 80), ("tup900", True, 80), ("tup500", False, 58), ("tsp700", False, 80)],
)
def test_normal(tmp_path: Path, model: str, network: bool, width_mm: int, name: str) -> None:
    """Each paper is Printed dot for dot and cut once, over both kinds of line, and the printer knew every byte."""
    with star(tmp_path, model, network=network, width_mm=width_mm) as wired:
        assert wired.driver.print(PAPERS[name]) == Printed()
        (paper,) = wired.papers()
        assert is_exactly(paper, wired, PAPERS[name])
        state = wired.do("state")
        assert (state["cuts"], state["unknown_bytes"], state["raster"]) == (1, 0, False)


@pytest.mark.parametrize(
    ("model", "profile"), [("epson", "star-tup900"), ("tup900", "generic-80"), ("tup900", "custom-80")]
)
def test_wrong_profile(tmp_path: Path, model: str, profile: str) -> None:
    """A Star printer behind an ESC/POS profile, or the other way round, is found out before any paper moves."""
    with wire(tmp_path, model, profile=profile, acknowledge_s=0.5) as wired:
        assert isinstance(wired.driver.print(PAYMENT), NotStarted)
        assert wired.papers() == []


def test_paper_ends_and_is_refilled(tmp_path: Path) -> None:
    """Paper that ends is Partial, the next order NotStarted at once, and after a refill the next paper is whole and alone."""
    with star(tmp_path) as wired:
        wired.do("paper_out_after", rows=300)
        outcome = wired.driver.print(PAYMENT)
        assert isinstance(outcome, Partial)
        assert outcome.reason == "paper_out"
        assert 0 < outcome.windows_acknowledged < len(encode(wired.driver.picture(PAYMENT)))
        begun_s = time.monotonic()
        assert wired.driver.print(SHORT) == NotStarted("paper_out")
        assert time.monotonic() - begun_s < 2
        wired.do("paper_in")
        the_next_paper_is_clean(wired)


@pytest.mark.parametrize(("happens", "ends"), [("paper_out", "paper_in"), ("cover_open", "cover_close")])
def test_removed_inside_the_grace(tmp_path: Path, happens: str, ends: str) -> None:
    """A fault removed within the grace: the printer goes on by itself, and the one paper is whole."""
    with star(tmp_path, grace_s=20.0) as wired:
        printing = wired.begin(PAYMENT)
        wired.do(happens)
        wired.until(lambda state: state["offline"])
        wired.do(ends)
        assert printing.result(20) == Printed()
        assert is_exactly(wired.papers()[0], wired, PAYMENT)


@pytest.mark.parametrize(
    ("happens", "reason", "ends"),
    [
        ("cover_open", "cover_open", "cover_close"),
        ("overheat", "overheated", "cool"),
        ("unplug", "lost", "plug"),
        ("power_cycle", "", "normal"),
    ],
)
def test_a_fault_in_the_middle(tmp_path: Path, happens: str, reason: str, ends: str) -> None:
    """A paper that broke off is Partial with its reason, a restart included; once it is over, the next paper starts clean."""
    with star(tmp_path) as wired:
        printing = wired.begin(PAYMENT)
        wired.do(happens)
        outcome = printing.result(30)
        assert isinstance(outcome, Partial)
        assert outcome.reason == (reason or outcome.reason)
        wired.do(ends)
        the_next_paper_is_clean(wired)


def test_cutter_jams(tmp_path: Path) -> None:
    """A paper that was not cut off is not Printed; after the jam the cover is opened and closed, and the next one is clean."""
    with star(tmp_path, grace_s=20.0) as wired:
        wired.do("cutter_jam")
        outcome = wired.driver.print(PAYMENT)
        assert isinstance(outcome, Partial)
        assert outcome.reason == "cutter"
        assert wired.driver.print(SHORT) == NotStarted("cutter")
        assert wired.driver.health() == Failed("cutter", "star-tup900")
        for repair in ("clear", "cover_open", "cover_close"):
            wired.do(repair)
        the_next_paper_is_clean(wired)


@pytest.mark.parametrize("kept", [0, 3, 12, 18, 19, 21, 60, 400, 5000])
def test_crash_inside_a_window(tmp_path: Path, kept: int) -> None:
    """A program that died in a window or after it leaves no dot on the next paper, wherever it stopped."""
    with star(tmp_path) as wired:
        opening = Star(PROFILES["star-tup900"], 30.0).opening("0000")
        wired.leave(opening + encode(wired.driver.picture(PAYMENT))[0][:kept])
        wired.until(lambda state: state["counter"] > 0)  # a start takes longer than the printer for this
        assert isinstance(wired.driver.health(), Ready)
        the_next_paper_is_clean(wired)


def test_taken(tmp_path: Path) -> None:
    """A paper is held out by the cut; once it is taken, the next one is printed as if there had been none."""
    with star(tmp_path) as wired:
        for number in (1, 2):
            assert wired.driver.print(SHORT) == Printed()
            assert wired.do("state")["held_out"]
            wired.do("take")
            assert wired.do("state")["fates"] == dict.fromkeys(range(1, number + 1), "taken")


def test_left_in_the_mouth(tmp_path: Path) -> None:
    """After its time a paper is drawn in, by the idle kiosk's look at the printer or by the printer itself; not before."""
    with star(tmp_path, take_s=2.0) as wired:
        assert wired.driver.print(SHORT) == Printed()
        assert isinstance(wired.driver.health(), Ready)
        assert wired.do("state")["held_out"]
        time.sleep(2.2)
        assert isinstance(wired.driver.health(), Ready)
        assert wired.do("state")["fates"] == {1: "retracted"}


def test_left_by_a_dead_kiosk(tmp_path: Path) -> None:
    """A kiosk that dies after the cut leaves no paper in the mouth: the printer was told how long to wait."""
    with star(tmp_path, take_s=0.5) as wired:
        assert wired.driver.print(SHORT) == Printed()
        wired.driver.close()
        wired.until(lambda state: state["fates"] == {1: "retracted"})


def test_jam_at_the_mouth(tmp_path: Path) -> None:
    """A paper stuck in the mouth stays the only one, is told, and once it is removed the next is printed."""
    with star(tmp_path) as wired:
        assert wired.driver.print(SHORT) == Printed()
        wired.do("presenter_jam")
        assert wired.driver.print(PAYMENT) == NotStarted("mechanical")
        assert wired.driver.health() == Failed("mechanical", "star-tup900")
        assert len(wired.papers()) == 1
        wired.do("clear")
        assert wired.driver.print(PAYMENT) == Printed()


def test_the_next_citizens_order(tmp_path: Path) -> None:
    """A paper left in the mouth is drawn in before the next citizen's is begun: nobody finds two."""
    with star(tmp_path) as wired:
        assert wired.driver.print(SHORT) == Printed()
        assert wired.driver.print(PAYMENT) == Printed()
        assert wired.do("state")["fates"] == {1: "retracted"}
        wired.do("take")
        assert wired.do("state")["fates"] == {1: "retracted", 2: "taken"}


@pytest.mark.parametrize(("happens", "reason"), [("silent", "silent"), ("frozen", "silent"), ("unplug", "lost")])
def test_away(tmp_path: Path, happens: str, reason: str) -> None:
    """A printer that is silent, frozen or away is NotStarted with its reason, and nothing is in it afterwards."""
    with star(tmp_path) as wired:
        wired.do(happens)
        assert wired.driver.print(PAYMENT) == NotStarted(reason)
        assert wired.do("state")["uncut_rows"] == 0


def test_garbage_on_the_line(tmp_path: Path) -> None:
    """Noise between reports changes nothing of what is printed and said."""
    with star(tmp_path) as wired:
        printing = wired.begin(PAYMENT)
        wired.do("garbage", bytes="ff 81 93 11 13 91 ff")
        assert printing.result(20) == Printed()
        assert is_exactly(wired.papers()[0], wired, PAYMENT)
