"""The centre will not carry out what was paid for: the money goes back, or people are told."""

from __future__ import annotations

import pytest

from kiosk.journey import events as e
from kiosk.journey.state import ReversingPayment, SettlingPayment
from tests.world import (
    IMPATIENT,
    PowerCut,
    assert_claimed,
    assert_ledgers_agree,
    assert_understood,
    refuse_submissions,
    told_the_centre,
)


def pay(world):
    world.begin()
    world.answer()
    world.pay()


def assert_given_back(world, centre):
    assert (world.state.outcome, world.state.paper, world.state.printed) == ("reversed", "reversed", "printed")
    assert world.says("paper-reversed-title") in world.last_paper()
    assert [row["amount_minor"] for row in world.sales("reversed")] == [2400]
    assert world.sales() == []
    centre.up()
    assert_ledgers_agree(world, centre)
    assert told_the_centre(world, centre) == []
    assert_understood(world)


@pytest.mark.parametrize("problem", ["amount-mismatch", "quote-unknown", "unknown-service", "key-reused"])
def test_the_money_goes_back(world, centre, problem):
    """Whatever the centre's reason, the sale is reversed, a paper says so, and nothing is delivered later."""
    refuse_submissions(centre, problem)
    pay(world)
    assert world.last(e.SubmissionRefused).problem == problem
    assert "ReversingPayment" in world.screens()
    assert_given_back(world, centre)


def test_a_terminal_that_cannot_give_it_back_makes_a_claim(world, centre):
    """Where the terminal refuses the reversal (its day was closed), the money becomes a claim and the slip says so."""
    refuse_submissions(centre)
    world.when(ReversingPayment, world.bench.devices["terminal"].memory.close_batch)
    pay(world)
    assert world.last(e.ReversalRefused).code
    assert (world.state.outcome, world.state.paper) == ("claim", "claim")
    assert len(world.sales()) == 1
    assert_claimed(world, centre, "undelivered")
    assert_understood(world)


def test_a_terminal_that_is_away_makes_a_claim(make_world, centre):
    """Where the terminal has gone before the money is back, people are told; nobody is charged twice."""
    world = make_world(timings=IMPATIENT)
    world.boot()
    refuse_submissions(centre)
    world.when(ReversingPayment, lambda: world.bench_do("terminal", do="unplug"))
    pay(world)
    assert world.state.outcome == "claim"
    assert len(world.sales()) == 1
    assert_claimed(world, centre, "undelivered")
    assert_understood(world)


def test_the_power_fails_before_the_reversal(world, centre):
    """After a power cut the terminal is asked; the sale that still stands becomes a claim, never a blind second try."""
    refuse_submissions(centre)
    world.when(ReversingPayment, world.fail)
    with pytest.raises(PowerCut):
        pay(world)
    world.restart()
    assert world.state.outcome == "claim"
    assert_claimed(world, centre, "undelivered")
    assert_understood(world)


def test_the_power_fails_after_the_reversal(world, centre):
    """A reversal that ended as the power failed is found by asking, and the paper says that the money is back."""
    world.bench_do("terminal", do="decline", once=True)
    world.visit()  # so that the terminal has a transaction to tell of, as any but a new one has
    refuse_submissions(centre)
    world.when(ReversingPayment, lambda: world.when("after the terminal worked", world.fail))
    with pytest.raises(PowerCut):
        pay(world)
    world.restart()
    assert_given_back(world, centre)


def test_a_later_refusal_becomes_a_claim(world, centre):
    """Refused only when the citizen has gone with a receipt: a claim takes the submission's place."""
    world.when(SettlingPayment, centre.down)
    pay(world)
    assert world.state.outcome == "deferred"
    world.leave()
    centre.up()
    refuse_submissions(centre)
    world.deliver()
    assert_claimed(world, centre, "undelivered")
