"""Facts about the ID card's key: which way the citizen takes to it, and what the scanner saw. Part of ``events``."""

from __future__ import annotations

from typing import Literal

from kiosk.domain.access_key import Way
from kiosk.domain.secret import Secret
from kiosk.journey.event import Event


class AccessKeyEntered(Event, frozen=True):
    """The key of the card was given: its six digits, a typed ``MrzKey``, or that of a zone scanned by a keyboard wedge."""

    key: Secret
    way: Way = "digits"


class KeyWayChosen(Event, frozen=True):
    """The citizen wants to type the six digits, to see where they stand, or to type document number and dates instead."""

    way: Literal["digits", "where", "document"]


class ChipMissing(Event, frozen=True):
    """The citizen says that the card has no chip."""


class ScanFailed(Event, frozen=True):
    """A scanner that types like a keyboard typed something that is no whole zone."""


class ZoneScanned(Event, frozen=True):
    """The scanner saw a whole zone: the key of its card."""

    order: int
    key: Secret


class ZoneMisread(Event, frozen=True):
    """The scanner saw something that is no whole zone. ``evidence`` holds no personal data."""

    order: int
    evidence: str = ""


class NoZoneCame(Event, frozen=True):
    """The scanner's wait ended without a zone."""

    order: int


KeyEvent = AccessKeyEntered | KeyWayChosen | ChipMissing | ScanFailed | ZoneScanned | ZoneMisread | NoZoneCame
