"""The power fails, at every instant of a payment: money is taken at most once, and never without its service or a way back."""

from __future__ import annotations

import pytest

from kiosk.journey.turn import at_rest
from tests.world import PowerCut, World, wired

RESTARTS_AT_MOST = 8


def live(world: World, visit: bool) -> None:
    """Boot; carry on with whatever is open, or make a visit."""
    world.boot()
    world.pump()
    if visit and at_rest(world.runner.kiosk):
        world.visit()
    else:
        world.leave()


def cut_and_recover(world: World, cuts: list[int], *, all_power: bool) -> None:
    """Make one visit with the power failing at the given instants (each counted from the restart before)."""
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
                    world.bench.devices[device].do({"do": "power_cycle"})
            continue
        if not pending:
            return
    raise AssertionError("no end")


def assert_ledgers_agree(world: World, centre) -> None:
    """Terminal, centre, journal and paper tell one story."""
    world.deliver()
    charged = world.charged()
    sent = [row for row in centre.ledger() if row["kiosk"] == world.kiosk_id]
    submissions = [row for row in sent if row["entry"] == "submission"]
    claims = [row for row in sent if row["entry"] == "claim"]
    assert len(charged) <= 1
    assert world.journal.verify().broken_at is None
    if charged:
        told = [row["amount_minor"] for row in (*submissions, *claims)]
        assert told == [charged[0]["amount_minor"]], (told, charged)
        assert world.papers(), "money was taken and no paper came out"
    else:
        assert submissions == []
    assert len(submissions) + len(claims) <= 1
    endings = [type(event).__name__ for event in world.events()]
    if submissions and charged:
        assert "SubmissionAccepted" in endings or "CentralUnanswered" in endings


def test_an_undisturbed_payment_agrees(world, centre):
    """Without a power cut the ledgers agree on one payment, and one receipt comes out."""
    cut_and_recover(world, [], all_power=False)
    assert_ledgers_agree(world, centre)
    assert len(world.charged()) == len(world.papers()) == 1
    assert [type(event).__name__ for event in world.events()].count("PaymentSettled") == 1


@pytest.mark.timeout(600)
@pytest.mark.parametrize("all_power", [False, True], ids=["kiosk", "everything"])
def test_the_power_fails_at_every_instant(make_world, centre, monkeypatch, all_power):
    """Whether the kiosk alone or everything loses power, at whichever instant, the ledgers agree when it is back."""
    first = make_world()
    with monkeypatch.context() as patch:
        wired(first, patch)
        cut_and_recover(first, [], all_power=all_power)
        first.shut()
    total = len(first.instants)
    assert total > 60
    charged = 0
    for instant in range(1, total + 1):
        world = make_world()
        with monkeypatch.context() as patch:
            wired(world, patch)
            cut_and_recover(world, [instant], all_power=all_power)
        try:
            assert_ledgers_agree(world, centre)
        except AssertionError as error:
            raise AssertionError(f"cut at {instant} of {total}: {first.instants[instant - 1]}: {error}") from error
        finally:
            charged += len(world.charged())
            world.shut()
            world.bench.stop()
    assert 0 < charged < total  # the cuts fell on both sides of the charge
