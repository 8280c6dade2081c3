"""The power fails while the receipt comes out."""

from __future__ import annotations

import pytest

from kiosk.journey.state import Printing
from tests.world import PowerCut, assert_paid, assert_understood

RECEIPT_MM = 60


def pay_until_the_power_fails(world):
    world.begin()
    world.answer()
    with pytest.raises(PowerCut):
        world.pay()


@pytest.mark.parametrize("instant", ["before the printer works", "after the printer worked"])
def test_the_reprint_is_marked_as_a_copy(world, centre, instant):
    """Whether or not the first one came out, the receipt printed after the power cut says that it is a copy."""
    world.when(Printing, lambda: world.when(instant, world.fail))
    pay_until_the_power_fails(world)
    first = world.pieces()
    world.restart()
    assert (world.state.outcome, world.state.printed) == ("done", "printed")
    assert [receipt.copy for receipt in world.composed][-1] == 1
    assert world.says("paper-copy", number="1") in world.last_paper()
    assert world.pieces() == first + 2  # what may still hang in the mouth is cut off before the copy
    assert world.bench.devices["printer"].ledger()[-1]["height_mm"] > RECEIPT_MM
    world.leave()
    assert_paid(world, centre, 2400)
    assert_understood(world)


def test_copies_are_counted(world, centre):
    """A second power cut while the copy is being printed makes it the second copy, under the same reference."""
    world.when(Printing, world.fail)
    pay_until_the_power_fails(world)
    world.when(Printing, world.fail)
    with pytest.raises(PowerCut):
        world.restart()
    world.restart()
    assert world.composed[-1].copy == 2
    assert world.says("paper-copy", number="2") in world.last_paper()
    assert world.state.journey.reference in world.last_paper()
    world.leave()
    assert_paid(world, centre, 2400)
