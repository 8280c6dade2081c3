"""Card data ends at reception: a canary in every field that could hold it is nowhere to be found afterwards."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from hardware.nexo.answers import decode
from hardware.nexo.wording import application_id_in, last_four, plain, reason_in
from kiosk.domain.faults import ProtocolError
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, Declined, TransactionMark
from tests.hardware.nexo.driver.peer import Peer, http, raw
from tests.hardware.nexo.driver.scripts import NOT_FOUND, RESULT, fails, payment, pays, response, tells, told

PAN = "4761739001010010"
SPACED = "4761 7390 0101 0010"
EXPIRY = "3012"
CANARIES = ("47617390", "7390 01", "01010010", "173900101", EXPIRY, "=3012", "Track2")

SENSITIVE = {"PAN": PAN, "ExpiryDate": EXPIRY, "TrackData": [{"TrackNumb": 2, "TrackValue": f"{PAN}=3012201"}]}
ADDITIONAL = f"alias=1&cardBin=47617390&expiryDate=12%2f{EXPIRY}&PAN={PAN}&applicationLabel={PAN}&AID={PAN}"


def shows_nothing(shown: str) -> bool:
    return not any(canary in shown for canary in CANARIES)


def with_card(**more: Any) -> dict[str, Any]:
    card = {
        "MaskedPan": PAN,
        "PaymentBrand": f"VISA {SPACED}",
        "SensitiveCardData": SENSITIVE,
        "PaymentToken": {"TokenValue": PAN},
    }
    instrument = {"PaymentInstrumentType": "Card", "CardData": card}
    receipt = [
        {"DocumentQualifier": "CashierReceipt", "OutputContent": {"OutputText": [{"Text": f"name=Card&value={PAN}"}]}}
    ]
    result = {**RESULT, "PaymentInstrumentData": instrument}
    return payment(response(additional=ADDITIONAL), PaymentResult=result, PaymentReceipt=receipt, **more)


def test_the_canary_sings():
    """The answer really holds an open card number, so that finding none afterwards means something."""
    assert not shows_nothing(json.dumps(with_card()))


def test_nothing_of_a_payment_holds_it(caplog, nexo, peer: Peer):
    """A payment told with an open card number leaves four digits in its result, and none in the log at its most talkative."""
    caplog.set_level(logging.DEBUG)
    peer.on("Payment", pays(with_card()))
    outcome = nexo.pay(Money(240), "A-1", lambda _: None)
    assert isinstance(outcome, Approved)
    assert outcome.authorisation.masked_pan == "****0010"
    assert "payment A-1" in caplog.text
    assert shows_nothing(caplog.text + repr(outcome) + repr(vars(nexo)))


def test_nothing_of_a_recovery_holds_it(caplog, nexo, peer: Peer):
    """A payment told again leaves no more than one told the first time."""
    caplog.set_level(logging.DEBUG)
    peer.on("TransactionStatus", told("Payment", with_card()), NOT_FOUND)
    outcome = nexo.outcome_of("A-1", Money(240), TransactionMark())
    assert isinstance(outcome, Approved)
    assert shows_nothing(caplog.text + repr(outcome))


@pytest.mark.parametrize(
    "additional", [f"DECLINED {SPACED}", f"refusalReason=CARD%20{PAN}&expiryDate={EXPIRY}", ADDITIONAL]
)
def test_no_reason_holds_it(nexo, peer: Peer, additional):
    """The terminal's words for a refusal are masked."""
    peer.on("Payment", fails("Refusal", additional))
    outcome = nexo.pay(Money(240), "A-1", lambda _: None)
    assert isinstance(outcome, Declined)
    assert shows_nothing(repr(outcome))


@pytest.mark.parametrize("odd", [
    fails(PAN), fails("", PAN), pays(with_card() | {"Response": {"Result": PAN}}), pays(payment(currency=PAN)),
    pays(payment(SaleData={"SaleTransactionID": {"TransactionID": PAN}})), pays(ServiceID=PAN),
    pays(payment(amount=PAN + "x")), raw(http(f'{{"{PAN}": "{PAN}"}}'.encode())), raw(f"HTTP/1.1 200 {PAN}\r\n".encode()),
    raw(f"{PAN} EXP {EXPIRY}\r\n\r\n".encode()), raw(f"HTTP/1.1 200 OK\r\nPAN {PAN}\r\n\r\n".encode()),
])  # fmt: skip
def test_no_evidence_holds_it(caplog, nexo, peer: Peer, odd):
    """Whatever made a payment doubtful, its evidence holds no card number, nor does the log."""
    caplog.set_level(logging.DEBUG)
    peer.on("Payment", odd)
    assert shows_nothing(repr(nexo.pay(Money(240), "A-1", lambda _: None)) + caplog.text)
    peer.always("TransactionStatus", tells(PAN))
    assert shows_nothing(repr(nexo.outcome_of("A-1", Money(240), TransactionMark())))


def test_no_repr_holds_it():
    """What an answer was read into shows nothing of the card, so that no log or trace may show one by accident."""
    read = decode(json.dumps({"SaleToPOIResponse": {"PaymentResponse": with_card(), PAN: PAN}}).encode())
    assert shows_nothing(repr(read.payment_response.response) if read.payment_response else PAN)
    assert shows_nothing(repr(read.payment_response.payment_result.payment_instrument_data))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "body", [f'{{"{PAN}":1}}', f'{{"SaleToPOIResponse":"{PAN}"}}', f'"{PAN}', f'{{"SaleToPOIResponse":{{{PAN}']
)
def test_no_error_holds_it(body):
    """An error about a damaged answer tells of its length and of field names only."""
    with pytest.raises(ProtocolError) as caught:
        decode(body.encode())
    assert shows_nothing(str(caught.value) + repr(caught.value.__cause__))


@pytest.mark.parametrize(("card_number", "kept"), [
    (PAN, "****0010"), ("541333 **** 9999", "****9999"), ("************1111", "****1111"), ("411111......1111 ", "****1111"),
    ("****", ""), ("", ""), ("4761", "****4761"), ("*12", ""),
])  # fmt: skip
def test_four_digits_are_kept(card_number, kept):
    """Of a card number, masked in any fashion, the last four digits are kept and no more."""
    assert last_four(card_number) == kept


def test_texts_are_masked():
    """A number like a card's in a text loses all but its last four digits; a short one stays, and lines are one."""
    assert plain(f"CARD {SPACED} OK\r\n\x1b[1m") == "CARD ****0010 OK   [1m"
    assert plain("541333 **** 9999") == "****9999"
    assert plain("AUTH 291675") == "AUTH 291675"
    assert len(plain("x" * 5000)) == 120


def test_only_named_values_are_read():
    """Of the free text of an answer only what is asked for is read, and an AID only if it is one."""
    assert reason_in("message=108%20Shopper%20cancelled&x=1") == "108 Shopper cancelled"
    assert reason_in("a=b") == ""
    assert application_id_in("AID=A0000000041010") == "A0000000041010"
    assert application_id_in(f"AID={PAN}") == ""
    assert reason_in("&".join(["message=no"] * 5000)) == ""
