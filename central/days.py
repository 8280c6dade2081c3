"""Time at the centre: milliseconds on the wire, days in Baku (UTC+4, without summer time since 2016)."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone

BAKU = timezone(timedelta(hours=4))


def now_ms() -> int:
    """Return the time in milliseconds since 1970 (UTC)."""
    return time.time_ns() // 1_000_000


def day_of(at_ms: int) -> date:
    """Return the day in Baku at a time."""
    return datetime.fromtimestamp(at_ms / 1000, BAKU).date()


def end_of(day: date) -> int:
    """Return the time at which a day in Baku is over, in milliseconds since 1970."""
    return int(datetime.combine(day + timedelta(days=1), datetime.min.time(), BAKU).timestamp() * 1000)


def written(day: date | str) -> str:
    """Return a day as it is written in Azerbaijan: ``31.12.2026``. Takes a date or its ISO form."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day:%d.%m.%Y}"
