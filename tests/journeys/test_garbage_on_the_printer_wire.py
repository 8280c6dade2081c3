"""Bytes on the printer's wire that no printer means."""

from __future__ import annotations

import pytest

from tests.world import assert_paid, assert_understood, wired

WIRE = "before the printer's wire moves"
GARBAGE = {"zeros": "00" * 20, "ones": "ff" * 20, "reports of every fault": "1a7e1212127e"}
TORN_ANSWER = "3722483722"
"""The head of an acknowledgement without its end: it swallows the real one that follows."""


@pytest.mark.parametrize("noise", GARBAGE.values(), ids=GARBAGE)
@pytest.mark.parametrize("moment", [1, 20, 40])
def test_the_receipt_still_comes(world, centre, monkeypatch, noise, moment):
    """Garbage before or in the middle of the receipt is no fault of the printer: the paper comes out, and money stands once."""
    wired(monkeypatch)
    pay_with_noise(world, noise, moment)
    assert (world.state.outcome, world.state.printed) == ("done", "printed")
    assert_paid(world, centre, 2400)
    assert world.pieces() == 1
    assert_understood(world)


def test_a_torn_acknowledgement_is_no_success(world, centre, monkeypatch):
    """Where garbage swallows the printer's acknowledgement the screen does not promise a paper; the money stands once."""
    wired(monkeypatch)
    pay_with_noise(world, TORN_ANSWER, 20)
    assert (world.state.outcome, world.state.printed, world.state.reason) == ("done", "partial", "unconfirmed")
    assert_paid(world, centre, 2400, paper=False)
    assert_understood(world)


def pay_with_noise(world, noise, moment):
    """Pay, with noise from the printer when its wire moves for the n-th time."""

    def count_down(left: int) -> None:
        if left == 0:
            world.bench_do("printer", do="garbage", bytes=noise)
        else:
            world.when(WIRE, lambda: count_down(left - 1))

    world.begin()
    world.answer()
    count_down(moment)
    world.pay()
