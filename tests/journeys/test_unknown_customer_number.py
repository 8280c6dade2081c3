"""The centre knows no customer of this number."""

from __future__ import annotations

from kiosk.journey import events as e
from kiosk.journey.state import Answering
from tests.world import assert_no_money, assert_paid, assert_understood


def test_the_number_is_asked_again_and_the_right_one_is_paid(world, centre):
    """A number nobody knows is asked for again, with a notice, and nothing else is lost."""
    world.begin()
    world.do(e.AnswerGiven("customer_number", "999999999"))
    assert isinstance(world.state, Answering)
    assert world.state.notice == "unknown_account"
    assert world.last(e.QuoteRefused).problem == "unknown-account"
    world.answer()
    world.pay()
    assert world.screens()[-1] == "Farewell"
    assert_paid(world, centre, 2400)
    assert_understood(world)


def test_who_gives_up_owes_nothing(world, centre):
    """Who leaves after an unknown number has paid nothing."""
    world.begin()
    world.do(e.AnswerGiven("customer_number", "999999999"), e.CancelPressed())
    assert world.screens()[-1] == "Welcome"
    assert_no_money(world, centre)


def test_a_paid_bill_is_told_as_such(world, centre):
    """For a bill that is paid already the apology says that nothing is due, before any money."""
    world.begin()
    world.do(e.AnswerGiven("customer_number", "104558228"))
    assert world.state.reason == "nothing_due"
    assert_no_money(world, centre)
    assert_understood(world)
