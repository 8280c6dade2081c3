"""The cash box is taken out: journal, slip and centre tell one story, also when the power fails in the middle of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kiosk.domain.cash import Box
from kiosk.domain.money import Money
from kiosk.domain.secret import Secret
from kiosk.journey import events as e
from kiosk.journey.state import AskingPin, Servicing
from kiosk.journey.state_cash import ChoosingSurplus, CollectingCash, FilingCollection, PrintingCollection
from kiosk.journey.turn import at_rest
from kiosk.runtime import desk
from tests.journey.play import ELECTRICITY
from tests.world import PowerCut, at_the_centre, without_card

SERVICE = without_card(replace(ELECTRICITY, surplus=("account", "claim")))
PAID = Box(((500, 1), (2_000, 1)))
CUTS_AT_MOST = 60


@pytest.fixture
def paid_world(make_world, monkeypatch):
    """Return a function that makes a world in whose cash box a bill's two notes lie, its door open, the technician let in."""
    monkeypatch.setattr(
        desk, "pin_matches", lambda pin, _hash: pin.reveal() == "2468"
    )  # the world has no configured PIN

    def make():
        world = make_world(SERVICE, notes=(20, 5))
        world.when(ChoosingSurplus, lambda: world.inbox.post(e.SurplusChosen("account")))
        world.boot()
        world.pump()
        world.visit()
        world.bench_do("panel", do="open")
        world.news()
        world.do(e.PinEntered(Secret("2468")))
        assert isinstance(world.state, Servicing)
        return world

    return make


def collections(world, centre):
    """Return the collections that the centre has of this kiosk."""
    return [row for row in at_the_centre(world, centre, "claim") if row["outcome"] == "collection"]


def slips(world):
    """Return the texts of the slips, in their order."""
    return [paper for paper in world.papers() if world.says("paper-collection-title") in paper]


def test_the_counts_agree(paid_world, centre):
    """Counted as journalled: the slip and the centre say so, the box is empty, and the technician goes on."""
    world = paid_world()
    assert world.notes() == [20, 5]
    assert world.runner.kiosk.box == PAID
    world.do(e.CollectionWanted())
    assert isinstance(world.state, CollectingCash)
    world.do(e.CashCollected(Money(2_500)))
    assert world.state.notice == "slip_printed"
    assert world.state.collected.difference == Money(0)
    assert world.runner.kiosk.box == world.journal.box() == Box()
    (slip,) = slips(world)
    for said in ("20,00", "5,00", "25,00", world.says("paper-collection-agrees"), world.says("paper-collection-done")):
        assert said in slip
    assert [row["amount_minor"] for row in collections(world, centre)] == [2_500]
    assert world.journal.verify().broken_at is None


def test_a_difference_is_told(paid_world, centre):
    """A note too few is on the slip and in the chain, and stands at the centre under the slip's reference."""
    world = paid_world()
    world.do(e.CollectionWanted(), e.CashCollected(Money(2_000)))
    assert "−5,00" in slips(world)[0]
    event = world.last(e.CashCollected)
    assert (event.counted, event.box) == (Money(2_000), PAID)
    (row,) = collections(world, centre)
    assert row["reference"] == world.state.collected.reference
    assert row["reference"] in slips(world)[0]


def test_whoever_turns_back_takes_nothing(paid_world, centre):
    """Cancelled, or with the door closed, the box stays as it is, and so it does for a collection nobody was asked for."""
    world = paid_world()
    world.do(e.CollectionWanted(), e.CancelPressed(), e.CashCollected(Money(0)))
    assert isinstance(world.state, Servicing)
    world.do(e.CollectionWanted())
    world.bench_do("panel", do="close")
    world.news()
    assert at_rest(world.runner.kiosk)
    world.restart()
    assert world.runner.kiosk.box == PAID
    assert "CashCollected" not in world.names()
    assert collections(world, centre) == []


def test_the_next_visit_begins_with_an_empty_box(paid_world, centre):
    """After a collection, a restart and a visit that is cut off, each note is counted once."""
    world = paid_world()
    world.do(e.CollectionWanted(), e.CashCollected())
    world.bench_do("panel", do="close")
    world.news()
    world.restart()
    assert world.runner.kiosk.box == Box()
    world.begin()
    world.runner.handle(e.NoteStacked(0, Money(1_000)))
    world.restart()
    assert world.runner.kiosk.box == world.journal.box() == Box(((1_000, 1),))


def test_without_a_line_the_centre_learns_later(paid_world, centre):
    """With the line down the slip says that the centre gets the record later, and it does."""
    world = paid_world()
    centre.down()
    world.do(e.CollectionWanted(), e.CashCollected(Money(2_500)))
    assert world.says("paper-collection-deferred") in slips(world)[0]
    centre.up()
    world.deliver()
    assert len(collections(world, centre)) == 1


def cut_off(world, instant):
    """Collect with the power failing at an instant; say whether it failed."""
    world.instants, world.cut_at = [], instant
    try:
        world.do(e.CollectionWanted(), e.CashCollected(Money(2_500)))
    except PowerCut:
        world.cut_at = None
        world.restart()
        return True
    world.cut_at = None
    return False


@pytest.mark.timeout(300)
def test_the_power_fails_at_every_instant(paid_world, centre):
    """Wherever the power fails: either nothing was collected, or it is once in chain and centre, and a slip came out."""
    for instant in range(1, CUTS_AT_MOST):
        world = paid_world()
        before = world.runner.kiosk.box
        failed = cut_off(world, instant)
        world.deliver()
        done = world.names().count("CashCollected")
        assert done <= 1
        assert world.runner.kiosk.box == world.journal.box() == (Box() if done else before), instant
        assert len(collections(world, centre)) == done, instant
        assert bool(slips(world)) == bool(done), instant
        assert all(world.says("paper-copy", number="1") in paper for paper in slips(world)[1:]), instant
        assert not isinstance(world.state, FilingCollection | PrintingCollection)
        assert world.journal.verify().broken_at is None
        world.shut()
        world.bench.stop()
        if not failed:
            return
        assert at_rest(world.runner.kiosk) or isinstance(world.state, AskingPin)
    raise AssertionError("no end")
