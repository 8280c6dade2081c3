"""Every kind of fault at every byte of a paper: what is said of it is true, and the next citizen's paper is his alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from hardware.line import KINDS, Direction, Fault, Kind
from hardware.printer import encode as encoding
from kiosk.domain.receipt import Printed
from tests.hardware.printer.bad_line import FIRST, Seen, a_world, lengths

AT_ONCE = 16
"""Worlds beside each other: nearly all of a faulty paper is waiting."""
ONE_LINE_BYTES = 66
"""A window so small that each line of the receipt is in one of its own."""
TELLING = ("delay", "cut")
"""Faults after which no byte is missing or wrong that the printer acknowledged. On a line without check sums nobody can see
the others: they may spoil the dots of the one window that they hit."""
MARGIN = 2


@pytest.mark.parametrize("direction", ["to_device", "to_kiosk"])
@pytest.mark.parametrize("kind", KINDS)
def test_any_fault_at_any_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind, direction: Direction
) -> None:
    """A fault of any kind at any byte: Printed is said only of a paper that shows all but the damaged window, and no other paper has its dots."""
    monkeypatch.setattr(encoding.windows, "__defaults__", (ONE_LINE_BYTES,))
    length = lengths(tmp_path / "recorded")[direction]
    first = Fault(kind, direction, 0, 0.1)
    faults = [replace(first, offset=offset) for offset in range(length + MARGIN)]
    shares = [(tmp_path / str(number), faults[number::AT_ONCE]) for number in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        seen = [(fault, one) for share in pool.map(lambda share: judge_all(*share), shares) for fault, one in share]
    for fault, one in seen:
        if isinstance(one.outcome, Printed):
            assert one.whole if kind in TELLING else one.lines >= len(FIRST.lines) - 1, (fault, one)
    assert sum(one.fired for _, one in seen) >= length - MARGIN
    assert any(isinstance(one.outcome, Printed) for _, one in seen), "a driver that doubts everything proves nothing"


def judge_all(folder: Path, faults: list[Fault]) -> list[tuple[Fault, Seen]]:
    with a_world(folder) as world:
        return [(fault, world.judge(fault)) for fault in faults]
