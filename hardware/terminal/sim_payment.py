"""Authorisation (06 01) and reversal (06 30), as the terminal does them (PA00P015 rev. 13.08, 2.2 and 2.9).

    80 00 ─ insert card ─ PIN ─ bank ─┬─ declined / cancelled ── 04 0F, 06 1E
                                      └─ AUTHORISED, on disk ─ remove card ─ 04 0F ─┬─ 80 00 (and prints) ─ STORED ─ 06 0F
                                                                 ↑── 84 9C, 2 s ────┤
                                                                                    └─ 84 xx, nothing ─ AUTO-REVERSED ─ 06 1E

Money stands only after the register's acknowledgement of 04 0F and, when it prints for us, of every print command (2.2.8).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import msgspec

from hardware.sim_card_holder import Plan
from hardware.terminal import sim_messages as messages
from hardware.terminal.sim_codec import Malformed, bcd, fields, number
from hardware.terminal.sim_device import Device, NoResponse
from hardware.terminal.sim_ledger import Transaction
from hardware.terminal.sim_link import LinkLost

GOODS_OUT = {bytes.fromhex("8000"), bytes.fromhex("8400")}
ASK_AGAIN = bytes.fromhex("849C")


class Request(msgspec.Struct, frozen=True):
    """What a 06 01 asks for. ``goods_s`` (BMP 01) and ``asks`` (BMP 02) bound the wait for the acknowledgement."""

    amount_minor: int
    currency: str | None
    currency_told: bool
    goods_s: float | None
    asks: int | None

    @classmethod
    def read(cls, data: bytes) -> Request:
        """Read the data of a 06 01. Raises Malformed."""
        found = fields(data)
        if 0x04 not in found:
            raise Malformed("06 01 without an amount")
        code = found.get(0x49)
        known = {bcd(value, 2): name for name, value in messages.CURRENCIES.items()}
        currency = messages.OWN_CURRENCY if code is None else known.get(code)
        goods_s = found[0x01][0] if 0x01 in found else None
        return cls(number(found[0x04]), currency, code is not None, goods_s, found[0x02][0] if 0x02 in found else None)


@dataclass
class Payment:
    """One sale from its start to its end."""

    device: Device
    request: Request

    def run(self) -> None:
        """Do all of it. Raises LinkLost only while nothing is held open."""
        device = self.device
        device.reply(messages.POSITIVE)
        if self.request.currency != messages.OWN_CURRENCY:
            device.complete(messages.refusal("06 1E", messages.WRONG_CURRENCY, currency=True))
            return
        device.asking_minor = self.request.amount_minor
        try:
            ends = {"approve": self._approved, "decline": self._declined}
            ends.get(self._card_holder(), self._cancelled)()
        finally:
            device.asking_minor = None
            device.controls.payment_over()

    def _card_holder(self) -> Plan:
        """Say how card, PIN and bank went; a register that is gone meanwhile cancels, for nothing is charged yet."""
        self.device.abortable, self.device.aborted = True, False
        try:
            return self._card_pin_bank()
        except (LinkLost, NoResponse):
            return "cancel"
        finally:
            self.device.abortable = False

    def _card_pin_bank(self) -> Plan:
        act = self._card()
        if act == "cancel":
            return act
        self.device.enter("pin")
        self.device.show(messages.WATCH_PIN_PAD)
        self.device.pause(self.device.delays.pin_s, until=lambda: self.device.controls.stop_pressed)
        if self.device.aborted or self.device.controls.stop_pressed:
            return "cancel"
        self.device.abortable = False
        self.device.enter("bank")
        self.device.show(messages.PLEASE_WAIT_STATUS)
        self.device.show(messages.CONTACTING_BANK)
        self.device.pause(self.device.delays.bank_s)
        return act

    def _card(self) -> Plan:
        """Wait until the card holder acts: by plan after a while, on hold when told; "cancel" if nobody does."""
        device, controls = self.device, self.device.controls
        began = time.monotonic()
        device.enter("card")
        while not device.aborted and time.monotonic() < began + device.timings.card_s:
            device.show(messages.INSERT_CARD)
            device.pause(min(device.timings.status_every_s, self._card_wait(began)), until=lambda: self._decided(began))
            if not device.aborted and self._decided(began):
                return controls.act_now or controls.plan
        return "cancel"

    def _card_wait(self, began: float) -> float:
        controls = self.device.controls
        delay_s = self.device.delays.insert_s if controls.delay_s is None else controls.delay_s
        wait_s = self.device.timings.card_s if controls.plan == "hold" else delay_s
        return max(0.0, began + wait_s - time.monotonic())

    def _decided(self, began: float) -> bool:
        controls = self.device.controls
        return bool(controls.act_now) or (controls.plan != "hold" and self._card_wait(began) <= 0)

    def _cancelled(self) -> None:
        """Nobody was charged: by the stop key, by a time-out, by the register or by a dead line."""
        device = self.device
        device.ledger.cancel(self.request.amount_minor, messages.OWN_CURRENCY, device.clock(), messages.ABORTED)
        self._end_badly(messages.failed(messages.ABORTED), messages.ABORTED)

    def _declined(self) -> None:
        """Write down that the bank said no, and say so."""
        device, code = self.device, self.device.controls.decline_code
        told = self.request.currency_told
        amount = self.request.amount_minor
        deed = device.ledger.decline(amount, messages.OWN_CURRENCY, device.clock(), code, currency_told=told)
        self._end_badly(messages.outcome(deed, None, device.session), code, deed)

    def _end_badly(self, told: bytes, code: int, deed: Transaction | None = None) -> None:
        try:
            self.device.ask(told)
            for block in messages.receipts(deed, self.device.session) if deed else ():
                self.device.ask(block)
        except LinkLost:
            return
        self.device.complete(messages.refusal("06 1E", code))

    def _approved(self) -> None:
        """Hold the sale open until the register has acknowledged it."""
        device, controls = self.device, self.device.controls
        amount = self.request.amount_minor if controls.wrong_amount is None else controls.wrong_amount
        currency = controls.wrong_currency or messages.OWN_CURRENCY
        sale = device.ledger.open_sale(amount, currency, device.clock(), currency_told=self.request.currency_told)
        try:
            device.enter("remove")
            device.show(messages.REMOVE_CARD)
            device.pause(device.delays.remove_s)
            device.enter("held")
            accepted, asked_too_often = self._acknowledged(sale)
        except (LinkLost, NoResponse):
            self._take_back(sale)
            return
        if accepted:
            device.ledger.store(sale)
            device.complete(messages.COMPLETION)
        else:
            self._take_back(sale, told=messages.failed(messages.ABORTED) if asked_too_often else b"")

    def _acknowledged(self, sale: Transaction) -> tuple[bool, bool]:
        """Say whether the register lets the sale stand, and whether it asked for more time once too often."""
        device, asked = self.device, 0
        wait_s = device.timings.goods_s if self.request.goods_s is None else self.request.goods_s
        while True:
            answer = device.ask(messages.outcome(sale, None, device.session), wait_s)
            control = answer[:2] if answer else b""
            if control != ASK_AGAIN:
                return control in GOODS_OUT and prints_taken(device, sale), False
            if asked == self.request.asks:
                return False, True
            asked += 1
            device.pause(device.timings.ask_again_s)

    def _take_back(self, sale: Transaction, told: bytes = b"") -> None:
        """Reverse the sale, on disk first, then say so as well as the line allows."""
        device = self.device
        device.ledger.auto_reverse(sale, device.clock(), messages.ABORTED)
        device.enter("reversing")
        try:
            device.show(messages.AUTO_REVERSAL)
            if told:
                device.ask(told)
        except (LinkLost, NoResponse):
            return
        device.complete(messages.refusal("06 1E", messages.ABORTED))


def prints_taken(device: Device, deed: Transaction) -> bool:
    """Send the receipts, if the register prints them; say whether it took every line of them. Raises LinkLost."""
    for block in messages.receipts(deed, device.session):
        answer = device.ask(block)
        if answer is None or answer[:2] not in GOODS_OUT:
            return False
    return True


def reverse(device: Device, data: bytes) -> None:
    """Do a 06 30: give a stored sale of the open batch back by its receipt number; no card needed. Raises Malformed."""
    found = fields(data[3:])
    if 0x87 not in found:
        raise Malformed("06 30 without a receipt number")
    sale = device.ledger.by_receipt(number(found[0x87]))
    amount = number(found[0x04]) if 0x04 in found else None
    device.reply(messages.POSITIVE)
    problem = _why_not(sale, amount)
    try:
        if problem or sale is None:
            device.ask(messages.failed(problem))
            device.complete(messages.refusal("06 1E", problem))
        elif _reversed(device, sale, currency_told=0x49 in found):
            device.complete(messages.COMPLETION)
        else:
            device.complete(messages.refusal("06 1E", messages.ABORTED))
    except NoResponse:
        device.complete(messages.refusal("06 1E", messages.ABORTED))


def _why_not(sale: Transaction | None, amount: int | None) -> int:
    if sale is None or (amount is not None and amount != sale.amount_minor):
        return messages.REVERSAL_IMPOSSIBLE
    if sale.state in {"reversed", "auto_reversed"}:
        return messages.ALREADY_REVERSED
    return 0 if sale.state == "stored" else messages.REVERSAL_IMPOSSIBLE


def _reversed(device: Device, sale: Transaction, *, currency_told: bool) -> bool:
    """Reverse at the bank; the reversal too stands only when it was acknowledged, else the sale stands on."""
    device.enter("bank")
    device.show(messages.PLEASE_WAIT_STATUS)
    device.pause(device.delays.bank_s)
    numbers = device.ledger.next_numbers()
    at = device.clock()
    deed = Transaction(
        0, "reversal", "stored", numbers.receipt, numbers.trace, numbers.turnover, sale.amount_minor, sale.currency,
        at.isoformat(timespec="seconds"), 0, currency_told, sale.batch, sale.id,
    )  # fmt: skip
    device.enter("held")
    answer = device.ask(messages.outcome(deed, sale.trace, device.session))
    if answer is None or answer[:2] not in GOODS_OUT or not prints_taken(device, deed):
        return False
    device.ledger.reverse(sale, numbers, at, currency_told=currency_told)
    return True
