"""The simulated nexo terminal when everything comes at once, and the wire that drivers are tested on."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx

from tests.hardware.nexo.sale import POI, WAIT_S, Sale, payment, tell, until
from tests.hardware.nexo.wire import nexo_wire

AT_ONCE = 8


def all_at_once(sale, messages):
    """Post all messages at the same moment, each on its own connection; give what came."""
    barrier = Barrier(len(messages))

    def post(message):
        with httpx.Client(timeout=WAIT_S, trust_env=False) as client:
            barrier.wait(WAIT_S)
            return client.post(sale.url, json=message).json()

    with ThreadPoolExecutor(len(messages)) as hands:
        return list(hands.map(post, messages))


def test_one_service_id_at_once_is_one_sale(sale, device):
    """Of the same payment sent eight times at once one is done and the others are rejected."""
    heard = all_at_once(sale, [sale.message("Payment", payment(), "PAY1")] * AT_ONCE)
    assert Counter(next(iter(told)) for told in heard) == {"SaleToPOIResponse": 1, "SaleToPOIRequest": AT_ONCE - 1}
    assert [row["outcome"] for row in device.ledger()] == ["stored"]


def test_payments_at_once_are_one_and_busy(sale, device):
    """Of eight different payments at once the one that has the card reader is done, and the others are Busy."""
    tell(device, "hold")
    paying = sale.pay_aside(service_id="FIRST")
    assert device.wait_until("card", WAIT_S)
    heard = all_at_once(sale, [sale.message("Payment", payment(), f"PAY{number}") for number in range(AT_ONCE)])
    said = [told["SaleToPOIResponse"]["PaymentResponse"]["Response"]["ErrorCondition"] for told in heard]
    assert said == ["Busy"] * AT_ONCE
    tell(device, "card")
    assert paying.result(WAIT_S)["Response"]["Result"] == "Success"
    assert len(device.ledger()) == 1


def test_questions_and_power_cuts_at_once_do_no_harm(sale, device):
    """While questions come from all sides the power goes ten times; afterwards the terminal serves, and nothing is charged."""
    with ThreadPoolExecutor(4) as hands:
        asking = [hands.submit(ask_for_a_while, device.url, f"KIOSK{number + 2}") for number in range(4)]
        for _ in range(10):
            tell(device, "power_cycle")
        assert all(each.result(3 * WAIT_S) == 50 for each in asking)
    until(lambda: sale.found("NEVER") == "NotFound")
    assert device.ledger() == []


def ask_for_a_while(url, sale_id):
    """Ask fifty times for what never was; give how many questions were answered rightly or not at all."""
    sale, good = Sale(url, sale_id), 0
    try:
        for _ in range(50):
            try:
                good += sale.found("NEVER") == "NotFound"
            except httpx.TransportError:
                good += 1
    finally:
        sale.close()
    return good


def test_the_wire_tells_a_driver_where_its_terminal_is(tmp_path):
    """A driver's test gets the address, the identification, hands, and the ledger as it is."""
    with nexo_wire(tmp_path) as wire:
        sale = Sale(wire.url)
        try:
            assert (wire.poi_id, wire.currency) == (POI, "AZN")
            paid = sale.pay(2.4, reference="R-9")
            assert (wire.sales, wire.charged_minor) == ([("R-9", 240, "stored")], 240)
            sale.reverse(paid["POIData"]["POITransactionID"])
            wire.do("power_cut", at="recorded", stay_off=True)
            assert wire.charged_minor == 0
            wire.until("idle")
        finally:
            sale.close()
