"""What was coming out when the program ended: the driver is told of it, and cuts it off before anything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk.domain.health import Failed, Ready
from kiosk.domain.receipt import NotStarted, Printed
from tests.hardware.printer.samples import PAYMENT, SHORT
from tests.hardware.printer.wire import is_exactly, wire


@pytest.mark.parametrize("copy", [0, 1])
@pytest.mark.parametrize("model", ["epson", "clone", "custom", "tup900"])
def test_an_abandoned_paper_never_joins_the_next(tmp_path: Path, model: str, copy: int) -> None:
    """The program ended between two windows: told so, the first paper afterwards stands alone, be it an original or a copy."""
    with wire(tmp_path, model) as wired:
        wired.leave(wired.windows(PAYMENT)[0])
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
