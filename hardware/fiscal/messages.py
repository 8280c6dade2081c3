"""Requests to the register (README.md, "The way in" and "Documents"): Structs whose fields stand in the order that it asks for.

Amounts are decimals from the first digit to the last: no float is made of money on the way.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from kiosk.domain.fiscal import Sale, SaleItem
from kiosk.domain.money import Money

LOGIN, INFO, SHIFT, OPEN, CLOSE, SALE, PRINT_AGAIN, HISTORY = 40, 41, 14, 15, 13, 1, 16, 17
"""check_type, by what it does."""
SERVICE, PIECES = 3, 0
"""itemCodeType and itemQuantityType."""
CURRENCY = "AZN"
CASHIER_LETTERS = 64

_encoder = msgspec.json.Encoder(decimal_format="number")


class Item(Struct, frozen=True, rename="camel", kw_only=True):
    """A line of a document."""

    item_name: str
    item_code_type: int
    item_code: str
    item_quantity_type: int
    item_quantity: int
    item_price: Decimal
    item_sum: Decimal
    item_vat_percent: int | UnsetType
    discount: Decimal


class VatAmount(Struct, frozen=True, rename="camel", kw_only=True):
    """The turnover under one rate, the tax in it included."""

    vat_sum: Decimal
    vat_percent: int | UnsetType


class Data(Struct, frozen=True, rename="camel", kw_only=True):
    """What a document says."""

    cashier: str
    currency: str
    items: tuple[Item, ...]
    sum: Decimal
    cash_sum: Decimal
    cashless_sum: Decimal
    prepayment_sum: Decimal
    credit_sum: Decimal
    bonus_sum: Decimal
    incoming_sum: Decimal
    vat_amounts: tuple[VatAmount, ...]


class Parameters(Struct, frozen=True, kw_only=True):
    """A document and the number that the one before it must have."""

    doc_type: Literal["sale"] = "sale"
    prev_doc_number: int
    data: Data


class TokenData(Struct, frozen=True, rename="camel", kw_only=True):
    """What the token is told to do."""

    parameters: Parameters
    operation_id: str = "createDocument"
    version: int = 1


class CheckData(Struct, frozen=True):
    """Which operation."""

    check_type: int


class RequestData(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request. What an operation does not need is left out."""

    access_token: str = ""
    int_ref: str = ""
    name: str = ""
    password: str = ""
    date_start: str = ""
    date_end: str = ""
    token_data: TokenData | None = msgspec.field(default=None, name="tokenData")
    check_data: CheckData = msgspec.field(name="checkData")


def request(check_type: int, access_token: str = "", **more: Any) -> bytes:
    """Return the body of a request."""
    told = RequestData(access_token=access_token, check_data=CheckData(check_type), **more)
    return _encoder.encode({"requestData": told})


def sale_request(sale: Sale, access_token: str, last_number: int) -> bytes:
    """Return the body that registers a sale, if the register's last document still has this number."""
    parameters = Parameters(prev_doc_number=last_number, data=data_of(sale))
    return request(SALE, access_token, int_ref=sale.reference, token_data=TokenData(parameters=parameters))


def data_of(sale: Sale) -> Data:
    """Return what a document says of a sale. The kiosk gives no change: what came in is what was paid in cash."""
    rate, nothing = UNSET if sale.vat_percent is None else sale.vat_percent, manat(Money(0))
    return Data(
        cashier=sale.cashier[:CASHIER_LETTERS],
        currency=CURRENCY,
        items=tuple(item_of(each, rate) for each in sale.items),
        sum=manat(sale.total),
        cash_sum=manat(sale.cash),
        cashless_sum=manat(sale.cashless),
        prepayment_sum=nothing,
        credit_sum=nothing,
        bonus_sum=nothing,
        incoming_sum=manat(sale.cash),
        vat_amounts=(VatAmount(vat_sum=manat(sale.total), vat_percent=rate),),
    )


def item_of(item: SaleItem, rate: int | UnsetType) -> Item:
    """Return one service as a line."""
    return Item(
        item_name=item.name,
        item_code_type=SERVICE,
        item_code=item.code,
        item_quantity_type=PIECES,
        item_quantity=1,
        item_price=manat(item.amount),
        item_sum=manat(item.amount),
        item_vat_percent=rate,
        discount=manat(Money(0)),
    )


def manat(amount: Money) -> Decimal:
    """Return an amount as the register writes it: manat with two decimals, exactly."""
    return Decimal(amount.minor).scaleb(-2)


def money_of(amount: Decimal) -> Money:
    """Return an amount of the register's in minor units. ValueError for a part of one."""
    minor = amount.scaleb(2)
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} manat is no whole number of qəpik")
    return Money(int(minor), CURRENCY)
