"""Paying in cash, on real wires: what lies in the cash box is what journal, centre and paper say, whoever loses power."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from kiosk.journey import events as e
from kiosk.journey.state_cash import ChoosingSurplus, TakingCash
from kiosk.journey.turn import at_rest
from kiosk.uplink import client
from tests.journey.play import ELECTRICITY
from tests.world import PowerCut, told_the_centre, wired, without_card

SERVICE = without_card(replace(ELECTRICITY, surplus=("account", "claim")))
NOTES = (20, 5)
"""The bill is 24.00: a note that fits, and one that brings a surplus of 1.00."""
WORLDS_AT_ONCE = 8
RESTARTS_AT_MOST = 8


@pytest.fixture
def cash_world(make_world):
    """Return a function that makes a world whose citizen pays in cash and takes the surplus to the account."""

    def make(notes=NOTES, to="account"):
        world = make_world(SERVICE, notes=notes)
        world.when(ChoosingSurplus, lambda: world.inbox.post(e.SurplusChosen(to)))
        return world

    return make


def counted(world):
    """Return the notes that the journal has counted."""
    return [event.value.minor // 100 for event in world.events() if isinstance(event, e.NoteStacked)]


def assert_cash_agrees(world, centre):
    """Cash box, journal, centre and paper tell one story: each note once, and no note without its service or a claim."""
    world.deliver()
    box, told = world.notes(), told_the_centre(world, centre)
    assert world.journal.verify().broken_at is None
    assert world.outbox.pending().count == 0
    main = [row for row in told if not row["reference"].endswith("-S")]
    assert len(main) <= 1
    doubtful = [event.evidence for event in world.events() if isinstance(event, e.NoteUnresolved)]
    if not doubtful:
        assert counted(world) == box
    else:  # the note of which the protocol cannot tell is in a claim, wherever it lies
        assert counted(world) == box or counted(world) == box[: len(counted(world))]
        assert [row["entry"] for row in main] == ["claim"]
    if box:
        assert main, (box, world.screens())
        assert world.pieces(), "notes were taken and no paper came out"
    submitted = [row for row in main if row["entry"] == "submission"]
    assert bool(submitted) == (sum(counted(world)) >= 24)
    return box


def test_a_bill_is_paid_with_notes(cash_world, centre):
    """Two notes pay the bill, the surplus is shown before it is taken and goes to the account, and a receipt says all."""
    world = cash_world()
    world.boot()
    world.pump()
    world.visit()
    assert assert_cash_agrees(world, centre) == [20, 5]
    assert "ChoosingSurplus" in world.screens()
    assert world.sales() == []
    paper = world.last_paper()
    assert "25,00" in paper
    assert "1,00" in paper


def test_a_note_that_is_not_wanted_comes_back(cash_world, centre):
    """A citizen who does not want to leave a surplus has the note back, and may end with a claim for the rest."""
    world = cash_world(to="return")
    world.boot()
    world.pump()
    world.when(ChoosingSurplus, lambda: world.when(TakingCash, lambda: world.inbox.post(e.CancelPressed())))
    world.visit()
    assert assert_cash_agrees(world, centre) == [20]
    assert [row["entry"] for row in told_the_centre(world, centre)] == ["claim"]
    assert world.says("paper-claim-title") in world.last_paper()


def test_nothing_put_in_is_nothing_taken(cash_world, centre):
    """A citizen who cancels before the first note owes nothing and is owed nothing."""
    world = cash_world(notes=())
    world.boot()
    world.pump()
    world.when(TakingCash, lambda: world.inbox.post(e.CancelPressed()))
    world.visit()
    assert assert_cash_agrees(world, centre) == []
    assert told_the_centre(world, centre) == []


def test_a_jammed_note_is_claimed(cash_world, centre):
    """A note that jams on its way counts for nothing, and a claim with its value is at the centre and on paper."""
    world = cash_world()
    world.boot()
    world.pump()
    world.when(TakingCash, lambda: world.bench_do("validator", do="jam_next"))
    world.visit()
    world.deliver()
    assert [row["entry"] for row in told_the_centre(world, centre)] == ["claim"]
    assert world.says("paper-claim-title") in world.last_paper()


def live(world, visit):
    world.boot()
    world.pump()
    if visit and at_rest(world.runner.kiosk):
        world.visit()
    else:
        world.leave()


def one_life(world, cut, centre, *, all_power):
    """Live through one power cut and return whether it came and what lies in the cash box."""
    try:
        for attempt in range(RESTARTS_AT_MOST):
            world.cut_at = cut if attempt == 0 else None
            world.instants = []
            try:
                live(world, visit=attempt == 0)
            except PowerCut:
                world.dead = True
                if world.hand is not None:
                    world.hand.join(5)
                world.shut()
                if all_power:
                    for device in ("validator", "printer"):
                        world.bench_do(device, do="power_cycle")
                continue
            break
        box = assert_cash_agrees(world, centre)
    except AssertionError as error:
        raise AssertionError(
            f"cut {cut}, {world.screens()}, {world.names()[-6:]}, {[x.evidence for x in world.events() if isinstance(x, e.NoteUnresolved)]}, {world.instants[-2:]}: {error}"
        ) from error
    world.shut()
    world.bench.stop()
    return attempt > 0, sum(box)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("all_power", [False, True], ids=["kiosk", "everything"])
def test_the_power_fails_at_every_instant(cash_world, centre, monkeypatch, all_power):
    """Whether the kiosk alone or everything loses power, at whichever instant, no note is lost or counted twice."""
    wired(monkeypatch)
    monkeypatch.setattr(client, "tls_context", functools.cache(client.tls_context))
    undisturbed = cash_world()
    one_life(undisturbed, None, centre, all_power=all_power)
    count = len(undisturbed.instants)
    with ThreadPoolExecutor(WORLDS_AT_ONCE) as pool:
        lives = list(
            pool.map(lambda cut: one_life(cash_world(), cut, centre, all_power=all_power), range(1, count + 1))
        )
    boxes = [box for failed, box in lives if failed]
    assert len(boxes) > 40
    assert {0, 20, 25} <= set(boxes)  # the cuts fell before, between and after the notes
