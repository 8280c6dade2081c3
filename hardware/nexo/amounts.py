"""Money on the wire: decimals of the main unit, compared exactly and never rounded. Pure."""

from __future__ import annotations

from decimal import Decimal

from kiosk.domain.money import Money

LARGEST_MINOR = 10**10 - 1
"""The protocol's largest amount is 99999999.999999."""


def decimal_of(money: Money, digits: int) -> Decimal:
    """Return an amount with all its decimals: 240 minor units with two digits are 2.40."""
    return Decimal(money.minor).scaleb(-digits)


def minor_of(amount: Decimal | None, digits: int) -> int | None:
    """Return the minor units of an amount; None if it is none, too large, or has a fraction of a minor unit."""
    if amount is None or not amount.is_finite() or amount.adjusted() > 10:
        return None
    if amount.adjusted() < -digits:
        return None if amount else 0
    numerator, denominator = amount.as_integer_ratio()  # exact, where arithmetic of decimals would round
    minor, fraction = divmod(numerator * 10**digits, denominator)
    return None if fraction or abs(minor) > LARGEST_MINOR else minor
