"""A paper once more, at another kiosk than the one that made it."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from kiosk.domain.receipt import Row, Text
from kiosk.journey import events as e
from kiosk.journey.state import Apology, Farewell
from kiosk.journey.state_matters import ShowingMatters
from tests.journey.play import CERTIFICATE, ELECTRICITY, SERVICES
from tests.world import WAITS_FOR_CARD, assert_understood
from tests.world.words import languages

BY_CODE, BY_CARD = SERVICES["payment-status"], SERVICES["my-payments"]


def visited(world):
    """Pay a bill; return the code on its paper."""
    world.visit()
    return next(state.journey.reference for state in world.shown if isinstance(state, Farewell))


def other_kiosk(make_world):
    """Switch on another kiosk of the same centre."""
    other = make_world()
    other.boot()
    other.pump()
    other.runner.kiosk = replace(other.runner.kiosk, services=tuple(SERVICES.values()))
    return other


def ask(world, code):
    """Ask by the code on a paper."""
    world.do(e.JourneyStarted("ru"), e.ServiceChosen(BY_CODE), e.AnswerGiven("code", code.replace("-", "")))
    assert isinstance(world.state, ShowingMatters)


def texts(receipt):
    return [line.text for line in receipt.lines if isinstance(line, Text)]


def values(receipt):
    return [line.value for line in receipt.lines if isinstance(line, Row)]


def test_the_receipt_comes_from_any_kiosk_and_says_which_copy_it_is(world, make_world):
    """Another kiosk prints the receipt from its code: the same number and amounts, marked as the first, then the second copy."""
    code = visited(world)
    first = world.composed[-1]
    other = other_kiosk(make_world)
    ask(other, code)
    for number in (1, 2):
        other.do(e.CopyWanted(code))
        assert other.state.notice == "copy_printed"
        paper = other.composed[-1]
        assert paper.copy == number
        assert any(languages()["ru"].text("paper-copy", number=str(number)) in text for text in texts(paper))
    assert {code, world.last(e.SubmissionAccepted).receipt_number} <= set(values(paper))
    number = world.answers["customer_number"]
    assert any(number in value.replace(" ", "") for value in values(first))
    assert not any(number in value.replace(" ", "") for value in values(paper))
    assert other.pieces() == 2
    assert_understood(other)


def test_the_centre_falls_silent_in_between(world, make_world, centre):
    """Without the centre nothing is printed and it is told; asked again, the copy is still the first."""
    code = visited(world)
    other = other_kiosk(make_world)
    ask(other, code)
    centre.lose_answers()
    other.do(e.CopyWanted(code))
    assert (other.state.notice, other.pieces()) == ("copy_no_central", 0)
    centre.up()
    other.do(e.CopyWanted(code))
    assert (other.state.notice, other.composed[-1].copy) == ("copy_printed", 1)
    assert_understood(other)


def test_the_paper_is_out(world, make_world):
    """A kiosk without paper says so, and the next try after a new roll is the same copy."""
    code = visited(world)
    other = other_kiosk(make_world)
    ask(other, code)
    other.bench_do("printer", do="paper_out")
    other.do(e.CopyWanted(code))
    assert other.state.notice == "copy_not_started"
    other.bench_do("printer", do="paper_in")
    other.do(e.CopyWanted(code))
    assert (other.state.notice, other.composed[-1].copy) == ("copy_printed", 1)
    assert_understood(other)


def test_the_power_fails_while_a_copy_is_asked_for(world, make_world):
    """After a power cut nothing of the copy is printed: whoever asked is gone, and can ask again."""
    code = visited(world)
    other = other_kiosk(make_world)
    ask(other, code)
    other.runner.accept(e.CopyWanted(code))
    other.restart()
    assert isinstance(other.state, Apology)
    assert other.pieces() == 0


def test_the_holders_card_brings_the_certificate(card_world):
    """A certificate comes again by the card it was made with: the same lines and the same code to verify."""
    world = card_world(CERTIFICATE)
    world.begin()
    world.identify("123456")
    world.pay()
    made = world.composed[-1]
    world.leave()
    world.service = BY_CARD
    world.runner.kiosk = replace(world.runner.kiosk, services=tuple(SERVICES.values()))
    world.when(WAITS_FOR_CARD, partial(world.hand, do="insert", card="aygun"))
    world.begin()
    world.identify("123456")
    slip = next(each for each in world.state.journey.matters if each.paper == "slip")
    world.do(e.CopyWanted(slip.reference))
    assert world.state.notice == "copy_printed"
    again = world.composed[-1]
    assert set(made.lines) < set(again.lines)
    assert ELECTRICITY.title["az"] not in texts(again)
    assert_understood(world)
