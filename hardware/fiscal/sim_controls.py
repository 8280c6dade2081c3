"""What the bench decides about the simulated register: what is wrong with its line, its paper, its token and its network.

The bench's thread writes, the register's threads read and count down. Every fault is off until asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

from hardware.nexo.sim_controls import Spoilt

Instant = Literal["before", "made"]
"""Where the power can be cut: before a document is written, or after it and before the answer."""


@dataclass
class Faults:
    """What is wrong now.

    silent, late_s    requests are taken and never answered, nor worked on; answers leave that much later
    offline           the tax service is out of reach: documents are kept, for some days
    printing          the printer fails: documents are made and not printed
    queue             another document stands in the queue
    internal_errors   so many requests are answered "unknown error"; ``after_doing``: after they were done
    cut_at, stay_off  the power is cut at this instant; it does not come back by itself
    spoilt            what becomes of the next answers
    """

    silent: bool = False
    late_s: float = 0.0
    offline: bool = False
    printing: bool = False
    queue: bool = False
    internal_errors: int = 0
    after_doing: bool = False
    cut_at: Instant | None = None
    stay_off: bool = False
    spoilt: list[Spoilt] = field(default_factory=list)


@dataclass
class Controls:
    """Faults, the hours by which the register's clock was moved on, and how many requests were lost in silence."""

    faults: Faults = field(default_factory=Faults)
    later_hours: float = 0.0
    unheard: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def take_spoilt(self, operation: str, *, early: bool) -> Spoilt | None:
        """Take what is to become of the answer to this operation, if anything is."""
        with self._lock:
            for spoilt in self.faults.spoilt:
                if spoilt.early == early and spoilt.message in {None, operation}:
                    self.faults.spoilt.remove(spoilt)
                    return spoilt
        return None

    def lose_request(self) -> None:
        """Count a request that nobody heard."""
        with self._lock:
            self.unheard += 1

    def take_internal_error(self, *, done: bool) -> bool:
        """Say whether this request fails inside, now: before it is done or after."""
        with self._lock:
            if not self.faults.internal_errors or self.faults.after_doing != done:
                return False
            self.faults.internal_errors -= 1
            return True

    def take_cut(self, instant: Instant) -> bool:
        """Say whether the power is cut now."""
        with self._lock:
            if self.faults.cut_at != instant:
                return False
            self.faults.cut_at = None
            return True
