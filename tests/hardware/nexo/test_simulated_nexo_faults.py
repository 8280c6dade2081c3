"""Every way an answer of the simulated nexo terminal can fail on its way, and what the terminal knows afterwards."""

from __future__ import annotations

import json
import socket
import time

import httpx
import pytest

from tests.hardware.nexo.sale import SOON_S, WAIT_S, outcomes, part, payment, result, tell, until

STANDS = [("R-1", 240, "stored")]


def pay_raw(sale, device, service_id="PAY1"):
    """Pay over a bare connection and give every byte that comes until the terminal hangs up."""
    body = json.dumps(sale.message("Payment", payment(), service_id)).encode()
    head = (
        "POST /nexo HTTP/1.1\r\nHost: terminal\r\nContent-Type: application/json\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", device.port), WAIT_S) as wire:
        wire.sendall(head.encode() + body)
        return b"".join(iter(lambda: wire.recv(65_536), b""))


def test_an_answer_can_get_lost(sale, device):
    """The payment completes, the connection ends without a byte, and a status query repeats the answer."""
    tell(device, "lose_answer")
    assert pay_raw(sale, device) == b""
    assert outcomes(device) == STANDS
    repeated = sale.status("PAY1")["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]["PaymentResponse"]
    assert result(repeated) == "Success"


@pytest.mark.parametrize("leave", [0, 1, 17, 60, 200, 1000])
def test_an_answer_can_break_off_after_any_byte(sale, device, leave):
    """So many bytes of the answer come, and then the end of the connection."""
    tell(device, "half", bytes=leave)
    got = pay_raw(sale, device)
    assert len(got) == leave
    assert b"HTTP/1.1 200 OK\r\n".startswith(got[:17])
    assert outcomes(device) == STANDS


def test_an_answer_can_come_late(sale, device):
    """An answer comes so much later, whole, and meanwhile the sale stands already."""
    tell(device, "late", ms=300)
    began = time.monotonic()
    assert result(sale.pay()) == "Success"
    assert time.monotonic() - began >= 0.3


def test_an_answer_can_come_twice(sale, device):
    """The same response comes twice in one connection; the sale is one."""
    tell(device, "double")
    got = pay_raw(sale, device)
    assert got[: len(got) // 2] == got[len(got) // 2 :]
    assert got.startswith(b"HTTP/1.1 200 OK")
    assert outcomes(device) == STANDS


@pytest.mark.parametrize("told", [None, "00", "7B7D", ""])
def test_an_answer_can_be_garbage(sale, device, told):
    """The body of a good HTTP answer is other bytes, the bench's or no UTF-8 at all."""
    tell(device, "garbage", **({} if told is None else {"bytes": told}))
    reply = sale.post(sale.message("Payment", payment()))
    assert reply.status_code == 200
    if told is None:
        with pytest.raises(UnicodeDecodeError):
            reply.content.decode()
    else:
        assert reply.content == bytes.fromhex(told)
    assert outcomes(device) == STANDS


def test_an_answer_can_be_no_http_at_all(sale, device):
    """Noise comes in place of HTTP."""
    tell(device, "noise")
    assert not pay_raw(sale, device).startswith(b"HTTP")
    tell(device, "noise")
    with pytest.raises(httpx.RemoteProtocolError):
        sale.pay()


@pytest.mark.parametrize(("done", "rows"), [(True, STANDS), (False, [])])
def test_the_web_server_can_fail(sale, device, done, rows):
    """HTTP 500 comes after the payment or in place of it; in the latter case the ServiceID is still unused."""
    tell(device, "http_error", done=done)
    assert sale.post(sale.message("Payment", payment(), "PAY1")).status_code == 500
    assert outcomes(device) == rows
    assert sale.found("PAY1") == ("Success" if done else "NotFound")
    if not done:
        assert result(sale.pay(service_id="PAY1")) == "Success"


def test_an_http_error_has_the_status_that_was_asked_for(sale, device):
    """The bench chooses the HTTP status."""
    tell(device, "http_error", status=503)
    assert sale.post(sale.message("Diagnosis", {})).status_code == 503


def test_an_answer_can_be_to_somebody_else(sale, device):
    """The ServiceID of the answer is not the request's, once; the answer that is kept has the right one."""
    tell(device, "wrong_service_id")
    told = sale.ask("Payment", payment(), "PAY1")
    assert told["SaleToPOIResponse"]["MessageHeader"]["ServiceID"] == "XAY1"
    assert sale.status("PAY1")["RepeatedMessageResponse"]["MessageHeader"]["ServiceID"] == "PAY1"


def test_another_amount_can_be_charged(sale, device):
    """With wrong_amount the answer and the ledger tell what was charged, not what was asked."""
    tell(device, "wrong_amount", amount_minor=9999)
    assert sale.pay(2.4)["PaymentResult"]["AmountsResp"] == {"AuthorizedAmount": 99.99, "Currency": "AZN"}
    assert outcomes(device) == [("R-1", 9999, "stored")]


def test_another_currency_can_be_charged(sale, device):
    """With a currency the amount stays and the currency is another, in answer and ledger."""
    tell(device, "wrong_amount", currency="EUR")
    assert sale.pay(2.4)["PaymentResult"]["AmountsResp"] == {"AuthorizedAmount": 2.4, "Currency": "EUR"}
    assert [(row["amount_minor"], row["currency"]) for row in device.ledger()] == [(240, "EUR")]


def test_a_payment_can_seem_to_run_on(sale, device):
    """So many status queries are InProgress, then the truth comes."""
    sale.pay(service_id="PAY1")
    tell(device, "in_progress", n=2)
    assert [sale.found("PAY1") for _ in range(3)] == ["InProgress", "InProgress", "Success"]


def test_a_silent_terminal_takes_requests_and_does_nothing(sale, device):
    """Nothing is answered and nothing is done until it speaks again; what it did not hear is NotFound."""
    tell(device, "silent")
    with pytest.raises(httpx.ReadTimeout):
        sale.post(sale.message("Payment", payment(), "PAY1"), SOON_S)
    until(lambda: device.state()["unheard"] == 1)
    tell(device, "silent", on=False)
    assert sale.found("PAY1") == "NotFound"
    assert outcomes(device) == []


def test_a_terminal_can_fall_silent_in_the_middle(sale, device):
    """A payment that runs when silence begins completes, and its answer never comes."""
    tell(device, "hold")
    paying = sale.pay_aside(service_id="PAY1")
    assert device.wait_until("card")
    tell(device, "silent")
    tell(device, "card")
    until(lambda: outcomes(device) == STANDS)
    with pytest.raises(TimeoutError):
        paying.result(SOON_S)
    tell(device, "normal")
    assert sale.found("PAY1") == "Success"
    device.stop()
    assert isinstance(paying.exception(WAIT_S), httpx.TransportError)


def test_an_answer_can_stay_away(sale, device):
    """With hang_answer the payment completes, the connection stands, and nothing comes."""
    tell(device, "hang_answer")
    with pytest.raises(httpx.ReadTimeout):
        sale.post(sale.message("Payment", payment(), "PAY1"), SOON_S)
    until(lambda: outcomes(device) == STANDS)
    assert sale.found("PAY1") == "Success"


def test_clients_that_went_away_do_not_fill_the_terminal(sale, device):
    """More requests than the terminal has connections may be given up on while it is silent; then it serves as before."""
    tell(device, "silent")
    for _ in range(40):
        with socket.create_connection(("127.0.0.1", device.port), WAIT_S) as wire:
            wire.sendall(b"POST /nexo HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
    until(lambda: device.state()["unheard"] >= 1)
    tell(device, "normal")
    assert answered(sale)


def answered(sale):
    """Ask until the terminal answers, as it may still be letting go of connections."""
    for _ in range(100):
        try:
            return part(sale.ask("Diagnosis", {}), "DiagnosisResponse")["Response"]["Result"] == "Success"
        except httpx.TransportError:
            time.sleep(0.1)
    return False


def test_a_fault_can_be_for_one_kind_of_message(sale, device):
    """A fault for payments leaves a diagnosis alone, and strikes so often as it was told."""
    tell(device, "http_error", message="Payment", n=2)
    heard = []
    for category in ("Diagnosis", "Payment", "Diagnosis", "Payment", "Payment"):
        body = payment() if category == "Payment" else {}
        heard.append(sale.post(sale.message(category, body)).status_code)
    assert heard == [200, 500, 200, 500, 200]


def test_a_client_that_gives_up_does_not_end_a_payment(sale, device):
    """A payment whose sale system hung up goes on to its end."""
    tell(device, "hold")
    with pytest.raises(httpx.ReadTimeout):
        sale.post(sale.message("Payment", payment(), "PAY1"), SOON_S)
    assert device.wait_until("card")
    assert sale.found("PAY1") == "InProgress"
    tell(device, "card")
    assert device.wait_until("idle")
    assert sale.found("PAY1") == "Success"
