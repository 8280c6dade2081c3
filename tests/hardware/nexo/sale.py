"""A small sale system that speaks nexo (JSON over HTTP), written for these tests from the protocol alone."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from hardware.nexo.simulator import SimulatedNexoTerminal
from hardware.sim_times import Delays

POI = "SIM1-000000001"
WAIT_S = 20.0
SOON_S = 0.5
"""Long enough to say that nothing comes; a slow machine only makes such a test weaker, never wrong."""


class Sale:
    """One sale system: counts its ServiceIDs, wraps bodies into messages, reads answers; each wait is bounded."""

    def __init__(self, url: str, sale_id: str = "KIOSK1") -> None:
        self.url, self.sale_id = url, sale_id
        self.client = httpx.Client(timeout=WAIT_S, trust_env=False)
        self._numbers = itertools.count(1)
        self._hands = ThreadPoolExecutor(4)

    def close(self) -> None:
        self.client.close()
        self._hands.shutdown(wait=True)

    def fresh_id(self) -> str:
        return f"S{next(self._numbers):09d}"

    def message(self, category: str, body: Any, service_id: str | None = None, **header: Any) -> dict[str, Any]:
        head = {
            "ProtocolVersion": "3.0",
            "MessageClass": "Service",
            "MessageCategory": category,
            "MessageType": "Request",
            "ServiceID": service_id or self.fresh_id(),
            "SaleID": self.sale_id,
            "POIID": POI,
            **header,
        }
        told = {name: value for name, value in head.items() if value is not None}
        return {"SaleToPOIRequest": {"MessageHeader": told, f"{category}Request": body}}

    def post(self, message: Any, timeout_s: float = WAIT_S) -> httpx.Response:
        return self.client.post(self.url, json=message, timeout=timeout_s)

    def ask(self, category: str, body: Any, service_id: str | None = None, **header: Any) -> dict[str, Any]:
        """Send a request and give the whole JSON of its answer."""
        reply = self.post(self.message(category, body, service_id, **header))
        assert reply.status_code == 200, reply
        told: dict[str, Any] = reply.json()
        return told

    def pay(
        self, amount: Any = 2.4, service_id: str | None = None, reference: str = "R-1", **more: Any
    ) -> dict[str, Any]:
        """Pay; give the PaymentResponse."""
        body = payment(amount, reference, **more)
        return part(self.ask("Payment", body, service_id), "PaymentResponse")

    def pay_aside(self, *args: Any, **more: Any) -> Future[dict[str, Any]]:
        """Pay in another thread."""
        return self._hands.submit(self.pay, *args, **more)

    def status(self, service_id: str, category: str = "Payment", sale_id: str | None = None) -> dict[str, Any]:
        """Ask for a transaction; give the TransactionStatusResponse."""
        reference = {"MessageCategory": category, "ServiceID": service_id, "SaleID": sale_id or self.sale_id}
        return part(self.ask("TransactionStatus", {"MessageReference": reference}), "TransactionStatusResponse")

    def found(self, service_id: str, category: str = "Payment") -> str:
        """Ask for a transaction; give "Success", or the ErrorCondition in place of its answer."""
        told = self.status(service_id, category)["Response"]
        return str(told.get("ErrorCondition", told["Result"]))

    def abort(self, service_id: str, category: str = "Payment") -> httpx.Response:
        reference = {"MessageCategory": category, "ServiceID": service_id, "SaleID": self.sale_id}
        return self.post(self.message("Abort", {"AbortReason": "MerchantAbort", "MessageReference": reference}))

    def reverse(self, original: dict[str, Any], service_id: str | None = None, **more: Any) -> dict[str, Any]:
        """Take a payment back by its POITransactionID; give the ReversalResponse."""
        return part(self.ask("Reversal", reversal(original, **more), service_id), "ReversalResponse")


@contextmanager
def shop(folder: Path, **how: Any) -> Iterator[tuple[Sale, SimulatedNexoTerminal]]:
    """Give a sale system and a terminal whose people act at once, started and ready."""
    device = SimulatedNexoTerminal(folder, **{"delays": Delays.none(), "card_s": WAIT_S, **how})
    device.start()
    sale = Sale(device.url)
    try:
        assert device.wait_until("idle")
        yield sale, device
    finally:
        device.stop()
        sale.close()


def payment(amount: Any = 2.4, reference: str = "R-1", currency: str = "AZN", **more: Any) -> dict[str, Any]:
    sale_data = {"SaleTransactionID": {"TransactionID": reference, "TimeStamp": "2026-03-08T16:49:23+04:00"}}
    asked = {"AmountsReq": {"Currency": currency, "RequestedAmount": amount}}
    return {"SaleData": sale_data, "PaymentTransaction": asked, **more}


def reversal(original: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"OriginalPOITransaction": {"POITransactionID": original}, "ReversalReason": "MerchantCancel", **more}


def part(told: dict[str, Any], name: str) -> dict[str, Any]:
    """Give the body of an answer, which must be the only one and the only answer."""
    assert list(told) == ["SaleToPOIResponse"], told
    assert set(told["SaleToPOIResponse"]) == {"MessageHeader", name}
    found: dict[str, Any] = told["SaleToPOIResponse"][name]
    return found


def rejection(reply: httpx.Response) -> dict[str, Any]:
    """Give the EventNotification with which a message was rejected."""
    assert reply.status_code == 200
    told = reply.json()
    assert list(told) == ["SaleToPOIRequest"], told
    event: dict[str, Any] = told["SaleToPOIRequest"]["EventNotification"]
    assert event["EventToNotify"] == "Reject"
    return event


def result(told: dict[str, Any]) -> str:
    """Give "Success" or the ErrorCondition of an answer's body."""
    return str(told["Response"].get("ErrorCondition", told["Response"]["Result"]))


def transaction(told: dict[str, Any]) -> dict[str, Any]:
    """Give the POITransactionID of an answer's body."""
    found: dict[str, Any] = told["POIData"]["POITransactionID"]
    return found


def outcomes(device: SimulatedNexoTerminal) -> list[tuple[str, int, str]]:
    """Give reference, amount and outcome of every sale in the terminal's ledger."""
    return [(row["reference"], row["amount_minor"], row["outcome"]) for row in device.ledger()]


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so, for what goes on after its client has gone."""
    end_s = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.02)


def tell(device: SimulatedNexoTerminal, word: str, **more: Any) -> dict[str, Any]:
    """Give a command of the bench, which must be obeyed."""
    said = device.do({"do": word, **more})
    assert said["ok"], said
    return said
