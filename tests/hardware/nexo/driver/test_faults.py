"""A payment on a connection that fails, each in one way. Nothing left: a fault. Anything left: doubt, never another attempt."""

from __future__ import annotations

import json
import socket
import threading
import time

import pytest

from hardware.http_post import ANSWER_BYTES_AT_MOST, HttpLink, NotSent
from hardware.nexo.driver import NexoTerminal
from kiosk.domain.faults import ConfigError, DeviceAbsent, DeviceFault
from kiosk.domain.health import Failed
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, Unresolved
from tests.hardware.nexo.driver.peer import (
    Action,
    Message,
    Peer,
    answer,
    dripping,
    http,
    raw,
    settings_for,
    silent,
    status_line,
)
from tests.hardware.nexo.driver.scripts import diagnoses, header, payment, pays

SALE = Money(240)


def pay(nexo: NexoTerminal):
    return nexo.pay(SALE, "A-1", lambda _: None)


def test_no_connection_is_a_fault(nexo, peer: Peer):
    """A refused connection means that nothing was taken: a fault, and the same attempt may be sent later."""
    peer.stop_listening()
    for _ in range(2):
        with pytest.raises(DeviceAbsent):
            pay(nexo)


def test_no_connection_in_time_is_a_fault():
    """An address at which nobody answers the connection is a fault within the time for connecting."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        link = HttpLink(f"http://127.0.0.1:{port}/nexo", "", 0.3)
        with pytest.raises(NotSent):
            link.post(b"{}", 20)
        link.close()
        for filler in fillers:
            filler.close()


WHOLE = http(json.dumps({"SaleToPOIResponse": {"MessageHeader": {}, "PaymentResponse": payment()}}).encode())
FOREIGN = {"MessageHeader": {"MessageCategory": "Payment", "ServiceID": "OTHER"}, "PaymentResponse": payment()}


def approval(request: Message) -> bytes:
    """The answer that approves."""
    return json.dumps({"SaleToPOIResponse": {"MessageHeader": header(request), "PaymentResponse": payment()}}).encode()


BROKEN: dict[str, Action] = {
    "hangs up at once": raw(b""),
    "cut in the head": raw(WHOLE[:20]),
    "cut in the body": raw(WHOLE[:-40]),
    "no HTTP": raw(b"\x02\x10VER|APP\r\n\r\n"),
    "HTTP 500": status_line(500),
    "HTTP 404": status_line(404),
    "an approval as HTTP 500": lambda request, connection: connection.sendall(http(approval(request), "500 Sorry")),
    "an approval as HTTP 202": lambda request, connection: connection.sendall(http(approval(request), "202 Accepted")),
    "HTTP 204": raw(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "moved": raw(b"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"),
    "an empty body": raw(http(b"")),
    "no JSON": raw(http(b"<html>")),
    "not UTF-8": lambda request, connection: connection.sendall(http(approval(request)[:-2] + b',"x":"\xff\xfe"}}')),
    "other JSON": raw(http(b'{"SaleToPOIRequest":{"EventNotification":{"EventToNotify":"Reject"}}}')),
    "deep JSON": raw(http(b'{"SaleToPOIResponse":{"x":' + b"[" * 100_000)),
    "too long": lambda request, connection: connection.sendall(http(approval(request) + b" " * ANSWER_BYTES_AT_MOST)),
    "a head without end": raw(b"HTTP/1.1 200 OK\r\n" + b"X-Y: z\r\n" * 100_000),
    "no header": answer(lambda _: {"PaymentResponse": payment()}),
    "no body": answer(lambda request: {"MessageHeader": header(request)}),
    "another body": answer(lambda request: {"MessageHeader": header(request), "ReversalResponse": payment()}),
    "another ServiceID": pays(ServiceID="0000000000"),
    "another SaleID": pays(SaleID="KIOSK-2"),
    "another terminal": pays(POIID="V400m-2"),
    "another category": pays(MessageCategory="Reversal"),
    "a request": pays(MessageType="Request"),
    "somebody else's answer": answer(lambda _: FOREIGN),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_answer_is_doubt(nexo, peer: Peer, broken):
    """Whatever comes in place of the answer, the payment has left and may have been made: unresolved, and sent once."""
    peer.on("Payment", BROKEN[broken])
    outcome = pay(nexo)
    assert isinstance(outcome, Unresolved)
    assert outcome.evidence.startswith("the payment was asked for")
    assert len(peer.heard) == 1


def test_silence_is_doubt_within_the_limit(hasty, peer: Peer):
    """A terminal that says nothing leaves the payment unresolved when its time is up."""
    peer.on("Payment", silent(peer))
    outcome = pay(hasty)
    assert isinstance(outcome, Unresolved)
    assert "did not answer in time" in outcome.evidence


@pytest.mark.parametrize(
    "dripped", [WHOLE, b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000, b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 1000]
)
def test_an_answer_that_drips_ends_within_the_limit(hasty, peer: Peer, dripped):
    """A head or a body of which a byte comes now and then for ever does not hold the payment beyond its time."""
    peer.on("Payment", dripping(peer, dripped))
    assert isinstance(pay(hasty), Unresolved)


def test_an_answer_in_pieces_is_whole(nexo, peer: Peer):
    """An answer that comes in many pieces, with pauses, is read as one."""

    def act(request, connection) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        data = http(approval(request))
        for at in range(0, len(data), 97):
            connection.sendall(data[at : at + 97])
            time.sleep(0.01)

    peer.on("Payment", act)
    assert isinstance(pay(nexo), Approved)


def test_an_answer_in_chunks_is_whole(nexo, peer: Peer):
    """An answer in HTTP's chunked coding, without a length, is read as one."""

    def act(request, connection) -> None:
        data = approval(request)
        parts = b"".join(
            f"{len(data[at : at + 50]):x}\r\n".encode() + data[at : at + 50] + b"\r\n" for at in range(0, len(data), 50)
        )
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + parts + b"0\r\n\r\n")

    peer.on("Payment", act)
    assert isinstance(pay(nexo), Approved)


def test_closing_ends_a_payment_under_way(nexo, peer: Peer):
    """Closing the driver from another thread ends the wait: the payment is in doubt, and nothing is sent afterwards."""
    peer.on("Payment", silent(peer))
    closer = threading.Thread(target=lambda: (peer.wait_for("Payment"), nexo.close()))
    closer.start()
    assert isinstance(pay(nexo), Unresolved)
    closer.join()
    with pytest.raises(DeviceFault):
        nexo.last_transaction()
    assert len(peer.heard) == 1


def test_a_faltering_answer_before_a_payment_is_asked_for_again(nexo, peer: Peer):
    """Before a payment a damaged answer costs a second question and no more."""
    peer.on("TransactionStatus", status_line(500), status_line(500), answer(not_found))
    assert nexo.last_transaction().receipt_number == ""
    assert len(peer.heard) == 3


def not_found(request):
    response = {"Result": "Failure", "ErrorCondition": "NotFound"}
    return {"MessageHeader": header(request), "TransactionStatusResponse": {"Response": response}}


def test_a_silent_terminal_is_told_as_such(hasty, peer: Peer):
    """A terminal that takes the connection and says nothing is silent, not absent, within the time for health."""
    peer.on("Diagnosis", silent(peer))
    health = hasty.health()
    assert isinstance(health, Failed)
    assert health.reason == "silent"


def test_a_terminal_that_comes_back_is_used_again(nexo, peer: Peer):
    """After any failure the next request opens a connection of its own."""
    peer.on("Diagnosis", raw(b""), diagnoses())
    assert isinstance(nexo.health(), Failed)
    assert not isinstance(nexo.health(), Failed)


def test_an_authority_that_cannot_be_read_is_a_mistake_of_configuration(peer: Peer, tmp_path):
    """A CA file that is none is found when the driver is opened, and named."""
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(ConfigError, match="ca_file"):
        NexoTerminal(settings_for(peer, port="https://terminal.example/nexo", ca_file=str(tmp_path / "ca.pem")))
