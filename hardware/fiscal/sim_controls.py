"""What the bench decides about the simulated register: what is wrong with its line, its paper, its token and its network.

The bench's thread writes, the register's threads read and count down. Every fault is off until asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from hardware.sim_faults import LineControls, LineFaults

Instant = Literal["before", "made"]
"""Where the power can be cut: before a document is written, or after it and before the answer."""


@dataclass
class Faults(LineFaults):
    """What is wrong now, besides the line.

    offline           the tax service is out of reach: documents are kept, for some days
    printing          the printer fails: documents are made and not printed
    queue             another document stands in the queue
    internal_errors   so many requests are answered "unknown error"; ``after_doing``: after they were done
    """

    offline: bool = False
    printing: bool = False
    queue: bool = False
    internal_errors: int = 0
    after_doing: bool = False


@dataclass
class Controls(LineControls):
    """Faults, and the hours by which the register's clock was moved on."""

    faults: Faults = field(default_factory=Faults)
    later_hours: float = 0.0

    def take_internal_error(self, *, done: bool) -> bool:
        """Say whether this request fails inside, now: before it is done or after."""
        with self._lock:
            if not self.faults.internal_errors or self.faults.after_doing != done:
                return False
            self.faults.internal_errors -= 1
            return True
