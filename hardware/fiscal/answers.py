"""Answers of the register (README.md). Numbers may come as 2.0: they are read as decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, UnsetType

from kiosk.domain.faults import ProtocolError

Told = TypeVar("Told", bound=Struct)
MESSAGE_LETTERS = 100

OK, NO_SESSION, NO_SHIFT, SHIFT_TOO_OLD, OTHER_LAST, OFFLINE, CERTIFICATE = 0, 401, 503, 504, 505, 604, 706
PRINT_FIRST, PRINTER, SHIFT_STATE, NOT_NOW = 1200, 1210, 1250, 1412
REFUSALS = frozenset((-3, 99, 306, 404, 501, *range(606, 617), 620, 1300, 1301, 1302, 1312))
"""Codes that say for certain that no document was made; what stands neither here nor above says nothing for certain."""


class Answer(Struct, frozen=True):
    """Any answer: its code, and what there is beside it. ``data`` and ``transactions`` are read by who needs them."""

    code: int
    message: str = ""
    access_token: str = ""
    document_number: int = 0
    shift_document_number: int = 0
    long_id: str = ""
    short_id: str = ""
    shift_status: bool | None = msgspec.field(default=None, name="shiftStatus")
    data: msgspec.Raw | UnsetType = msgspec.UNSET
    transactions: tuple[msgspec.Raw, ...] = ()

    @property
    def busy(self) -> bool:
        """Whether another request is being worked on. The same code tells of a printing error, after the document was made."""
        return self.code == NOT_NOW and "PRINTER" not in self.message.upper()

    @property
    def words(self) -> str:
        """The code and the register's words for it, as evidence."""
        return f"code {self.code} {self.message[:MESSAGE_LETTERS]}".rstrip()


class Info(Struct, frozen=True, kw_only=True):
    """What the register is, and its last document."""

    last_doc_number: Decimal
    state: str = ""
    cashregister_model: str = ""
    cashregister_factory_number: str = ""
    cashbox_tax_number: str = ""
    company_tax_number: str = ""
    firmware_version: str = ""
    last_online_time: str = ""
    not_after: str = ""
    qr_code_url: str = ""


class Transaction(Struct, frozen=True):
    """One document of the history. ``token_response`` is JSON in a string. What others entered may lack anything."""

    int_ref: str | None = ""
    summary_money: Decimal | None = None
    transaction_id: str | None = ""
    token_response: str | None = ""


class TokenDocument(Struct, frozen=True):
    """A document as the token's own answer names it."""

    document_id: str = ""
    document_number: Decimal = Decimal(0)
    shift_document_number: Decimal = Decimal(0)
    short_document_id: str = ""


class TokenResponse(Struct, frozen=True):
    """The token's answer."""

    data: TokenDocument = TokenDocument()


class Totals(Struct, frozen=True, rename="camel"):
    """A shift's sums in one currency."""

    currency: str
    sale_count: Decimal = Decimal(0)
    sale_sum: Decimal = Decimal(0)
    sale_cash_sum: Decimal = Decimal(0)
    sale_cashless_sum: Decimal = Decimal(0)


class Report(Struct, frozen=True, rename="camel"):
    """A Z report."""

    report_number: Decimal = Decimal(0)
    first_doc_number: Decimal = Decimal(0)
    last_doc_number: Decimal = Decimal(0)
    doc_count_to_send: Decimal = Decimal(0)
    currencies: tuple[Totals, ...] = ()


def read(body: bytes) -> Answer:
    """Return an answer. ProtocolError for what is none; nothing of it is quoted."""
    return _read(body, Answer)


def part(told: msgspec.Raw | UnsetType | str, wanted: type[Told]) -> Told:
    """Return a part of an answer. ProtocolError likewise, and where it is missing."""
    if isinstance(told, UnsetType):
        raise ProtocolError(f"the register's answer lacks its {wanted.__name__}")
    return _read(told, wanted)


def _read(body: Any, wanted: type[Told]) -> Told:
    try:
        return msgspec.json.decode(body, type=wanted)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise ProtocolError(f"the register's answer is no {wanted.__name__}") from None
