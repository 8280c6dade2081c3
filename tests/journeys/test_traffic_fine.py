"""A traffic fine, with and without the discount of the first ten days."""

from __future__ import annotations

import pytest

from tests.journey.play import FINE
from tests.world import assert_paid, assert_understood, without_card


@pytest.mark.parametrize(
    ("plate", "ticket", "amount_minor", "full_minor"),
    [("10AB123", "20260017", 3200, 4000), ("77ZN077", "20260031", 8000, 10000), ("10AB123", "20260004", 4000, 4000)],
    ids=["third day", "tenth day", "too late"],
)
def test_the_discount_is_charged_and_settles_the_fine(make_world, centre, plate, ticket, amount_minor, full_minor):
    """What the screen shows is what is charged, submitted and printed; the fine is settled, and not due a second time."""
    world = make_world(without_card(FINE), {"plate": plate, "ticket": ticket})
    world.boot()
    world.begin()
    world.answer()
    quote = world.state.journey.quote
    assert quote.amount.minor == amount_minor
    values = [line.amount.minor for line in quote.lines if line.amount]
    assert full_minor in values or amount_minor == full_minor
    world.pay()
    assert world.state.outcome == "done"
    assert f"{amount_minor // 100},00" in world.last_paper()
    world.leave()
    assert_paid(world, centre, quote.total.minor)
    world.begin()
    world.answer()
    assert world.state.reason == "nothing_due"
    assert_understood(world)
