"""The centre's answer about a bill cannot be read."""

from __future__ import annotations

import pytest

from kiosk.journey import events as e
from tests.world import assert_no_money, assert_understood

TOO_MUCH = (
    b'{"id": "q", "amount": {"minor": 100, "currency": "AZN"}, "fee": {"minor": 40, "currency": "AZN"},'
    b' "total": {"minor": 999, "currency": "AZN"}, "payer": "", "lines": []}'
)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"id": 7, "total": "free"}', b"<html>Please log in</html>", b"\xff\xfe", TOO_MUCH],
    ids=["empty", "cut", "list", "other", "portal", "no-text", "wrong-sum"],
)
def test_nothing_is_shown_that_might_be_wrong(world, centre, body):
    """An answer that cannot be read, or whose sum is wrong, ends in an apology before any amount is shown."""
    centre.malformed(body)
    world.begin()
    world.answer()
    assert world.screens()[-1] == "Apology"
    assert "Confirming" not in world.screens()
    assert world.state.reason == "malformed"
    world.leave()
    centre.up()
    assert_no_money(world, centre)
    assert_understood(world)


def test_the_next_try_is_well(world, centre):
    """When the centre answers properly again, so does the kiosk."""
    centre.malformed()
    world.begin()
    world.answer()
    assert isinstance(world.last(e.QuoteRefused), e.QuoteRefused)
    world.leave()
    centre.up()
    world.visit()
    assert len(world.sales()) == 1
