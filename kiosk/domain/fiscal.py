"""A sale as the state's fiscal register (e-kassa) wants it, and what can come of telling it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.domain.money import CURRENCY, MINOR_AT_MOST, Money
from kiosk.domain.payment import Unresolved

Scope = Literal["none", "fee", "total"]
"""What of a payment is a sale of the operator's: nothing, the fee alone, or all of it."""
VatPercent = Literal[18, 8, 2, 0]
"""The rates of value added tax that a register takes."""


class SaleItem(Struct, frozen=True):
    """One line of a sale: a service. ``code`` is at most 32 characters; ``amount`` holds the tax."""

    name: str
    code: str
    amount: Money


class Sale(Struct, frozen=True):
    """What is to be registered. ``cash`` + ``cashless`` is the sum of the items; ``vat_percent`` None: not subject to the tax.

    ``made_at_ms``: when it was paid, in UTC; a later look-up begins there.
    """

    reference: str
    items: tuple[SaleItem, ...]
    cash: Money
    cashless: Money
    vat_percent: VatPercent | None
    cashier: str
    made_at_ms: int

    @property
    def total(self) -> Money:
        """What is sold."""
        return self.cash + self.cashless


class FiscalDocument(Struct, frozen=True):
    """A registered sale: what the receipt repeats of it. ``number`` counts all documents of the register, ``shift_number`` those of its shift.

    ``register``: the register's factory number; ``registration``: the number under which the tax service knows it;
    ``url``: where anybody can look the document up. ``vat_percent``: the tax in it, None: not subject to the tax.
    """

    fiscal_id: str
    short_id: str
    number: int
    shift_number: int
    amount: Money
    register: str = ""
    registration: str = ""
    url: str = ""
    vat_percent: int | None = None


TEXT_AT_MOST = 200
NUMBER_AT_MOST = 2**53
VAT_PERCENT_AT_MOST = 100


def flaw(document: FiscalDocument) -> str:
    """Return what keeps a document from being kept and printed anew, "" if nothing does: one check for kiosk and centre."""
    texts = (document.fiscal_id, document.short_id, document.register, document.registration, document.url)
    amount, rate = document.amount, document.vat_percent
    good = {
        "a text is too long": all(len(text) <= TEXT_AT_MOST for text in texts),
        "a text cannot be printed": all(not text or text.isprintable() for text in texts),
        "short_id": bool(document.short_id),
        "url": not document.url or is_address(document.url),
        "number": all(0 <= number <= NUMBER_AT_MOST for number in (document.number, document.shift_number)),
        "amount": amount.currency == CURRENCY and 0 <= amount.minor <= MINOR_AT_MOST,
        "vat_percent": rate is None or 0 <= rate <= VAT_PERCENT_AT_MOST,
    }
    return next((name for name, holds in good.items() if not holds), "")


def is_address(text: str) -> bool:
    """Say whether a text is the address of a page that a telephone opens."""
    return text.startswith(("https://", "http://")) and text.isprintable()


class Registration(Struct, frozen=True):
    """What the centre is told of a registered sale, so that a copy of its receipt says the same. ``reference`` is the receipt's."""

    reference: str
    document: FiscalDocument


class Registered(Struct, frozen=True, tag="registered"):
    """The document stands."""

    document: FiscalDocument


class Refused(Struct, frozen=True, tag="refused"):
    """There is no document, for certain. ``reason`` is one of REASONS, ``evidence`` what the register said."""

    reason: str
    evidence: str = ""


NOT_MADE = "not_made"
"""The register answers and knows no document with this reference."""
REASONS = (NOT_MADE, "refused", "offline", "printer", "certificate", "busy", "shift", "no_shift", "wrong_currency")

RegisterOutcome = Registered | Refused | Unresolved


class ShiftTotals(Struct, frozen=True):
    """What a register says of a shift that it has closed (Z report). ``first`` to ``last``: the numbers of its documents, 0: none.

    ``unsent``: documents that the tax service has not got yet.
    """

    number: int
    first: int
    last: int
    count: int
    amount: Money
    cash: Money
    cashless: Money
    unsent: int = 0


DayOutcome = ShiftTotals | Refused | Unresolved
