"""There is no paper before the visit: no service that ends with a paper is begun."""

from __future__ import annotations

from kiosk.journey.state import Apology
from tests.world import assert_no_money, assert_paid, assert_understood


def test_at_rest(world, centre):
    """Without paper the kiosk is out of service, refuses a visit before money, and serves again when there is a new roll."""
    world.bench_do("printer", do="paper_out")
    world.look("printer")
    assert world.screens()[-1] == "OutOfService"
    assert world.runner.kiosk.devices["printer"].reason == "paper_out"
    world.begin()
    assert isinstance(world.state, Apology)
    assert world.state.reason == "no_printer"
    world.leave()
    assert_no_money(world, centre)
    world.bench_do("printer", do="paper_in")
    world.look("printer")
    assert world.screens()[-1] == "Welcome"
    world.visit()
    assert_paid(world, centre, 2400)
    assert_understood(world)


def test_while_the_bill_is_shown(world, centre):
    """Paper that ends while the citizen looks at the bill stops the payment before it begins."""
    world.begin()
    world.answer()
    world.bench_do("printer", do="paper_out")
    world.look("printer")
    world.pay()
    assert isinstance(world.state, Apology)
    assert world.state.reason == "no_printer"
    assert "PreparingPayment" not in world.screens()
    assert_no_money(world, centre)
    assert_understood(world)
