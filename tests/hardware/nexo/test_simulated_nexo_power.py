"""Power cuts at the simulated nexo terminal: what is kept, what is taken back, and what is heard of it."""

from __future__ import annotations

import socket

import httpx
import pytest

from hardware.nexo.simulator import SimulatedNexoTerminal
from hardware.sim_times import Delays
from tests.hardware.nexo.sale import (
    WAIT_S,
    Sale,
    outcomes,
    payment,
    rejection,
    result,
    reversal,
    shop,
    tell,
    transaction,
)


@pytest.mark.parametrize(
    ("at", "rows", "found"),
    [
        ("card", [], "NotFound"),
        ("approved", [("R-1", 240, "auto_reversed")], "NotFound"),
        ("recorded", [("R-1", 240, "stored")], "Success"),
    ],
)
def test_a_cut_within_a_payment(sale, device, at, rows, found):
    """Before the card: nothing. After the host's approval, before the record: taken back. After the record: it stands.
    What the terminal says afterwards is always what is true."""
    tell(device, "power_cut", at=at)
    with pytest.raises(httpx.TransportError):
        sale.pay(service_id="PAY1")
    assert device.wait_until("idle")
    assert outcomes(device) == rows
    assert sale.found("PAY1") == found


def test_what_stood_at_a_cut_is_told_as_it_would_have_been(sale, device):
    """The answer that the cut swallowed is repeated in full."""
    tell(device, "power_cut", at="recorded")
    with pytest.raises(httpx.TransportError):
        sale.pay(service_id="PAY1")
    assert device.wait_until("idle")
    again = sale.status("PAY1")["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]["PaymentResponse"]
    assert again["PaymentResult"]["AmountsResp"] == {"AuthorizedAmount": 2.4, "Currency": "AZN"}
    assert result(sale.reverse(transaction(again))) == "Success"


@pytest.mark.parametrize(
    ("at", "outcome", "found"), [("reversing", "stored", "NotFound"), ("reversed", "reversed", "Success")]
)
def test_a_cut_within_a_reversal(sale, device, at, outcome, found):
    """Before the host hears of it nothing is given back; after its record it is, and told again."""
    paid = transaction(sale.pay())
    tell(device, "power_cut", at=at)
    with pytest.raises(httpx.TransportError):
        sale.post(sale.message("Reversal", reversal(paid), "REV1"))
    assert device.wait_until("idle")
    assert outcomes(device) == [("R-1", 240, outcome)]
    assert sale.found("REV1", "Reversal") == found


def test_a_reversal_lost_in_a_cut_can_be_asked_for_again(sale, device):
    """After the cut the sale can be reversed with a new ServiceID; the ledger tells of both attempts."""
    paid = transaction(sale.pay())
    tell(device, "power_cut", at="reversing")
    with pytest.raises(httpx.TransportError):
        sale.post(sale.message("Reversal", reversal(paid)))
    assert device.wait_until("idle")
    assert result(sale.reverse(paid)) == "Success"
    assert [row["outcome"] for row in tell(device, "reversals")["reversals"]] == ["lost", "done"]


def test_a_cut_strikes_once(sale, device):
    """After the cut that was asked for, payments go as before."""
    tell(device, "power_cut", at="approved")
    with pytest.raises(httpx.TransportError):
        sale.pay()
    assert device.wait_until("idle")
    assert result(sale.pay(reference="R-2")) == "Success"
    assert outcomes(device) == [("R-1", 240, "auto_reversed"), ("R-2", 240, "stored")]


@pytest.mark.parametrize("phase", ["card", "bank"])
def test_a_cut_by_hand_ends_a_payment_that_runs(sale, device, phase):
    """Whoever waits is cut off at once; nothing is charged, and the payment is not known afterwards."""
    tell(device, "hold" if phase == "card" else "approve")
    tell(device, "slow_host", seconds=600)
    paying = sale.pay_aside(service_id="PAY1")
    assert device.wait_until(phase)
    tell(device, "power_cycle")
    assert isinstance(paying.exception(20), httpx.TransportError)
    assert sale.found("PAY1") == "NotFound"
    assert outcomes(device) == []


def test_a_service_id_is_remembered_through_a_cut(sale, device):
    """What was begun before a cut is not begun again by its repetition."""
    tell(device, "power_cut", at="card")
    with pytest.raises(httpx.TransportError):
        sale.pay(service_id="PAY1")
    assert device.wait_until("idle")
    rejection(sale.post(sale.message("Payment", payment(), "PAY1")))
    assert outcomes(device) == []


def test_without_power_connections_are_refused(sale, device):
    """A terminal that is off refuses connections on its port, and keeps the port."""
    port = device.port
    tell(device, "power_off")
    assert (device.phase, device.port) == ("off", port)
    with pytest.raises(httpx.ConnectError):
        sale.pay()
    assert outcomes(device) == []
    tell(device, "power_on")
    assert device.wait_until("idle")
    assert result(sale.pay()) == "Success"


def test_the_power_takes_connections_with_it(sale, device):
    """A connection on which nothing is asked ends with the power too."""
    with socket.create_connection(("127.0.0.1", device.port), WAIT_S) as wire:
        assert result(sale.pay()) == "Success"
        tell(device, "power_off")
        assert wire.recv(1) == b""


def test_a_terminal_can_stay_off(sale, device):
    """After a cut with stay_off it waits for somebody to switch it on."""
    tell(device, "power_cut", at="recorded", stay_off=True)
    with pytest.raises(httpx.TransportError):
        sale.pay(service_id="PAY1")
    assert device.wait_until("off")
    with pytest.raises(httpx.ConnectError):
        sale.status("PAY1")
    tell(device, "power_on")
    assert device.wait_until("idle")
    assert sale.found("PAY1") == "Success"


def test_faults_go_with_the_power(sale, device):
    """A power cycle ends silence and spoilt answers."""
    tell(device, "silent")
    tell(device, "lose_answer", n=5)
    tell(device, "power_cycle")
    assert result(sale.pay()) == "Success"


def test_while_it_boots_nobody_is_served(tmp_path):
    """Connections are refused until the terminal has booted."""
    device = SimulatedNexoTerminal(tmp_path, delays=Delays(boot_s=600))
    device.start()
    sale = Sale(device.url)
    try:
        assert device.phase == "boot"
        with pytest.raises(httpx.ConnectError):
            sale.pay()
    finally:
        device.stop()
        sale.close()


def test_a_ledger_outlives_its_terminal(tmp_path):
    """Another terminal over the same folder knows the sales, the answers, and goes on counting."""
    with shop(tmp_path) as (sale, device):
        first = sale.pay(service_id="PAY1")
        rows = device.ledger()
    with shop(tmp_path) as (sale, device):
        assert device.ledger() == rows
        again = sale.status("PAY1")["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]["PaymentResponse"]
        assert again == first
        assert transaction(sale.pay(service_id="PAY2"))["TransactionID"] == "0001.0000000002"
        assert result(sale.reverse(transaction(first))) == "Success"


def test_a_terminal_can_be_stopped_and_started_at_its_port(tmp_path):
    """A stopped terminal refuses power and connections; started again it has the same address."""
    with shop(tmp_path) as (sale, device):
        url = device.url
        device.stop()
        device.stop()
        assert not device.do({"do": "power_on"})["ok"]
        with pytest.raises(httpx.ConnectError):
            sale.pay()
        device.start()
        device.start()
        assert device.wait_until("idle")
        assert device.url == url
        assert result(sale.pay()) == "Success"


def test_a_port_can_be_chosen(tmp_path):
    """A terminal listens where it is told."""
    with shop(tmp_path / "one") as (_, device):
        port = device.port
    with shop(tmp_path / "two", port=port) as (sale, device):
        assert device.url == f"http://127.0.0.1:{port}/nexo"
        assert result(sale.pay()) == "Success"
