"""Paying: prepare, take, settle; and when nobody knows, ask. Money is never taken twice because nothing here repeats it."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.application import Claim
from kiosk.domain.money import Money
from kiosk.domain.payment import TransactionMark
from kiosk.journey.effects import (
    AwaitNote,
    FileClaim,
    PrintPaper,
    QueryPayment,
    ReversePayment,
    SettledOtherwise,
    SettlePayment,
    StopWaiting,
    TakePayment,
)
from kiosk.journey.events import (
    CancelPressed,
    DeviceFailed,
    Entry,
    OrderOverdue,
    PaymentApproved,
    PaymentCancelled,
    PaymentDeclined,
    PaymentPrepared,
    PaymentProgressed,
    PaymentSettled,
    PaymentUnresolved,
    ReversalRefused,
)
from kiosk.journey.filling import numbered, submit
from kiosk.journey.state import (
    CheckingPayment,
    Confirming,
    FilingClaim,
    Journey,
    Kiosk,
    PreparingPayment,
    Printing,
    ReversingPayment,
    SettlingPayment,
    TakingPayment,
)
from kiosk.journey.state_cash import TakingCash
from kiosk.journey.turn import Turn, apologise, end, go


def total_of(journey: Journey) -> Money:
    """Return what this journey's payment by card is about: what the notes have left of the amount due."""
    return journey.remaining


def unpaid(kiosk: Kiosk, journey: Journey, notice: str, otherwise: Turn, entry: Entry) -> Turn:
    """Nothing was taken by card: with notes in the cash box the order goes on in cash, without any it is as it was."""
    return await_note(kiosk, replace(journey, payment=None), entry, notice=notice) if journey.notes else otherwise


def await_note(kiosk: Kiosk, journey: Journey, entry: Entry, waits: int = 0, notice: str = "") -> Turn:
    """Let one note in, worth at most what is still due and the surplus allowed."""
    most = journey.remaining + kiosk.surplus_most
    return go(kiosk, TakingCash(journey, entry.seq, waits, notice=notice), AwaitNote(entry.seq, most))


def preparing_payment(kiosk: Kiosk, state: PreparingPayment, entry: Entry) -> Turn | None:
    """With the terminal's last transaction on disk, the payment may start."""
    match entry.event:
        case PaymentPrepared(order, before) if order == state.order:
            journey = replace(state.journey, before=before)
            journey = journey if journey.notes else numbered(kiosk, journey, entry)  # one order, one reference
            take = TakePayment(entry.seq, total_of(journey), journey.reference)
            return go(kiosk, TakingPayment(journey, entry.seq), take)
        case DeviceFailed(order) | OrderOverdue(order) if order == state.order:
            sorry = apologise(kiosk, state.journey, "terminal_failed")
            return unpaid(kiosk, state.journey, "no_terminal", sorry, entry)
        case CancelPressed():
            return unpaid(kiosk, state.journey, "cancelled", end(kiosk), entry)
    return None


def taking_payment(kiosk: Kiosk, state: TakingPayment, entry: Entry) -> Turn | None:
    """Take what the terminal says. A fault here means that no byte of the payment left (ports.PaymentTerminal.pay)."""
    match entry.event:
        case PaymentProgressed(order, progress) if order == state.order:
            return go(kiosk, replace(state, progress=progress))
        case PaymentApproved(order, authorisation, settled) if order == state.order:
            journey = replace(state.journey, payment=authorisation, paid_ms=entry.at_ms)
            if settled:
                return submit(kiosk, journey, entry)
            return go(kiosk, SettlingPayment(journey, entry.seq), SettlePayment(entry.seq, journey.reference))
        case PaymentDeclined(order) if order == state.order:
            return unpaid(kiosk, state.journey, "declined", go(kiosk, Confirming(state.journey, "declined")), entry)
        case PaymentCancelled(order) if order == state.order:
            return unpaid(kiosk, state.journey, "cancelled", go(kiosk, Confirming(state.journey, "cancelled")), entry)
        case DeviceFailed(order) if order == state.order:
            sorry = apologise(kiosk, state.journey, "terminal_failed")
            return unpaid(kiosk, state.journey, "no_terminal", sorry, entry)
        case PaymentUnresolved(order) | OrderOverdue(order) if order == state.order:
            return check(kiosk, state.journey, entry)
        case CancelPressed() if not state.stopping:
            return go(kiosk, replace(state, stopping=True), StopWaiting("terminal"))
    return None


def settling_payment(kiosk: Kiosk, state: SettlingPayment, entry: Entry) -> Turn | None:
    """Take the end of the sale."""
    match entry.event:
        case PaymentSettled(order, slip) if order == state.order:
            payment = state.journey.payment and replace(state.journey.payment, slip=slip)
            return submit(kiosk, replace(state.journey, payment=payment), entry)
        case PaymentCancelled(order) if order == state.order:
            sorry = apologise(kiosk, replace(state.journey, payment=None), "not_charged")
            return unpaid(kiosk, state.journey, "not_charged", sorry, entry)
        case PaymentUnresolved(order) | OrderOverdue(order) | DeviceFailed(order) if order == state.order:
            return check(kiosk, state.journey, entry)
    return None


def check(kiosk: Kiosk, journey: Journey, entry: Entry) -> Turn:
    """Ask the terminal what became of the payment."""
    before = journey.before or TransactionMark()
    query = QueryPayment(entry.seq, journey.reference, total_of(journey), before)
    return go(kiosk, CheckingPayment(journey, entry.seq), query)


def checking_payment(kiosk: Kiosk, state: CheckingPayment, entry: Entry) -> Turn | None:
    """Take the verdict; without one it stays in doubt, and the doubt becomes a claim."""
    match entry.event:
        case PaymentApproved(order, authorisation) if order == state.order:
            paid_ms = state.journey.paid_ms or entry.at_ms
            return submit(kiosk, replace(state.journey, payment=authorisation, paid_ms=paid_ms), entry)
        case PaymentDeclined(order) | PaymentCancelled(order) if order == state.order:
            if state.journey.gone and state.journey.notes:
                return claim(kiosk, replace(state.journey, payment=None), "undelivered", "power cut", entry)
            sorry = apologise(kiosk, replace(state.journey, payment=None), "not_charged")
            return unpaid(kiosk, state.journey, "not_charged", sorry, entry)
        case PaymentUnresolved(order, evidence) if order == state.order:
            return claim(kiosk, state.journey, "unresolved", evidence, entry)
        case DeviceFailed(order, _, _, evidence) if order == state.order:
            return claim(kiosk, state.journey, "unresolved", f"terminal could not be asked: {evidence}", entry)
        case OrderOverdue(order) if order == state.order:
            return claim(kiosk, state.journey, "unresolved", "terminal did not answer in time", entry)
    return None


def give_back(kiosk: Kiosk, journey: Journey, problem: str, entry: Entry) -> Turn:
    """Paid, and the centre will not carry it out: give the money back, or claim it where the terminal cannot."""
    if journey.payment is None:
        return claim(kiosk, journey, "undelivered", problem, entry)
    return go(
        kiosk,
        ReversingPayment(journey, entry.seq, problem),
        ReversePayment(entry.seq, journey.reference, journey.payment),
    )


def reversing_payment(kiosk: Kiosk, state: ReversingPayment, entry: Entry) -> Turn | None:
    """Take what became of giving the money back."""
    match entry.event:
        case PaymentCancelled(order) if order == state.order:
            if state.journey.notes:  # they lie in the cash box all the same
                return claim(kiosk, replace(state.journey, payment=None), "undelivered", state.problem, entry)
            return print_reversal(kiosk, state.journey, entry)
        case PaymentApproved(order) if order == state.order:  # asked after a power cut: the sale still stands
            return claim(kiosk, state.journey, "undelivered", f"{state.problem}; not given back", entry)
        case ReversalRefused(order, code) if order == state.order:
            return claim(kiosk, state.journey, "undelivered", f"{state.problem}; reversal refused: {code}", entry)
        case PaymentDeclined(order, code) if order == state.order:  # asked after a power cut: the reversal was refused
            return claim(kiosk, state.journey, "undelivered", f"{state.problem}; reversal refused: {code}", entry)
        case PaymentUnresolved(order) | OrderOverdue(order) | DeviceFailed(order) if order == state.order:
            return claim(kiosk, state.journey, "undelivered", f"{state.problem}; reversal in doubt", entry)
    return None


def print_reversal(kiosk: Kiosk, journey: Journey, entry: Entry, copy: int = 0) -> Turn:
    """Say on paper that the money is back, however that was learnt, and let go of what was kept for delivery."""
    order = PrintPaper(entry.seq, "reversed", journey, copy)
    return go(kiosk, Printing(journey, entry.seq, "reversed", copy), SettledOtherwise(journey.reference), order)


def claim(kiosk: Kiosk, journey: Journey, kind: str, evidence: str, entry: Entry) -> Turn:
    """Tell the centre's staff about money in doubt, for good, before any paper says so.

    ``amount`` is what may have to be given back: the notes, the one in doubt, and what the card was or may have been charged.
    """
    by_card = journey.payment.amount if journey.payment else journey.remaining
    if journey.doubtful or (journey.notes and journey.payment is None and kind == "undelivered"):
        by_card = Money(0)
    noted = journey.inserted + journey.doubtful.value if journey.doubtful else journey.inserted
    filed = Claim(
        reference=journey.reference,
        kind=kind,
        service_id=journey.service.id if journey.service else "",
        amount=noted + by_card,
        evidence=evidence,
        made_at_ms=entry.at_ms,
        language=journey.language,
        answers=journey.answers,
        citizen=journey.applicant,
        payment=journey.payment,
        cash=journey.cash,
        doubtful=journey.doubtful,
    )
    journey = replace(journey, doubt=kind)
    return go(kiosk, FilingClaim(journey, entry.seq), FileClaim(entry.seq, filed))
