"""The simulated nexo terminal under every order of payments, questions, reversals, hands, faults and power cuts.

``Truth`` is an account of the money that is kept here, from what the protocol promises; the terminal's ledger must agree
with it after every step, and so must everything the terminal says.
"""

from __future__ import annotations

import shutil
import tempfile
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hardware.nexo.simulator import SimulatedNexoTerminal
from hardware.sim_times import Delays
from tests.hardware.nexo.sale import WAIT_S, Sale, part, payment, rejection, result, reversal, tell, transaction

PLANS = {"approve": ("Success", "stored"), "decline": ("Refusal", "declined"), "cancel": ("Cancel", "cancelled")}
SPOILT = ("lose_answer", "half", "garbage", "noise", "http_error", "wrong_service_id", "double")
CUTS = {"card": None, "approved": "auto_reversed", "recorded": "stored"}
MINOR = st.sampled_from((1, 7, 240, 1099, 99_999_999))


@dataclass
class Deed:
    """What is known here of one message: its category, the sale it made, how a status query must find it."""

    category: str
    found: str
    sale: Money | None = None
    heard: dict | None = None


@dataclass
class Money:
    """One sale: what the ledger must say of it. ``number`` is the terminal's identification, once it was heard."""

    reference: str
    minor: int
    outcome: str
    period: int
    number: dict | None = None


@dataclass
class Truth:
    """The account: every message by its ServiceID, every sale in order."""

    deeds: dict[str, Deed] = field(default_factory=dict)
    sales: list[Money] = field(default_factory=list)
    period: int = 1
    refuses: str | None = None

    def sold(self, reference: str, minor: int, outcome: str) -> Money:
        self.sales.append(Money(reference, minor, outcome, self.period))
        return self.sales[-1]


class AnyOrder(RuleBasedStateMachine):
    """One sale system, one terminal, at most one payment that waits for its card in another thread."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.truth = Truth()
        self.waiting: tuple[str, int, Future] | None = None
        self.device: SimulatedNexoTerminal | None = None
        self.sale: Sale | None = None

    @initialize()
    def install(self) -> None:
        self.device = SimulatedNexoTerminal(self.folder, delays=Delays.none(), card_s=WAIT_S)
        self.device.start()
        assert self.device.wait_until("idle", WAIT_S)
        self.sale = self.sale or Sale(self.device.url)
        self.sale.url = self.device.url

    def teardown(self) -> None:
        if self.device:
            self.device.stop()
        if self.sale:
            self.sale.close()
        shutil.rmtree(self.folder)

    def calm(self) -> bool:
        return self.waiting is None

    def refusal(self) -> str | None:
        """Say why nothing new is begun now."""
        return self.truth.refuses or (None if self.calm() else "Busy")

    def send(self, category: str, body: dict, service_id: str) -> bytes:
        """Send a request whose answer will be spoilt; give what comes in place of it, b"" if that is nothing."""
        with httpx.Client(timeout=WAIT_S, trust_env=False) as client:
            try:
                return client.post(self.sale.url, json=self.sale.message(category, body, service_id)).content
            except httpx.TransportError:
                return b""

    @rule(minor=MINOR, plan=st.sampled_from(sorted(PLANS)))
    def pay(self, minor: int, plan: str) -> None:
        """A payment that is answered: its answer is what the account says, to the qəpik."""
        service_id = self.sale.fresh_id()
        refusal = self.refusal()
        if not refusal:
            tell(self.device, plan)
        told = self.sale.pay(minor / 100, service_id, f"R{service_id}")
        if refusal:
            assert result(told) == refusal
            self.truth.deeds[service_id] = Deed("Payment", "Success", None, told)
            return
        said, outcome = PLANS[plan]
        assert result(told) == said
        money = self.truth.sold(f"R{service_id}", minor, outcome)
        money.number = transaction(told)
        if plan == "approve":
            assert told["PaymentResult"]["AmountsResp"]["AuthorizedAmount"] == minor / 100
        self.truth.deeds[service_id] = Deed("Payment", "Success", money, told)

    @precondition(lambda self: not self.refusal())
    @rule(minor=MINOR, plan=st.sampled_from(sorted(PLANS)), fault=st.sampled_from(SPOILT))
    def pay_and_hear_nothing_good(self, minor: int, plan: str, fault: str) -> None:
        """A payment whose answer is spoilt happened all the same."""
        service_id = self.sale.fresh_id()
        tell(self.device, plan)
        tell(self.device, fault)
        heard = self.send("Payment", payment(minor / 100, f"R{service_id}"), service_id)
        assert (f'"ServiceID": "{service_id}"'.encode() in heard) == (fault == "double")
        money = self.truth.sold(f"R{service_id}", minor, PLANS[plan][1])
        self.truth.deeds[service_id] = Deed("Payment", "Success", money)

    @precondition(lambda self: not self.refusal())
    @rule(minor=MINOR)
    def a_web_server_that_fails_before(self, minor: int) -> None:
        """An HTTP error before the terminal has heard is no payment, and its ServiceID is still good."""
        service_id = self.sale.fresh_id()
        tell(self.device, "http_error", done=False)
        assert self.sale.post(self.sale.message("Payment", payment(minor / 100), service_id)).status_code == 500
        assert self.sale.found(service_id) == "NotFound"

    @precondition(lambda self: not self.refusal())
    @rule(minor=MINOR, at=st.sampled_from(sorted(CUTS)))
    def the_power_goes_within_a_payment(self, minor: int, at: str) -> None:
        service_id = self.sale.fresh_id()
        tell(self.device, "approve")
        tell(self.device, "power_cut", at=at)
        self.send("Payment", payment(minor / 100, f"R{service_id}"), service_id)
        assert self.device.wait_until("idle", WAIT_S)
        money = self.truth.sold(f"R{service_id}", minor, CUTS[at]) if CUTS[at] else None
        self.truth.deeds[service_id] = Deed("Payment", "Success" if at == "recorded" else "NotFound", money)

    @precondition(lambda self: not self.refusal())
    @rule(minor=MINOR, charged=MINOR)
    def another_amount_is_charged(self, minor: int, charged: int) -> None:
        service_id = self.sale.fresh_id()
        tell(self.device, "approve")
        tell(self.device, "wrong_amount", amount_minor=charged)
        told = self.sale.pay(minor / 100, service_id, f"R{service_id}")
        self.device.controls.wrong_amount = None
        assert told["PaymentResult"]["AmountsResp"]["AuthorizedAmount"] == charged / 100
        money = self.truth.sold(f"R{service_id}", charged, "stored")
        money.number = transaction(told)
        self.truth.deeds[service_id] = Deed("Payment", "Success", money, told)

    @precondition(lambda self: not self.refusal())
    @rule(minor=MINOR)
    def begin(self, minor: int) -> None:
        """Let a payment wait for its card."""
        service_id = self.sale.fresh_id()
        tell(self.device, "hold")
        self.waiting = (service_id, minor, self.sale.pay_aside(minor / 100, service_id, f"R{service_id}"))
        self.truth.deeds[service_id] = Deed("Payment", "InProgress")
        assert self.device.wait_until("card", WAIT_S)

    @precondition(lambda self: self.waiting)
    @rule(act=st.sampled_from(("card", "decline", "cancel", "abort")))
    def somebody_acts(self, act: str) -> None:
        service_id, minor, paying = self.waiting
        if act == "abort":
            assert self.sale.abort(service_id).content == b""
        else:
            tell(self.device, act)
        told = paying.result(WAIT_S)
        said, outcome = {"card": PLANS["approve"], "abort": ("Aborted", "cancelled")}.get(act) or PLANS[act]
        assert result(told) == said
        money = self.truth.sold(f"R{service_id}", minor, outcome)
        money.number = transaction(told)
        self.truth.deeds[service_id] = Deed("Payment", "Success", money, told)
        self.waiting = None

    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        """What is asked for is found as the account says, and told as it was heard."""
        service_id = data.draw(st.sampled_from((*self.truth.deeds, "NEVER")))
        deed = self.truth.deeds.get(service_id, Deed("Payment", "NotFound"))
        told = self.sale.status(service_id, deed.category)
        assert result(told) == deed.found
        other = "Reversal" if deed.category == "Payment" else "Payment"
        assert self.sale.found(service_id, other) == "NotFound"
        if deed.found != "Success":
            assert "RepeatedMessageResponse" not in told
            return
        repeated = told["RepeatedMessageResponse"]
        assert repeated["MessageHeader"]["ServiceID"] == service_id
        (again,) = repeated["RepeatedResponseMessageBody"].values()
        assert deed.heard in (None, again)
        deed.heard = again
        if deed.sale and deed.category == "Payment":
            deed.sale.number = transaction(again)

    @precondition(lambda self: self.truth.deeds)
    @rule(data=st.data(), category=st.sampled_from(("Payment", "Diagnosis")))
    def repeat(self, data: st.DataObject, category: str) -> None:
        """A ServiceID that was used is rejected, whatever it is used for."""
        used = data.draw(st.sampled_from(tuple(self.truth.deeds)))
        body = payment(5) if category == "Payment" else {}
        rejection(self.sale.post(self.sale.message(category, body, used)))

    @rule(raw=st.sampled_from((b"", b"{}", b'{"SaleToPOIRequest":{}}')) | st.binary(max_size=40))
    def talk_nonsense(self, raw: bytes) -> None:
        rejection(self.sale.client.post(self.sale.url, content=raw, headers={"Content-Type": "application/json"}))

    @precondition(lambda self: any(money.number for money in self.truth.sales))
    @rule(data=st.data(), how=st.sampled_from(("plain", "plain", "refused", "reversing", "reversed", "lose_answer")))
    def reverse(self, data: st.DataObject, how: str) -> None:
        """Money goes back once, and only what stood and was not yet reconciled."""
        money = data.draw(st.sampled_from([money for money in self.truth.sales if money.number]))
        service_id, why_not = self.sale.fresh_id(), self.refusal()
        if not why_not and (money.outcome != "stored" or money.period != self.truth.period):
            why_not = "NotAllowed"
        if why_not or how == "plain":
            told = self.sale.reverse(money.number, service_id)
            assert result(told) == (why_not or "Success")
            self.truth.deeds[service_id] = Deed("Reversal", "Success", None, told)
            money.outcome = money.outcome if why_not else "reversed"
        else:
            self.reverse_badly(money, service_id, how)

    def reverse_badly(self, money: Money, service_id: str, how: str) -> None:
        found = "NotFound" if how == "reversing" else "Success"
        if how == "refused":
            tell(self.device, "refuse_reversals")
            assert result(self.sale.reverse(money.number, service_id)) == "Refusal"
            tell(self.device, "refuse_reversals", on=False)
        else:
            self.device.do({"do": "lose_answer"} if how == "lose_answer" else {"do": "power_cut", "at": how})
            self.send("Reversal", reversal(money.number), service_id)
            assert self.device.wait_until("idle", WAIT_S)
        if how in {"reversed", "lose_answer"}:
            money.outcome = "reversed"
        self.truth.deeds[service_id] = Deed("Reversal", found)

    @rule()
    def reverse_the_unknown(self) -> None:
        unknown = {"TransactionID": "0001.9999999999", "TimeStamp": "2026-03-08T00:00:00Z"}
        assert result(self.sale.reverse(unknown)) == (self.refusal() or "NotFound")

    @rule()
    def reconcile(self) -> None:
        """The totals are those of the account; then a new period begins."""
        told = self.sale.ask("Reconciliation", {"ReconciliationType": "SaleReconciliation"})
        told = part(told, "ReconciliationResponse")
        assert result(told) == (self.refusal() or "Success")
        if self.refusal():
            return
        sold = [money for money in self.truth.sales if money.period == self.truth.period]
        rows = {
            "Debit": [money.minor for money in sold if money.outcome in {"stored", "reversed"}],
            "ReverseDebit": [money.minor for money in sold if money.outcome == "reversed"],
        }
        expected = {name: (len(minors), sum(minors) / 100) for name, minors in rows.items() if minors}
        (totals,) = told.get("TransactionTotals", [{"PaymentTotals": []}])
        assert {
            row["TransactionType"]: (row["TransactionCount"], row["TransactionAmount"])
            for row in totals["PaymentTotals"]
        } == expected
        self.truth.period += 1

    @rule(word=st.sampled_from(("busy", "out_of_order")), on=st.booleans())
    def trouble(self, word: str, on: bool) -> None:
        tell(self.device, "busy", on=False)
        tell(self.device, "out_of_order", on=False)
        tell(self.device, word, on=on)
        self.truth.refuses = {"busy": "Busy", "out_of_order": "DeviceOut"}[word] if on else None

    @rule(anew=st.booleans())
    def the_power_goes(self, anew: bool) -> None:
        """Whoever waits is cut off, faults are gone; another terminal over the same memory is the same terminal."""
        if anew:
            self.device.stop()
            self.install()
        else:
            tell(self.device, "power_cycle")
        self.truth.refuses = None
        if self.waiting:
            service_id, _, paying = self.waiting
            assert isinstance(paying.exception(WAIT_S), httpx.TransportError)
            self.truth.deeds[service_id].found = "NotFound"
            self.waiting = None

    @invariant()
    def the_ledger_agrees(self) -> None:
        if self.device:
            rows = [(row["reference"], row["amount_minor"], row["outcome"]) for row in self.device.ledger()]
            assert rows == [(money.reference, money.minor, money.outcome) for money in self.truth.sales]


AnyOrder.TestCase.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)


class TestAnyOrder(AnyOrder.TestCase):
    """No sale is made twice, forgotten, or told otherwise than it is, whatever is asked, broken and switched."""
