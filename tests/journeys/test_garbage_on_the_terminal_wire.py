"""Stray and damaged bytes on the terminal's wire."""

from __future__ import annotations

import pytest

from tests.world import assert_paid, assert_understood

FAULTS = {
    "noise before every frame": {"do": "noise", "bytes": 3},
    "frames with a bit turned": {"do": "corrupt", "n": 2},
    "frames cut in half": {"do": "half", "n": 2},
    "frames that come twice": {"do": "double", "n": 4},
    "acknowledgements lost": {"do": "lose_acks", "n": 2},
    "acknowledgements of ours lost": {"do": "lose_acks", "n": 2, "side": "register"},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_bad_line_is_repaired_by_the_protocol(world, centre, fault):
    """However the line damages frames from the first on, the payment is made once, for the right amount."""
    world.bench_do("terminal", **fault)
    world.begin()
    world.answer()
    world.pay()
    assert world.state.outcome == "done"
    world.leave()
    assert_paid(world, centre, 2400)
    assert_understood(world)


@pytest.mark.parametrize("cue", ["insert_card", "contacting_bank", "remove_card"])
def test_a_burst_in_the_middle_of_a_payment(world, centre, cue):
    """A burst of garbage at any moment of the payment changes nothing about the money."""
    world.when(cue, lambda: world.bench_do("terminal", do="garbage", bytes=40))
    world.visit()
    assert_paid(world, centre, 2400)
    assert_understood(world)
