"""The kiosk's regular word about itself."""

from __future__ import annotations

import pytest

from kiosk.domain.faults import CentralUnreachable
from kiosk.domain.health import Degraded, Failed, Ready
from kiosk.domain.receipt import Supply
from kiosk.runtime.heartbeat import EVERY_S, LEAST_S, Heartbeat

ROLL = Supply(1500, 12, 48_500, near_end=False)


class Line:
    """The far end of the line, which keeps what it hears, and the clock of the test."""

    def __init__(self):
        self.heard, self.state, self.breaks, self.now_s = [], Ready(), False, 1000.0
        self.devices, self.roll, self.busy = {"printer": Ready("model, port")}, ROLL, False
        self.beat = Heartbeat(self, lambda: self.roll, "1.0", clock_s=lambda: self.now_s)
        self.beat.serving, self.beat.devices = lambda: self.busy, lambda: self.devices

    def health(self):
        return self.state

    def report(self, version, devices, supply):
        if self.breaks:
            raise CentralUnreachable("gone")
        self.heard.append((version, dict(devices), supply))

    def later(self, seconds):
        self.now_s += seconds
        return self.beat.look()


@pytest.fixture
def line():
    """A kiosk at rest whose centre answers."""
    return Line()


def test_it_is_told_once_and_then_every_few_minutes(line):
    """The first look tells; without news nothing is told until it is time."""
    for _ in range(5):
        line.later(LEAST_S)
    assert len(line.heard) == 1
    line.later(EVERY_S)
    assert len(line.heard) == 2


@pytest.mark.parametrize("news", ["device", "near end", "a metre"])
def test_a_change_is_told_at_once(line, news):
    """A device in another condition, paper near its end, a metre more printed: each is told without waiting for the time."""
    line.later(0)
    if news == "device":
        line.devices = {"printer": Degraded("paper_low")}
    else:
        line.roll = (
            Supply(1500, 12, 2000, near_end=True) if news == "near end" else Supply(2600, 20, None, near_end=False)
        )
    line.later(LEAST_S)
    assert len(line.heard) == 2


def test_a_device_that_comes_and_goes_does_not_fill_the_line(line):
    """Between two words lies a time at least, whatever changes."""
    for second in range(20):
        line.devices = {"printer": Failed("lost") if second % 2 else Ready()}
        line.later(1)
    assert len(line.heard) == 1


def test_while_somebody_is_served_nothing_is_told(line):
    """The line belongs to the citizen; what changed meanwhile is told afterwards."""
    line.busy = True
    line.later(EVERY_S)
    assert line.heard == []
    line.busy = False
    line.later(1)
    assert len(line.heard) == 1


def test_what_was_not_heard_is_told_again_and_nothing_is_queued(line):
    """A broken line loses the word; once it holds again the newest is told, once."""
    line.breaks = True
    for _ in range(3):
        assert isinstance(line.later(LEAST_S), Ready)
    line.breaks, line.roll = False, Supply(9000, 80, None, near_end=False)
    line.later(LEAST_S)
    line.later(LEAST_S)
    assert [supply.printed_mm for _, _, supply in line.heard] == [9000]


def test_a_centre_that_does_not_answer_is_not_told(line):
    """Where the centre is away its own look says so and nothing more is tried."""
    line.state = Failed("absent")
    assert isinstance(line.later(EVERY_S), Failed)
    assert line.heard == []
