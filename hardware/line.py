"""A bad serial line between a driver and its device: passes bytes on, and does one fault at one byte, the same at every run.

    driver ── pty ── Line ── the device's own pty ── simulator

For any serial device, ours or a third party's: the driver's configuration names the line's port instead of the device's.
"""

from __future__ import annotations

import os
import select
import threading
import time
import tty
from contextlib import suppress
from pathlib import Path
from typing import Literal

from msgspec import Struct

Direction = Literal["to_device", "to_kiosk"]
Kind = Literal["drop", "flip", "double", "noise", "swallow", "delay", "half", "cut", "reset"]
KINDS: tuple[Kind, ...] = ("drop", "flip", "double", "noise", "swallow", "delay", "half", "cut")

NOISE = b"\x10\x02\x02\x03\x06\x15"
"""Bytes that look like the beginnings of frames and acknowledgements of the protocols in use."""
SWALLOWED_BYTES = 6
LOOK_S = 0.02


class Fault(Struct, frozen=True):
    """One fault at the ``offset``-th byte (from 0) that passes in a direction after it was armed.

    drop      the byte is lost                         swallow  six bytes are lost: a whole short frame
    flip      one bit of it is the other way round     delay    it and all that follows come ``seconds`` later
    double    it comes twice                           half     it and all that follows in the next ``seconds`` is lost
    noise     six strange bytes come before it         cut      the cable is pulled there, and put back ``seconds`` later

    What is left of them on a network, and reset, which is there alone: `hardware.tcp_line`.
    """

    kind: Kind
    direction: Direction
    offset: int
    seconds: float = 0.3


class FaultyLine:
    """Counts what passes, up to the one byte at which it is to do its fault."""

    def __init__(self) -> None:
        self._fault: Fault | None = None
        self._passed = {"to_device": 0, "to_kiosk": 0}

    def arm(self, fault: Fault) -> None:
        """Do this fault once, its offset counted from now."""
        self._passed = {"to_device": 0, "to_kiosk": 0}
        self._fault = fault

    @property
    def fired(self) -> bool:
        """Whether the armed fault has happened."""
        return self._fault is None

    @property
    def passed(self) -> dict[str, int]:
        """How many bytes have entered it in each direction since it was laid, or since a fault was armed."""
        return dict(self._passed)

    def _undisturbed(self, direction: str, length: int) -> int:
        """Return how many of the next bytes pass as they are: they need not pass one by one."""
        fault, at = self._fault, self._passed[direction]
        if fault is None or fault.direction != direction or fault.offset < at:
            return length
        return min(length, fault.offset - at)


class Line(FaultyLine):
    """Passes bytes between ``link``, the port that the driver opens, and ``target``, the device's."""

    def __init__(self, link: Path, target: Path) -> None:
        super().__init__()
        self._link, self._target = link, target
        self._lost_until = 0.0
        self._swallow = 0
        self._ends: tuple[int, int, int] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="line", daemon=True)

    def start(self) -> None:
        """Lay the line."""
        self._plug()
        self._thread.start()

    def stop(self) -> None:
        """Take it away."""
        self._stopping.set()
        self._thread.join(5)
        self._unplug()

    def _plug(self) -> None:
        ours, theirs = os.openpty()
        device = os.open(self._target, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        for end in (theirs, device):
            tty.setraw(end)
        self._ends = ours, theirs, device
        fresh = self._link.with_name(f"{self._link.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(theirs))
        fresh.replace(self._link)

    def _unplug(self) -> None:
        ends, self._ends = self._ends, None
        if ends is not None:
            self._link.unlink(missing_ok=True)
            for end in ends:
                os.close(end)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._ends is None:
                return
            ours, _, device = self._ends
            ready = select.select([ours, device], [], [], LOOK_S)[0]
            for end, other, direction in ((ours, device, "to_device"), (device, ours, "to_kiosk")):
                if end in ready and self._ends is not None:
                    with suppress(OSError):
                        self._pass_on(os.read(end, 512), other, direction)

    def _pass_on(self, data: bytes, other: int, direction: str) -> None:
        cable = self._ends
        while data and self._ends is cable:  # else it was pulled: what was still on it is gone
            clean = self._undisturbed(direction, len(data))
            self._passed[direction] += clean
            passed, data = (data[:clean], data[clean:]) if clean else (self._changed(data[:1], direction), data[1:])
            with suppress(OSError):
                os.write(other, passed)

    def _undisturbed(self, direction: str, length: int) -> int:
        if self._swallow or time.monotonic() < self._lost_until:
            return 0
        return super()._undisturbed(direction, length)

    def _changed(self, byte: bytes, direction: str) -> bytes:
        """Return what comes out for one byte that went in."""
        at, fault = self._passed[direction], self._fault
        self._passed[direction] += 1
        if time.monotonic() < self._lost_until:
            return b""
        if self._swallow:
            self._swallow -= 1
            return b""
        if fault is None or fault.direction != direction or fault.offset != at:
            return byte
        self._fault = None
        return self._done(fault, byte)

    def _done(self, fault: Fault, byte: bytes) -> bytes:
        match fault.kind:
            case "flip":
                return bytes((byte[0] ^ 0x20,))
            case "double":
                return byte * 2
            case "noise":
                return NOISE + byte
            case "delay":
                time.sleep(fault.seconds)
                return byte
            case "swallow":
                self._swallow = SWALLOWED_BYTES - 1
            case "half":
                self._lost_until = time.monotonic() + fault.seconds
            case "cut":
                self._unplug()
                self._stopping.wait(fault.seconds)
                self._plug()
            case "drop":
                pass
        return b""
