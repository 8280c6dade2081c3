"""The journal: append-only, chained, sealed, and able to forget."""

import sqlite3
from contextlib import closing

import pytest

from kiosk.domain.faults import JournalFault
from kiosk.journal import Cipher, Journal
from kiosk.journal.vault import new_key
from kiosk.journey import events as e
from tests.journey.play import AYGUN, Play

NOW_MS = 1_790_000_000_000


@pytest.fixture
def journal(tmp_path):
    opened = Journal(tmp_path / "journal.db", "AGALI-1")
    yield opened
    opened.close()


def fill(journal, play):
    for entry in play.entries:
        journal.append(entry.event, 1, entry.at_ms, 5)


def test_what_was_appended_is_read_back(journal):
    """Events come back as they were, in their order, personal fields included."""
    play = Play().to_quoting()
    fill(journal, play)
    read = [event for _, _, _, _, event, _ in journal.read()]
    assert read == [entry.event for entry in play.entries]


def test_a_journey_without_an_end_is_given_for_replay(journal):
    """After a restart the entries since the journey's start are there to be replayed."""
    play = Play().to_settling()
    fill(journal, play)
    number, entries = journal.unfinished()
    assert (number, [entry.event for entry in entries]) == (0, [entry.event for entry in play.entries[1:]])


def test_a_forgotten_journey_is_not_replayed(journal):
    """A journey whose key was destroyed has ended: only its number is remembered."""
    fill(journal, Play().to_farewell())
    journal.forget(1)
    assert journal.unfinished() == (1, [])


def test_forgetting_leaves_nothing_personal_in_any_file(journal, tmp_path):
    """After the key is destroyed, no file of the journal holds the key or anything it sealed, and the chain is whole."""
    fill(journal, Play().to_farewell())
    with closing(sqlite3.connect(tmp_path / "journal.db")) as other:
        (key,) = other.execute("SELECT key FROM keys").fetchone()
    journal.forget(1)
    for path in tmp_path.iterdir():
        assert key not in path.read_bytes(), path.name
        assert b"MAMMADOVA" not in path.read_bytes(), path.name
    assert journal.verify().broken_at is None
    assert [sealed for *_, sealed in journal.read()].count(True) == 5


def test_sealed_fields_are_never_in_clear(journal, tmp_path):
    """While the key lives, names and numbers are still in no file in clear."""
    fill(journal, Play().to_farewell())
    for path in tmp_path.iterdir():
        assert AYGUN.surname.encode() not in path.read_bytes()
        assert b"104558210" not in path.read_bytes()


@pytest.mark.parametrize("change", [
    "UPDATE entries SET body = replace(body, 'az', 'ru') WHERE seq = 2",
    "UPDATE entries SET at_ms = at_ms + 1 WHERE seq = 3",
    "DELETE FROM entries WHERE seq = 4",
    "UPDATE entries SET sealed = NULL WHERE seq = 6",
])  # fmt: skip
def test_a_changed_entry_is_found(journal, tmp_path, change):
    """Whatever is altered, left out or unsealed afterwards breaks the chain at its place."""
    fill(journal, Play().to_farewell())
    assert journal.verify().broken_at is None
    with closing(sqlite3.connect(tmp_path / "journal.db")) as other:
        other.execute(change)
        other.commit()
    assert journal.verify().broken_at == int(change[-1])


def test_another_kiosks_journal_is_refused(journal, tmp_path):
    """A journal of another kiosk (a swapped card) is not continued."""
    journal.append(e.PowerRestored("1"), 0, NOW_MS, 1)
    with pytest.raises(JournalFault, match="belongs to kiosk AGALI-1"):
        Journal(tmp_path / "journal.db", "AGALI-2")


def test_a_newer_schema_is_refused(journal, tmp_path):
    """A journal that a newer program wrote is not touched by an older one."""
    with closing(sqlite3.connect(tmp_path / "journal.db")) as other:
        other.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
        other.commit()
    with pytest.raises(JournalFault, match="schema 99 is newer"):
        Journal(tmp_path / "journal.db", "AGALI-1")


def test_garbage_is_no_journal(tmp_path):
    """A file that is no database is a fault with its path, and is left as it is."""
    path = tmp_path / "journal.db"
    path.write_bytes(b"garbage" * 1000)
    with pytest.raises(JournalFault, match=r"journal\.db"):
        Journal(path, "AGALI-1")
    assert path.read_bytes() == b"garbage" * 1000


def test_a_journal_that_cannot_be_written_says_so(journal):
    """A failed write is a JournalFault, and nothing half-written stays."""
    journal.append(e.PowerRestored("1"), 0, NOW_MS, 1)
    journal._db.execute("PRAGMA query_only=ON")
    with pytest.raises(JournalFault):
        journal.append(e.PowerRestored("1"), 0, NOW_MS, 1)
    journal._db.execute("PRAGMA query_only=OFF")
    journal.append(e.PowerRestored("1"), 0, NOW_MS, 1)
    assert journal.verify() == journal.verify().__class__(2)


def test_a_sealed_field_cannot_be_moved():
    """What was sealed at one place does not open at another, nor with another key, nor with a flipped bit."""
    key = new_key()
    sealed = Cipher(key).seal(b"AYGUN", b"AGALI-1|7")
    assert Cipher(key).unseal(sealed, b"AGALI-1|7") == b"AYGUN"
    for cipher, data, place in (
        (Cipher(key), sealed, b"AGALI-1|8"), (Cipher(new_key()), sealed, b"AGALI-1|7"),
        (Cipher(key), sealed[:-1] + bytes([sealed[-1] ^ 1]), b"AGALI-1|7"),
    ):  # fmt: skip
        with pytest.raises(JournalFault):
            cipher.unseal(data, place)


def test_what_is_told_after_the_visit_is_written_without_the_person(journal, tmp_path):
    """A card's answer that comes after its visit ended is journalled without what it says, and makes no key."""
    play = Play().to_farewell()
    fill(journal, play)
    journal.forget(1)
    for number in (0, 1):
        journal.append(e.CitizenRead(9, AYGUN), number, NOW_MS, 1)
    *_, (_, _, _, _, event, erased) = journal.read()
    assert (event, erased) == (e.CitizenRead(9, None), False)
    with closing(sqlite3.connect(tmp_path / "journal.db")) as other:
        assert other.execute("SELECT count(*) FROM keys WHERE name LIKE 'journey:%'").fetchone() == (0,)


def test_forgetting_takes_older_keys_along(journal, tmp_path):
    """A key that an earlier cut left behind goes with the next one."""
    journal.append(e.JourneyStarted("az", 1), 1, NOW_MS, 1)
    journal.append(e.JourneyStarted("az", 2), 2, NOW_MS, 1)
    journal.cipher("outbox")
    journal.forget(2)
    with closing(sqlite3.connect(tmp_path / "journal.db")) as other:
        assert other.execute("SELECT name FROM keys").fetchall() == [("outbox",)]


def test_a_reader_only_delays_the_erasure(journal, tmp_path):
    """With somebody reading the database the key's bytes may stay in the log until the next forgetting, not longer."""
    fill(journal, Play().to_farewell())
    with closing(sqlite3.connect(tmp_path / "journal.db")) as reader:
        (key,) = reader.execute("SELECT key FROM keys").fetchone()
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM entries").fetchone()
        journal.forget(1)
    journal.forget(1)
    assert all(key not in path.read_bytes() for path in tmp_path.iterdir())


def test_each_journal_has_an_epoch_of_its_own(journal, tmp_path):
    """Two journals of one kiosk differ in their epoch; the same journal keeps its own."""
    others = [Journal(tmp_path / f"{number}.db", "AGALI-1") for number in range(4)]
    for other in others:
        other.close()
    assert len({other.epoch for other in others}) > 1
    again = Journal(tmp_path / "journal.db", "AGALI-1")
    assert again.epoch == journal.epoch
    again.close()


def test_a_journal_set_aside_loses_nothing(journal, tmp_path):
    """A journal that cannot be replayed is kept whole under another name; the fresh one takes over the outbox's key."""
    fill(journal, Play().to_settling())
    sealed = journal.cipher("outbox").seal(b"waiting", b"place")
    epoch = journal.epoch
    fresh = journal.succeed()
    assert fresh.unfinished() == (0, [])
    assert fresh.cipher("outbox").unseal(sealed, b"place") == b"waiting"
    fresh.close()
    aside = Journal(tmp_path / f"journal-{epoch}.db", "AGALI-1")
    assert aside.verify().broken_at is None
    assert len(aside.unfinished()[1]) > 5
    aside.close()
