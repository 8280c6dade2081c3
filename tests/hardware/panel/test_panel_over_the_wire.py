"""The panel's driver on gpiozero pins whose other end is the simulated panel."""

import queue

import pytest

from hardware.panel.driver import PanelSettings, open_driver
from hardware.panel.simulator import SimulatedPanel
from kiosk.domain.health import Failed, Ready
from kiosk.domain.signals import PanelReading

WAIT_S = 3


@pytest.fixture
def bench(tmp_path):
    simulated = SimulatedPanel(tmp_path / "panel", tmp_path / "panel.sock")
    simulated.start()
    yield simulated
    simulated.stop()


@pytest.fixture
def panel(bench, tmp_path):
    driver = open_driver(PanelSettings(pins=f"bench:{tmp_path / 'panel.sock'}", bounce_s=0))
    yield driver
    driver.close()


@pytest.fixture
def reports(panel):
    readings = queue.Queue()
    panel.watch(readings.put)
    return readings


def test_the_reading_is_told_at_once(reports):
    """Whoever watches learns the reading now, without waiting for a change."""
    assert reports.get(timeout=WAIT_S) == PanelReading(door_open=False, present=False, mains=True)


@pytest.mark.parametrize(
    ("order", "reading"),
    [
        ("open", PanelReading(door_open=True)),
        ("come", PanelReading(present=True)),
        ("cut", PanelReading(mains=False)),
    ],
)
def test_each_sensor_is_told(bench, reports, order, reading):
    """A door that opens, a person that comes and mains that fail are each told, and nothing else changes."""
    reports.get(timeout=WAIT_S)
    bench.do({"do": order})
    assert reports.get(timeout=WAIT_S) == reading


def test_a_lamp_shines_at_the_far_end(bench, panel):
    """A lamp that is lit drives its pin, and only its own."""
    panel.light("terminal", "on")
    assert _until(lambda: bench.lamps() == {"card": 0, "terminal": 1, "printer": 0})


def test_a_blinking_lamp_changes_and_can_be_ended(bench, panel):
    """Blinking drives the pin again and again until another pattern is set."""
    panel.light("card", "blink")
    assert _until(lambda: len(bench.ledger()) >= 3)
    panel.light("card", "off")
    assert _until(lambda: bench.lamps()["card"] == 0)


def test_the_panel_remembers_an_open_door_over_a_restart(tmp_path):
    """A door left open is open after the simulated panel was without power."""
    first = SimulatedPanel(tmp_path / "panel", tmp_path / "panel.sock")
    first.do({"do": "open"})
    assert SimulatedPanel(tmp_path / "panel", tmp_path / "panel.sock").do({"do": "state"})["door"] is True


def test_a_cut_wire_is_a_fault_and_heals(bench, panel, reports):
    """Without its wire the panel is unhealthy; when the wire is back, so is its health."""
    assert isinstance(panel.health(), Ready)
    bench.stop()
    assert _until(lambda: isinstance(panel.health(), Failed))
    bench.start()
    assert _until(lambda: isinstance(panel.health(), Ready))


def test_the_self_test_covers_every_part(panel):
    """The self-test names three sensors and three lamps, and passes on a healthy panel."""
    test = panel.self_test()
    assert (len(test.checks), test.outcome) == (6, "passed")


def _until(condition):
    import time

    deadline = time.monotonic() + WAIT_S
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()
