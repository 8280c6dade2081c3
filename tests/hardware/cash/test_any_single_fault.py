"""A bad line while a note is taken: whatever happens to whichever byte, the driver's word is where the note lies."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from msgspec.structs import replace

from hardware.cash.driver import open_driver
from hardware.cash.settings import CashSettings
from hardware.line import KINDS, Fault, Line
from kiosk.domain.cash import Returned, Stacked
from kiosk.domain.faults import DeviceFault
from kiosk.domain.payment import Unresolved
from tests.hardware.cash.test_driver import FIVE, QUICK, Desk

AT_ONCE = 12
"""Worlds beside each other: nearly all of a faulty stacking is waiting."""
PATIENT = replace(QUICK, answer_s=0.5)
"""A busy machine may let so many validators wait for their turn longer than a line is silent."""
LONGEST = {"to_device": 36, "to_kiosk": 40}
"""Bytes of one stacking in each direction: poll, order, a few polls until it is stacked, its acknowledgement."""


def asked_after(driver, *, stacking):
    """Ask as recovery does, until the line is back."""
    for _ in range(5):
        outcome = driver.outcome_of_note(FIVE, stacking=stacking)
        if not isinstance(outcome, Unresolved):
            return outcome
        time.sleep(0.1)
    return outcome


def acknowledged(driver):
    """Acknowledge as soon as the line is back: the journal has the note already."""
    end = time.monotonic() + 6.0
    while True:
        try:
            driver.acknowledge()
        except DeviceFault:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def stacked_over_a_bad_line(folder, fault):
    """Take one note with one fault on the line; return whether it happened and what the driver says."""
    folder.mkdir()
    desk = Desk(folder)
    line = Line(folder / "line", folder / "validator")
    line.start()
    desk.driver = open_driver(CashSettings(port=str(folder / "line"), timings=PATIENT))
    try:
        assert desk.offer(5) == FIVE
        line.arm(fault)
        try:
            outcome = desk.driver.stack(FIVE)
            if isinstance(outcome, Unresolved):
                outcome = asked_after(desk.driver, stacking=True)
        except DeviceFault:  # the order never left
            outcome = asked_after(desk.driver, stacking=False)
        if isinstance(outcome, Stacked):
            acknowledged(desk.driver)
        truth = desk.places()
    finally:
        desk.driver.close()
        line.stop()
        desk.validator.stop()
    if isinstance(outcome, Stacked):
        assert truth == ["stacker"], fault
    if isinstance(outcome, Returned):
        assert truth == [], fault
    return line.fired, outcome


@pytest.mark.parametrize("direction", ["to_device", "to_kiosk"])
def test_any_fault_at_any_byte(tmp_path, direction):
    """Every kind of fault at every byte of a stacking ends taken, given back or in doubt, as the validator's own truth has it."""
    faults = [Fault(kind, direction, offset) for kind in KINDS for offset in range(LONGEST[direction])]
    places = [tmp_path / f"{fault.kind}{fault.offset}" for fault in faults]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ends = list(pool.map(partial(stacked_over_a_bad_line), places, faults))
    happened = [outcome for fired, outcome in ends if fired]
    assert len(happened) > len(faults) / 2
    assert sum(isinstance(outcome, Stacked) for outcome in happened) > len(happened) / 2


def test_a_good_line_changes_nothing(tmp_path):
    """Without a fault the line passes everything on."""
    fired, outcome = stacked_over_a_bad_line(tmp_path / "good", Fault("drop", "to_device", 100_000))
    assert (fired, outcome) == (False, Stacked(FIVE))
