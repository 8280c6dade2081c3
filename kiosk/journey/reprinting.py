"""Reprinting: a paper once more, at any kiosk, by the code on it or by the card it was made with.

The centre keeps what the paper is composed of and counts its copies. Nothing that goes wrong here ends the visit: it is
told, and can be tried again.
"""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.matter import Copy
from kiosk.domain.receipt import NotStarted, Partial, PrintOutcome
from kiosk.journey.effects import AskCopy, PrintPaper
from kiosk.journey.events import (
    CancelPressed,
    CentralUnanswered,
    CopyGiven,
    DeviceFailed,
    Entry,
    OrderOverdue,
    QuoteRefused,
    ReceiptEnded,
)
from kiosk.journey.filling import CODE
from kiosk.journey.fulfilling import printed_word
from kiosk.journey.state import Journey, Kiosk
from kiosk.journey.state_matters import AskingCopy, PrintingCopy, ShowingMatters
from kiosk.journey.turn import Turn, end, go


def ask_copy(kiosk: Kiosk, state: ShowingMatters, reference: str, entry: Entry) -> Turn | None:
    """Ask the centre for the paper of one of the matters shown, if it is one that can be given."""
    journey, papers = state.journey, {each.reference: each.paper for each in state.journey.matters}
    if not papers.get(reference):
        return None
    code = journey.answers.get(CODE, "")
    # Asked for again in this visit, before it may have come out, it is the same copy: it keeps its key.
    asked_first = journey.copy_keys.get(reference, entry.seq)
    key = "-".join(part for part in (kiosk.id, kiosk.epoch, f"P{asked_first:06d}") if part)
    journey = replace(journey, copy_keys={**journey.copy_keys, reference: asked_first})
    order = AskCopy(entry.seq, key, reference, code, None if code else journey.applicant)
    return go(kiosk, AskingCopy(journey, entry.seq, reference), order)


def asking_copy(kiosk: Kiosk, state: AskingCopy, entry: Entry) -> Turn | None:
    """Take the centre's answer and print, or say why it cannot be."""
    match entry.event:
        case CopyGiven(order, Copy() as copy) if order == state.order:
            paper = PrintPaper(entry.seq, copy.paper, once_more(kiosk, state.journey, copy), copy.number)
            return go(kiosk, PrintingCopy(state.journey, entry.seq, state.reference), paper)
        case QuoteRefused(order) | CopyGiven(order) if order == state.order:
            return go(kiosk, ShowingMatters(state.journey, "copy_refused"))
        case CentralUnanswered(order) | DeviceFailed(order) | OrderOverdue(order) if order == state.order:
            return go(kiosk, ShowingMatters(state.journey, "copy_no_central"))
        case CancelPressed():
            return end(kiosk)
    return None


def once_more(kiosk: Kiosk, journey: Journey, copy: Copy) -> Journey:
    """Return the visit that the paper was made in, as far as the paper tells of it."""
    return Journey(
        number=journey.number,
        language=copy.language if copy.acceptance else journey.language,  # a document's lines are in one language
        started_ms=journey.started_ms,
        service=next((each for each in kiosk.services if each.id == copy.service_id), None),
        answers=copy.answers,
        quote=copy.quote if copy.paper != "slip" else None,
        reference=copy.reference,
        made_ms=copy.made_at_ms,
        paid_ms=copy.made_at_ms,
        payment=copy.payment,
        acceptance=copy.acceptance,
        receipt_number=copy.receipt_number,
        doubt=copy.doubt,
        notes=copy.cash.notes if copy.cash else (),
        surplus_to=copy.cash.surplus_to if copy.cash else None,
        doubtful=copy.doubtful,
        fiscal=copy.fiscal,
        fiscal_due=copy.fiscal_due,
        citizen=journey.applicant if copy.about_another else None,
        subject=journey.applicant if copy.about_another else None,  # whoever it is: the paper tells who asked
    )


def printing_copy(kiosk: Kiosk, state: PrintingCopy, entry: Entry) -> Turn | None:
    """Say what became of the copy, and show the matters again."""
    match entry.event:
        case ReceiptEnded(order, outcome) if order == state.order:
            return shown_again(kiosk, state, outcome)
        case DeviceFailed(order, _, reason) if order == state.order:
            return shown_again(kiosk, state, NotStarted(reason))
        case OrderOverdue(order) if order == state.order:
            return shown_again(kiosk, state, Partial("silent"))
    return None


def shown_again(kiosk: Kiosk, state: PrintingCopy, outcome: PrintOutcome) -> Turn:
    """Show the matters with what became of the copy. One of which nothing came out keeps its number for the next try."""
    journey = state.journey
    if not isinstance(outcome, NotStarted):
        kept = {reference: seq for reference, seq in journey.copy_keys.items() if reference != state.reference}
        journey = replace(journey, copy_keys=kept)
    return go(kiosk, ShowingMatters(journey, f"copy_{printed_word(outcome)}"))
