"""What a dialogue needs of the line, whatever the line is."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import deque
from typing import Protocol

from hardware.terminal.apdu import Apdu
from kiosk.domain.faults import ProtocolError

QUEUE_LIMIT = 256
"""APDUs kept unread: more than any receipt has lines. A terminal that sends more is babbling."""


class Link(Protocol):
    """One line to one terminal. Times in seconds; ``until`` is always a point of ``time.monotonic()``.

    Raises DeviceAbsent when the line dies or is not there (it is closed then), DeviceSilent when what was sent stays
    unacknowledged, ProtocolError when it is refused to the end or what comes is no ZVT.
    """

    @property
    def is_open(self) -> bool:
        """True from ``open`` until ``close`` or the line's death."""
        ...

    def open(self) -> None:
        """Open it, empty."""
        ...

    def close(self) -> None:
        """Close it and forget what was under way."""
        ...

    def send(self, apdu: Apdu, until: float) -> None:
        """Send a command or response, and wait for its acknowledgement if the line has one."""
        ...

    def post(self, apdu: Apdu) -> None:
        """Send without waiting."""
        ...

    def give_up_posting(self) -> None:
        """Stop repeating what was posted."""
        ...

    def receive(self, until: float) -> Apdu | None:
        """Return the next command or response of the terminal; None if none came."""
        ...

    def gather(self) -> list[Apdu]:
        """Take in everything that has queued up, and return it."""
        ...


class Receiving(ABC):
    """A link's store of what has come and nobody has read yet; its ``_pump`` fills it."""

    def __init__(self) -> None:
        self._received: deque[Apdu] = deque()

    def receive(self, until: float) -> Apdu | None:
        """Return the next command or response of the terminal; None if none came."""
        late = False
        while not self._received and not late:
            late = time.monotonic() >= until
            self._pump(until)
        return self._received.popleft() if self._received else None

    def _keep(self, apdu: Apdu) -> None:
        """Store what has come. ProtocolError, and the line is closed, if there is too much of it."""
        if len(self._received) >= QUEUE_LIMIT:
            self.close()
            raise ProtocolError(f"the terminal sent {QUEUE_LIMIT} APDUs that nobody asked for")
        self._received.append(apdu)

    def _all_received(self) -> list[Apdu]:
        gathered = list(self._received)
        self._received.clear()
        return gathered

    @abstractmethod
    def _pump(self, until: float) -> None:
        """Wait for bytes, at most until then, and store what they completed."""

    @abstractmethod
    def close(self) -> None:
        """See ``Link``."""
