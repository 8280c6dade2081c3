"""Every kind of fault at every byte of a payment: the two sides agree about the money, whatever happens to the line."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from msgspec.structs import replace

from hardware.line import KINDS, Direction, Fault, Kind
from tests.hardware.terminal.fault_world import AT_ONCE, judge_all, lengths, slices

SPLIT_S, OUTLASTS_T1_S, OUTLASTS_T3_S = 0.01, 0.1, 0.4
"""A delay that only splits a frame; one that breaks it off; one after which nobody waits for it any more."""
MARGIN = 10
"""Offsets tried beyond the recorded payment, for bytes that only a fault brings."""
EVERY_BYTES_OF_TCP = 3
"""There every message is tried at a third of its bytes: what is cut off is cut off."""


@pytest.mark.parametrize("direction", ["to_device", "to_kiosk"])
@pytest.mark.parametrize(
    ("kind", "seconds"),
    [(kind, 0.1) for kind in KINDS if kind != "delay"]
    + [("delay", SPLIT_S), ("delay", OUTLASTS_T1_S), ("delay", OUTLASTS_T3_S)],
)
def test_any_fault_at_any_byte(tmp_path, kind: Kind, seconds: float, direction: Direction):
    """A fault of any kind at any byte of a payment ends in an outcome that equals the terminal's own ledger, never in two sales."""
    length = lengths(tmp_path / "recorded")[direction]
    first = Fault(kind, direction, 0, seconds)
    faults = [replace(first, offset=offset) for offset in range(length + MARGIN)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        happened = pool.map(judge_all, *zip(*slices(tmp_path, faults), strict=True))
        assert sum(happened) >= length - MARGIN


@pytest.mark.parametrize("direction", ["to_device", "to_kiosk"])
@pytest.mark.parametrize(
    ("kind", "seconds"), [("cut", 0.1), ("reset", 0.1), ("half", 0.5), ("delay", 0.01), ("delay", 0.4)]
)
def test_any_fault_of_a_network(tmp_path, kind: Kind, seconds: float, direction: Direction):
    """Over TCP a connection that breaks, falls silent or stalls anywhere in a payment ends likewise."""
    length = lengths(tmp_path / "recorded", tcp=True)[direction]
    offsets = range(0, length, EVERY_BYTES_OF_TCP)
    faults = [Fault(kind, direction, offset, seconds) for offset in offsets]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        happened = pool.map(partial(judge_all, tcp=True), *zip(*slices(tmp_path, faults), strict=True))
        assert sum(happened) >= len(faults) - MARGIN
