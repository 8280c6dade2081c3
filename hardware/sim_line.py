"""A simulated device's end of a serial cable: a pseudo-terminal with a stable name."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import struct
import termios
import threading
import tty
from collections.abc import Callable
from pathlib import Path


class Mouth:
    """How a simulated device speaks on any line. ``muted`` keeps every answer from leaving; ``lost_bytes`` were not taken."""

    def __init__(self) -> None:
        self.muted = False
        self.lost_bytes = 0
        self._lock = threading.Lock()

    def send(self, data: bytes) -> None:
        """Give bytes to the host without waiting; what it does not take is lost."""
        if not self.muted:
            self.send_noise(data)

    def send_noise(self, data: bytes) -> None:
        """Put bytes on the wire whether or not the device is able to answer; nothing happens where nobody is connected."""
        with self._lock:
            out = self._out()
            if out is None:
                return
            sent = 0
            with contextlib.suppress(OSError):
                sent = os.write(out, data)
            self.lost_bytes += len(data) - sent

    def waiting_bytes(self) -> int:
        """Count the bytes that the host has written and nobody has read, as far as the system says."""
        with self._lock:
            out = self._out()
            if out is None:
                return 0
            reply: bytes = fcntl.ioctl(out, termios.FIONREAD, bytes(4))
            return int(struct.unpack("i", reply)[0])

    def _out(self) -> int | None:
        """Return the descriptor of our end, None when nobody is connected. Called with the lock held."""
        raise NotImplementedError


def open_pty(link: Path) -> tuple[int, int]:
    """Make a new pty and point the link to the side that the kiosk opens; return our end, which never waits, and that side."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    os.set_blocking(ours, False)
    fresh = link.with_name(link.name + ".new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.ttyname(theirs))
    fresh.replace(link)
    return ours, theirs


class Line(Mouth):
    """Owns a pty; ``link`` points to the side that the kiosk opens.

    The other side is kept open here too, so that the line does not hang up between two openings of the kiosk.
    """

    def __init__(self, link: Path) -> None:
        super().__init__()
        self._link = link
        # Held while `read` waits, so that no descriptor is closed under it: the pty hangs up only when it is let go.
        self._reading = threading.Lock()
        self._ends: tuple[int, int, int] | None = None

    @property
    def plugged(self) -> bool:
        """True while there is a cable."""
        return self._ends is not None

    def plug(self) -> None:
        """Make a new pty and point the link to it."""
        with self._lock:
            if self._ends is not None:
                return
            self._ends = (*open_pty(self._link), os.eventfd(0))

    def unplug(self) -> None:
        """Pull the cable: the kiosk's side hangs up and the link is gone."""
        with self._lock:
            ends, self._ends = self._ends, None
        if ends is None:
            return
        self._link.unlink(missing_ok=True)
        os.eventfd_write(ends[2], 1)
        with self._reading:
            for end in ends:
                os.close(end)

    def read(self, most_bytes: int, timeout_s: float, wanted: Callable[[], bool]) -> bytes:
        """Wait for bytes from the host; b"" when none came in time, the cable is pulled or nobody wants them by then."""
        with self._reading:
            ends = self._ends
            if ends is None:
                return b""
            ours, _, wake = ends
            ready = select.select([ours, wake], [], [], timeout_s)[0]
            if ready != [ours] or not wanted():
                return b""
            with contextlib.suppress(OSError):
                return os.read(ours, most_bytes)
            return b""

    def _out(self) -> int | None:
        return self._ends[0] if self._ends else None
