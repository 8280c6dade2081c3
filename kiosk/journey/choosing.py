"""Choosing: which service, and whether it can be given now."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.service import Service
from kiosk.journey.effects import WaitForCard
from kiosk.journey.events import CancelPressed, Entry, ServiceChosen, WentBack
from kiosk.journey.filling import ask_next
from kiosk.journey.readiness import obstacle, proven_enough
from kiosk.journey.second_card import ask_second, second_needed
from kiosk.journey.state import Choosing, Journey, Kiosk, PresentingCard
from kiosk.journey.turn import Turn, apologise, end, go

COMES_BACK_MS = 30 * 86_400_000
"""How long whoever left something open is expected back."""


def in_order(kiosk: Kiosk, journey: Journey) -> list[Service]:
    """Return the services as they are offered; for a while after a visit that left something open, asking after it comes first."""
    expected = journey.started_ms - kiosk.open_ms < COMES_BACK_MS
    return sorted(kiosk.services, key=lambda service: (not (expected and service.amount == "asked"), service.order))


def choosing(kiosk: Kiosk, state: Choosing, entry: Entry) -> Turn | None:
    """Take the choice of a service, or the way out."""
    match entry.event:
        case ServiceChosen(service):
            return begin(kiosk, replace(state.journey, service=service, answers={}, quote=None, subject=None), entry)
        case WentBack() | CancelPressed():
            return end(kiosk)
    return None


def begin(kiosk: Kiosk, journey: Journey, entry: Entry) -> Turn:
    """Start the chosen service: ask for the card if it needs one and none was read yet, else for the first answer."""
    service = journey.service
    if service is None:
        return go(kiosk, Choosing(journey))
    if word := obstacle(service, kiosk.devices, kiosk.panel):
        return apologise(kiosk, journey, word)
    if service.needs_card and journey.citizen is None:
        left = kiosk.card_left
        waiting = PresentingCard(journey, entry.seq, "other_card" if left else "", left)
        return go(kiosk, waiting, WaitForCard(entry.seq, left))
    if not proven_enough(service, journey.citizen):
        return apologise(kiosk, journey, "card_unproven")
    if second_needed(journey):
        return ask_second(kiosk, journey, entry)
    return ask_next(kiosk, journey, 0, entry)
