"""What a Star printer does that no other does, beside the scenarios that it shares with the others in `test_scenarios`."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.printer.profiles import PROFILES
from hardware.printer.star import Star
from hardware.printer.star_encode import encode
from kiosk.domain.health import Ready
from kiosk.domain.receipt import NotStarted, Printed
from tests.hardware.printer.samples import PAPERS, PAYMENT, SHORT
from tests.hardware.printer.wire import is_exactly, the_next_paper_is_clean, wire


@pytest.mark.parametrize("name", sorted(PAPERS))
@pytest.mark.parametrize(
    ("model", "network", "width_mm"),
    [("tup900", False, 80), ("tup900", True, 80), ("tup500", False, 58), ("tsp700", False, 80)],
)
def test_normal(tmp_path: Path, model: str, network: bool, width_mm: int, name: str) -> None:
    """Each paper is Printed dot for dot and cut once, over both kinds of line, and the printer knew every byte."""
    with wire(tmp_path, model, network=network, width_mm=width_mm) as wired:
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


@pytest.mark.parametrize("kept", [0, 3, 12, 18, 19, 21, 60, 400, 5000])
def test_crash_inside_a_window(tmp_path: Path, kept: int) -> None:
    """A program that died in a window or after it leaves no dot on the next paper, wherever it stopped."""
    with wire(tmp_path, "tup900") as wired:
        opening = Star(PROFILES["star-tup900"], 30.0).opening("0000")
        wired.leave(opening + encode(wired.driver.picture(PAYMENT))[0][:kept])
        wired.until(lambda state: state["counter"] > 0)  # a start takes longer than the printer for this
        assert isinstance(wired.driver.health(), Ready)
        the_next_paper_is_clean(wired)


def test_left_by_a_dead_kiosk(tmp_path: Path) -> None:
    """A kiosk that dies after the cut leaves no paper in the mouth: the printer was told how long to wait."""
    with wire(tmp_path, "tup900", take_s=0.5) as wired:
        assert wired.driver.print(SHORT) == Printed()
        wired.driver.close()
        wired.until(lambda state: state["fates"] == {1: "retracted"})
