"""What comes of the door being open: a PIN, a card, and whether they let in."""

from __future__ import annotations

from typing import Literal

from kiosk.domain.secret import Secret
from kiosk.domain.technician import Technician, TechnicianRefusal
from kiosk.journey.event import Event


class WayInChosen(Event, frozen=True):
    """The technician wants in by the card, or by the kiosk's own PIN."""

    way: Literal["card", "pin"]


class PinEntered(Event, frozen=True):
    """A technician entered a PIN: the kiosk's, or that of the card in the reader."""

    pin: Secret


class TechnicianAccepted(Event, frozen=True):
    """The PIN is right. ``technician``: whose card it was, the record of who serviced; None: the kiosk's own PIN."""

    order: int
    technician: Technician | None = None


class TechnicianRefused(Event, frozen=True):
    """The PIN is wrong, or the card lets nobody in (``refusal``)."""

    order: int
    refusal: TechnicianRefusal | None = None
