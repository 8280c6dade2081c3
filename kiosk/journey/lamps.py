"""The guide lamps follow from the state: the next thing to touch blinks."""

from __future__ import annotations

from typing import get_args

from kiosk.domain.signals import Lamp, LampPattern
from kiosk.journey.effects import Light
from kiosk.journey.state import (
    EnteringKey,
    Farewell,
    PresentingCard,
    Printing,
    ReadingCard,
    State,
    StillThere,
    TakingPayment,
)
from kiosk.journey.state_cash import PrintingCollection
from kiosk.journey.state_key import EnteringDocument, FindingDigits
from kiosk.journey.state_newcomer import EndedByCard
from kiosk.journey.state_technician import AskingCard

LAMPS: tuple[Lamp, ...] = get_args(Lamp)


def lamps(state: State) -> dict[Lamp, LampPattern]:
    """Return the lamps that are not off."""
    match state:
        case StillThere(resume):
            return lamps(resume)
        case PresentingCard():
            return {"card": "blink"}
        case EnteringKey() | FindingDigits() | EnteringDocument() | ReadingCard():
            return {"card": "on"}
        case AskingCard(order=order):
            return {"card": "on" if order else "blink"}
        case TakingPayment():
            return {"terminal": "blink"}
        case Printing() | PrintingCollection():
            return {"printer": "on"}
        case Farewell(sheet=True):  # the paper is elsewhere
            return {"card": "blink"} if state.card_inside else {}
        case Farewell(card_inside=True):
            return {"card": "blink", "printer": "blink"}
        case Farewell():
            return {"printer": "blink"}
        case EndedByCard(card_inside=True):
            return {"card": "blink"}
    return {}


def lamp_changes(before: State | None, after: State) -> tuple[Light, ...]:
    """Return the lamps to be set anew; all of them when nothing is known of before."""
    old, new = lamps(before) if before else {}, lamps(after)
    changed = [lamp for lamp in LAMPS if before is None or old.get(lamp, "off") != new.get(lamp, "off")]
    return tuple(Light(lamp, new.get(lamp, "off")) for lamp in changed)
