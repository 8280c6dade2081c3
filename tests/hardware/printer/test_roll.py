"""The roll is counted: metres and cuts, over restarts, and from nothing again when a new one is put in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.printer.roll import Roll, Used
from hardware.printer.status import Condition
from kiosk.domain.health import Degraded, Ready
from kiosk.domain.receipt import Partial, Printed
from tests.hardware.printer.samples import PAYMENT, SHORT
from tests.hardware.printer.wire import Wire, wire

ENDS = st.builds(Condition, st.frozensets(st.sampled_from(("paper_out", "cover_open"))), st.booleans())


def told(wired: Wire) -> str:
    """Return what the self-test says of the roll."""
    return next(check.detail for check in wired.driver.self_test().checks if check.name == "roll")


def test_what_came_out_is_counted(tmp_path: Path) -> None:
    """The self-test tells metres and cuts as the papers have them, also after the program was started anew."""
    with wire(tmp_path, roll_file=str(tmp_path / "roll.json")) as wired:
        assert told(wired).startswith("0.0 m and 0 cuts")
        for _ in range(3):
            assert wired.driver.print(PAYMENT) == Printed()
        metres = sum(row["height_mm"] for row in wired.printer.ledger()) / 1000
        assert told(wired).startswith(f"{metres:.1f} m and 3 cuts")
        wired.restart()
        assert told(wired).startswith(f"{metres:.1f} m and 3 cuts")


def test_a_new_roll_begins_at_nothing(tmp_path: Path) -> None:
    """Paper that ended and is there again is a new roll; the broken-off paper was counted to the old one as far as it came."""
    with wire(tmp_path) as wired:
        assert wired.driver.print(SHORT) == Printed()
        wired.do("paper_out_after", rows=300)
        assert isinstance(wired.driver.print(PAYMENT), Partial)
        wired.driver.health()
        assert not told(wired).startswith("0.0 m")
        wired.do("paper_in")
        assert isinstance(wired.driver.health(), Ready)
        assert told(wired).startswith("0.0 m and 0 cuts")


@pytest.mark.parametrize(("roll_m", "health"), [(0.0, Ready), (50.0, Ready), (3.1, Degraded)])
def test_the_end_is_foretold(tmp_path: Path, roll_m: float, health: type) -> None:
    """A printer without a near-end sensor is called low when the roll's length is nearly used up, and only if that is known."""
    with wire(tmp_path, roll_m=roll_m) as wired:
        assert isinstance(wired.driver.health(), Ready)
        assert wired.driver.print(PAYMENT) == Printed()
        assert isinstance(wired.driver.health(), health)


@given(st.lists(st.one_of(ENDS, st.floats(0, 500)), max_size=12))
def test_only_a_new_roll_takes_the_count_back(happens: list[Condition | float]) -> None:
    """The count never falls but to nothing, and only after low or ended paper is told to be there again."""
    roll, ending = Roll(0, ""), False
    for each in happens:
        before = roll.used
        if isinstance(each, Condition):
            roll.seen(each)
            assert roll.used.mm == before.mm or (ending and not each.faults and not each.paper_low)
            ending = roll.used.ending
        else:
            roll.count(each, 1)
            assert roll.used.mm >= before.mm


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"mm": "x"}'])
def test_a_damaged_file_is_none(tmp_path: Path, content: bytes) -> None:
    """A file that cannot be read, or a folder that cannot be written, costs the count and nothing else."""
    file = tmp_path / "roll.json"
    file.write_bytes(content)
    assert Roll(0, str(file)).used == Used()
    away = Roll(0, str(tmp_path / "no" / "roll.json"))
    away.count(10, 1)
    assert away.used.cuts == 1


@given(st.floats(0, 60_000), st.integers(0, 500))
def test_what_is_left_is_told_where_the_length_is_known(mm: float, cuts: int) -> None:
    """Printed and left make up the roll, nothing below nothing is left, and without a length nobody guesses."""
    known, unknown = Roll(50.0, ""), Roll(0.0, "")
    for roll in (known, unknown):
        roll.count(mm, cuts)
    supply = known.supply
    assert supply.left_mm == round(max(0.0, 50_000 - mm))
    assert (supply.cuts, supply.near_end) == (cuts, mm > 47_000)
    assert (unknown.supply.left_mm, unknown.supply.near_end) == (None, False)


def test_near_the_end_is_told_by_the_sensor_too() -> None:
    """Where the printer itself says that paper is low, the roll is near its end, whatever was counted."""
    roll = Roll(0.0, "")
    roll.seen(Condition(frozenset(), True))
    assert roll.supply.near_end
