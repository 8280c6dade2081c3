"""What the simulated register's token checks in a document before it signs it.

Source: README.md, "Documents". Sums are exact decimals of manat; every refusal is a `Refused` with the code of the rule broken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import Struct

from hardware.fiscal.sim_words import Refused

CENT: Final = Decimal("0.01")
MOST_ITEMS: Final = 201
CODE_TYPES: Final = range(6)
LONGEST_CASHIER, LONGEST_CODE, LONGEST_ID = 64, 32, 64


def _wire_name(field: str) -> str | None:
    """Give a field its name on the wire; the two of returns keep their underscores."""
    if field.startswith("refund_"):
        return None
    first, *rest = field.split("_")
    return first + "".join(word.capitalize() for word in rest)


class Item(Struct, rename="camel"):
    """One line of a sale."""

    item_name: str
    item_code_type: int
    item_code: str
    item_quantity: Decimal
    item_price: Decimal
    item_sum: Decimal
    item_quantity_type: int = 0
    item_vat_percent: Decimal | None = None
    discount: Decimal = Decimal(0)


class VatAmount(Struct, rename="camel"):
    """The turnover of one rate; without ``vatPercent`` of what is not subject to VAT."""

    vat_sum: Decimal
    vat_percent: Decimal | None = None


class Body(Struct, rename=_wire_name):
    """A document's data. Sums in manat."""

    cashier: str
    currency: str
    sum: Decimal
    cash_sum: Decimal
    cashless_sum: Decimal
    vat_amounts: list[VatAmount]
    items: list[Item] = []
    prepayment_sum: Decimal = Decimal(0)
    credit_sum: Decimal = Decimal(0)
    bonus_sum: Decimal = Decimal(0)
    incoming_sum: Decimal = Decimal(0)
    parent_document: str = ""
    refund_document_number: str = ""
    refund_short_document_id: str = ""
    first_operation_at_utc: str = ""
    last_operation_at_utc: str = ""


class Parameters(Struct):
    """What createDocument takes."""

    data: Body
    doc_type: str
    prev_doc_number: int | None = None


def read(raw: Any) -> Parameters:
    """Read tokenData. Refused 304 where it is not shaped like a document."""
    try:
        if raw["operationId"] != "createDocument" or raw["version"] != 1:
            raise Refused(304)
        return msgspec.convert(raw["parameters"], Parameters, strict=False)
    except (msgspec.ValidationError, KeyError, TypeError):
        raise Refused(304) from None


def check(parameters: Parameters, doc_type: str) -> Body:
    """Check a document that is to be of this type; give its data."""
    body = parameters.data
    if parameters.doc_type != doc_type:
        raise Refused(501)
    if body.currency != "AZN":
        raise Refused(606)
    if len(body.cashier) > LONGEST_CASHIER:
        raise Refused(608)
    if len(body.parent_document) > LONGEST_ID:
        raise Refused(615)
    _check_sums(body)
    if doc_type != "correction":
        _check_items(body.items)
        if abs(sum((item.item_sum for item in body.items), Decimal(0)) - body.sum) > CENT:
            raise Refused(611)
    _check_vat(body, by_items=doc_type != "correction")
    return body


def _check_sums(body: Body) -> None:
    sums = (
        body.sum,
        body.cash_sum,
        body.cashless_sum,
        body.bonus_sum,
        body.prepayment_sum,
        body.credit_sum,
        body.incoming_sum,
    )
    if not all(map(_is_money, sums)) or body.sum != body.cash_sum + body.cashless_sum + body.bonus_sum:
        raise Refused(607)


def _is_money(amount: Decimal) -> bool:
    return amount.is_finite() and amount >= 0 and amount == amount.quantize(CENT)


def _check_items(items: list[Item]) -> None:
    if not items:
        raise Refused(610)
    if len(items) > MOST_ITEMS:
        raise Refused(620)
    for item in items:
        if item.item_code_type not in CODE_TYPES:
            raise Refused(612)
        if len(item.item_code) > LONGEST_CODE:
            raise Refused(609)
        slack = CENT * item.item_quantity + CENT
        if not _is_money(item.item_sum) or abs(item.item_sum - item.item_price * item.item_quantity) > slack:
            raise Refused(614)


def _check_vat(body: Body, *, by_items: bool) -> None:
    told = _by_rate((each.vat_percent, each.vat_sum) for each in body.vat_amounts)
    if abs(sum(told.values(), Decimal(0)) - body.sum) > CENT:
        raise Refused(613)
    if not by_items:
        return
    true = _by_rate((item.item_vat_percent, item.item_sum) for item in body.items)
    if told.keys() != true.keys():
        raise Refused(616)
    if any(abs(told[rate] - true[rate]) > CENT for rate in true):
        raise Refused(613)


def _by_rate(amounts: Iterable[tuple[Decimal | None, Decimal]]) -> dict[Decimal | None, Decimal]:
    sums: dict[Decimal | None, Decimal] = defaultdict(Decimal)
    for rate, amount in amounts:
        sums[rate] += amount
    return sums
