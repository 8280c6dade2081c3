"""The journal on a disk that loses what was not synced: no acknowledged event is ever lost, and the search would see it."""

import random

import pytest

from kiosk.domain.faults import JournalFault
from kiosk.journal import Journal
from tests.journal.crash_states import crash_state, record

EVENTS = 40
STATES = 250

WRITER = f"""
import sys
from pathlib import Path
from kiosk.journal import Journal
from kiosk.journey.events import AnswerGiven, JourneyStarted
journal = Journal(Path(sys.argv[1]) / "journal.db", "AGALI-1", synchronous=sys.argv[2])
for number in range({EVENTS}):
    event = JourneyStarted("az", number // 5 + 1) if number % 5 == 0 else AnswerGiven("customer_number", "1" * 400)
    journal.append(event, number // 5 + 1, 1790000000000 + number, number)
    sys.stdout.write("ACK\\n"); sys.stdout.flush()
    if number % 5 == 4 and number > 5:
        journal.forget(number // 5)
"""


def losses(tmp_path, synchronous):
    """Return (states in which acknowledged events were lost, states in which the journal was not whole)."""
    folder = tmp_path / "data"
    folder.mkdir()
    acts = record(WRITER, folder, synchronous)
    first = next(index for index, act in enumerate(acts) if act.kind == "ack")
    dice = random.Random(2026)
    lost = torn = 0
    for number in range(STATES):
        files, acknowledged = crash_state(acts, dice.randint(first + 1, len(acts)), dice)
        disk = tmp_path / f"disk-{number}"
        disk.mkdir()
        for name, data in files.items():
            if not name.endswith("-shm"):
                (disk / name).write_bytes(data)
        try:
            journal = Journal(disk / "journal.db", "AGALI-1")
            verdict, healthy = journal.verify(), journal.healthy()
            journal.close()
        except JournalFault:
            torn += 1
            continue
        lost += verdict.entries < acknowledged
        torn += verdict.broken_at is not None or bool(healthy)
    return lost, torn


def test_no_power_cut_loses_an_acknowledged_event(tmp_path):
    """In every explored state of the disk after a cut, the journal opens, its chain is whole and nothing promised is missing."""
    assert losses(tmp_path, "FULL") == (0, 0)


def test_the_search_would_see_a_journal_that_does_not_sync(tmp_path):
    """With synchronous=NORMAL the same search finds lost events: it bites."""
    lost, torn = losses(tmp_path, "NORMAL")
    assert lost > STATES // 10
    assert torn == 0


@pytest.mark.parametrize("synchronous", ["FULL"])
def test_every_append_is_followed_by_a_sync(tmp_path, synchronous):
    """Between any two acknowledgements the write-ahead log was synced."""
    folder = tmp_path / "data"
    folder.mkdir()
    acts = record(WRITER, folder, synchronous)
    synced = False
    for act in acts:
        if act.kind == "ack":
            assert synced
            synced = False
        synced |= act.kind == "sync" and act.name == "journal.db-wal"
