"""The bad line does the fault it was told to do, where it was told, and nothing else."""

from __future__ import annotations

import os
import select
import time
import tty

import pytest

from hardware.line import NOISE, Fault, Line

SENT = b"ABCDEFGHIJ"


@pytest.fixture
def laid(tmp_path):
    """A line whose device's end is a bare pseudo-terminal: (line, the device's end, the port of the driver)."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    device = tmp_path / "device"
    device.symlink_to(os.ttyname(theirs))
    line = Line(tmp_path / "port", device)
    line.start()
    yield line, ours, tmp_path / "port"
    line.stop()
    os.close(ours)
    os.close(theirs)


def heard(end, wait_s=0.3):
    """Return all that comes until nothing has come for a while."""
    data = b""
    while select.select([end], [], [], wait_s)[0]:
        data += os.read(end, 512)
    return data


def sent_to_device(laid, fault):
    line, ours, port = laid
    if fault is not None:
        line.arm(fault)
    driver = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    os.write(driver, SENT)
    data = heard(ours)
    os.close(driver)
    return data


@pytest.mark.parametrize(
    ("kind", "arrived"),
    [
        ("drop", b"ABDEFGHIJ"),
        ("flip", b"ABcDEFGHIJ"),
        ("double", b"ABCCDEFGHIJ"),
        ("noise", b"AB" + NOISE + b"CDEFGHIJ"),
        ("swallow", b"ABIJ"),
        ("delay", SENT),
        ("half", b"AB"),
    ],
)
def test_each_fault_is_what_it_says(laid, kind, arrived):
    """A fault at the third byte changes what its description says, and the bytes before it not at all."""
    assert sent_to_device(laid, Fault(kind, "to_device", 2, 0.1)) == arrived
    assert laid[0].fired


def test_without_a_fault_everything_passes_both_ways(laid):
    """A line that was told nothing passes every byte in both directions."""
    assert sent_to_device(laid, None) == SENT
    _, ours, port = laid
    driver = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    os.write(ours, SENT)
    assert heard(driver) == SENT
    os.close(driver)


def test_a_fault_waits_for_its_direction(laid):
    """A fault in the other direction does not touch what goes in this one."""
    assert sent_to_device(laid, Fault("drop", "to_kiosk", 0)) == SENT
    assert not laid[0].fired


def test_a_cut_takes_the_port_away_and_brings_another(laid):
    """A cable that is pulled is gone under its name for a while, and is then another terminal under the same name."""
    line, ours, port = laid
    line.arm(Fault("cut", "to_device", 2, 0.2))
    driver = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    os.write(driver, SENT)
    assert heard(ours, 0.1) == b"AB"
    assert not port.is_symlink()
    end = time.monotonic() + 3
    while not port.is_symlink() and time.monotonic() < end:
        time.sleep(0.02)
    os.close(driver)
    assert port.is_symlink()
    assert sent_to_device(laid, None) == SENT
