"""Somebody opens the service door."""

from __future__ import annotations

from kiosk.journey import events as e
from kiosk.journey.state import Apology, AskingPin
from tests.world import assert_no_money, assert_paid, assert_understood


def test_in_the_middle_of_a_visit(world, centre):
    """An open door ends a visit before money, and the visit's data is forgotten; a closed one lets the next begin."""
    world.begin()
    world.answer()
    world.bench_do("panel", do="open")
    world.news()
    assert isinstance(world.state, Apology)
    assert world.state.reason == "door_open"
    assert world.last(e.AnswerGiven).value == ""
    world.do(e.Acknowledged())
    assert isinstance(world.state, AskingPin)
    world.bench_do("panel", do="close")
    world.news()
    assert world.screens()[-1] == "Welcome"
    assert_no_money(world, centre)
    world.visit()
    assert_paid(world, centre, 2400)
    assert_understood(world)


def test_while_money_is_under_way(world, centre):
    """A payment that has begun is brought to its end; then the technician's PIN is asked for."""
    world.when("insert_card", lambda: world.bench_do("panel", do="open"))
    world.begin()
    world.answer()
    world.pay()
    assert world.state.outcome == "done"
    while "PanelChanged" not in world.names() or not world.runner.kiosk.panel.door_open:
        world.news()
    world.do(e.Acknowledged())
    assert isinstance(world.state, AskingPin)
    assert_paid(world, centre, 2400)
    assert_understood(world)
