"""End of day: which totals are reported, and when the batch counts as closed."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.faults import DeviceFault
from kiosk.domain.money import Money
from kiosk.domain.payment import BatchTotals, Declined, Unresolved
from tests.hardware.nexo.driver.peer import Action, Peer, answer, raw, silent, status_line
from tests.hardware.nexo.driver.scripts import header, pays, response


def reconciles(told: dict[str, str], *groups: dict[str, Any], **more: Any) -> Action:
    body = {"Response": told, "ReconciliationType": "SaleReconciliation", "TransactionTotals": list(groups), **more}
    return answer(lambda request: {"MessageHeader": header(request), "ReconciliationResponse": body})


def group(brand: str, *totals: tuple[str, Any, Any], currency: str = "AZN") -> dict[str, Any]:
    listed = [
        {"TransactionType": kind, "TransactionCount": count, "TransactionAmount": amount}
        for kind, count, amount in totals
    ]
    return {"PaymentInstrumentType": "Card", "CardBrand": brand, "PaymentCurrency": currency, "PaymentTotals": listed}


def test_totals_are_told_by_card(nexo, peer: Peer):
    """Sales count up, reversals and refunds down; failed attempts do not count; the groups of one card are one."""
    peer.on("Reconciliation", reconciles(
        response(),
        group("visa", ("Debit", 3, 30.10), ("ReverseDebit", 1, 10.00), ("Declined", 4, 99.99)),
        group("mc", ("Debit", 1, 0.07), ("Credit", 1, 0.05)),
        group("visa", ("Debit", "2", "5.00"), currency=""),
        group("mir", ("Failed", 1, 3)),
    ))  # fmt: skip
    assert nexo.close_batch() == BatchTotals(5, Money(2512), (("visa", 4, Money(2510)), ("mc", 1, Money(2))))
    assert peer.heard[0]["ReconciliationRequest"] == {"ReconciliationType": "SaleReconciliation"}


def test_a_day_without_sales_closes(nexo, peer: Peer):
    """A batch without any totals is closed with nothing in it."""
    peer.on("Reconciliation", reconciles(response()))
    assert nexo.close_batch() == BatchTotals(0, Money(0))


@pytest.mark.parametrize("condition", ["Busy", "UnreachableHost", "NotAllowed"])
def test_a_refused_batch_is_open(nexo, peer: Peer, condition):
    """A terminal that will not close its batch is Declined with its condition."""
    peer.on("Reconciliation", reconciles(response("Failure", condition, "LATER")))
    assert nexo.close_batch() == Declined(condition, "LATER")


@pytest.mark.parametrize("odd", [
    reconciles(response("Partial")), reconciles(response("Failure", "InProgress")), reconciles(response("Failure")),
    reconciles(response(), group("visa", ("Debit", 1, 1.00), currency="EUR")),
    reconciles(response(), group("visa", ("Debit", 1, 1.001))), reconciles(response(), group("visa", ("Debit", -1, 1))),
    reconciles(response(), group("visa", ("Debit", "many", 1))), reconciles(response(), group("visa", ("Debit", 1, "sNaN"))),
    reconciles(response(), group("visa", ("Debit", 1, -1))),
    raw(b""), status_line(500),
])  # fmt: skip
def test_a_batch_nobody_can_tell_of_is_unresolved(nexo, peer: Peer, odd):
    """Once asked, a batch without a clear end, or with totals that cannot be read, is unresolved and not asked for again."""
    peer.on("Reconciliation", odd)
    assert isinstance(nexo.close_batch(), Unresolved)
    assert len(peer.heard) == 1


def test_a_silent_batch_is_unresolved_in_time(hasty, peer: Peer):
    """A terminal that falls silent while it closes its batch is not waited for beyond the limit."""
    peer.on("Reconciliation", silent(peer))
    assert isinstance(hasty.close_batch(), Unresolved)


def test_a_terminal_that_is_away_is_a_fault(nexo, peer: Peer):
    """Without a connection nothing was asked."""
    peer.stop_listening()
    with pytest.raises(DeviceFault):
        nexo.close_batch()


def test_no_batch_is_closed_over_an_approval(nexo, peer: Peer):
    """While an approval waits to be confirmed the batch is left alone; afterwards it closes."""
    peer.on("Payment", pays())
    peer.on("Reconciliation", reconciles(response()))
    nexo.pay(Money(240), "A-1", lambda _: None)
    with pytest.raises(DeviceFault):
        nexo.close_batch()
    assert not peer.of("Reconciliation")
    nexo.settle("A-1")
    assert isinstance(nexo.close_batch(), BatchTotals)
