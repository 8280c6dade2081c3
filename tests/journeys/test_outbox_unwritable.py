"""The outbox cannot be written: no promise can be kept, so no money may be taken (law 9)."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager

from kiosk.journey import events as e
from kiosk.journey.state import Apology, SettlingPayment
from tests.world import assert_ledgers_agree, assert_no_money, assert_paid, assert_understood, told_the_centre


@contextmanager
def locked(world):
    """Hold the outbox's database, as a disk that is full or failing would."""
    world.outbox._holes._db.execute("PRAGMA busy_timeout=50")
    with closing(sqlite3.connect(world.place.folder / "outbox.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_no_payment_starts(world, centre):
    """The terminal is asked for nothing, and the citizen hears that nothing was taken; later it works again."""
    world.begin()
    world.answer()
    with locked(world):
        world.pay()
    assert isinstance(world.state, Apology)
    assert world.last(e.DeviceFailed).reason == "no_keeping"
    world.leave()
    assert_no_money(world, centre)
    world.visit()
    assert_paid(world, centre, 2400)
    assert_understood(world)


def test_it_fails_after_the_money_was_taken(world, centre):
    """What was paid and cannot be kept is given back at once."""
    world.begin()
    world.answer()
    with closing(sqlite3.connect(world.place.folder / "outbox.db", isolation_level=None)) as other:
        world.outbox._holes._db.execute("PRAGMA busy_timeout=50")
        world.when(SettlingPayment, lambda: other.execute("BEGIN IMMEDIATE"))
        world.pay()
    assert world.last(e.DeviceFailed).reason == "not_kept"
    assert world.state.outcome == "reversed"
    assert world.sales() == []
    assert len(world.sales("reversed")) == 1
    assert_ledgers_agree(world, centre)
    assert told_the_centre(world, centre) == []
    assert_understood(world)
