"""Identifying: the ID card, and the reading of it. What opens it: ``keys``."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.journey.effects import StopWaiting, WaitForCard, WatchReaders
from kiosk.journey.events import (
    CancelPressed,
    CardInserted,
    CardRefused,
    CitizenRead,
    DeviceFailed,
    Entry,
    NoCardCame,
    OrderOverdue,
    WentBack,
)
from kiosk.journey.events_key import ChipMissing
from kiosk.journey.filling import ask_next
from kiosk.journey.keys import ask_again, ask_key
from kiosk.journey.readiness import proven_enough
from kiosk.journey.second_card import ask_second, second_needed, take_second
from kiosk.journey.state import Choosing, EnteringKey, Kiosk, PresentingCard, ReadingCard
from kiosk.journey.state_key import EnteringDocument, WithoutChip
from kiosk.journey.turn import Turn, apologise, end, go

MISTAKES_ALLOWED = 3
"""Wrong keys before the card has to be taken out: enough for shaky hands, too few to guess six digits."""


def presenting_card(kiosk: Kiosk, state: PresentingCard, entry: Entry) -> Turn | None:
    """Wait for the card."""
    match entry.event:
        case CardInserted(order) if order == state.order:
            came = "second" if second_needed(state.journey) else ""
            inside = replace(state.journey, card_inside=True, came=came)
            return ask_key(replace(kiosk, card_left=False), EnteringKey(inside), entry)
        case NoCardCame(order) | OrderOverdue(order) if order == state.order:
            return go(kiosk, replace(state, order=entry.seq), WaitForCard(entry.seq, state.fresh))
        case DeviceFailed(order) if order == state.order:
            return apologise(kiosk, state.journey, "no_card_reader")
        case ChipMissing():
            return go(kiosk, WithoutChip(state.journey), StopWaiting("card"))
        case WentBack():
            return go(kiosk, Choosing(state.journey), StopWaiting("card"))
        case CancelPressed():
            return end(kiosk)
    return None


def reading_card(kiosk: Kiosk, state: ReadingCard, entry: Entry) -> Turn | None:
    """Take what the card told."""
    match entry.event:
        case CitizenRead(order, citizen) if order == state.order:
            if citizen is None:  # nobody can be read from a row whose key is gone
                return apologise(kiosk, state.journey, "card_failed")
            if not proven_enough(state.journey.service, citizen):
                return apologise(kiosk, state.journey, "card_unproven")
            if second_needed(state.journey):
                return take_second(kiosk, state, citizen, entry)
            known = replace(state.journey, citizen=citizen, card_order=order)
            after, effects = (
                ask_second(kiosk, known, entry) if second_needed(known) else ask_next(kiosk, known, 0, entry)
            )
            return after, (*effects, WatchReaders(order))
        case CardRefused(order, refusal) if order == state.order:
            return refused(kiosk, state, refusal.reason, entry)
        case DeviceFailed(order) | OrderOverdue(order) if order == state.order:
            return apologise(kiosk, state.journey, "card_failed")
        case CancelPressed():
            return end(kiosk)
    return None


def refused(kiosk: Kiosk, state: ReadingCard, reason: str, entry: Entry) -> Turn:
    """Ask again: for the key while some tries are left, else for the card anew."""
    mistakes = state.mistakes + 1
    if reason == "wrong_key" and mistakes < MISTAKES_ALLOWED:
        return ask_again(kiosk, state, mistakes, entry)
    if reason == "zone_needed":
        return ask_key(kiosk, EnteringDocument(state.journey, state.mistakes, notice=reason), entry)
    too_often = "wrong_key_too_often" if state.way == "digits" else "wrong_document_too_often"
    notice = too_often if reason == "wrong_key" else reason
    fresh = reason != "removed"
    journey = replace(state.journey, card_inside=fresh)
    return go(kiosk, PresentingCard(journey, entry.seq, notice, fresh), WaitForCard(entry.seq, fresh))
