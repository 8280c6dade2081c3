"""The state in which the technician's card is asked for. The PIN alone is asked for in ``state.AskingPin``."""

from __future__ import annotations

from kiosk.domain.technician import UNKNOWN
from kiosk.journey.state import AskingPin, State


class AskingCard(State, frozen=True):
    """The door is open; the technician's card and its PIN are asked for. ``order`` is nonzero while the card is being asked.

    ``notice``: why the last try failed, a ``TechnicianRefusal``'s reason or failed; ``tries_left``: of the card's PIN, as far as is
    known. ``mistakes`` counts what failed. ``pin``: how far the other way in has come: changing ways forgives no wrong PIN.
    ``serial``: of the card that ``tries_left`` is about.
    """

    notice: str = ""
    tries_left: int = UNKNOWN
    mistakes: int = 0
    order: int = 0
    pin: AskingPin = AskingPin()
    serial: str = ""


PINS_ALLOWED = 5
"""Wrong PINs before the door has to be closed and opened again."""


def asking_pin_after(wrong: int) -> AskingPin:
    """Return how the PIN is asked for after so many wrong ones in this opening of the door."""
    return AskingPin(wrong, locked=wrong >= PINS_ALLOWED)
