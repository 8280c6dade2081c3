"""The wire itself, on pseudo-terminals: bounded, raw, honest about loss."""

from __future__ import annotations

import os
import re
import select
import stat
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.printer.transport import Line, is_usb_printer
from kiosk.domain.faults import DeviceAbsent


@pytest.fixture
def ends() -> Iterator[tuple[int, str]]:
    """The far end's descriptor and the near end's path; the terminal is in the cooked mode a port may be found in."""
    master, slave = os.openpty()
    yield master, os.ttyname(slave)
    os.close(slave)
    os.close(master)


def test_every_byte_passes_both_ways(ends: tuple[int, str]) -> None:
    """No byte is translated, echoed or held back for a line's end."""
    master, port = ends
    line, all_bytes = Line.open(port), bytes(range(256))
    try:
        assert line.step(all_bytes, 1.0)[0] == 256
        assert os.read(master, 500) == all_bytes
        os.write(master, all_bytes)
        assert line.step(b"", 1.0)[1] == all_bytes
    finally:
        line.close()


def test_a_step_is_bounded(ends: tuple[int, str]) -> None:
    """With nothing to read, and with a far end that takes nothing, a step ends when its time is over."""
    line = Line.open(ends[1])
    try:
        while line.step(bytes(4096), 0.05)[0]:
            pass
        begun_s = time.monotonic()
        assert line.step(b"more", 0.1) == (0, b"")
        assert line.step(b"", 0.1) == (0, b"")
        assert 0.18 < time.monotonic() - begun_s < 1.0
        begun_s = time.monotonic()
        line.close()
        assert time.monotonic() - begun_s < 3.0, "closing a held line is bounded too"
    finally:
        line.close()


def test_abandoning_does_not_wait(ends: tuple[int, str]) -> None:
    """A line given up with bytes on their way is closed at once."""
    line = Line.open(ends[1])
    while line.step(bytes(4096), 0.05)[0]:
        pass
    begun_s = time.monotonic()
    line.close(abandon=True)
    assert time.monotonic() - begun_s < 0.5


def test_wake_ends_a_wait(ends: tuple[int, str]) -> None:
    """Another thread ends a wait early."""
    line = Line.open(ends[1])
    waker = threading.Timer(0.05, line.wake)
    waker.start()
    try:
        begun_s = time.monotonic()
        assert line.step(b"", 5.0) == (0, b"")
        assert time.monotonic() - begun_s < 2.0
    finally:
        waker.join(5)
        line.close()


def test_a_hung_up_line_is_absent() -> None:
    """When the other end is gone, the next step says so."""
    master, slave = os.openpty()
    line = Line.open(os.ttyname(slave))
    os.close(slave)
    os.close(master)
    try:
        with pytest.raises(DeviceAbsent, match="hung up"):
            line.step(b"", 1.0)
    finally:
        line.close()


def test_one_program_at_a_time(ends: tuple[int, str]) -> None:
    """A second program does not get the port while the first has it, and does once it has let go."""
    line = Line.open(ends[1])
    with pytest.raises(DeviceAbsent, match=re.escape(ends[1])):
        Line.open(ends[1])
    line.close()
    Line.open(ends[1]).close()


@pytest.mark.parametrize(("port", "baudrate"), [("/dev/no-such-port", 115200), ("/dev/null/x", 9600)])
def test_a_port_that_cannot_be_opened(port: str, baudrate: int) -> None:
    """A port that is not there is an absent device, named in the evidence."""
    with pytest.raises(DeviceAbsent, match=re.escape(port)):
        Line.open(port, baudrate)


def test_an_unknown_speed_is_refused(ends: tuple[int, str]) -> None:
    """A speed that no serial port has is told, and the descriptor is not kept."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(DeviceAbsent, match="12345 baud"):
        Line.open(ends[1], 12345)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_pseudo_terminal_gets_no_handshake(ends: tuple[int, str]) -> None:
    """Hardware handshake is set only where there is hardware; modem lines are ignored and not dropped on closing."""
    line = Line.open(ends[1], 19200, rts_cts=True)
    try:
        control = termios.tcgetattr(ends[0])[2]
        assert not control & termios.CRTSCTS
        assert not control & termios.HUPCL
        assert control & termios.CLOCAL
        assert termios.tcgetattr(ends[0])[5] == termios.B19200
    finally:
        line.close()


def test_a_device_that_is_no_terminal() -> None:
    """A character device without terminal settings, as a USB printer is, is used as it is."""
    line = Line.open("/dev/null")
    try:
        assert not line.is_tty
        assert line.step(b"abc", 1.0) == (3, b"")
    finally:
        line.close()


def test_a_device_that_fails_is_absent() -> None:
    """A character device that answers a write with an error, as an unplugged USB printer does, is lost and named."""
    line = Line.open("/dev/full")
    try:
        with pytest.raises(DeviceAbsent, match="/dev/full: No space left"):
            line.step(b"abc", 1.0)
    finally:
        line.close()


@pytest.mark.parametrize(
    ("mode", "device", "usb"),
    [
        (stat.S_IFCHR, (180, 0), True),
        (stat.S_IFCHR, (180, 15), True),
        (stat.S_IFCHR, (180, 96), False),
        (stat.S_IFCHR, (188, 0), False),
        (stat.S_IFBLK, (180, 0), False),
    ],
)
def test_only_a_usb_printers_port_is_asked_for_its_status(mode: int, device: tuple[int, int], usb: bool) -> None:
    """A USB printer is known by its device number: no other device gets its ioctl, and none of those says that paper ended."""
    fields = [0] * 10
    fields[0] = mode
    assert is_usb_printer(os.stat_result(fields, {"st_rdev": os.makedev(*device)})) == usb
    line = Line.open("/dev/null")
    assert not line.paper_ended()
    line.close()


def test_closing_leaves_nothing_open(ends: tuple[int, str]) -> None:
    """Opening and closing a hundred times leaves no descriptor behind, and closing twice does no harm."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(100):
        line = Line.open(ends[1])
        line.close()
        line.close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_was_written_arrives_before_closing(ends: tuple[int, str]) -> None:
    """Closing in good order drops nothing that was written: the cut is not lost."""
    line = Line.open(ends[1])
    line.step(b"cut", 1.0)
    line.close()
    assert select.select([ends[0]], [], [], 1.0)[0]
    assert os.read(ends[0], 10) == b"cut"
