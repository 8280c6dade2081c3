"""Money: a whole number of minor units and a currency (ISO 4217). Never a float."""

from __future__ import annotations

from msgspec import Struct

CURRENCY = "AZN"
MINOR_AT_MOST = 100_000_000
"""A million manat: no bill is larger, but a broken one may be."""


class Money(Struct, frozen=True):
    """An amount in minor units (qəpik): ``Money(240)`` is 2.40 AZN."""

    minor: int
    currency: str = CURRENCY

    def __add__(self, other: Money) -> Money:
        if self.currency != other.currency:
            msg = f"cannot add {other.currency} to {self.currency}"
            raise ValueError(msg)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return self + Money(-other.minor, other.currency)

    def __bool__(self) -> bool:
        return self.minor != 0
