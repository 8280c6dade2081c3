"""Calls that may never return, made in a thread of their own."""

from __future__ import annotations

import threading
import time

import pytest

from hardware.card.lane import Lane
from kiosk.domain.faults import DeviceSilent


def test_a_call_comes_back_with_what_it_returned_or_raised():
    """Results and errors cross over unchanged, and every call runs in the same other thread."""
    lane = Lane("lane-test")
    assert lane.call(lambda: 6 * 7, 1.0, "multiplying") == 42
    with pytest.raises(ZeroDivisionError):
        lane.call(lambda: 1 // 0, 1.0, "dividing")
    names = {lane.call(lambda: threading.current_thread().name, 1.0, "asking") for _ in range(2)}
    assert names == {"lane-test"}
    lane.end(lambda: None, 1.0)
    assert not lane.stuck


def test_a_late_call_is_given_up_and_cleans_up_when_it_comes_back():
    """Late is silent; the lane takes nothing more; its last call runs as soon as the late one returns."""
    lane, release, cleaned = Lane("lane-test"), threading.Event(), threading.Event()
    with pytest.raises(DeviceSilent, match="waiting"):
        lane.call(lambda: release.wait(5.0), 0.02, "waiting")
    with pytest.raises(DeviceSilent):
        lane.call(lambda: 1, 1.0, "trying again")
    lane.end(cleaned.set)
    assert lane.stuck
    assert not cleaned.is_set()
    release.set()
    assert cleaned.wait(1.0)
    lane.end(lambda: None, 1.0)
    assert not lane.stuck


def test_a_last_step_says_whether_it_came_back_in_time():
    """What nobody needs the outcome of is waited for only so long, and the lane goes on working afterwards."""
    lane, release = Lane("lane-test"), threading.Event()
    assert lane.run(lambda: None, 1.0)
    assert not lane.run(lambda: release.wait(5.0) and None, 0.02)
    release.set()
    assert lane.call(lambda: 7, 1.0, "going on") == 7
    lane.end(lambda: None, 1.0)


def test_a_lane_that_has_ended_keeps_nobody_waiting():
    """Whoever comes after the end is told at once, whatever time the call may take."""
    lane, began = Lane("lane-test"), time.monotonic()
    lane.end(lambda: None, 1.0)
    with pytest.raises(DeviceSilent, match="closed"):
        lane.call(lambda: 1, 30.0, "coming late")
    assert not lane.run(lambda: None, 30.0)
    assert time.monotonic() - began < 15.0
