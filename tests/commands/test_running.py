"""Starting on a journal that cannot be replayed: it is kept whole, people are told, and the kiosk serves on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest

from kiosk.commands.running import runner_of
from kiosk.domain.faults import VersionFault
from kiosk.journal import Journal
from kiosk.journey.state import Kiosk
from kiosk.journey.turn import at_rest
from kiosk.runtime.inbox import Inbox
from kiosk.uplink.outbox import Outbox
from kiosk.version import VERSION
from tests.journal.test_store import fill
from tests.journey.play import ELECTRICITY, Play
from tests.world.parts import open_central

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def core(tmp_path):
    """The parts that a start touches, over a journal that was left in the middle of a payment; no line to any centre."""
    path = tmp_path / "journal.db"
    with closing(Journal(path, "AGALI-1")) as journal:
        fill(journal, Play().to_settling())
        epoch = journal.epoch
    journal = Journal(path, "AGALI-1")
    central = open_central(NOWHERE, "AGALI-1", "t")
    outbox = Outbox(tmp_path / "outbox.db", journal.cipher("outbox"), central)
    forgetting = []
    performers = SimpleNamespace(forget_with=forgetting.append)
    made = SimpleNamespace(journal=journal, outbox=outbox, performers=performers, inbox=Inbox(), path=path, epoch=epoch)
    made.forgetting = forgetting
    yield made
    made.outbox.close()
    made.journal.close()
    central.close()


def started(core):
    return runner_of(core, Kiosk("AGALI-1", (ELECTRICITY,)), lambda _kiosk: None)


def damage(core, statement):
    with closing(sqlite3.connect(core.path)) as base, base:
        base.execute(statement)


def test_a_whole_journal_is_carried_on(core):
    """A journal that can be replayed stays where it is, and the visit it holds is open again."""
    damage(
        core, f"UPDATE entries SET body = json_set(body, '$.version', '{VERSION}') WHERE body LIKE '%JourneyStarted%'"
    )
    runner = started(core)
    assert not at_rest(runner.kiosk)
    assert core.outbox.pending().count == 0
    assert core.forgetting == []


def test_a_journal_that_cannot_be_replayed_is_set_aside(core):
    """It is kept whole under its epoch, one claim tells the staff, and the kiosk is at rest with a fresh journal."""
    damage(core, 'UPDATE entries SET body = \'{"type":"NoSuchThing"}\' WHERE seq = (SELECT max(seq) FROM entries)')
    runner = started(core)
    assert at_rest(runner.kiosk)
    assert core.path.with_name(f"journal-{core.epoch}.db").exists()
    assert core.journal.epoch != core.epoch
    assert core.outbox.pending().count == 1
    assert core.forgetting == [core.journal.forget]


def test_without_its_journal_a_start_takes_a_paper_for_left(core):
    """Where nobody can tell what was coming out, the printer is told to cut it off."""
    damage(core, 'UPDATE entries SET body = \'{"type":"NoSuchThing"}\' WHERE seq = (SELECT max(seq) FROM entries)')
    assert started(core).kiosk.paper_left


def test_a_journal_of_another_version_is_not_set_aside(core):
    """Only the version that began a journey may end it: the start is refused and the journal stays."""
    damage(core, "UPDATE entries SET body = json_set(body, '$.version', '0.0.0') WHERE body LIKE '%JourneyStarted%'")
    with pytest.raises(VersionFault):
        started(core)
    assert core.journal.path == core.path
    assert core.outbox.pending().count == 0


def test_a_busy_journal_is_not_set_aside(core, monkeypatch):
    """What another start mends is no reason to set a journal aside."""

    def busy():
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(core.journal, "unfinished", busy)
    with pytest.raises(sqlite3.OperationalError):
        started(core)
    assert not core.path.with_name(f"journal-{core.epoch}.db").exists()
    assert core.outbox.pending().count == 0
