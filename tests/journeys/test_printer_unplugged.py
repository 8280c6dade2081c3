"""The printer's cable is pulled."""

from __future__ import annotations

from kiosk.journey import events as e
from kiosk.journey.state import Printing
from kiosk.journey.state_paper import AgreeingNoPaper
from tests.world import assert_no_money, assert_paid, assert_understood, wired

WIRE = "before the printer's wire moves"


def test_before_the_visit(world, centre):
    """Without a printer the citizen is told before anything else; with its cable back the kiosk prints again."""
    world.bench_do("printer", do="unplug")
    world.look("printer")
    world.begin()
    assert isinstance(world.state, AgreeingNoPaper)
    world.do(e.CancelPressed())
    assert_no_money(world, centre)
    world.bench_do("printer", do="plug")
    world.look("printer")
    world.visit()
    assert_paid(world, centre, 2400)
    assert_understood(world)


def test_when_the_receipt_should_begin(world, centre):
    """Pulled after the payment, before the receipt: the payment stands and the screen says that no paper came."""
    world.when(Printing, lambda: world.bench_do("printer", do="unplug"))
    world.begin()
    world.answer()
    world.pay()
    assert (world.state.outcome, world.state.printed, world.state.reason) == ("done", "not_started", "lost")
    world.leave()
    assert_paid(world, centre, 2400, paper=False)
    assert_understood(world)


def test_in_the_middle_of_the_receipt(world, centre, monkeypatch):
    """Pulled while it prints: the payment stands and the screen says that the paper is not whole."""
    wired(monkeypatch)

    def count_down(left: int) -> None:
        if left == 0:
            world.bench_do("printer", do="unplug")
        else:
            world.when(WIRE, lambda: count_down(left - 1))

    world.begin()
    world.answer()
    count_down(50)
    world.pay()
    assert (world.state.outcome, world.state.printed, world.state.reason) == ("done", "partial", "lost")
    world.leave()
    assert_paid(world, centre, 2400, paper=False)
    assert_understood(world)
