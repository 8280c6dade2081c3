"""A payment over a real connection, and what the terminal answers to it."""

from __future__ import annotations

import re

import pytest

from hardware.nexo.identity import service_id_of
from kiosk.domain.faults import DeviceFault
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, Cancelled, Declined, TransactionMark, Unresolved
from kiosk.domain.signals import Progress
from tests.hardware.nexo.driver.peer import Peer
from tests.hardware.nexo.driver.scripts import (
    IN_PROGRESS,
    NOT_FOUND,
    TRANSACTION,
    fails,
    payment,
    pays,
    response,
    tells,
    told,
)

SALE = Money(240)


def pay(nexo, heard: list[Progress] | None = None, reference: str = "A-1"):
    return nexo.pay(SALE, reference, (heard if heard is not None else []).append)


def test_a_sale_is_asked_for_in_the_protocols_words(nexo, peer: Peer):
    """A payment is one POST with our reference, the exact amount, and the ServiceID that follows from the reference."""
    peer.on("Payment", pays())
    pay(nexo)
    [asked] = peer.heard
    stamp = asked["PaymentRequest"]["SaleData"]["SaleTransactionID"].pop("TimeStamp")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", stamp)
    assert asked == {
        "MessageHeader": {
            "MessageClass": "Service", "MessageCategory": "Payment", "MessageType": "Request", "ProtocolVersion": "3.0",
            "ServiceID": service_id_of("A-1", ""), "SaleID": "KIOSK-1", "POIID": "V400m-1",
        },
        "PaymentRequest": {
            "SaleData": {"SaleTransactionID": {"TransactionID": "A-1"}},
            "PaymentTransaction": {"AmountsReq": {"Currency": "AZN", "RequestedAmount": 2.4}},
        },
    }  # fmt: skip
    assert b'"RequestedAmount":2.40}' in peer.raw[0]
    assert re.fullmatch("[0-9A-Z]{10}", asked["MessageHeader"]["ServiceID"])


def test_an_approval_is_kept_as_told(nexo, peer: Peer):
    """What the terminal says of an approved sale comes back, of the card number the last four digits alone."""
    additional = "AID=A0000000041010&applicationPreferredName=MC%20en&expiryDate=12%2f2030&cardBin=541333"
    peer.on("Payment", pays(payment(response(additional=additional))))
    outcome = pay(nexo)
    assert isinstance(outcome, Approved)
    sale = outcome.authorisation
    assert sale.amount == SALE
    assert sale.mark == TransactionMark(
        TRANSACTION["TransactionID"], service_id_of("A-1", ""), time="07:45:44.000Z", date="2026-11-28"
    )
    assert (sale.masked_pan, sale.card_name, sale.authorisation_code) == ("****9999", "mc", "123456")
    assert (sale.terminal_id, sale.merchant_id) == ("V400m-1", "VILLAGE")
    assert (sale.application_id, sale.application_label) == ("A0000000041010", "MC en")
    assert (sale.verification, sale.entry) == ("PIN", "contactless")


def test_settling_confirms_what_stood_before(nexo, peer: Peer):
    """Settling an approval returns it without asking the terminal: nothing it could say would change the sale."""
    peer.on("Payment", pays())
    approved = pay(nexo)
    assert nexo.settle("A-1") == approved
    assert len(peer.heard) == 1


@pytest.mark.parametrize("reference", ["A-2", "A-1"])
def test_only_the_approval_that_waits_is_settled(nexo, peer: Peer, reference):
    """An approval of another payment, or one that was settled before, is not settled: the terminal must be asked."""
    peer.on("Payment", pays())
    pay(nexo)
    if reference == "A-1":
        nexo.settle(reference)
    assert isinstance(nexo.settle(reference), Unresolved)


def test_the_citizen_is_told_to_use_the_terminal(nexo, peer: Peer):
    """Once the payment has left, and not before, the citizen is shown to the terminal."""
    peer.on("Payment", pays())
    heard: list[Progress] = []
    pay(nexo, heard)
    assert heard == [Progress("insert_card")]


def test_a_screen_that_fails_does_not_break_a_payment(nexo, peer: Peer):
    """An exception out of the report of progress leaves the payment as it is."""
    peer.on("Payment", pays())

    def fail(_: Progress) -> None:
        raise RuntimeError("no screen")

    assert isinstance(nexo.pay(SALE, "A-1", fail), Approved)


@pytest.mark.parametrize("condition", [
    "Refusal", "WrongPIN", "InvalidCard", "PaymentRestriction", "NotAllowed", "UnreachableHost", "UnavailableDevice",
    "UnavailableService", "DeviceOut", "LoggedOut", "MessageFormat", "InsertedCard", "Busy",
])  # fmt: skip
def test_a_failure_that_names_its_reason_is_a_refusal(nexo, peer: Peer, condition):
    """Each error condition of a payment that was not made is Declined with that condition."""
    peer.on("Payment", fails(condition, "refusalReason=NOT%20ENOUGH&expiryDate=12%2f2030"))
    assert pay(nexo) == Declined(condition, "NOT ENOUGH")


@pytest.mark.parametrize("condition", ["Cancel", "Aborted"])
def test_a_cancelled_payment_took_nothing(nexo, peer: Peer, condition):
    """A payment ended by the citizen or by an abort is Cancelled."""
    peer.on("Payment", fails(condition))
    assert pay(nexo) == Cancelled()


@pytest.mark.parametrize("odd", [
    payment(amount=2.41), payment(amount=2.4000000001), payment(amount=24), payment(amount=-2.40), payment(amount=0),
    payment(amount="NaN"), payment(amount="sNaN"), payment(amount="Infinity"), payment(amount="1e999999999"),
    payment(amount="2." + "4" + "0" * 60 + "1"),
    payment(currency="EUR"), payment(currency=""), payment(currency=None), payment(PaymentResult={}),
    {"Response": response()}, payment(response("Partial")), payment(response("Success", "Refusal")), payment(response("Ok")),
    payment(SaleData={"SaleTransactionID": {"TransactionID": "A-7"}}),
    payment(response("Failure", "Refusal"), PaymentResult={"AmountsResp": {"Currency": "AZN", "AuthorizedAmount": 2.40}}),
    payment(response("Failure", "Refusal"), PaymentResult={"AmountsResp": {"Currency": "AZN", "AuthorizedAmount": "sNaN"}}),
    payment(response("Failure")), payment(response("Failure", "InProgress")), payment(response("Failure", "NotFound")),
    payment(response("Failure", "DuplicateTransaction")),
])  # fmt: skip
def test_what_is_not_plainly_what_was_asked_is_unresolved(nexo, peer: Peer, odd):
    """Another amount or currency, one not stated, a contradiction, or a failure that may be about a payment that was made."""
    peer.on("Payment", pays(odd))
    assert isinstance(pay(nexo), Unresolved)


@pytest.mark.parametrize("amount", [2.4, "2.40", "2.400", "240e-2"])
def test_an_amount_may_be_written_in_any_way(nexo, peer: Peer, amount):
    """What counts is the value of the amount, exactly, however it is spelt."""
    peer.on("Payment", pays(payment(amount=amount)))
    assert isinstance(pay(nexo), Approved)


@pytest.mark.parametrize("amount", [Money(0), Money(-1), Money(10**10), Money(100, "EUR")])
def test_impossible_amounts_are_faults(nexo, peer: Peer, amount):
    """An amount that cannot be asked for is refused before anything is sent."""
    with pytest.raises(DeviceFault):
        nexo.pay(amount, "A-1", lambda _: None)
    assert not peer.heard


def test_the_mark_names_the_terminals_last_payment(nexo, peer: Peer):
    """The mark holds the last transaction's names, so that it can be asked for later, and a number for the attempt to come."""
    peer.on("TransactionStatus", told("Payment", payment()))
    mark = nexo.last_transaction()
    assert (mark.receipt_number, mark.trace_number) == (TRANSACTION["TransactionID"], "LAST000000")
    assert (mark.date, mark.time) == ("2026-11-28", "07:45:44.000Z")
    assert mark.turnover_number
    assert peer.heard[0]["TransactionStatusRequest"] == {}


def test_each_attempt_has_a_service_id_of_its_own(nexo, peer: Peer):
    """An order paid in two attempts under one reference has two ServiceIDs, and each follows from its mark."""
    peer.always("TransactionStatus", NOT_FOUND)
    marks = []
    for action in (fails("Refusal"), pays()):
        peer.on("Payment", action)
        marks.append(nexo.last_transaction())
        pay(nexo)
    used = [each["MessageHeader"]["ServiceID"] for each in peer.of("Payment")]
    assert used == [service_id_of("A-1", mark.turnover_number) for mark in marks]
    assert used[0] != used[1]


def test_an_attempt_is_not_sent_twice(nexo, peer: Peer):
    """A payment asked for again without a new attempt is a fault, and nothing is sent."""
    peer.on("Payment", fails("Refusal"))
    pay(nexo)
    with pytest.raises(DeviceFault, match="asked for already"):
        pay(nexo)
    assert len(peer.heard) == 1


@pytest.mark.parametrize("refusal", [tells("MessageFormat"), tells("NotAllowed")])
def test_a_terminal_that_is_asked_by_service_id_alone_will_do(nexo, peer: Peer, refusal):
    """Where the last transaction cannot be asked for, an answer about a ServiceID shows that recovery will work."""
    peer.on("TransactionStatus", refusal, NOT_FOUND)
    mark = nexo.last_transaction()
    assert (mark.receipt_number, mark.trace_number) == ("", "")
    assert peer.heard[1]["TransactionStatusRequest"]["MessageReference"]["MessageCategory"] == "Payment"


@pytest.mark.parametrize(
    ("actions", "reason"),
    [([IN_PROGRESS], "busy"), ([tells("Busy")], "busy"), ([tells("NotAllowed")] * 2, "no_recovery"),
     ([tells("NotAllowed"), IN_PROGRESS], "busy"), ([tells("NotAllowed"), told("Payment", payment(), ServiceID="X")], "no_recovery")],
)  # fmt: skip
def test_no_payment_starts_where_its_end_could_not_be_found(nexo, peer: Peer, actions, reason):
    """A terminal that is busy, or tells nothing about messages, is a fault before any payment."""
    peer.on("TransactionStatus", *actions)
    with pytest.raises(DeviceFault) as caught:
        nexo.last_transaction()
    assert caught.value.reason == reason


@pytest.mark.parametrize("minor", [1, 7, 29, 100, 1999, 100_000, 8_388_609_01])
def test_an_amount_never_is_a_float(nexo, peer: Peer, minor):
    """An amount leaves and comes back with exactly its decimals, also where a float has none such."""
    written = f"{minor // 100}.{minor % 100:02}"
    peer.on("Payment", pays(payment(amount=written)))
    assert isinstance(nexo.pay(Money(minor), "A-1", lambda _: None), Approved)
    assert f'"RequestedAmount":{written}}}'.encode() in peer.raw[0]
