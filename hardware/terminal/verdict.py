"""What became of the money: from the terminal's words to an outcome. Pure; doubt is Unresolved, and evidence holds no card data."""

from __future__ import annotations

from collections.abc import Sequence

from hardware.terminal.dialogue import Aborted, Completed, End, Refused
from hardware.terminal.messages import ABORTED_BY_HAND, ALREADY_REVERSED, StatusInformation
from kiosk.domain.faults import DeviceFault
from kiosk.domain.money import Money
from kiosk.domain.payment import (
    Approved,
    Authorisation,
    Cancelled,
    Declined,
    PaymentOutcome,
    TransactionMark,
    Unresolved,
)

NO_MARK = TransactionMark()


def is_exactly(status: StatusInformation, amount: Money, currency_code: str) -> bool:
    """Say whether an amount and its currency are, both stated, the ones asked for."""
    return status.amount_minor == amount.minor and status.currency_code == currency_code


def authorisation_of(status: StatusInformation, amount: Money) -> Authorisation:
    """Return the approved sale as the kiosk keeps it."""
    return Authorisation(
        amount=amount,
        mark=status.mark,
        authorisation_code=status.authorisation_code,
        terminal_id=status.terminal_id,
        merchant_id=status.merchant_id,
        masked_pan=status.masked_pan,
        card_name=status.card_name,
        application_id=status.application_id,
        application_label=status.application_label,
        verification=status.verification,
        entry=status.entry,
    )


def unapproved(end: End | DeviceFault, told: Sequence[StatusInformation]) -> PaymentOutcome:
    """Say how a payment ended that no 04 0F approved as asked. ``told``: every 04 0F it brought, in order."""
    odd = next((status for status in told if status.approves or not status.result), None)
    if odd is not None:
        return Unresolved(
            f"the terminal reported result {odd.result or 'none'}, amount {odd.amount_minor}, currency "
            f"{odd.currency_code or 'none'}, which is not what was asked; the kiosk refused it"
        )
    if told:
        return _negative(told[-1].result, told[-1].text)
    if isinstance(end, DeviceFault):
        return Unresolved(f"the payment was asked for, and then: {end}")
    if isinstance(end, Refused):
        return Declined(end.code, "the terminal did not begin")
    if isinstance(end, Aborted):
        return _negative(end.code or ABORTED_BY_HAND, end.text)
    return Unresolved("the terminal completed the payment without saying its result")


def settled(
    end: End | DeviceFault, told: Sequence[StatusInformation], sale: Authorisation, *, in_time: bool
) -> Approved | Cancelled | Unresolved:
    """Say how an approved payment ended after our acknowledgement. ``told``: every 04 0F that came after it."""
    if isinstance(end, DeviceFault):
        return Unresolved(f"approved, and while it was being settled: {end}")
    if isinstance(end, Aborted):
        return Cancelled()
    if told and told[-1].result not in ("00", ""):
        return Cancelled()
    if isinstance(end, Completed) and in_time:
        return Approved(sale)
    return Unresolved("approved; the terminal went on before the kiosk could acknowledge it")


def recovered(
    last: StatusInformation | None, amount: Money, currency_code: str, before: TransactionMark
) -> PaymentOutcome:
    """Say what became of a payment by the terminal's last transaction (PA00P015, 2.2.9), compared by inequality only.

    A new transaction that is the reversal of something else than the one before the payment (BMP 37) has given our
    money back; a new one that failed took none.
    """
    if last is None:
        return Cancelled() if before == NO_MARK else Unresolved("the terminal no longer tells of any transaction")
    if last.approves and last.mark == NO_MARK:
        return Unresolved("the terminal's last transaction has no number, trace or time to know it by")
    if last.mark == before:
        return Cancelled()
    if last.result not in ("00", "") and (last.amount_minor is None or last.amount_minor == amount.minor):
        return _negative(last.result, last.text)
    if not (last.approves and is_exactly(last, amount, currency_code)):
        return Unresolved(
            f"the terminal's last transaction is a new one with result {last.result or 'none'}, amount "
            f"{last.amount_minor}, currency {last.currency_code or 'none'}"
        )
    if not last.is_reversal:
        return Approved(authorisation_of(last, amount))
    if before.trace_number and last.original_trace != before.trace_number:
        return Cancelled()
    return Unresolved("the terminal's last transaction is a reversal, and it does not say of what")


def reversed_by(end: End, told: Sequence[StatusInformation]) -> Cancelled | Declined | None:
    """Say how a reversal ended; None if the terminal did not say it clearly."""
    last = told[-1] if told else None
    code = last.result if last else getattr(end, "code", "")
    if code == ALREADY_REVERSED or (code == "00" and isinstance(end, Completed)):
        return Cancelled()
    if code in ("00", "") or (last is None and isinstance(end, Completed)):
        return None
    return Declined(code, last.text if last else getattr(end, "text", ""))


def tells_of_reversal(last: StatusInformation | None, sale: Authorisation) -> bool:
    """Say whether the terminal's last transaction is the reversal of this sale."""
    return (
        last is not None
        and last.approves
        and last.is_reversal
        and last.original_trace == sale.mark.trace_number
        and last.amount_minor == sale.amount.minor
    )


def _negative(code: str, text: str) -> Declined | Cancelled:
    return Cancelled() if code == ABORTED_BY_HAND else Declined(code, text)
