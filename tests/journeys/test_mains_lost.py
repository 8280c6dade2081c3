"""The mains fail and the kiosk runs on its battery."""

from __future__ import annotations

from kiosk.journey.state import Apology, OutOfService
from tests.world import assert_no_money, assert_paid, assert_understood


def test_before_the_payment(world, centre):
    """On battery no payment starts: the citizen is told before money, and the next one finds the kiosk out of service."""
    world.begin()
    world.answer()
    world.bench_do("mains", do="cut")
    world.news()
    world.pay()
    assert isinstance(world.state, Apology)
    assert world.state.reason == "no_mains"
    world.leave()
    assert isinstance(world.state, OutOfService)
    assert world.state.reason == "mains"
    assert_no_money(world, centre)
    world.bench_do("mains", do="restore")
    world.news()
    world.visit()
    assert_paid(world, centre, 2400)
    assert_understood(world)


def test_during_the_payment(world, centre):
    """A payment that has begun is brought to its end on battery, receipt included."""
    world.when("contacting_bank", lambda: world.bench_do("mains", do="cut"))
    world.begin()
    world.answer()
    world.pay()
    assert (world.state.outcome, world.state.printed) == ("done", "printed")
    assert_paid(world, centre, 2400)
    assert_understood(world)
