"""A sale as the state's fiscal register (e-kassa) wants it, and what can come of telling it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.domain.money import Money
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
