"""The simulated printer's receive buffer, and the ear that hears real-time commands before they are buffered."""

from __future__ import annotations

import threading
import time
from typing import Final

DLE: Final = 0x10
CLEAR_BUFFER: Final = bytes.fromhex("10140801031401060208")
REAL_TIME: Final = (
    *(bytes((DLE, 0x04, n)) for n in (1, 2, 3, 4, 20)),
    *(bytes((DLE, 0x05, n)) for n in (1, 2)),
    CLEAR_BUFFER,
)
WAIT_S: Final = 0.5


class ClearedError(Exception):
    """The buffer was cleared or the power went: what was being done is forgotten."""


class EndedError(Exception):
    """The printer is being switched off for good."""


class Inbox:
    """A bounded first-in-first-out of bytes between the line and the command interpreter.

    ``bell`` is rung at every change; it is also the one lock of the whole printer.
    """

    def __init__(self, size_bytes: int) -> None:
        self.bell = threading.Condition()
        self.size_bytes = size_bytes
        self.epoch = 0
        self._data = bytearray()
        self._ended = False

    def __len__(self) -> int:
        return len(self._data)

    def put(self, data: bytes) -> None:
        """Append; the caller has asked `wait_room` before."""
        with self.bell:
            self._data += data
            self.bell.notify_all()

    def wait_room(self) -> int:
        """Wait (bounded) until a byte fits; give the free bytes, 0 when there are none yet."""
        with self.bell:
            if len(self) >= self.size_bytes:
                self.bell.wait(WAIT_S / 10)
            return max(0, self.size_bytes - len(self))

    def clear(self) -> None:
        """Forget everything and interrupt whoever works on it."""
        with self.bell:
            self._data.clear()
            self.epoch += 1
            self.bell.notify_all()

    def end(self) -> None:
        """Let every waiter raise EndedError from now on."""
        with self.bell:
            self._ended = True
            self.bell.notify_all()

    def check(self, epoch: int) -> None:
        """Raise ClearedError when the buffer was cleared since ``epoch``, EndedError at the end."""
        if self._ended:
            raise EndedError
        if epoch != self.epoch:
            raise ClearedError

    def take(self, count: int, epoch: int) -> bytes:
        """Wait for ``count`` bytes, however long the host takes, and remove them in pieces as they come."""
        taken = bytearray()
        with self.bell:
            while True:
                self.check(epoch)
                piece = self._data[: count - len(taken)]
                if piece:
                    del self._data[: len(piece)]
                    taken += piece
                    self.bell.notify_all()
                if len(taken) == count:
                    return bytes(taken)
                if not self._data:
                    self.bell.wait(WAIT_S)

    def pause(self, until_s: float, epoch: int) -> None:
        """Sleep until the monotonic instant ``until_s``; interrupted like `take`."""
        with self.bell:
            while (left_s := until_s - time.monotonic()) > 0:
                self.check(epoch)
                self.bell.wait(min(left_s, WAIT_S))


class Ear:
    """Finds real-time commands in the byte stream, blind to what they are part of: raster data triggers them too."""

    def __init__(self) -> None:
        self._heard = b""

    def hear(self, data: bytes) -> list[tuple[int, bytes]]:
        """Give (offset just after it in ``data``, command) for each real-time command completed by ``data``."""
        if not self._heard and DLE not in data:
            return []
        found = []
        for offset, value in enumerate(data, start=1):
            self._heard += bytes((value,))
            while self._heard and not any(command.startswith(self._heard) for command in REAL_TIME):
                self._heard = self._heard[1:]
            if self._heard in REAL_TIME:
                found.append((offset, self._heard))
                self._heard = b""
        return found
