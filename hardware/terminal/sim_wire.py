"""The terminal's end of its line: it can be unplugged, woken from outside, and paced.

The device's one thread does everything that touches the line. Another thread that wants something done (``call``) leaves it
here; it is done at the device's next wait, so that nothing ever cuts into the middle of a frame without being meant to.
"""

from __future__ import annotations

import os
import select
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock

from hardware.sim_line import open_pty

BITS_PER_BYTE = 11  # 8N2: one start, eight data, two stop bits
CHUNK_BYTES = 4


class Wire(ABC):
    """One line, of whatever kind. ``baud`` None: as fast as it carries."""

    def __init__(self, baud: int | None = None) -> None:
        self._baud = baud
        self._wake_out, self._wake_in = os.pipe()
        for end in (self._wake_out, self._wake_in):
            os.set_blocking(end, False)
        self._tasks: deque[tuple[Callable[[], None], Event]] = deque()
        self._lock = Lock()
        self._closed = False

    @property
    @abstractmethod
    def plugged(self) -> bool:
        """Whether there is a line at all."""

    @abstractmethod
    def plug(self) -> None:
        """Make a new line under the stable name."""

    @abstractmethod
    def unplug(self) -> None:
        """Pull the cable: the name is of no use any more and whoever has the line open is hung up on."""

    @abstractmethod
    def power_lost(self) -> None:
        """Show on the line what a power cut of the terminal shows on it."""

    @abstractmethod
    def _watched(self) -> list[int]:
        """Give the descriptors on which something can come in."""

    @abstractmethod
    def _receive(self) -> bytes:
        """Give what has come in, without waiting."""

    @abstractmethod
    def _push(self, data: bytes) -> None:
        """Let bytes go, without waiting; what nobody takes is lost."""

    def close(self) -> None:
        """Let go of everything. The wire is of no use afterwards."""
        self.unplug()
        with self._lock:
            self._closed = True
            os.close(self._wake_out)
            os.close(self._wake_in)

    def call(self, task: Callable[[], None], timeout_s: float) -> bool:
        """Have the device's thread run the task at its next wait (from any thread); say whether it did in time."""
        done = Event()
        self._tasks.append((task, done))
        self.wake()
        return done.wait(timeout_s)

    def wake(self) -> None:
        """End the device's present wait (from any thread)."""
        with self._lock, suppress(BlockingIOError):
            if not self._closed:
                os.write(self._wake_in, b"!")

    def read(self, deadline: float) -> bytes:
        """Wait for bytes until the deadline (time.monotonic). Empty: nothing came, or somebody woke us."""
        self._wait(deadline, listen=True)
        return self._receive()

    def sleep(self, seconds: float) -> None:
        """Let time pass without listening; whoever wants something done is served meanwhile."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._wait(deadline, listen=False)

    def drain(self) -> None:
        """Drop what came in while nobody listened."""
        while self.plugged and self.read(0.0):
            pass

    def write(self, data: bytes) -> None:
        """Send bytes, at the line's pace. With nobody to take them they are lost, as on a real line."""
        if not self._baud:
            self._push(data)
            return
        for start in range(0, len(data), CHUNK_BYTES):
            chunk = data[start : start + CHUNK_BYTES]
            self._push(chunk)
            self.sleep(len(chunk) * BITS_PER_BYTE / self._baud)

    def _wait(self, deadline: float, *, listen: bool) -> None:
        ends = [self._wake_out]
        if listen:
            ends += self._watched()
        ready, _, _ = select.select(ends, [], [], max(0.0, deadline - time.monotonic()))
        if self._wake_out in ready:
            with suppress(BlockingIOError):
                os.read(self._wake_out, 4096)
        while self._tasks:
            task, done = self._tasks.popleft()
            try:
                task()
            finally:
                done.set()


class PtyWire(Wire):
    """One serial line: a pseudo-terminal. A power cut of the terminal does not show on it."""

    def __init__(self, link: Path, baud: int | None = None) -> None:
        super().__init__(baud)
        self._link = link
        self._ends: tuple[int, int] | None = None

    @property
    def plugged(self) -> bool:
        """Whether there is a line at all."""
        return self._ends is not None

    def plug(self) -> None:
        """Make a new line under the stable name. The far end stays open here, so that a driver may come and go."""
        if not self._ends:
            self._ends = open_pty(self._link)

    def unplug(self) -> None:
        """Pull the cable: the name vanishes and whoever has the line open is hung up on."""
        if not self._ends:
            return
        self._link.unlink(missing_ok=True)
        for end in self._ends:
            os.close(end)
        self._ends = None

    def power_lost(self) -> None:
        """Nothing."""

    def _watched(self) -> list[int]:
        return [self._ends[0]] if self._ends else []

    def _receive(self) -> bytes:
        with suppress(BlockingIOError, OSError):
            return os.read(self._ends[0], 4096) if self._ends else b""
        return b""

    def _push(self, data: bytes) -> None:
        if self._ends:
            with suppress(BlockingIOError, OSError):
                os.write(self._ends[0], data)
