"""Paying: prepare, take, settle; and when nobody knows, ask. Money is never taken twice because nothing here repeats it."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.application import Claim
from kiosk.domain.money import Money
from kiosk.domain.payment import TransactionMark
from kiosk.journey.effects import (
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
from kiosk.journey.turn import Turn, apologise, end, go


def total_of(journey: Journey) -> Money:
    """Return what this journey's payment is about."""
    return journey.quote.total if journey.quote else Money(0)


def preparing_payment(kiosk: Kiosk, state: PreparingPayment, entry: Entry) -> Turn | None:
    """With the terminal's last transaction on disk, the payment may start."""
    match entry.event:
        case PaymentPrepared(order, before) if order == state.order:
            journey = numbered(kiosk, replace(state.journey, before=before), entry)
            take = TakePayment(entry.seq, total_of(journey), journey.reference)
            return go(kiosk, TakingPayment(journey, entry.seq), take)
        case DeviceFailed(order) | OrderOverdue(order) if order == state.order:
            return apologise(kiosk, state.journey, "terminal_failed")
        case CancelPressed():
            return end(kiosk)
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
            return go(kiosk, Confirming(state.journey, "declined"))
        case PaymentCancelled(order) if order == state.order:
            return go(kiosk, Confirming(state.journey, "cancelled"))
        case DeviceFailed(order) if order == state.order:
            return apologise(kiosk, state.journey, "terminal_failed")
        case PaymentUnresolved(order) | OrderOverdue(order) if order == state.order:
            return check(kiosk, state.journey, entry)
        case CancelPressed() if not state.stopping:
            return go(kiosk, replace(state, stopping=True), StopWaiting("terminal"))
    return None


def settling_payment(kiosk: Kiosk, state: SettlingPayment, entry: Entry) -> Turn | None:
    """Take the end of the sale."""
    match entry.event:
        case PaymentSettled(order) if order == state.order:
            return submit(kiosk, state.journey, entry)
        case PaymentCancelled(order) if order == state.order:
            return apologise(kiosk, replace(state.journey, payment=None), "not_charged")
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
            return apologise(kiosk, replace(state.journey, payment=None), "not_charged")
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
            return print_reversal(kiosk, state.journey, entry)
        case PaymentApproved(order) if order == state.order:  # asked after a power cut: the sale still stands
            return claim(kiosk, state.journey, "undelivered", f"{state.problem}; not given back", entry)
        case ReversalRefused(order, code) if order == state.order:
            return claim(kiosk, state.journey, "undelivered", f"{state.problem}; reversal refused: {code}", entry)
        case PaymentUnresolved(order) | OrderOverdue(order) | DeviceFailed(order) if order == state.order:
            return claim(kiosk, state.journey, "undelivered", f"{state.problem}; reversal in doubt", entry)
    return None


def print_reversal(kiosk: Kiosk, journey: Journey, entry: Entry, copy: int = 0) -> Turn:
    """Say on paper that the money is back, however that was learnt, and let go of what was kept for delivery."""
    order = PrintPaper(entry.seq, "reversed", journey, copy)
    return go(kiosk, Printing(journey, entry.seq, "reversed", copy), SettledOtherwise(journey.reference), order)


def claim(kiosk: Kiosk, journey: Journey, kind: str, evidence: str, entry: Entry) -> Turn:
    """Tell the centre's staff about money in doubt, for good, before any paper says so."""
    filed = Claim(
        reference=journey.reference,
        kind=kind,
        service_id=journey.service.id if journey.service else "",
        amount=total_of(journey),
        evidence=evidence,
        made_at_ms=entry.at_ms,
        language=journey.language,
        answers=journey.answers,
        citizen=journey.citizen,
        payment=journey.payment,
    )
    journey = replace(journey, doubt=kind)
    return go(kiosk, FilingClaim(journey, entry.seq), FileClaim(entry.seq, filed))
