"""The power fails, at every instant of a payment: money is taken at most once, and never without its service or a way back."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.journey.turn import at_rest
from kiosk.uplink import client
from tests.world import PowerCut, World, assert_ledgers_agree, assert_paid, refuse_submissions, wired

RESTARTS_AT_MOST = 8
WORLDS_AT_ONCE = 8
"""Worlds wait most of their time, each for its own devices."""


@pytest.fixture(autouse=True)
def wires(monkeypatch):
    """The power can fail on the wires, too; and hundreds of kiosks need not each read this machine's certificates."""
    wired(monkeypatch)
    monkeypatch.setattr(client, "tls_context", functools.cache(client.tls_context))


def live(world: World, visit: bool) -> None:
    """Boot; carry on with whatever is open, or make a visit."""
    world.boot()
    world.pump()
    if visit and at_rest(world.runner.kiosk):
        world.visit()
    else:
        world.leave()


def cut_and_recover(world: World, cuts: list[int], *, all_power: bool) -> int:
    """Make one visit with the power failing at the given instants (each counted from the restart before); count the cuts."""
    pending = list(cuts)
    for attempt in range(RESTARTS_AT_MOST):
        world.cut_at = pending.pop(0) if pending else None
        world.instants = []
        try:
            live(world, visit=attempt == 0)
        except PowerCut:
            world.dead = True
            world.shut()
            if all_power:
                for device in ("terminal", "printer"):
                    world.bench_do(device, do="power_cycle")
            continue
        return attempt
    raise AssertionError("no end")


def one_life(world: World, cuts: list[int], centre, *, all_power: bool) -> tuple[int, int]:
    """Live through power cuts, compare the ledgers, and return how often the power failed and what was charged."""
    try:
        failed = cut_and_recover(world, cuts, all_power=all_power)
        assert_ledgers_agree(world, centre)
        charged = len(world.sales())
    except AssertionError as error:
        last = world.instants[-1] if world.instants else ""
        raise AssertionError(f"cuts {cuts}, screens {world.screens()}, last {last}: {error}") from error
    world.shut()
    world.bench.stop()
    return failed, charged


def test_an_undisturbed_payment_agrees(make_world, centre):
    """Without a power cut the ledgers agree on one payment, and one receipt comes out."""
    world = make_world()
    assert cut_and_recover(world, [], all_power=False) == 0
    assert_paid(world, centre, 2400)
    assert world.pieces() == 1
    assert world.names().count("PaymentSettled") == 1
    assert len(world.instants) > 60


@pytest.mark.timeout(300)
@pytest.mark.parametrize("all_power", [False, True], ids=["kiosk", "everything"])
def test_the_power_fails_at_every_instant(make_world, centre, all_power):
    """Whether the kiosk alone or everything loses power, at whichever instant, the ledgers agree when it is back."""

    def life(instant: int) -> tuple[int, int]:
        return one_life(make_world(), [instant], centre, all_power=all_power)

    undisturbed = make_world()
    one_life(undisturbed, [], centre, all_power=all_power)
    count = len(undisturbed.instants)
    with ThreadPoolExecutor(WORLDS_AT_ONCE) as pool:
        lives = list(pool.map(life, range(1, count + 1)))
        latest = lives
        while any(failed for failed, _ in latest):  # a busy machine can bring some instants more
            count += WORLDS_AT_ONCE
            latest = list(pool.map(life, range(count - WORLDS_AT_ONCE + 1, count + 1)))
            lives += latest
    charged = [charge for failed, charge in lives if failed]
    assert len(charged) > 60
    assert 0 < sum(charged) < len(charged)  # the cuts fell on both sides of the charge


@pytest.mark.parametrize("all_power", [False, True], ids=["kiosk", "everything"])
def test_the_power_fails_while_the_money_goes_back(make_world, centre, all_power):
    """At whichever instant between the centre's refusal and the paper: the money is back or claimed, and a paper says so."""
    refuse_submissions(centre)

    def life(instant: int) -> int:
        world = make_world()
        _, charged = one_life(world, [instant], centre, all_power=all_power)
        reached = (
            "Submitting" in world.screens()
        )  # on a busy machine an instant may lie a little earlier than in the first run
        assert charged + len(world.sales("reversed")) == reached
        if charged:
            assert world.says("paper-claim-title") in world.last_paper()
        return charged

    undisturbed = make_world()
    one_life(undisturbed, [], centre, all_power=all_power)
    count = len(undisturbed.instants)
    first = undisturbed.instants.index("before SubmissionRefused is on disk")
    with ThreadPoolExecutor(WORLDS_AT_ONCE) as pool:
        charged = list(pool.map(life, range(first, count + 1)))
    assert len(charged) > 40
    assert sum(charged) < len(charged)


CUTS = st.builds(lambda first, later: [first, *later], st.integers(1, 180), st.lists(st.integers(1, 70), max_size=3))
"""The first in the visit, the others in the recovery from the one before, which is shorter."""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=CUTS, all_power=st.booleans())
def test_the_power_fails_several_times(make_world, centre, cuts, all_power):
    """However often the power fails in one payment, and while recovering from that, the ledgers agree in the end."""
    _, charged = one_life(make_world(), cuts, centre, all_power=all_power)
    assert charged <= 1
