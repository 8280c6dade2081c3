"""Collecting: the cash box is taken out. On disk first, then the centre, then the slip that goes with the notes."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.application import Claim
from kiosk.domain.cash import Collection
from kiosk.journey.effects import FileClaim, PrintCollection
from kiosk.journey.events import (
    CancelPressed,
    CashCollected,
    ClaimFiled,
    DeviceFailed,
    Entry,
    OrderOverdue,
    ReceiptEnded,
    TimedOut,
)
from kiosk.journey.fulfilling import printed_word
from kiosk.journey.state import Kiosk, Servicing
from kiosk.journey.state_cash import CollectingCash, FilingCollection, PrintingCollection, Told
from kiosk.journey.turn import Turn, ask_anew, go, rest


def collecting_cash(kiosk: Kiosk, _state: CollectingCash, entry: Entry) -> Turn | None:
    """Take what was counted, or go back with the box as it is."""
    match entry.event:
        case CashCollected() as event:
            return collect(kiosk, event, entry)
        case _ if not kiosk.panel.door_open:
            return rest(kiosk), ()
        case CancelPressed():
            return go(kiosk, Servicing())
        case TimedOut():
            return ask_anew(kiosk), ()
    return None


def collect(kiosk: Kiosk, event: CashCollected, entry: Entry) -> Turn:
    """Give the collection its reference, which names its journal entry, and tell the centre."""
    if event.language in kiosk.languages:
        kiosk = replace(kiosk, language=event.language)
    reference = "-".join(part for part in (kiosk.id, kiosk.epoch, f"C{entry.seq:06d}") if part)
    return file_collection(kiosk, Collection(reference, event.box, event.counted, entry.at_ms, event.by), entry)


def file_collection(kiosk: Kiosk, collection: Collection, entry: Entry, *, gone: bool = False) -> Turn:
    """Tell the centre; the same collection is always the same message. The door may close meanwhile: the notes are out."""
    told = Claim(
        reference=collection.reference,
        kind="collection",
        service_id="",
        amount=collection.box.total,
        evidence=evidence_of(collection),
        made_at_ms=collection.made_at_ms,
        language=kiosk.language,
    )
    return go(kiosk, FilingCollection(collection, entry.seq, gone), FileClaim(entry.seq, told))


def evidence_of(collection: Collection) -> str:
    """Return both counts, in minor units, and by whom: ``journal 3x500 1x2000 = 3500; counted 3500; difference 0``."""
    box, counted, difference = collection.box, collection.counted, collection.difference
    notes = "".join(f"{count}x{minor} " for minor, count in box.notes)
    by = f"; by {collection.by.name}, certificate {collection.by.serial}" if collection.by else ""
    journal = f"journal {notes}= {box.total.minor}"
    if counted is None or difference is None:
        return f"{journal}; not counted{by}"
    return f"{journal}; counted {counted.minor}; difference {difference.minor}{by}"


def filing_collection(kiosk: Kiosk, state: FilingCollection, entry: Entry) -> Turn | None:
    """With the record safe, the slip may say so. Without it the journal alone knows, and the slip says that."""
    match entry.event:
        case ClaimFiled(order, delivered) if order == state.order:
            return slip(kiosk, state, "done" if delivered else "deferred", entry)
        case OrderOverdue(order) if order == state.order:  # it was kept before anything else was tried
            return slip(kiosk, state, "deferred", entry)
        case DeviceFailed(order) if order == state.order:
            return slip(kiosk, state, "unfiled", entry)
    return None


def slip(kiosk: Kiosk, state: FilingCollection, told: Told, entry: Entry) -> Turn:
    """Print the first slip."""
    return print_collection(kiosk, PrintingCollection(state.collection, entry.seq, told, state.gone))


def print_collection(kiosk: Kiosk, state: PrintingCollection) -> Turn:
    """Order a slip. A repeated one says on it that it is a copy."""
    order = PrintCollection(state.order, state.collection, state.told, kiosk.language, state.copy)
    return go(kiosk, state, order)


def printing_collection(kiosk: Kiosk, state: PrintingCollection, entry: Entry) -> Turn | None:
    """Take what became of the slip."""
    match entry.event:
        case ReceiptEnded(order, outcome) if order == state.order:
            return back(kiosk, state, printed_word(outcome))
        case DeviceFailed(order) if order == state.order:
            return back(kiosk, state, "not_started")
        case OrderOverdue(order) if order == state.order:
            return back(kiosk, state, "partial")
    return None


def recover_collection(kiosk: Kiosk, state: FilingCollection | PrintingCollection, entry: Entry) -> Turn:
    """After a power cut: the same message again, or the same slip as a copy."""
    if isinstance(state, FilingCollection):
        return file_collection(kiosk, state.collection, entry, gone=True)
    return print_collection(kiosk, replace(state, order=entry.seq, gone=True, copy=state.copy + 1))


def back(kiosk: Kiosk, state: PrintingCollection, how: str) -> Turn:
    """Lead back to the technician who is still there; to anybody else the PIN comes first."""
    if state.gone or not kiosk.panel.door_open:
        return rest(kiosk), ()
    return go(kiosk, Servicing(notice=f"slip_{how}", collected=state.collection))
