"""The simulated nexo terminal takes nothing that is not the protocol: what it rejects, and what it refuses."""

from __future__ import annotations

import base64
import socket
from urllib.parse import parse_qs

import httpx
import pytest

from tests.hardware.nexo.sale import WAIT_S, outcomes, payment, rejection, result, reversal, tell, transaction

HEADERS = [
    {"ProtocolVersion": "2.0"}, {"ProtocolVersion": "3.2"}, {"ProtocolVersion": 3.0}, {"ProtocolVersion": None},
    {"MessageClass": "Device"}, {"MessageClass": None}, {"MessageType": "Response"}, {"MessageType": None},
    {"MessageCategory": "Lottery"}, {"MessageCategory": None}, {"ServiceID": None}, {"ServiceID": ""},
    {"ServiceID": "12345678901"}, {"ServiceID": "A-1"}, {"ServiceID": 12}, {"SaleID": None}, {"SaleID": ""},
    {"POIID": None}, {"POIID": "SIM1-000000002"}, {"Unheard": "of"},
]  # fmt: skip


@pytest.mark.parametrize("change", HEADERS, ids=str)
def test_a_wrong_header_is_rejected(sale, device, change):
    """A message whose header is not the protocol's is rejected with its own bytes, and charges nobody."""
    message = sale.message("Payment", payment(), "PAY1")
    head = message["SaleToPOIRequest"]["MessageHeader"]
    head.update(change)
    message["SaleToPOIRequest"]["MessageHeader"] = {name: value for name, value in head.items() if value is not None}
    reply = sale.post(message)
    assert base64.b64decode(rejection(reply)["RejectedMessage"]) == reply.request.content
    assert outcomes(device) == []
    assert result(sale.pay(service_id="PAY1")) == "Success"


def test_a_rejection_is_an_event(sale):
    """Header of a rejection: class and category Event, type Notification, no ServiceID; its details say why."""
    reply = sale.post(sale.message("Payment", payment(), ProtocolVersion="9.9"))
    head = reply.json()["SaleToPOIRequest"]["MessageHeader"]
    assert (head["MessageClass"], head["MessageCategory"], head["MessageType"]) == ("Event", "Event", "Notification")
    assert "ServiceID" not in head
    assert "ProtocolVersion" in parse_qs(rejection(reply)["EventDetails"])["message"][0]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"{}", b'{"SaleToPOIRequest": 1}', b'{"SaleToPOIRequest": {}}',
     b'{"SaleToPOIResponse": {"MessageHeader": {}}}', b"[" * 60_000, b'{"SaleToPOIRequest": {"MessageHeader": []}}'],
    ids=lambda raw: str(raw[:40]),
)  # fmt: skip
def test_what_is_no_message_is_rejected(sale, raw):
    """Bytes that are no SaleToPOIRequest are rejected, whatever they are."""
    reply = sale.client.post(sale.url, content=raw, headers={"Content-Type": "application/json"})
    assert base64.b64decode(rejection(reply)["RejectedMessage"]) == raw


@pytest.mark.parametrize("name", ["ReversalRequest", "PaymentRequests"])
def test_a_body_of_another_category_is_rejected(sale, name):
    """Header and body must be of one category, and there is one body."""
    message = sale.message("Payment", payment())
    message["SaleToPOIRequest"][name] = {}
    rejection(sale.post(message))
    del message["SaleToPOIRequest"]["PaymentRequest"]
    rejection(sale.post(message))


def test_a_service_id_is_used_once(sale, device):
    """A ServiceID that was seen is rejected in every category, also with another body; another sale system may use it."""
    assert result(sale.pay(service_id="PAY1")) == "Success"
    rejection(sale.post(sale.message("Payment", payment(5, "R-2"), "PAY1")))
    rejection(sale.post(sale.message("Diagnosis", {}, "PAY1")))
    assert outcomes(device) == [("R-1", 240, "stored")]
    sale.ask("Diagnosis", {}, "PAY1", SaleID="KIOSK2")


def test_a_service_id_in_use_is_rejected(sale, device):
    """A payment that still runs is not begun again by its own repetition."""
    tell(device, "hold")
    paying = sale.pay_aside(service_id="PAY1")
    assert device.wait_until("card")
    rejection(sale.post(sale.message("Payment", payment(), "PAY1")))
    tell(device, "card")
    assert result(paying.result(WAIT_S)) == "Success"
    assert outcomes(device) == [("R-1", 240, "stored")]


@pytest.mark.parametrize(
    ("amount", "minor"),
    [("0.01", 1), ("1", 100), ("2.4", 240), ("2.40", 240), ("2.400000", 240), ("0.07", 7), ("999999.99", 99_999_999)],
)
def test_amounts_are_taken_exactly(sale, device, amount, minor):
    """An amount in manat and qəpik is charged to the qəpik."""
    assert result(pay_as_written(sale, amount)) == "Success"
    assert outcomes(device) == [("R-1", minor, "stored")]


def pay_as_written(sale, amount):
    """Send a payment whose amount is written in these very characters."""
    raw = httpx.Request("POST", sale.url, json=sale.message("Payment", payment(1.25))).content
    assert raw.count(b"1.25") == 1
    asked = raw.replace(b"1.25", amount.encode())
    reply = sale.client.post(sale.url, content=asked, headers={"Content-Type": "application/json"})
    return reply.json()["SaleToPOIResponse"]["PaymentResponse"]


@pytest.mark.parametrize(
    "amount", ["0", "0.00", "-1", "0.001", "2.405", "1000000.00", "123456789", "1e2", '"2.4"', "null", "true", "[2.4]"]
)
def test_an_amount_that_cannot_be_is_refused(sale, device, amount):
    """Nothing, less than nothing, parts of a qəpik, too much and what is no number are refused as MessageFormat."""
    assert result(pay_as_written(sale, amount)) == "MessageFormat"
    assert outcomes(device) == []


def test_another_currency_is_refused(sale, device):
    """Only AZN is taken."""
    assert result(sale.pay(2.4, currency="EUR")) == "NotAllowed"
    assert result(sale.pay(2.4, currency="manat")) == "MessageFormat"
    assert outcomes(device) == []


def test_another_kind_of_payment_is_refused(sale, device):
    """Refunds and the like are not for an unattended terminal."""
    assert result(sale.pay(PaymentData={"PaymentType": "Refund"})) == "NotAllowed"
    assert result(sale.pay(PaymentData={"PaymentType": "Normal"})) == "Success"
    assert outcomes(device) == [("R-1", 240, "stored")]


@pytest.mark.parametrize(
    "path",
    ["SaleData", "SaleData.SaleTransactionID", "SaleData.SaleTransactionID.TransactionID",
     "SaleData.SaleTransactionID.TimeStamp", "PaymentTransaction", "PaymentTransaction.AmountsReq",
     "PaymentTransaction.AmountsReq.Currency", "PaymentTransaction.AmountsReq.RequestedAmount"],
)  # fmt: skip
@pytest.mark.parametrize("change", ["missing", "number", "and more"])
def test_a_payment_lacks_nothing_and_holds_nothing_else(sale, device, path, change):
    """A required part that is missing or no object or text, and a part nobody knows, make a request MessageFormat."""
    body = payment()
    *way, last = path.split(".")
    inner = body
    for name in way:
        inner = inner[name]
    if change == "missing":
        del inner[last]
    elif change == "number":
        inner[last] = {"A": 1} if last == "RequestedAmount" else 7
    else:
        inner[last + "2"] = "x"
    reply = sale.post(sale.message("Payment", body))
    assert result(reply.json()["SaleToPOIResponse"]["PaymentResponse"]) == "MessageFormat"
    assert outcomes(device) == []


@pytest.mark.parametrize("stamp", ["2026-13-01T00:00:00Z", "2026-03-08", "2026-03-08T16:49:23", "yesterday"])
def test_a_time_stamp_is_a_moment(sale, stamp):
    """A TimeStamp is a date that exists, a time and a zone."""
    body = payment()
    body["SaleData"]["SaleTransactionID"]["TimeStamp"] = stamp
    reply = sale.post(sale.message("Payment", body))
    assert result(reply.json()["SaleToPOIResponse"]["PaymentResponse"]) == "MessageFormat"


@pytest.mark.parametrize(
    "change",
    [
        {"ReversalReason": "Whim"},
        {"ReversalReason": None},
        {"OriginalPOITransaction": {}},
        {"ReversedAmount": 0},
        {"X": 1},
    ],
    ids=str,
)
def test_a_reversal_is_read_as_strictly(sale, device, change):
    """A reversal without a reason, without a transaction or for nothing is MessageFormat, and the sale stands."""
    body = reversal(transaction(sale.pay())) | change
    reply = sale.post(sale.message("Reversal", body))
    assert result(reply.json()["SaleToPOIResponse"]["ReversalResponse"]) == "MessageFormat"
    assert outcomes(device) == [("R-1", 240, "stored")]


def test_what_an_unattended_terminal_may_be_told_is_taken(sale):
    """Optional parts of the protocol that a kiosk can send do no harm."""
    body = payment()
    body["SaleData"] |= {
        "OperatorID": "kiosk",
        "SaleReferenceID": "X",
        "SaleTerminalData": {"TerminalEnvironment": "Unattended"},
    }
    body["PaymentTransaction"]["TransactionConditions"] = {"AllowedPaymentBrand": ["visa"]}
    told = sale.ask("Payment", body)["SaleToPOIResponse"]["PaymentResponse"]
    assert result(told) == "Success"
    sale.ask("Diagnosis", {"HostDiagnosisFlag": False, "POIID": "SIM1-000000001", "AcquirerID": [1]})


def test_only_posts_of_json_to_the_right_place_are_taken(sale, device):
    """Another path, method or content type is refused by HTTP, and nothing is charged."""
    message = sale.message("Payment", payment())
    assert sale.client.post(sale.url + "/x", json=message).status_code == 404
    assert sale.client.get(sale.url).status_code == 405
    assert sale.client.post(sale.url, content=b"{}").status_code == 415
    assert (
        sale.client.post(sale.url, content=iter([b"{}"]), headers={"Content-Type": "application/json"}).status_code
        == 411
    )
    assert sale.client.post(sale.url, json=["x" * 70_000]).status_code == 413
    assert outcomes(device) == []


def test_a_request_that_breaks_off_is_no_request(sale, device):
    """A client that hangs up within its message has asked nothing, and the next one is served."""
    raw = httpx.Request("POST", sale.url, json=sale.message("Payment", payment()))
    head = f"POST /nexo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(raw.content)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", device.port), WAIT_S) as wire:
        wire.sendall(head.encode() + raw.content[:-1])
        wire.shutdown(socket.SHUT_WR)
        assert wire.recv(100) == b""
    assert outcomes(device) == []
    assert result(sale.pay()) == "Success"


def test_one_connection_carries_many_messages(sale, device):
    """A connection is kept open between messages, as HTTP/1.1 has it."""
    with socket.create_connection(("127.0.0.1", device.port), WAIT_S) as wire, wire.makefile("rb") as heard:
        for _ in range(3):
            body = httpx.Request("POST", sale.url, json=sale.message("Diagnosis", {})).content
            head = f"POST /nexo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            wire.sendall(head.encode() + body)
            assert heard.readline() == b"HTTP/1.1 200 OK\r\n"
            lines = dict(line.rstrip().split(b": ", 1) for line in iter(heard.readline, b"\r\n"))
            assert b'"GlobalStatus": "OK"' in heard.read(int(lines[b"Content-Length"]))


def test_there_is_an_end_to_connections(sale, device):
    """Beyond its most connections the terminal hangs up at once, and those it has go on."""
    assert result(sale.pay()) == "Success"
    wires = [socket.create_connection(("127.0.0.1", device.port), WAIT_S) for _ in range(32)]
    try:
        assert wires[-1].recv(1) == b""
        assert result(sale.pay()) == "Success"
    finally:
        for wire in wires:
            wire.close()
