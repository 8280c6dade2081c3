"""What the makers of terminals document is what the driver sends and understands."""

from __future__ import annotations

import json
import time

import pytest

from hardware.nexo.driver import NexoTerminal
from hardware.nexo.messages import TransactionID
from hardware.nexo.station import Station
from kiosk.domain.health import Ready
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, Authorisation, BatchTotals, TransactionMark, Unresolved
from tests.hardware.nexo.driver import golden
from tests.hardware.nexo.driver.peer import Action, Message, Peer, answer, raw, settings_for
from tests.hardware.nexo.driver.scripts import header, told

EURO = Money(100, "EUR")


def euro(peer: Peer, sale_id: str = "001", poi_id: str = "P400Plus-123456789") -> NexoTerminal:
    return NexoTerminal(settings_for(peer, sale_id=sale_id, poi_id=poi_id, currency="EUR"))


def says(name: str, body: Message) -> Action:
    return answer(lambda request: {"MessageHeader": header(request), name: body})


def ask_for_payment(station: Station, limit: float) -> None:
    station.pay("1113162452", Money(1099, "EUR"), "8377", limit, lambda: None)


def ask_for_abort(station: Station, limit: float) -> None:
    station.abort("21795", limit)


def ask_for_reversal(station: Station, limit: float) -> None:
    original = TransactionID(
        transaction_id="pZtU001251034513719.881566567357804C", time_stamp="2019-08-12T15:40:03+00:00"
    )
    station.reverse("207111108", original, Money(600, "EUR"), limit)


def ask_for_diagnosis(station: Station, limit: float) -> None:
    station.diagnose(limit, hosts=False)


@pytest.mark.parametrize(("ask", "documented", "reply"), [
    (ask_for_payment, golden.PAYMENT_REQUEST, says("PaymentResponse", golden.PAYMENT_RESPONSE)),
    (ask_for_abort, golden.ABORT_REQUEST, raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")),
    (ask_for_reversal, golden.REVERSAL_REQUEST, says("ReversalResponse", golden.REVERSAL_RESPONSE)),
    (ask_for_diagnosis, golden.DIAGNOSIS_REQUEST, says("DiagnosisResponse", golden.DIAGNOSIS_RESPONSE)),
])  # fmt: skip
def test_a_request_is_the_documented_one(peer: Peer, ask, documented, reply):
    """Each request has the documented fields and values, but for times and numbers that are new each time."""
    wanted = json.loads(json.dumps(documented))
    names = wanted["MessageHeader"]
    station = Station(settings_for(peer, sale_id=names["SaleID"], poi_id=names["POIID"], currency="EUR"))
    peer.always(names["MessageCategory"], reply)
    ask(station, time.monotonic() + 20)
    station.close()
    [sent] = peer.heard
    if names["MessageCategory"] in ("Abort", "Diagnosis"):
        assert len(sent["MessageHeader"].pop("ServiceID")) == len("0403104624")
        del names["ServiceID"]
    if names["MessageCategory"] == "Payment":
        for each in (sent, wanted):
            assert each["PaymentRequest"]["SaleData"]["SaleTransactionID"].pop("TimeStamp")[10] == "T"
    assert sent == wanted


def test_the_documented_approval_is_understood(peer: Peer):
    """The documented answer to a payment is an approval with all that a receipt must show and no card data."""
    nexo = euro(peer)
    peer.on("Payment", says("PaymentResponse", golden.PAYMENT_RESPONSE))
    outcome = nexo.pay(EURO, "001", lambda _: None)
    nexo.close()
    assert isinstance(outcome, Approved)
    sale = outcome.authorisation
    assert (sale.authorisation_code, sale.terminal_id, sale.merchant_id) == (
        "123456",
        "P400Plus-123456789",
        "TestMerchant",
    )
    assert (sale.masked_pan, sale.card_name, sale.entry) == ("****1111", "mc", "contactless")
    assert (sale.application_id, sale.application_label) == ("A0000000041010", "MCC 351 v1 2")
    assert sale.mark.receipt_number == "4r7i001556529591000.8515565295894301"
    assert not any(secret in repr(sale) for secret in ("1225", "2025", "541333", "411111"))


def test_a_payment_in_progress_and_then_found_is_understood(peer: Peer):
    """The documented answers while a payment goes on and after it, and to a reversal nobody asked for, make an approval."""
    nexo = euro(peer)
    peer.on("TransactionStatus", says("TransactionStatusResponse", golden.STATUS_IN_PROGRESS),
            told("Payment", golden.PAYMENT_RESPONSE), says("TransactionStatusResponse", golden.STATUS_NOT_FOUND))  # fmt: skip
    peer.always("Abort", raw(b""))
    assert isinstance(nexo.outcome_of("001", EURO, TransactionMark()), Approved)
    nexo.close()


def test_a_payment_not_found_is_understood(peer: Peer):
    """The documented NotFound, which names no message, is about the message that was asked for."""
    nexo = euro(peer)
    peer.always("TransactionStatus", says("TransactionStatusResponse", golden.STATUS_NOT_FOUND))
    outcome = nexo.outcome_of("001", EURO, TransactionMark())
    assert isinstance(outcome, Unresolved)
    assert "does not know this payment" in outcome.evidence
    nexo.close()


def test_a_refund_that_was_received_is_doubt(peer: Peer):
    """The documented answer to a refund confirms that the wish was received: the money is not back by it."""
    nexo = euro(peer)
    peer.on("Reversal", says("ReversalResponse", golden.REVERSAL_RESPONSE))
    sale = Authorisation(
        EURO, TransactionMark("4r7i001556529591000.8515565295894301", time="00:00:00.000Z", date="2019-04-29")
    )
    assert isinstance(nexo.reverse(sale), Unresolved)
    nexo.close()


def test_the_documented_diagnosis_and_totals_are_understood(peer: Peer):
    """A terminal that says OK and no more is ready, and totals with counts written as text are read."""
    nexo = euro(peer)
    peer.on("Diagnosis", says("DiagnosisResponse", golden.DIAGNOSIS_RESPONSE))
    peer.on("Reconciliation", says("ReconciliationResponse", golden.RECONCILIATION_RESPONSE))
    assert isinstance(nexo.health(), Ready)
    assert nexo.close_batch() == BatchTotals(2, Money(1200, "EUR"), (("VISA", 2, Money(1200, "EUR")),))
    nexo.close()


def test_an_encrypted_answer_is_doubt(peer: Peer):
    """An answer that only a terminal with encryption switched on sends is not understood: unresolved, never a guess."""
    nexo = euro(peer)
    peer.on("Payment", answer(lambda request: {**golden.ENCRYPTED, "MessageHeader": header(request)}))
    assert isinstance(nexo.pay(EURO, "001", lambda _: None), Unresolved)
    nexo.close()
