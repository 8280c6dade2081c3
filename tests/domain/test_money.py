"""Money is whole minor units of one currency."""

import pytest

from kiosk.domain.money import Money


def test_amounts_of_one_currency_add_up():
    """Two amounts of one currency add up exactly."""
    assert Money(240) + Money(10) == Money(250)


def test_amounts_of_two_currencies_do_not_mix():
    """Adding another currency is refused, never converted."""
    with pytest.raises(ValueError, match="USD"):
        Money(240) + Money(10, "USD")
