"""End of day: Reconciliation, and what the terminal says it settled (nexo Retailer 3.0, TransactionTotals)."""

from __future__ import annotations

import time
from collections.abc import Iterable

from hardware.http_post import NotSent
from hardware.nexo import verdict, wording
from hardware.nexo.amounts import minor_of
from hardware.nexo.answers import PaymentTotals, ReconciliationResponse, TransactionTotals
from hardware.nexo.settings import NexoSettings
from hardware.nexo.station import Station
from kiosk.domain.faults import DeviceFault
from kiosk.domain.money import Money
from kiosk.domain.payment import BatchTotals, Declined, Unresolved

SIGNS = {"Debit": 1, "ReverseDebit": -1, "Credit": -1, "ReverseCredit": 1}
"""What moves money, and which way; declined and failed attempts and reservations move none."""

Totals = dict[str, tuple[int, int]]
"""Card name → (count of sales that stand, sum in minor units)."""


def close_batch(station: Station, settings: NexoSettings) -> BatchTotals | Declined | Unresolved:
    """Ask for one end of day. Raises DeviceFault only if nothing of it has left; it is never repeated here."""
    try:
        told = station.reconcile(time.monotonic() + settings.timings.batch_limit_s)
    except NotSent:
        raise
    except DeviceFault as fault:
        return Unresolved(f"the end of day was asked for, and then: {fault}")
    return outcome_of(told, settings)


def outcome_of(told: ReconciliationResponse, settings: NexoSettings) -> BatchTotals | Declined | Unresolved:
    """Say how closing the batch ended."""
    response = told.response
    if response.result == verdict.FAILURE and response.error_condition in verdict.REFUSED:
        return Declined(response.error_condition, wording.reason_in(response.additional_response))
    if response.result != verdict.SUCCESS or response.error_condition:
        said = wording.plain(f"{response.result[:30]} {response.error_condition[:30]}")
        return Unresolved(f"the terminal answered the end of day with {said}")
    totals = _by_card(told.transaction_totals, settings)
    if totals is None:
        return Unresolved("the terminal closed its batch; its totals cannot be read or are in another currency")
    by_card = tuple(
        (name, count, Money(minor, settings.currency)) for name, (count, minor) in totals.items() if count or minor
    )
    total = sum(minor for _, minor in totals.values())
    return BatchTotals(sum(count for count, _ in totals.values()), Money(total, settings.currency), by_card)


def _by_card(told: Iterable[TransactionTotals], settings: NexoSettings) -> Totals | None:
    totals: Totals = {}
    for group in told:
        name = wording.plain(group.card_brand)
        for each in group.payment_totals:
            if each.transaction_type not in SIGNS:
                continue
            found = _counted(each, settings.minor_digits)
            if found is None or group.payment_currency not in ("", settings.currency):
                return None
            count, minor = totals.get(name, (0, 0))
            totals[name] = (count + found[0], minor + found[1])
    return totals


def _counted(told: PaymentTotals, digits: int) -> tuple[int, int] | None:
    """Return how many sales more or fewer stand, and the money that moved; None if it cannot be read."""
    count = told.transaction_count
    if isinstance(count, str):
        count = int(count) if count.isascii() and count.isdigit() and len(count) < 10 else None
    minor = minor_of(told.transaction_amount, digits)
    if count is None or minor is None or count < 0 or minor < 0:
        return None
    sales = {"Debit": count, "ReverseDebit": -count}.get(told.transaction_type, 0)
    return sales, SIGNS[told.transaction_type] * minor
