"""What was coming out when the program ended: the driver is told of it, and cuts it off before anything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from hardware.printer import star_encode
from hardware.printer.encode import encode
from hardware.printer.profiles import PROFILES, ProfileName
from hardware.printer.star import Star
from kiosk.domain.health import Failed, Ready
from kiosk.domain.receipt import NotStarted, Printed
from tests.hardware.printer.samples import PAYMENT, SHORT
from tests.hardware.printer.wire import Wire, is_exactly, wire


def first_window(wired: Wire, profile: ProfileName) -> bytes:
    """Return the beginning of a paper, up to where the printer stands between two commands."""
    picture = wired.driver.picture(PAYMENT)
    if profile == "star-tup900":
        return Star(PROFILES[profile], 30.0).opening("0000") + star_encode.encode(picture)[0]
    return encode(picture, PROFILES[profile])[0]


@pytest.mark.parametrize("copy", [0, 1])
@pytest.mark.parametrize(
    ("model", "profile"),
    [("epson", "generic-80"), ("clone", "clone-80"), ("custom", "custom-80"), ("tup900", "star-tup900")],
)
def test_an_abandoned_paper_never_joins_the_next(tmp_path: Path, model: str, profile: ProfileName, copy: int) -> None:
    """The program ended between two windows: told so, the first paper afterwards stands alone, be it an original or a copy."""
    with wire(tmp_path, model, profile=profile) as wired:
        wired.leave(first_window(wired, profile))
        wired.until(lambda state: state["uncut_rows"] > 0)
        wired.driver.abandon()
        assert wired.driver.print(replace(SHORT, copy=copy)) == Printed()
        _rest, paper = wired.papers()
        assert is_exactly(paper, wired, SHORT)
        assert wired.driver.print(SHORT) == Printed()
        assert len(wired.papers()) == 3, "it is cut off once"


@pytest.mark.parametrize("copy", [0, 1])
def test_without_that_nothing_is_cut_off(tmp_path: Path, copy: int) -> None:
    """The first paper of a fresh start wastes none, whether or not it is a copy: what to cut off is told and not guessed."""
    with wire(tmp_path) as wired:
        assert wired.driver.print(replace(SHORT, copy=copy)) == Printed()
        assert len(wired.printer.ledger()) == 1


def test_an_abandoned_paper_waits_for_its_printer(tmp_path: Path) -> None:
    """Told while the printer is away, the driver cuts the rest off at the first look at the printer that is back, and once."""
    with wire(tmp_path) as wired:
        wired.do("unplug")
        wired.driver.abandon()
        assert wired.driver.print(SHORT) == NotStarted("lost")
        assert isinstance(wired.driver.health(), Failed)
        wired.do("plug")
        for _ in range(2):
            assert isinstance(wired.driver.health(), Ready)
            assert len(wired.printer.ledger()) == 1
        assert wired.driver.print(SHORT) == Printed()
        assert len(wired.printer.ledger()) == 2
