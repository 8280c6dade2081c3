"""The ledgers of all sides, and that they tell one story."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from tests.central.server import RunningCentral
from tests.world.kiosk import World
from tests.world.words import missing


def at_the_centre(world: World, centre: RunningCentral, entry: str) -> list[dict[str, Any]]:
    """Return the submissions or the claims that the centre has of this kiosk."""
    return [row for row in told_the_centre(world, centre) if row["entry"] == entry]


def told_the_centre(world: World, centre: RunningCentral) -> list[dict[str, Any]]:
    """Return all that the centre has of this kiosk."""
    return [row for row in centre.ledger() if row["kiosk"] == world.kiosk_id]


def assert_ledgers_agree(world: World, centre: RunningCentral, *, paper: bool = True) -> None:
    """Terminal, centre, journal and paper tell one story once the line is good: at most one charge, each with its end.

    ``paper``: no money without a paper (the printer works).
    """
    world.deliver()
    charged, told = world.sales(), told_the_centre(world, centre)
    submissions = [row for row in told if row["entry"] == "submission"]
    assert len(charged) <= 1
    assert world.sales("authorised") == []
    assert len(told) <= 1
    assert world.journal.verify().broken_at is None
    assert world.outbox.pending().count == 0
    assert bodies_kept(world) == []
    if charged:
        assert [row["amount_minor"] for row in told] == [charged[0]["amount_minor"]], (told, charged)
        assert world.pieces() or not paper, "money was taken and no paper came out"
    else:
        assert submissions == []
    if submissions:
        assert {"SubmissionAccepted", "CentralUnanswered"} & set(world.names())


def bodies_kept(world: World) -> list[str]:
    """Return the references of all messages whose (sealed) body the outbox still keeps on disk."""
    with closing(sqlite3.connect(world.place.folder / "outbox.db")) as base:
        return [reference for (reference,) in base.execute("SELECT reference FROM outbox WHERE sealed IS NOT NULL")]


def assert_no_money(world: World, centre: RunningCentral) -> None:
    """Nothing was asked of the terminal, and nothing told to the centre."""
    assert world.bench.devices["terminal"].ledger() == []
    assert not {"PaymentPrepared", "PaymentApproved", "SubmissionAccepted"} & set(world.names())
    assert told_the_centre(world, centre) == []
    assert_ledgers_agree(world, centre)


def assert_paid(world: World, centre: RunningCentral, amount_minor: int, *, paper: bool = True) -> None:
    """One charge of this amount, one submission of it, no claim."""
    assert_ledgers_agree(world, centre, paper=paper)
    assert [row["amount_minor"] for row in world.sales()] == [amount_minor]
    assert [row["amount_minor"] for row in at_the_centre(world, centre, "submission")] == [amount_minor]
    assert at_the_centre(world, centre, "claim") == []


def assert_claimed(world: World, centre: RunningCentral, kind: str) -> None:
    """One claim of this kind, no submission, and a slip that says so."""
    assert_ledgers_agree(world, centre)
    assert [row["outcome"] for row in at_the_centre(world, centre, "claim")] == [kind]
    assert at_the_centre(world, centre, "submission") == []
    assert world.pieces(), "the citizen has nothing in hand"


def assert_understood(world: World) -> None:
    """Whatever was shown has its words in all three languages."""
    assert world.said
    assert missing(world.said) == set()
