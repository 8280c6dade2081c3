"""The dates of an identity document, as somebody types them: DDMMYYYY, eight digits. They are part of a key: never a string."""

from __future__ import annotations

from datetime import date

from kiosk.domain.secret import Octets

OLDEST_YEARS = 125
EXPIRED_YEARS, AHEAD_YEARS = 30, 50
"""An expired card may still be opened: what it is good for is decided when it has been read. None runs longer than 50 years."""


def typed_date(digits: Octets) -> date | None:
    """Return the date; None for one that no calendar has."""
    if len(digits) != len("DDMMYYYY"):
        return None
    try:
        return date(_number(digits[4:]), _number(digits[2:4]), _number(digits[:2]))
    except ValueError:
        return None


def is_birth(day: date, today: date) -> bool:
    """Say whether somebody who stands here can have been born then."""
    return day < today and today.year - day.year <= OLDEST_YEARS


def is_expiry(day: date, today: date) -> bool:
    """Say whether a card that is shown now can have this date of expiry."""
    return -EXPIRED_YEARS <= day.year - today.year <= AHEAD_YEARS


def in_zone(digits: Octets) -> bytearray:
    """Return YYMMDD, as the machine readable zone has it (ICAO Doc 9303-3, 4.8), of a typed date; it is the caller's to overwrite."""
    zone = bytearray(len("YYMMDD"))
    zone[:2], zone[2:4], zone[4:] = digits[6:8], digits[2:4], digits[:2]
    return zone


def _number(digits: Octets) -> int:
    number = 0
    for octet in digits:
        number = 10 * number + octet - ord("0")
    return number
