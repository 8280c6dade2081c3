"""Paying in cash: one note at a time, held, stacked, acknowledged; and when nobody knows, ask. There is no change.

What lies in the cash box cannot be given back here: an order that ends short of its amount ends in a claim.
"""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.cash import Note
from kiosk.domain.money import Money
from kiosk.journey.effects import (
    AcknowledgeNote,
    HoldNote,
    PreparePayment,
    QueryNote,
    ReturnNote,
    StackNote,
    StopWaiting,
)
from kiosk.journey.events import (
    CancelPressed,
    CashPrepared,
    DeviceFailed,
    Entry,
    NoNoteCame,
    NoteAcknowledged,
    NoteHeld,
    NoteKept,
    NoteReturned,
    NoteStacked,
    NoteUnresolved,
    OrderOverdue,
    PaymentConfirmed,
    SurplusChosen,
)
from kiosk.journey.filling import numbered, submit
from kiosk.journey.paying import await_note, claim
from kiosk.journey.readiness import methods
from kiosk.journey.state import Confirming, Journey, Kiosk, PreparingPayment
from kiosk.journey.state_cash import (
    AcknowledgingNote,
    CheckingNote,
    ChoosingSurplus,
    PreparingCash,
    ReturningNote,
    StackingNote,
    TakingCash,
    Then,
)
from kiosk.journey.turn import Turn, apologise, end, go

WAITS = 3
"""So many waits in a row may end without a note before the citizen is taken to be gone."""


def preparing_cash(kiosk: Kiosk, state: PreparingCash, entry: Entry) -> Turn | None:
    """With acceptor and outbox standing, notes may be taken."""
    match entry.event:
        case CashPrepared(order) if order == state.order:
            return await_note(kiosk, numbered(kiosk, state.journey, entry), entry)
        case DeviceFailed(order) | OrderOverdue(order) if order == state.order:
            return apologise(kiosk, state.journey, "cash_failed")
        case CancelPressed():
            return end(kiosk)
    return None


def taking_cash(kiosk: Kiosk, state: TakingCash, entry: Entry) -> Turn | None:
    """Take what the acceptor says. A note that came although it had been told to stop goes back."""
    journey = state.journey
    match entry.event:
        case NoteHeld(order, value) if order == state.order:
            return held(kiosk, state, value, entry)
        case NoNoteCame(order) if order == state.order:
            if not state.then and state.waits + 1 < WAITS:
                return await_note(kiosk, journey, entry, state.waits + 1)
            return go_on(kiosk, journey, state.then or "cancel", entry)
        case DeviceFailed(order) if order == state.order:
            return go_on(kiosk, journey, "card" if state.then == "card" else "failed", entry)
        case OrderOverdue(order) if order == state.order:
            return check_note(kiosk, CheckingNote(journey, entry.seq, Money(0), stacking=False, then="failed"))
        case CancelPressed() if not state.then:
            return go(kiosk, replace(state, then="cancel"), StopWaiting("cash"))
        case PaymentConfirmed("card") if not state.then and "card" in methods(kiosk.devices):
            return go(kiosk, replace(state, then="card"), StopWaiting("cash"))
    return None


def held(kiosk: Kiosk, state: TakingCash, value: Money, entry: Entry) -> Turn:
    """Stack a note that fits; ask first where it brings a surplus; give back what is not wanted."""
    journey = state.journey
    surplus_minor = value.minor - journey.remaining.minor
    if state.then or surplus_minor > kiosk.surplus_most.minor or value.minor <= 0:
        return give_note_back(kiosk, journey, value, state.then, entry)
    if surplus_minor > 0:
        return go(kiosk, ChoosingSurplus(journey, entry.seq, value), HoldNote(entry.seq))
    return go(kiosk, StackingNote(journey, entry.seq, value), StackNote(entry.seq, value))


def choosing_surplus(kiosk: Kiosk, state: ChoosingSurplus, entry: Entry) -> Turn | None:
    """Take the citizen's choice; without one the note goes back. It is stacked only once it is known to lie there still."""
    journey = state.journey
    allowed = journey.service.surplus if journey.service else ()
    match entry.event:
        case SurplusChosen(to) if not state.chosen and (to == "return" or to in allowed):
            return go(kiosk, replace(state, chosen=to), StopWaiting("cash"))
        case CancelPressed() if not state.chosen:
            return go(kiosk, replace(state, chosen="cancel"), StopWaiting("cash"))
        case NoteKept(order) if order == state.order:
            if state.chosen == "account" or state.chosen == "claim":  # noqa: PLR1714 - narrows the type
                journey = replace(journey, surplus_to=state.chosen)
                return go(kiosk, StackingNote(journey, entry.seq, state.value), StackNote(entry.seq, state.value))
            return give_note_back(kiosk, journey, state.value, then_of(state), entry)
        case NoteReturned(order) if order == state.order:
            return go_on(kiosk, journey, then_of(state), entry, "note_returned")
        case DeviceFailed(order) | OrderOverdue(order) if order == state.order:
            checking = CheckingNote(journey, entry.seq, state.value, stacking=False, then=then_of(state))
            return check_note(kiosk, checking)
    return None


def then_of(state: ChoosingSurplus) -> Then:
    """Return what follows when the note is back."""
    return "cancel" if state.chosen == "cancel" else ""


def stacking_note(kiosk: Kiosk, state: StackingNote, entry: Entry) -> Turn | None:
    """Take what became of the note. A fault means that it was not taken (ports.CashAcceptor.stack): it is asked to go back."""
    journey = state.journey
    match entry.event:
        case NoteStacked(order, value) if order == state.order:
            return acknowledge(kiosk, journey, value, "", entry)
        case NoteReturned(order) if order == state.order:
            return go_on(kiosk, journey, "", entry, "note_returned")
        case NoteUnresolved(order) | OrderOverdue(order) if order == state.order:
            return check_note(kiosk, CheckingNote(journey, entry.seq, state.value, stacking=True))
        case DeviceFailed(order) if order == state.order:
            return check_note(kiosk, CheckingNote(journey, entry.seq, state.value, stacking=False))
    return None


def acknowledge(kiosk: Kiosk, journey: Journey, value: Money, then: Then, entry: Entry) -> Turn:
    """Count a note that lies in the cash box, and let the acceptor forget it."""
    note = Note(f"{journey.reference}-N{len(journey.notes) + 1}", value)
    journey = replace(journey, notes=(*journey.notes, note), paid_ms=entry.at_ms)
    cash = journey.cash
    if cash and cash.surplus and journey.surplus_to is None:  # taken unasked, by the acceptor's own doing
        journey = replace(journey, surplus_to="claim")
    return go(kiosk, AcknowledgingNote(journey, entry.seq, then), AcknowledgeNote(entry.seq))


def acknowledging_note(kiosk: Kiosk, state: AcknowledgingNote, entry: Entry) -> Turn | None:
    """Whatever the acceptor says to it, the note is counted."""
    match entry.event:
        case NoteAcknowledged(order) | DeviceFailed(order) | OrderOverdue(order) if order == state.order:
            return go_on(kiosk, state.journey, state.then, entry)
    return None


def give_note_back(kiosk: Kiosk, journey: Journey, value: Money, then: Then, entry: Entry) -> Turn:
    """Order the note out of escrow."""
    return go(kiosk, ReturningNote(journey, entry.seq, value, then), ReturnNote(entry.seq))


def returning_note(kiosk: Kiosk, state: ReturningNote, entry: Entry) -> Turn | None:
    """Take what became of the note."""
    match entry.event:
        case NoteReturned(order) if order == state.order:
            return go_on(kiosk, state.journey, state.then, entry, "note_returned")
        case NoteStacked(order, value) if order == state.order:
            return acknowledge(kiosk, state.journey, value, state.then, entry)
        case NoteUnresolved(order) | OrderOverdue(order) | DeviceFailed(order) if order == state.order:
            checking = CheckingNote(state.journey, entry.seq, state.value, stacking=False, then=state.then)
            return check_note(kiosk, checking)
    return None


def check_note(kiosk: Kiosk, state: CheckingNote) -> Turn:
    """Ask the acceptor what became of the open note."""
    return go(kiosk, state, QueryNote(state.order, state.value, state.stacking))


def checking_note(kiosk: Kiosk, state: CheckingNote, entry: Entry) -> Turn | None:
    """Take the verdict; without one the note counts for nothing, and the doubt becomes a claim."""
    match entry.event:
        case NoteStacked(order, value) if order == state.order:
            return acknowledge(kiosk, state.journey, value, state.then, entry)
        case NoteReturned(order) if order == state.order:
            return go_on(kiosk, state.journey, state.then, entry, "note_returned" if state.value else "")
        case NoteUnresolved(order, evidence) if order == state.order:
            return doubt_note(kiosk, state, evidence, entry)
        case DeviceFailed(order, _, _, evidence) if order == state.order:
            return doubt_note(kiosk, state, f"acceptor could not be asked: {evidence}", entry)
        case OrderOverdue(order) if order == state.order:
            return doubt_note(kiosk, state, "acceptor did not answer in time", entry)
    return None


def doubt_note(kiosk: Kiosk, state: CheckingNote, evidence: str, entry: Entry) -> Turn:
    """Claim a note of which nobody can tell; one that nobody knows of is none."""
    journey = state.journey
    if not state.value:
        return go_on(kiosk, journey, "failed", entry)
    note = Note(f"{journey.reference}-N{len(journey.notes) + 1}", state.value)
    return claim(kiosk, replace(journey, doubtful=note), "unresolved", f"note {note.uid}: {evidence}", entry)


def go_on(kiosk: Kiosk, journey: Journey, then: Then, entry: Entry, notice: str = "") -> Turn:
    """With no note open: deliver what is paid, or take the next note, or the rest by card, or end without losing any."""
    if journey.notes and not journey.remaining:
        return submit(kiosk, journey, entry)
    if journey.gone:
        return short(kiosk, journey, "power cut before the amount was reached", "power", entry)
    if journey.came == "another" and not journey.notes:
        then = "cancel"  # the next note would be somebody else's
    if then == "card":
        return go(kiosk, PreparingPayment(journey, entry.seq), PreparePayment(entry.seq))
    if then == "failed":
        return short(kiosk, journey, "acceptor failed before the amount was reached", "cash_failed", entry)
    if then == "cancel":
        if not journey.notes:
            return go(kiosk, Confirming(journey, "cancelled"))
        return short(kiosk, journey, "ended by the citizen before the amount was reached", "cancelled", entry)
    return await_note(kiosk, journey, entry, notice=notice)


def short(kiosk: Kiosk, journey: Journey, evidence: str, reason: str, entry: Entry) -> Turn:
    """End an order that is not paid: with a claim for what lies in the cash box, else with an apology."""
    if not journey.notes:
        return apologise(kiosk, journey, reason)
    return claim(kiosk, journey, "undelivered", evidence, entry)
