"""A till that speaks to a fiscal register in JSON over HTTP, written for these tests from README.md alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from hardware.fiscal.simulator import SimulatedFiscalRegister

WAIT_S = 20.0
SOON_S = 0.5
"""Long enough to say that nothing comes; a slow machine only makes such a test weaker, never wrong."""


class Till:
    """One till: logs in, numbers nothing, checks nothing."""

    def __init__(self, register: SimulatedFiscalRegister) -> None:
        self.register = register
        self.client = httpx.Client(timeout=WAIT_S, trust_env=False)
        self.token = ""

    def close(self) -> None:
        self.client.close()

    def post(self, body: Any, timeout_s: float = WAIT_S) -> dict[str, Any]:
        """Post any JSON; give the answer's."""
        answer: dict[str, Any] = self.client.post(self.register.url, json=body, timeout=timeout_s).json()
        return answer

    def login(self, word: str = "123") -> dict[str, Any]:
        request = {"checkData": {"check_type": 40}, "name": "SuperApi", "password": word}
        answer = self.post({"requestData": request})
        self.token = answer.get("access_token", "")
        return answer

    def ask(self, check_type: int, timeout_s: float = WAIT_S, **more: Any) -> dict[str, Any]:
        """Do an operation that is no document."""
        request = {"checkData": {"check_type": check_type}, "access_token": self.token, **more}
        return self.post({"requestData": request}, timeout_s)

    def send(
        self, tokens: dict[str, Any], check_type: int, int_ref: str = "R-1", timeout_s: float = WAIT_S
    ) -> dict[str, Any]:
        """Send a document."""
        request = {"access_token": self.token, "int_ref": int_ref, "tokenData": tokens}
        return self.post({"requestData": {**request, "checkData": {"check_type": check_type}}}, timeout_s)

    def sell(self, int_ref: str = "R-1", timeout_s: float = WAIT_S, **changes: Any) -> dict[str, Any]:
        """Sell a service of 5.00 manat for cash."""
        return self.send(sale(**changes), 1, int_ref, timeout_s)

    def back(self) -> None:
        """Wait until the register listens again after a power cut in the middle of something."""
        end_s = time.monotonic() + WAIT_S
        while time.monotonic() < end_s:
            with suppress(httpx.TransportError):
                self.ask(14)
                return
            time.sleep(0.02)  # nothing tells the till: it tries
        raise AssertionError("the register did not come back")

    def bench(self, **command: Any) -> dict[str, Any]:
        answer = self.register.do(command)
        assert answer["ok"], answer
        return answer


def item(
    name: str = "Arayış", price: float = 5.0, quantity: float = 1, vat: float | None = 18.0, **changes: Any
) -> dict[str, Any]:
    """Make one line."""
    line = {"itemName": name, "itemCodeType": 3, "itemCode": "S1", "itemQuantityType": 0, "itemQuantity": quantity}
    line |= {"itemPrice": price, "itemSum": round(price * quantity, 2), "discount": 0.0}
    return line | ({} if vat is None else {"itemVatPercent": vat}) | changes


def sale(
    items: list[dict[str, Any]] | None = None, prev: int | None = None, doc_type: str = "sale", **changes: Any
) -> dict[str, Any]:
    """Make tokenData of a sale paid in cash; ``changes`` go into data."""
    lines = [item()] if items is None else items
    total = round(sum(line["itemSum"] for line in lines), 2)
    rates: dict[Any, float] = {}
    for line in lines:
        rate = line.get("itemVatPercent")
        rates[rate] = round(rates.get(rate, 0) + line["itemSum"], 2)
    vat = [{"vatSum": amount} | ({} if rate is None else {"vatPercent": rate}) for rate, amount in rates.items()]
    data = {"cashier": "Kiosk", "currency": "AZN", "items": lines, "sum": total, "cashSum": total, "cashlessSum": 0.0}
    data |= {"prepaymentSum": 0.0, "creditSum": 0.0, "bonusSum": 0.0, "incomingSum": total, "vatAmounts": vat}
    parameters: dict[str, Any] = {"doc_type": doc_type, "data": data | changes}
    if prev is not None:
        parameters["prev_doc_number"] = prev
    return {"parameters": parameters, "operationId": "createDocument", "version": 1}


def money_back(sold: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Make tokenData that gives money back for a document as it was answered."""
    parents = {"parentDocument": sold["long_id"], "refund_document_number": str(sold["document_number"])}
    parents |= {"refund_short_document_id": sold["short_id"], "lastOperationAtUtc": ""}
    return sale(doc_type="money_back", **parents, **changes)


@contextmanager
def till_at(folder: Path, *, shift: bool = True) -> Iterator[Till]:
    """Start a register and log in; with ``shift`` one is open."""
    register = SimulatedFiscalRegister(folder / "register")
    register.start()
    till = Till(register)
    try:
        till.login()
        if shift:
            assert till.ask(15)["code"] == 0
        yield till
    finally:
        till.close()
        register.stop()
