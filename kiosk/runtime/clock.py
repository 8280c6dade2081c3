"""Time, asked in one place: wall time for people, time since boot for waits."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Two clocks. Only boot time measures; wall time may jump."""

    def wall_ms(self) -> int:
        """Milliseconds since 1970 (UTC), as well as this machine knows."""
        ...

    def boot_ms(self) -> int:
        """Milliseconds since boot, never jumping."""
        ...


class SystemClock:
    """The machine's own clocks (CLOCK_REALTIME, CLOCK_BOOTTIME)."""

    def wall_ms(self) -> int:
        """Milliseconds since 1970 (UTC)."""
        return time.time_ns() // 1_000_000

    def boot_ms(self) -> int:
        """Milliseconds since boot, sleep included."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
