"""Reversals at the simulated nexo terminal: whose money goes back, how often, and who hears of it."""

from __future__ import annotations

import httpx
import pytest

from tests.hardware.nexo.sale import POI, SOON_S, outcomes, result, reversal, tell, transaction, until


def reversals(device):
    return [(row["reference"], row["amount_minor"], row["outcome"]) for row in tell(device, "reversals")["reversals"]]


def test_a_reversal_takes_the_sale_back(sale, device):
    """A reversal by POITransactionID succeeds, has a transaction number of its own, and the ledger tells of both."""
    paid = sale.pay(2.4)
    told = sale.reverse(transaction(paid))
    assert (result(told), told["ReversedAmount"]) == ("Success", 2.4)
    assert told["OriginalPOITransaction"]["POITransactionID"] == transaction(paid)
    assert transaction(told)["TransactionID"] != transaction(paid)["TransactionID"]
    assert outcomes(device) == [("R-1", 240, "reversed")]
    assert reversals(device) == [("R-1", 240, "done")]


def test_a_sale_is_taken_back_once(sale, device):
    """A second reversal is NotAllowed and gives nothing back."""
    paid = transaction(sale.pay())
    assert [result(sale.reverse(paid)), result(sale.reverse(paid))] == ["Success", "NotAllowed"]
    assert reversals(device) == [("R-1", 240, "done")]


@pytest.mark.parametrize(
    "change",
    [{"TransactionID": "0001.0000000002"}, {"TransactionID": "0002.0000000001"}, {"TransactionID": "1"},
     {"TimeStamp": "2026-03-08T16:49:23Z"}, {"POIID": "SIM1-000000002"}],
    ids=str,
)  # fmt: skip
def test_a_reversal_of_the_unknown_is_not_found(sale, device, change):
    """A number or a time that belongs to no sale is NotFound, and the sale there is stands."""
    paid = transaction(sale.pay())
    original = {"POITransactionID": paid | change}
    if "POIID" in change:
        original = {"POITransactionID": paid, **change}
    assert result(sale.reverse(paid, OriginalPOITransaction=original)) == "NotFound"
    assert outcomes(device) == [("R-1", 240, "stored")]
    assert reversals(device) == []


def test_a_reversal_may_say_whose_transaction_it_is(sale):
    """The terminal's own POIID beside the transaction is taken, and repeated in the answer."""
    original = {"POITransactionID": transaction(sale.pay()), "POIID": POI}
    told = sale.reverse({}, OriginalPOITransaction=original)
    assert (result(told), told["OriginalPOITransaction"]) == ("Success", original)


def test_the_time_of_a_transaction_is_a_moment_not_a_text(sale):
    """A TimeStamp in another zone's words means the same transaction."""
    paid = transaction(sale.pay())
    same = paid["TimeStamp"].replace("Z", "+00:00")
    assert same != paid["TimeStamp"]
    assert result(sale.reverse(paid | {"TimeStamp": same})) == "Success"


@pytest.mark.parametrize("plan", ["decline", "cancel"])
def test_what_was_not_charged_is_not_taken_back(sale, device, plan):
    """A declined or cancelled sale cannot be reversed."""
    tell(device, plan)
    assert result(sale.reverse(transaction(sale.pay()))) == "NotAllowed"


def test_a_reversal_is_of_the_whole_amount(sale, device):
    """A ReversedAmount must be the amount of the sale."""
    paid = transaction(sale.pay(2.4))
    assert result(sale.reverse(paid, ReversedAmount=1)) == "NotAllowed"
    assert outcomes(device) == [("R-1", 240, "stored")]
    assert result(sale.reverse(paid, ReversedAmount=2.4)) == "Success"


def test_a_reconciled_sale_needs_a_refund(sale, device):
    """After the reconciliation a sale of before cannot be reversed."""
    paid = transaction(sale.pay())
    sale.ask("Reconciliation", {"ReconciliationType": "SaleReconciliation"})
    assert result(sale.reverse(paid)) == "NotAllowed"
    assert outcomes(device) == [("R-1", 240, "stored")]


def test_a_host_may_refuse_a_reversal(sale, device):
    """A refused reversal is a Failure of its own; the sale stands and can be reversed later."""
    paid = transaction(sale.pay())
    tell(device, "refuse_reversals")
    assert result(sale.reverse(paid, "REV1")) == "Refusal"
    assert outcomes(device) == [("R-1", 240, "stored")]
    again = sale.status("REV1", "Reversal")["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]
    assert result(again["ReversalResponse"]) == "Refusal"
    tell(device, "refuse_reversals", on=False)
    assert result(sale.reverse(paid)) == "Success"
    assert reversals(device) == [("R-1", 240, "refused"), ("R-1", 240, "done")]


@pytest.mark.parametrize(("done", "outcome", "found"), [(True, "reversed", "Success"), (False, "stored", "NotFound")])
def test_a_reversal_can_stay_unanswered(sale, device, done, outcome, found):
    """A lost reversal is never answered, done or not, and its status tells which."""
    paid = transaction(sale.pay())
    tell(device, "lose_reversal", done=done)
    with pytest.raises(httpx.ReadTimeout):
        sale.post(sale.message("Reversal", reversal(paid), "REV1"), SOON_S)
    until(lambda: reversals(device) == [("R-1", 240, "done" if done else "asked")] and device.phase == "idle")
    assert sale.found("REV1", "Reversal") == found
    assert outcomes(device) == [("R-1", 240, outcome)]


def test_a_status_repeats_a_reversal(sale):
    """The response of a reversal is told again exactly."""
    told = sale.reverse(transaction(sale.pay()), "REV1")
    again = sale.status("REV1", "Reversal")["RepeatedMessageResponse"]
    assert again["RepeatedResponseMessageBody"] == {"ReversalResponse": told}
    assert again["MessageHeader"]["MessageCategory"] == "Reversal"
