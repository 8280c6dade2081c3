"""The dates of an identity document, as somebody types them: DDMMYYYY, eight digits."""

from __future__ import annotations

from datetime import date

OLDEST_YEARS = 125
EXPIRED_YEARS, AHEAD_YEARS = 30, 50
"""An expired card may still be opened: what it is good for is decided when it has been read. None runs longer than 50 years."""


def typed_date(digits: str) -> date | None:
    """Return the date; None for one that no calendar has."""
    try:
        return date(int(digits[4:8]), int(digits[2:4]), int(digits[:2])) if len(digits) == len("DDMMYYYY") else None
    except ValueError:
        return None


def is_birth(day: date, today: date) -> bool:
    """Say whether somebody who stands here can have been born then."""
    return day < today and today.year - day.year <= OLDEST_YEARS


def is_expiry(day: date, today: date) -> bool:
    """Say whether a card that is shown now can have this date of expiry."""
    return -EXPIRED_YEARS <= day.year - today.year <= AHEAD_YEARS


def in_zone(day: date) -> str:
    """Return YYMMDD, as the machine readable zone has it (ICAO Doc 9303-3, 4.8)."""
    return f"{day:%y%m%d}"
