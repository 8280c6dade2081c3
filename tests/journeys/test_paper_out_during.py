"""The paper ends after the money was taken: the money stands, and the screen gives the number that the paper would have."""

from __future__ import annotations

from kiosk.journey import events as e
from kiosk.journey.state import Farewell, Printing
from tests.world import assert_paid, assert_understood


def test_in_the_middle_of_the_receipt(world, centre):
    """A receipt that ends in the middle is told to be partial; the next citizen's paper has none of its dots."""
    world.bench_do("printer", do="paper_out_after", rows=200)
    world.begin()
    world.answer()
    world.pay()
    assert isinstance(world.state, Farewell)
    assert (world.state.outcome, world.state.printed, world.state.reason) == ("done", "partial", "paper_out")
    assert world.state.journey.receipt_number
    assert world.last(e.ReceiptEnded).outcome.reason == "paper_out"
    assert_paid(world, centre, 2400, paper=False)
    assert world.pieces() == 0
    world.leave()
    world.bench_do("printer", do="paper_in")
    world.look("printer")
    assert world.pieces() == 1  # the torn rest was cut off while nobody waited
    assert_understood(world)


def test_before_the_first_line(world, centre):
    """Paper that is gone when the receipt should begin is told as not printed; nothing is charged again."""
    world.when(Printing, lambda: world.bench_do("printer", do="paper_out"))
    world.begin()
    world.answer()
    world.pay()
    assert (world.state.outcome, world.state.printed, world.state.reason) == ("done", "not_started", "paper_out")
    assert world.state.journey.receipt_number
    world.leave()
    assert_paid(world, centre, 2400, paper=False)
    assert_understood(world)
