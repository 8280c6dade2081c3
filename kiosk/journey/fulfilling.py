"""Fulfilling: tell the centre, register the sale, print the paper, say goodbye."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from kiosk.domain.receipt import NotStarted, Partial, Printed, PrintOutcome, Unverified
from kiosk.journey.effects import Effect, WaitForRemoval
from kiosk.journey.events import (
    Acknowledged,
    CardTaken,
    CentralUnanswered,
    ClaimFiled,
    DeviceFailed,
    Entry,
    OrderOverdue,
    ReceiptEnded,
    SubmissionAccepted,
    SubmissionRefused,
    TimedOut,
)
from kiosk.journey.handing import print_paper
from kiosk.journey.paying import give_back
from kiosk.journey.registering import register
from kiosk.journey.state import (
    Apology,
    Farewell,
    FilingClaim,
    Journey,
    Kiosk,
    Paper,
    Printing,
    Submitting,
)
from kiosk.journey.turn import Turn, apologise, end, go

REFUSALS = {
    "not-a-resident": "not_a_resident",
    "not-a-guardian": "not_a_guardian",
    "proof-insufficient": "card_unproven",
}
"""What the centre may have against a free service, where the citizen can be told more than that it refused."""

UNFILED = "unfiled"
"""The doubt of a claim that could not even be kept: the paper sends the citizen to people."""


def submitting(kiosk: Kiosk, state: Submitting, entry: Entry) -> Turn | None:
    """Take the centre's answer, or its silence: what was paid for is in the outbox and will be delivered."""
    journey = state.journey
    match entry.event:
        case SubmissionAccepted(order, number, acceptance) if order == state.order:
            return register(kiosk, replace(journey, receipt_number=number, acceptance=acceptance), entry)
        case DeviceFailed(order) if order == state.order and (journey.payment or journey.notes):
            return give_back(kiosk, journey, "it could not be kept for delivery", entry)
        case CentralUnanswered(order) | DeviceFailed(order) | OrderOverdue(order) if order == state.order:
            if journey.payment is None and not journey.notes:
                return apologise(kiosk, journey, "no_central")
            return register(kiosk, replace(journey, deferred=True), entry)
        case SubmissionRefused(order, problem) if order == state.order:
            if journey.payment is None and not journey.notes:
                return apologise(kiosk, journey, REFUSALS.get(problem, "central_refused"))
            return give_back(kiosk, journey, problem, entry)
    return None


def filing_claim(kiosk: Kiosk, state: FilingClaim, entry: Entry) -> Turn | None:
    """With the claim safe, the slip may say so."""
    match entry.event:
        case ClaimFiled(order, delivered) if order == state.order:
            return print_paper(kiosk, replace(state.journey, deferred=not delivered), "claim", entry)
        case OrderOverdue(order) if order == state.order:  # it was kept before anything else was tried
            return print_paper(kiosk, replace(state.journey, deferred=True), "claim", entry)
        case DeviceFailed(order) if order == state.order:
            return print_paper(kiosk, replace(state.journey, doubt=UNFILED), "claim", entry)
    return None


def printing(kiosk: Kiosk, state: Printing, entry: Entry) -> Turn | None:
    """Take what became of the paper. It is told, never repeated blindly."""
    match entry.event:
        case ReceiptEnded(order, outcome) if order == state.order:
            return farewell(kiosk, state, outcome, entry)
        case DeviceFailed(order, _, reason) if order == state.order:
            return farewell(kiosk, state, NotStarted(reason), entry)
        case OrderOverdue(order) if order == state.order:
            return farewell(kiosk, state, Partial("silent"), entry)
    return None


def farewell(kiosk: Kiosk, state: Printing, outcome: PrintOutcome, entry: Entry) -> Turn:
    """Say what was done, whether the paper came out, and to take the card."""
    how = printed_word(outcome)
    reason = "" if isinstance(outcome, Printed) else outcome.reason
    card_inside = state.journey.card_inside
    last = Farewell(
        state.journey, entry.seq, result_of(state.journey, state.paper), state.paper, how, reason, card_inside
    )
    effects: tuple[Effect, ...] = (WaitForRemoval(entry.seq),) if card_inside else ()
    missing = state.paper != "statement" and how in ("partial", "not_started")
    left_open = missing or last.outcome in ("claim", "deferred")
    return go(replace(kiosk, open_ms=entry.at_ms) if left_open else kiosk, last, *effects)


def printed_word(outcome: PrintOutcome) -> str:
    """Return the outcome's tag."""
    match outcome:
        case Printed():
            return "printed"
        case Unverified():
            return "unverified"
        case Partial():
            return "partial"
        case NotStarted():
            return "not_started"


def result_of(journey: Journey, paper: Paper) -> Literal["done", "deferred", "claim", "reversed"]:
    """Name how the journey ended."""
    if paper in ("claim", "reversed"):
        return "claim" if paper == "claim" else "reversed"
    return "deferred" if journey.deferred else "done"


def saying_farewell(kiosk: Kiosk, state: Farewell, entry: Entry) -> Turn | None:
    """Wait until the citizen has read it and taken the card, or has gone."""
    match entry.event:
        case CardTaken(order) if order == state.order:
            left = replace(state.journey, card_inside=False)
            return go(kiosk, replace(state, journey=left, card_inside=False))
        case Acknowledged() | TimedOut():
            return end(kiosk)
    return None


def apologising(kiosk: Kiosk, _state: Apology, entry: Entry) -> Turn | None:
    """Wait until the citizen has read it, or has gone."""
    match entry.event:
        case Acknowledged() | TimedOut():
            return end(kiosk)
    return None
