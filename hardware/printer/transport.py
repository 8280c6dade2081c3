"""The wire to the printer: a descriptor that never blocks, and one way to wait on it, bounded.

A serial port or pseudo-terminal is made raw; a USB printer is the kernel's usblp character device (/dev/usb/lpN), which
needs no settings. Facts of usblp (drivers/usb/class/usblp.c): closing kills what is still on its way, so `close` first waits
for POLLOUT, else the cut is lost; an unplugged device answers ENODEV. While a printer without paper takes no bytes,
no question reaches it, but LPGETSTATUS goes past them on the control pipe (some printers always answer that all is well). Linux knows no DSR handshake, so a serial printer's
DTR is to be wired to the host's CTS and ``rts_cts`` said. A network printer is a TCP connection (`hardware.printer.network`).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import stat
import sys
import termios
import time
from typing import Self

from hardware.printer import network
from kiosk.domain.faults import DeviceAbsent

READ_BYTES = 4096
CLOSE_S = 1.0
NAP_S = 0.05
PTY_MAJORS = range(136, 144)
"""Unix98 pseudo-terminals (Linux, Documentation/admin-guide/devices.txt)."""
USB_MAJOR, USB_PRINTERS = 180, range(16)
LPGETSTATUS = 0x060B
PAPER_OUT = 0x20
"""Of the port's status (Linux, include/uapi/linux/lp.h; USB printer class 1.1, GET_PORT_STATUS)."""


class Line:
    """An open port. Every method raises DeviceAbsent when the device is gone."""

    def __init__(self, fd: int, port: str) -> None:
        self.port, self.is_tty = port, os.isatty(fd)
        self._fd = fd
        self._is_network = port.startswith(network.SCHEME)
        self._is_usb = is_usb_printer(os.fstat(fd))
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._poll = select.poll()

    @classmethod
    def open(cls, port: str, baudrate: int = 115200, *, rts_cts: bool = False) -> Self:
        """Open a port by its path, or by ``tcp://host:port``.

        DeviceAbsent: no such device, no permission, or another program uses it; nobody listens there.
        """
        if port.startswith(network.SCHEME):
            return cls(network.connect(port), port)
        try:
            fd = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise DeviceAbsent(f"{port}: {error.strerror}") from error
        try:
            # Two programs asking at once would each read half of the answers. The kernel lets go when we die.
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.isatty(fd):
                make_raw(fd, baudrate, rts_cts=rts_cts)
            return cls(fd, port)
        except (OSError, termios.error) as error:
            os.close(fd)
            raise DeviceAbsent(f"{port}: {error}") from error

    def step(self, out: bytes, wait_s: float) -> tuple[int, bytes]:
        """Wait at most ``wait_s`` until something can be done, and do it.

        Returns how many bytes of ``out`` were written and what was read: (0, b"") when the time is over or `wake` was called.
        """
        events = dict(self._wait(select.POLLIN | (select.POLLOUT if out else 0), wait_s))
        if self._wake in events:
            with contextlib.suppress(BlockingIOError):
                os.eventfd_read(self._wake)
        ready = events.get(self._fd, 0)
        if ready & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
            raise DeviceAbsent(f"{self.port}: the line was hung up")
        try:
            read = self._read() if ready & select.POLLIN else b""
            written = os.write(self._fd, out) if out and ready & select.POLLOUT else 0
        except BlockingIOError:
            return 0, b""
        except OSError as error:
            raise DeviceAbsent(f"{self.port}: {error.strerror}") from error
        return written, read

    def paper_ended(self) -> bool:
        """Whether a USB printer's port says that its paper has ended. Takes up to 5 s with a printer that hangs."""
        if not self._is_usb:
            return False
        try:
            status = fcntl.ioctl(self._fd, LPGETSTATUS, bytes(4))
        except OSError:
            return False  # the next step tells of a lost device
        return bool(int.from_bytes(status, sys.byteorder) & PAPER_OUT)

    def wake(self) -> None:
        """End the `step` in progress, or else the next one, at once. From any thread."""
        os.eventfd_write(self._wake, 1)

    def close(self, *, abandon: bool = False) -> None:
        """Let go. What is on its way is given ``CLOSE_S`` to leave; ``abandon`` drops it."""
        if self._fd < 0:
            return
        with contextlib.suppress(OSError, termios.error):
            if not abandon:
                self._wait(select.POLLOUT, CLOSE_S)
            if self.is_tty:
                self._drain(0.0 if abandon else CLOSE_S)
                # Else the kernel may wait up to 30 s in close() for a port that is held by flow control. But a
                # pseudo-terminal says that nothing waits, and flushing it would drop what the far end has not read yet.
                if abandon or _waiting_out(self._fd):
                    termios.tcflush(self._fd, termios.TCOFLUSH)
            elif self._is_network:
                network.end(self._fd, abandon=abandon)
        os.close(self._fd)
        os.close(self._wake)
        self._fd = -1

    def _wait(self, events: int, wait_s: float) -> list[tuple[int, int]]:
        self._poll.register(self._fd, events)
        self._poll.register(self._wake, select.POLLIN)
        return self._poll.poll(max(0.0, wait_s) * 1000)

    def _read(self) -> bytes:
        data = os.read(self._fd, READ_BYTES)
        if not data and (self.is_tty or self._is_network):
            raise DeviceAbsent(f"{self.port}: the line was hung up")
        if not data:
            # A USB printer may answer with empty packets without end: they must not keep the processor busy.
            time.sleep(NAP_S)
        return data

    def _drain(self, wait_s: float) -> None:
        end_s = time.monotonic() + wait_s
        while time.monotonic() < end_s and _waiting_out(self._fd):
            time.sleep(NAP_S / 5)


def is_usb_printer(status: os.stat_result) -> bool:
    """Whether this is a device of usblp."""
    device = status.st_rdev
    return stat.S_ISCHR(status.st_mode) and os.major(device) == USB_MAJOR and os.minor(device) in USB_PRINTERS


def make_raw(fd: int, baudrate: int, *, rts_cts: bool) -> None:
    """Set 8 bits, no parity, no echo, no translation. Hardware handshake only where there is hardware.

    HUPCL is off, so that closing the port does not drop DTR, which resets some printers. OSError for an unknown speed.
    """
    speed = getattr(termios, f"B{baudrate}", None)
    if speed is None:
        raise OSError(f"{baudrate} baud is no serial speed")
    attributes = termios.tcgetattr(fd)
    control = termios.CS8 | termios.CREAD | termios.CLOCAL
    if rts_cts and os.major(os.fstat(fd).st_rdev) not in PTY_MAJORS:
        control |= termios.CRTSCTS
    characters = attributes[6]
    characters[termios.VMIN], characters[termios.VTIME] = 1, 0
    termios.tcsetattr(fd, termios.TCSANOW, [0, 0, control, 0, speed, speed, characters])
    termios.tcflush(fd, termios.TCIFLUSH)


def _waiting_out(fd: int) -> int:
    """Return how many bytes the kernel has not yet sent (TIOCOUTQ)."""
    return int.from_bytes(fcntl.ioctl(fd, termios.TIOCOUTQ, bytes(4)), "little")
