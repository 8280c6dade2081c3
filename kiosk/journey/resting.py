"""Resting: nobody is being served."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.journey.collecting import collect
from kiosk.journey.events import CashCollected, Entry, JourneyStarted
from kiosk.journey.state import Choosing, Journey, Kiosk, OutOfService, Welcome
from kiosk.journey.turn import Turn, go


def welcome(kiosk: Kiosk, _state: Welcome | OutOfService, entry: Entry) -> Turn | None:
    """Begin a visit, or in a replay a collection. The circumstances come with the event, so that a replay can begin here."""
    match entry.event:
        case JourneyStarted(language, number, _, devices, panel, card_left, open_ms) if language in kiosk.languages:
            kiosk = replace(kiosk, journey=number, language=language, devices=devices, panel=panel, card_left=card_left)
            kiosk = replace(kiosk, open_ms=open_ms)
            return go(kiosk, Choosing(Journey(number, language, entry.at_ms)))
        case CashCollected() as event:
            return collect(kiosk, event, entry)
    return None
