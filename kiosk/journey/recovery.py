"""After a power cut: ask, never repeat (law 3).

Submissions and papers are repeated only as what they are: the same submission, and a copy that says so.
"""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.money import Money
from kiosk.domain.payment import TransactionMark
from kiosk.journey.cash import check_note, short
from kiosk.journey.collecting import recover_collection
from kiosk.journey.documents import slip_instead
from kiosk.journey.effects import AcknowledgeNote, QueryPayment
from kiosk.journey.events import Entry
from kiosk.journey.filling import submit
from kiosk.journey.handing import print_paper
from kiosk.journey.paying import check, claim, print_reversal, total_of
from kiosk.journey.registering import recover_sale
from kiosk.journey.state import (
    Answering,
    CheckingPayment,
    Confirming,
    EnteringKey,
    FilingClaim,
    Kiosk,
    PreparingPayment,
    PresentingCard,
    Printing,
    Quoting,
    ReadingCard,
    ReversingPayment,
    SettlingPayment,
    StillThere,
    Submitting,
    TakingPayment,
)
from kiosk.journey.state_cash import (
    AcknowledgingNote,
    CheckingNote,
    ChoosingSurplus,
    FilingCollection,
    PreparingCash,
    PrintingCollection,
    ReturningNote,
    StackingNote,
    TakingCash,
)
from kiosk.journey.state_document import PrintingDocument
from kiosk.journey.state_fiscal import CheckingSale, FilingUnregistered, RegisteringSale
from kiosk.journey.state_key import EnteringDocument, FindingDigits
from kiosk.journey.state_matters import AskingCopy, FindingMatters, ShowingMatters
from kiosk.journey.state_paper import AgreeingNoPaper
from kiosk.journey.turn import Turn, apologise, end, go


def recover(kiosk: Kiosk, entry: Entry) -> Turn:
    """Turn whatever was going on when the power went into what must happen now."""
    match kiosk.state:
        case TakingPayment(journey) | SettlingPayment(journey) | CheckingPayment(journey):
            return check(kiosk, replace(journey, payment=None, gone=True), entry)
        case ReversingPayment(journey, _, problem):
            before = journey.before or TransactionMark()
            query = QueryPayment(entry.seq, journey.reference, total_of(journey), before)
            return go(kiosk, ReversingPayment(journey, entry.seq, problem), query)
        case (
            TakingCash() | ChoosingSurplus() | StackingNote() | ReturningNote() | CheckingNote() | AcknowledgingNote()
        ) as state:
            return recover_note(kiosk, state, entry)
        case PreparingPayment(journey) if journey.notes:
            return short(kiosk, journey, "power cut before the amount was reached", "power", entry)
        case Submitting(journey):
            return submit(kiosk, journey, entry)
        case (RegisteringSale() | CheckingSale() | FilingUnregistered()) as state:
            return recover_sale(kiosk, state, entry)
        case FilingClaim(journey):
            return claim(kiosk, journey, journey.doubt, "power cut while filing the claim", entry)
        case Printing(_, _, "statement", _):
            return end(kiosk)
        case Printing() | PrintingDocument() as state:
            return recover_paper(kiosk, state, entry)
        case FilingCollection() | PrintingCollection() as state:
            return recover_collection(kiosk, state, entry)
        case (
            PresentingCard(journey) | EnteringKey(journey) | FindingDigits(journey) | EnteringDocument(journey)
            | ReadingCard(journey) | Answering(journey) | Quoting(journey) | FindingMatters(journey) | ShowingMatters(journey)
            | AskingCopy(journey) | AgreeingNoPaper(journey) | Confirming(journey) | PreparingPayment(journey) | PreparingCash(journey)
        ):  # fmt: skip
            return apologise(kiosk, journey, "power")
        case StillThere(resume):
            return recover(replace(kiosk, state=resume), entry)
    return end(kiosk)  # who stood there is gone, and can ask again


def recover_paper(kiosk: Kiosk, state: Printing | PrintingDocument, entry: Entry) -> Turn:
    """Print what was under way again, as a copy; of a sheet nobody knows whether it came out, so the slip is the copy."""
    match state:
        case PrintingDocument(journey):
            return slip_instead(kiosk, journey, "power", entry, copy=1)
        case Printing(journey, _, "reversed", copy):
            return print_reversal(kiosk, journey, entry, copy + 1)
        case Printing(journey, _, paper, copy):
            return print_paper(kiosk, journey, paper, entry, copy + 1)


Cash = TakingCash | ChoosingSurplus | StackingNote | ReturningNote | CheckingNote | AcknowledgingNote


def recover_note(kiosk: Kiosk, state: Cash, entry: Entry) -> Turn:
    """Ask what became of the open note; only a note that is on disk already is acknowledged again, which is safe."""
    journey = replace(state.journey, gone=True)
    if isinstance(state, AcknowledgingNote):
        return go(kiosk, AcknowledgingNote(journey, entry.seq), AcknowledgeNote(entry.seq))
    value = Money(0) if isinstance(state, TakingCash) else state.value
    stacking = isinstance(state, StackingNote) or (isinstance(state, CheckingNote) and state.stacking)
    return check_note(kiosk, CheckingNote(journey, entry.seq, value, stacking))
