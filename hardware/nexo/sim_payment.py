"""The simulated nexo terminal at work on a payment or a reversal: card holder, host, memory.

    card ─ PIN ─ host ─┬─ declined / cancelled ─────────────────── recorded with its response ─ answer
                       └─ AUTHORISED ─ (cut: auto-reversed) ─ STORED, recorded with its response ─ answer

Money stands once the terminal has recorded it, whether or not anybody hears the answer: the sale system asks by
TransactionStatus. What the host approved and the terminal did not record is taken back when the power returns.
"""

from __future__ import annotations

import json
from datetime import datetime

from hardware.nexo import sim_messages as messages
from hardware.nexo.sim_device import Device
from hardware.nexo.sim_ledger import Transaction
from hardware.nexo.sim_messages import Json
from hardware.nexo.sim_requests import CURRENCY, Header, PaymentRequest, Refused, Request, ReversalRequest, body, plain

CONDITION_OF = {"cancel": "Cancel", "timeout": "Cancel", None: "Aborted"}


class NoAnswer(Exception):
    """This request is worked on (or not) and never answered."""


def pay(device: Device, request: Request) -> Json:
    """Do a Payment; give its whole response, which is recorded. Raises Refused before anything has begun."""
    asked = body(request, PaymentRequest)
    amount_minor = asked.amount_minor()
    if asked.payment.payment_type != "Normal":
        raise Refused("NotAllowed", f"PaymentType {asked.payment.payment_type} is not supported")
    with device.dialogue(request.header):
        device.asking_minor = amount_minor
        try:
            return _pay(device, request.header, asked, amount_minor)
        finally:
            device.controls.payment_over()


def _pay(device: Device, header: Header, asked: PaymentRequest, amount_minor: int) -> Json:
    act = device.card_holder()
    if act == "approve":
        return _approved(device, header, asked, amount_minor)
    if act == "decline":
        return _declined(device, header, asked, amount_minor)
    return _ended(device, header, asked, "cancelled", amount_minor, CONDITION_OF[act])


def _declined(device: Device, header: Header, asked: PaymentRequest, amount_minor: int) -> Json:
    condition = device.controls.condition
    device.host()
    return _ended(device, header, asked, "declined", amount_minor, condition)


def _approved(device: Device, header: Header, asked: PaymentRequest, amount_minor: int) -> Json:
    controls = device.controls
    charged_minor = amount_minor if controls.wrong_amount is None else controls.wrong_amount
    currency = controls.wrong_currency or CURRENCY
    device.host()
    sale = _open(device, header, asked, "authorised", charged_minor, currency)
    device.instant("approved")
    said = messages.parts(header, messages.approved(sale, asked))
    _record(device, sale, "stored", header, said)
    device.instant("recorded")
    return said


def _ended(
    device: Device, header: Header, asked: PaymentRequest, state: str, amount_minor: int, condition: str
) -> Json:
    """Write down that nobody was charged."""
    sale = _open(device, header, asked, state, amount_minor, CURRENCY)
    said = messages.parts(header, messages.not_approved(sale, asked, condition))
    _record(device, sale, state, header, said)
    return said


def _open(
    device: Device, header: Header, asked: PaymentRequest, state: str, amount_minor: int, currency: str
) -> Transaction:
    reference = asked.sale.sale_transaction_id.transaction_id
    with device.life.step():
        return device.ledger.open_sale(state, header, reference, amount_minor, currency, device.now())


def _record(device: Device, deed: Transaction, state: str, header: Header, said: Json) -> None:
    with device.life.step():
        device.ledger.record(deed, state, header, json.dumps(said))


def reverse(device: Device, request: Request) -> Json:
    """Do a Reversal; give its whole response, which is recorded. Raises Refused, NoAnswer."""
    asked = body(request, ReversalRequest)
    amount_minor = asked.amount_minor()
    with device.dialogue(request.header):
        sale = _reversible(device, asked, amount_minor)
        lost = device.controls.take_lost_reversal()
        with device.life.step():
            deed = device.ledger.open_reversal(request.header, sale, device.now())
        device.host()
        device.instant("reversing")
        if lost == "undone":
            raise NoAnswer
        said = _at_host(device, request.header, asked, deed)
        device.instant("reversed")
        if lost:
            raise NoAnswer
        return said


def _at_host(device: Device, header: Header, asked: ReversalRequest, deed: Transaction) -> Json:
    if device.controls.faults.refuse_reversals:
        told: Json = {"Response": messages.failure("Refusal"), "OriginalPOITransaction": plain(asked.original)}
        state = "refused"
    else:
        told, state = messages.reversed_body(deed, asked), "done"
    said = messages.parts(header, told)
    _record(device, deed, state, header, said)
    return said


def _reversible(device: Device, asked: ReversalRequest, amount_minor: int | None) -> Transaction:
    """Give the sale that is meant. Raises Refused if it is unknown, not of this period, in part, or does not stand."""
    meant = asked.original.transaction
    sale = device.ledger.sale(meant.transaction_id)
    elsewhere = asked.original.poi_id not in {None, messages.POI_ID}
    if sale is None or elsewhere or datetime.fromisoformat(sale.at) != meant.time:
        raise Refused("NotFound", "No such transaction")
    if sale.state != "stored":
        raise Refused("NotAllowed", f"The transaction is {sale.state.replace('_', ' ')}")
    if sale.period != device.ledger.period():
        raise Refused("NotAllowed", "The transaction is reconciled: a refund is needed")
    if amount_minor not in {None, sale.amount_minor}:
        raise Refused("NotAllowed", "Only the whole amount can be reversed")
    return sale
