"""What a terminal says, message by message, for the scripted peer."""

from __future__ import annotations

import threading
from typing import Any

from tests.hardware.nexo.driver.peer import PATIENCE_S, Action, Message, answer

TRANSACTION = {"TransactionID": "oLkO001503399575001.9815033996072250", "TimeStamp": "2026-11-28T07:45:44.000Z"}
RESULT = {
    "PaymentInstrumentData": {
        "PaymentInstrumentType": "Card",
        "CardData": {"MaskedPan": "541333 **** 9999", "PaymentBrand": "mc", "EntryMode": ["Contactless"]},
    },
    "AmountsResp": {"Currency": "AZN", "AuthorizedAmount": 2.40},
    "PaymentAcquirerData": {"MerchantID": "VILLAGE", "AcquirerPOIID": "V400m-1", "ApprovalCode": "123456"},
    "AuthenticationMethod": ["OnlinePIN"],
}


def header(request: Message, **other: str) -> dict[str, str]:
    """The header that belongs to the answer."""
    return {**request["MessageHeader"], "MessageType": "Response", **other}


def response(result: str = "Success", condition: str = "", additional: str = "") -> dict[str, str]:
    told = {"Result": result, "ErrorCondition": condition, "AdditionalResponse": additional}
    return {name: value for name, value in told.items() if value}


def payment(
    told: dict[str, str] | None = None, amount: Any = 2.40, currency: str | None = "AZN", **more: Any
) -> Message:
    """A PaymentResponse; of a payment that failed without a result."""
    told = told or response()
    amounts = {"AuthorizedAmount": amount} | ({"Currency": currency} if currency is not None else {})
    made = {"PaymentResult": {**RESULT, "AmountsResp": amounts}} if told["Result"] != "Failure" else {}
    return {"Response": told, "POIData": {"POITransactionID": TRANSACTION}, **made, **more}


def pays(body: Message | None = None, **other: str) -> Action:
    """Answer a Payment; ``other`` replaces fields of the header."""
    body = body or payment()
    return answer(lambda request: {"MessageHeader": header(request, **other), "PaymentResponse": body})


def fails(condition: str, additional: str = "") -> Action:
    return pays(payment(response("Failure", condition, additional)))


def told(category: str, body: Message | None, **other: str) -> Action:
    """Answer a TransactionStatus by repeating an answer."""

    def make(request: Message) -> Message:
        asked = request["TransactionStatusRequest"].get("MessageReference", {})
        repeated = {**header(request), "MessageCategory": category, "ServiceID": asked.get("ServiceID", "LAST000000")}
        return {
            "MessageHeader": header(request),
            "TransactionStatusResponse": {
                "Response": response(),
                "MessageReference": asked,
                "RepeatedMessageResponse": {
                    "MessageHeader": {**repeated, **other},
                    "RepeatedResponseMessageBody": {f"{category}Response": body},
                },
            },
        }

    return answer(make)


def tells(condition: str, result: str = "Failure") -> Action:
    """Answer a TransactionStatus with a condition alone."""

    def make(request: Message) -> Message:
        reference = request["TransactionStatusRequest"].get("MessageReference", {})
        body = {"Response": response(result, condition), "MessageReference": reference}
        return {"MessageHeader": header(request), "TransactionStatusResponse": body}

    return answer(make)


NOT_FOUND = tells("NotFound")
IN_PROGRESS = tells("InProgress")


def reversal(told: dict[str, str] | None = None, **more: Any) -> Message:
    return {"Response": told or response(), "POIData": {"POITransactionID": TRANSACTION}, **more}


def reverses(body: Message, **other: str) -> Action:
    return answer(lambda request: {"MessageHeader": header(request, **other), "ReversalResponse": body})


def diagnoses(told: dict[str, str] | None = None, hosts: list[Message] | None = None, **status: Any) -> Action:
    body = {"Response": told or response(), "POIStatus": {"GlobalStatus": "OK", **status}, "HostStatus": hosts or []}
    return answer(lambda request: {"MessageHeader": header(request), "DiagnosisResponse": body})


def after(event: threading.Event, action: Action) -> Action:
    """Wait for an event before doing it."""

    def act(request: Message, connection: Any) -> None:
        assert event.wait(PATIENCE_S)
        action(request, connection)

    return act
