"""Matters (Bərpa): somebody comes back and asks what became of a payment, by the code on the paper or by the ID card."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.journey.effects import WaitForRemoval
from kiosk.journey.events import (
    Acknowledged,
    CancelPressed,
    CentralUnanswered,
    CopyWanted,
    DeviceFailed,
    Entry,
    MattersFound,
    OrderOverdue,
    PaperWanted,
    QuoteRefused,
    WentBack,
)
from kiosk.journey.handing import print_paper
from kiosk.journey.reprinting import ask_copy
from kiosk.journey.state import Answering, Choosing, Farewell, Kiosk
from kiosk.journey.state_matters import FindingMatters, ShowingMatters
from kiosk.journey.turn import Turn, apologise, end, go

WRONG_CODES_AT_MOST = 5
"""Unknown codes in one visit: enough for shaky hands and bad light, too few to guess."""


def finding_matters(kiosk: Kiosk, state: FindingMatters, entry: Entry) -> Turn | None:
    """Take the centre's answer. An unknown code is asked for again: it was misread, or has not come to the centre yet."""
    match entry.event:
        case MattersFound(order, matters) if order == state.order:
            return go(kiosk, ShowingMatters(replace(state.journey, matters=matters)))
        case QuoteRefused(order, "unknown-account") if order == state.order and state.journey.answers:
            journey = replace(state.journey, wrong_codes=state.journey.wrong_codes + 1)
            if journey.wrong_codes >= WRONG_CODES_AT_MOST:
                return apologise(kiosk, journey, "too_many_codes")
            return go(kiosk, Answering(journey, 0, "unknown_code"))
        case QuoteRefused(order, "too-many-tries") if order == state.order:
            return apologise(kiosk, state.journey, "too_many_codes")
        case QuoteRefused(order) if order == state.order:
            return apologise(kiosk, state.journey, "central_refused")
        case CentralUnanswered(order) | DeviceFailed(order) | OrderOverdue(order) if order == state.order:
            return apologise(kiosk, state.journey, "no_central")
        case CancelPressed():
            return end(kiosk)
    return None


def showing_matters(kiosk: Kiosk, state: ShowingMatters, entry: Entry) -> Turn | None:
    """Let it be read, put it on paper, or go on to another service: the card that was read stays read."""
    journey = state.journey
    match entry.event:
        case PaperWanted() if journey.matters:
            named = replace(journey, reference=journey.matters[0].reference)
            return print_paper(kiosk, named, "statement", entry)
        case CopyWanted(reference):
            return ask_copy(kiosk, state, reference, entry)
        case WentBack():
            return go(kiosk, Choosing(replace(journey, matters=(), answers={})))
        case Acknowledged() | CancelPressed() if journey.card_inside:
            last = Farewell(journey, entry.seq, "done", "statement", "", card_inside=True)
            return go(kiosk, last, WaitForRemoval(entry.seq))
        case Acknowledged() | CancelPressed():
            return end(kiosk)
    return None
