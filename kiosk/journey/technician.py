"""The technician's card: asked for behind the open door, and what its holder's role allows."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.technician import UNKNOWN, Role, TechnicianRefusal
from kiosk.journey.effects import CheckTechnicianCard
from kiosk.journey.events import (
    DeviceFailed,
    Entry,
    OrderOverdue,
    PinEntered,
    TechnicianAccepted,
    TechnicianRefused,
    WayInChosen,
)
from kiosk.journey.state import Kiosk, Servicing
from kiosk.journey.state_technician import AskingCard
from kiosk.journey.turn import Turn, go, rest

LAST_TRY = 1
_NO_CARD = ("no_card", "removed")


def asking_card(kiosk: Kiosk, state: AskingCard, entry: Entry) -> Turn | None:
    """Let in whoever's card proves it. A card that was asked may stay in the reader: it is not the next citizen's."""
    if not kiosk.panel.door_open:
        return rest(kiosk), ()
    match entry.event:
        case PinEntered(pin) if not state.order:
            told = state.serial if state.tries_left == LAST_TRY else ""
            asked = replace(kiosk, card_left=True)  # even if the door is closed before it answers
            return go(asked, replace(state, order=entry.seq), CheckTechnicianCard(entry.seq, pin, told))
        case WayInChosen("pin") if not state.order and kiosk.way_in == "card_or_pin":
            return go(kiosk, state.pin)
        case TechnicianAccepted(order, who) if state.order and order == state.order and who is not None:
            return go(replace(kiosk, technician=who, card_left=True), Servicing(notice=who.remark))
        case TechnicianRefused(order, refusal) if order == state.order:
            left_inside = refusal is not None and refusal.reason not in _NO_CARD
            return go(replace(kiosk, card_left=left_inside), again(state, refusal))
        case DeviceFailed(order) | OrderOverdue(order) if order == state.order:
            return go(replace(kiosk, card_left=True), again(state, None))
    return None


def again(state: AskingCard, refusal: TechnicianRefusal | None) -> AskingCard:
    """Ask once more, saying what was wrong; None: the reader failed, and nobody knows what the card counted."""
    if refusal is None:
        return AskingCard("failed", UNKNOWN, state.mistakes + 1, pin=state.pin)
    return AskingCard(refusal.reason, refusal.tries_left, state.mistakes + 1, pin=state.pin, serial=refusal.serial)


def may(kiosk: Kiosk, role: Role) -> bool:
    """Say whether whoever is there may do what a role allows; the kiosk's own PIN allows everything."""
    return kiosk.technician is None or role in kiosk.technician.roles
