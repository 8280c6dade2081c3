"""What became of the money: from the terminal's words to an outcome. Pure; doubt is Unresolved, and evidence holds no card data."""

from __future__ import annotations

from hardware.nexo import wording
from hardware.nexo.amounts import minor_of
from hardware.nexo.answers import PaymentResponse, PaymentResult, Response, ReversalResponse
from hardware.nexo.messages import TransactionID
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

SUCCESS, FAILURE = "Success", "Failure"
IN_PROGRESS, BUSY, NOT_FOUND = "InProgress", "Busy", "NotFound"

CANCELLED = ("Cancel", "Aborted")
REFUSED = frozenset({
    "Busy", "DeviceOut", "InsertedCard", "InvalidCard", "LoggedOut", "MessageFormat", "NotAllowed", "PaymentRestriction",
    "Refusal", "UnavailableDevice", "UnavailableService", "UnreachableHost", "WrongPIN",
})  # fmt: skip
"""The protocol's error conditions of a payment that was not made. Any other, such as a vendor's word for a payment that was
made before, says too little to call it so."""

ENTRIES = {
    "MagStripe": "magnetic stripe", "ICC": "chip", "SynchronousICC": "chip", "Contactless": "contactless",
    "Tapped": "contactless", "Keyed": "keyed", "Manual": "keyed",
}  # fmt: skip
VERIFICATIONS = {
    "OnlinePIN": "PIN", "OfflinePIN": "PIN", "PaperSignature": "signature", "SignatureCapture": "signature",
    "Bypass": "none",
}  # fmt: skip


def mark_of(transaction: TransactionID, service_id: str) -> TransactionMark:
    """Return a transaction as the journal keeps it: its names at the terminal and ours, its time stamp in two parts.

    ``receipt_number`` is the POITransactionID, ``trace_number`` the ServiceID of the message that made it.
    """
    date, _, time = transaction.time_stamp.partition("T")
    return TransactionMark(receipt_number=transaction.transaction_id, trace_number=service_id, time=time, date=date)


def transaction_of(mark: TransactionMark) -> TransactionID:
    """Return the transaction of a mark, to the letter."""
    stamp = f"{mark.date}T{mark.time}" if mark.time else mark.date
    return TransactionID(transaction_id=mark.receipt_number, time_stamp=stamp)


def paid(told: PaymentResponse, amount: Money, digits: int, reference: str, service_id: str) -> PaymentOutcome:
    """Say how a payment ended, by the answer to it, first or repeated. ``digits``: the decimals of the currency."""
    ours = told.sale_data.sale_transaction_id.transaction_id
    if ours not in ("", reference):
        return Unresolved("the terminal tells of another sale than the one that was asked for")
    taken = told.payment_result.amounts_resp if told.payment_result else None
    response = told.response
    if response.result == SUCCESS and told.payment_result and taken and not response.error_condition:
        if taken.currency == amount.currency and minor_of(taken.authorized_amount, digits) == amount.minor:
            return Approved(authorisation_of(told, told.payment_result, amount, service_id))
        return Unresolved(
            f"the terminal took {_shown(minor_of(taken.authorized_amount, digits))} in "
            f"{wording.plain(taken.currency) or 'no currency'}, which is not what was asked"
        )
    if response.result == FAILURE and (
        taken is None or taken.authorized_amount is None or minor_of(taken.authorized_amount, digits) == 0
    ):
        return _unpaid(response)
    return Unresolved(f"the terminal answered {_worded(response)}, which does not say whether money was taken")


def _unpaid(response: Response) -> PaymentOutcome:
    condition = response.error_condition
    if condition in CANCELLED:
        return Cancelled()
    if condition in REFUSED:
        return Declined(condition, wording.reason_in(response.additional_response))
    return Unresolved(f"the terminal answered {_worded(response)}, which does not say whether money was taken")


def authorisation_of(told: PaymentResponse, result: PaymentResult, amount: Money, service_id: str) -> Authorisation:
    """Return the sale as the kiosk keeps it."""
    card, acquirer = result.payment_instrument_data.card_data, result.payment_acquirer_data
    additional = told.response.additional_response
    return Authorisation(
        amount=amount,
        mark=mark_of(told.poi_data.poi_transaction_id, service_id),
        authorisation_code=wording.identifier(acquirer.approval_code),
        terminal_id=wording.identifier(acquirer.acquirer_poiid),
        merchant_id=wording.identifier(acquirer.merchant_id),
        masked_pan=wording.last_four(card.masked_pan or card.masked_pan_capital),
        card_name=wording.plain(card.payment_brand),
        application_id=wording.application_id_in(additional),
        application_label=wording.application_label_in(additional),
        verification=_named(result.authentication_method, VERIFICATIONS),
        entry=_named(card.entry_mode, ENTRIES),
    )


def given_back(
    told: ReversalResponse, sale: Authorisation, digits: int, *, success_is_final: bool
) -> Cancelled | Declined | Unresolved:
    """Say how a reversal ended. Cancelled: the money is back. Declined: the sale stands."""
    response, original = told.response, told.original_poi_transaction.poi_transaction_id.transaction_id
    if original not in ("", sale.mark.receipt_number):
        return Unresolved("the terminal tells of giving back another sale than the one that was asked for")
    if response.result == SUCCESS and not response.error_condition:
        if told.reversed_amount is None:
            unstated = Unresolved("the terminal accepted the reversal and does not say that the money is back")
            return Cancelled() if success_is_final else unstated
        minor = minor_of(told.reversed_amount, digits)
        return Cancelled() if minor == sale.amount.minor else Unresolved(f"the terminal gave {_shown(minor)} back")
    if response.result == FAILURE and response.error_condition in (REFUSED | {*CANCELLED}):
        return Declined(response.error_condition, wording.reason_in(response.additional_response))
    return Unresolved(f"the terminal answered the reversal with {_worded(response)}")


def _shown(minor: int | None) -> str:
    return "an amount that cannot be read" if minor is None else f"{minor} minor units"


def _worded(response: Response) -> str:
    return f"{wording.plain(response.result)[:30]} {wording.plain(response.error_condition)[:30]}".strip()


def _named(told: tuple[str, ...] | str, names: dict[str, str]) -> str:
    listed = (told,) if isinstance(told, str) else told
    return ", ".join(dict.fromkeys(names[each] for each in listed if each in names))
