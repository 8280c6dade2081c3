"""The terminal approves another amount, or another currency, than the one asked for."""

from __future__ import annotations

import pytest

from tests.world import IMPATIENT, assert_claimed, assert_ledgers_agree, assert_understood, at_the_centre


@pytest.mark.parametrize(
    ("wrong", "screen"),
    [({"amount_minor": 99900}, "Farewell"), ({"amount_minor": 1}, "Farewell"), ({"currency": "EUR"}, "Apology")],
    ids=["more", "less", "currency"],
)
def test_it_is_not_let_stand(make_world, centre, wrong, screen):
    """A sale that is not the one on the screen is refused to the terminal, which takes it back; nothing is submitted.

    Where the terminal's last transaction speaks of another amount there is doubt, and a claim; never "all is well".
    """
    world = make_world(timings=IMPATIENT)
    world.boot()
    world.bench_do("terminal", do="wrong_amount", **wrong)
    world.begin()
    world.answer()
    world.pay()
    assert world.sales() == []
    assert len(world.sales("auto_reversed")) == 1
    assert "SubmissionAccepted" not in world.names()
    assert at_the_centre(world, centre, "submission") == []
    assert "CheckingPayment" in world.screens()
    assert world.screens()[-1] == screen
    if screen == "Farewell":
        assert world.state.outcome == "claim"
        assert_claimed(world, centre, "unresolved")
    else:
        assert world.state.reason == "not_charged"
        assert_ledgers_agree(world, centre)
    assert_understood(world)
