"""The journal in SQLite: WAL and synchronous=FULL, one writer, one connection, one transaction per event.

Measured on the reference machine, WAL FULL runs at the speed of a bare fdatasync and loses nothing in a power cut;
``tests/journal/test_crash_states.py`` explores that and shows that NORMAL would lose acknowledged events.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from struct import pack
from typing import Literal

import msgspec
from msgspec import Struct

from kiosk.database import opening, write_ahead
from kiosk.domain.cash import Box
from kiosk.domain.faults import JournalFault
from kiosk.journal import traces
from kiosk.journal.codec import from_row, to_row
from kiosk.journal.vault import Cipher, new_key
from kiosk.journey.events import AnyEvent, Entry, JourneyStarted

SCHEMA = 1
GENESIS = bytes(32)
PAGE_BYTES = 1024
"""An entry is some 200 bytes, and each append writes its whole page into the log: small pages spare time and flash."""
LOG_PAGES = 4000
BYTES_AT_MOST = 1 << 30
"""A hard cap, so that a full disk is our error and not the system's."""

INSERT = "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)"

Row = tuple[int, int, int, int, str, bytes | None, bytes]


class Verdict(Struct, frozen=True):
    """What a walk along the chain found. ``broken_at`` is the first entry that does not fit; None if all do."""

    entries: int
    broken_at: int | None = None
    reason: str = ""


def new_epoch() -> str:
    """Return three characters that tell this journal from any other of this kiosk (Crockford's base 32)."""
    return "".join(secrets.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(3))


def chained(previous: bytes, row: tuple[int, int, int, int, str, bytes | None]) -> bytes:
    """Return the hash of a row after ``previous``. Lengths go in, so that no two rows hash the same bytes."""
    seq, at_ms, boot_ms, journey, body, sealed = row
    text = body.encode()
    head = pack(">qqqqqq", seq, at_ms, boot_ms, journey, len(text), -1 if sealed is None else len(sealed))
    return hashlib.sha256(previous + head + text + (sealed or b"")).digest()


def _key_of(journey: int) -> str:
    return f"journey:{journey}"


class Journal:
    """The kiosk's memory. Not for several threads at once: the runner owns it."""

    def __init__(self, path: Path, kiosk_id: str, *, synchronous: Literal["FULL", "NORMAL"] = "FULL") -> None:
        """Open or make the journal. JournalFault if it is another kiosk's, of a newer schema, or not writable."""
        self.path = path
        self._kiosk_id = kiosk_id
        with opening(path) as self._db:
            self._prepare(synchronous)
            self._seq, self._last = self._tail()
        self._ciphers: dict[str, Cipher] = {}
        self._log_holds_keys = True

    def _prepare(self, synchronous: Literal["FULL", "NORMAL"]) -> None:
        self._db.execute(f"PRAGMA page_size={PAGE_BYTES}")  # of a fresh journal; one that exists keeps its own
        write_ahead(self._db, self.path, synchronous)
        (page_bytes,) = self._db.execute("PRAGMA page_size").fetchone()
        for pragma in (
            "foreign_keys=ON",
            f"wal_autocheckpoint={LOG_PAGES * PAGE_BYTES // page_bytes}",
            f"max_page_count={BYTES_AT_MOST // page_bytes}",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
            self._db.executescript("BEGIN IMMEDIATE;" + files("kiosk.journal").joinpath("schema.sql").read_text())
            meta = [("schema", str(SCHEMA)), ("kiosk", self._kiosk_id), ("epoch", new_epoch())]
            self._db.executemany("INSERT INTO meta VALUES (?, ?)", meta)
            self._db.execute("COMMIT")
        # Also for an older journal: no visit is under way at an update.
        self._db.execute("INSERT OR IGNORE INTO meta VALUES ('secret', ?)", [secrets.token_hex(16)])
        known = dict(self._db.execute("SELECT name, value FROM meta"))
        if int(known["schema"]) > SCHEMA:
            raise JournalFault(f"{self.path}: schema {known['schema']} is newer than this program knows ({SCHEMA})")
        if known["kiosk"] != self._kiosk_id:
            raise JournalFault(f"{self.path}: belongs to kiosk {known['kiosk']}, not {self._kiosk_id}")
        self.epoch, self.secret = known["epoch"], known["secret"]
        self._first_box = msgspec.json.decode(known.get("box", "{}"), type=Box)

    def _tail(self) -> tuple[int, bytes]:
        row = self._db.execute("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
        return (row[0], row[1]) if row else (0, GENESIS)

    def append(self, event: AnyEvent, journey: int, at_ms: int, boot_ms: int) -> Entry:
        """Write one event for good and return it in its place. When this returns, a power cut cannot take it back."""
        body, personal = to_row(event)
        seq = self._seq + 1
        begins = isinstance(event, JourneyStarted)
        try:
            if begins:  # the key and the journey's first entry are written in one transaction
                self._db.execute("BEGIN IMMEDIATE")
                self.cipher(_key_of(journey))
            cipher = self._known_cipher(_key_of(journey)) if personal is not None else None
            # What a device tells of a person after the visit has ended is told to nobody: its key is gone.
            sealed = cipher.seal(personal, self._place(seq)) if cipher and personal is not None else None
            row = (seq, at_ms, boot_ms, journey, body, sealed)
            digest = chained(self._last, row)
            self._db.execute(INSERT, (*row, digest))
            if begins:
                self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            self._ciphers.clear()
            raise JournalFault(f"{self.path}: {error}") from error
        self._seq, self._last = seq, digest
        return Entry(seq, at_ms, event)

    def _place(self, seq: int) -> bytes:
        return f"{self._kiosk_id}|{seq}".encode()

    def cipher(self, name: str) -> Cipher:
        """Return the cipher of a name, making its key if there is none yet."""
        if name not in self._ciphers:
            self._db.execute("INSERT OR IGNORE INTO keys VALUES (?, ?)", (name, new_key()))
            (key,) = self._db.execute("SELECT key FROM keys WHERE name = ?", (name,)).fetchone()
            self._ciphers[name] = Cipher(key)
        return self._ciphers[name]

    def _known_cipher(self, name: str) -> Cipher | None:
        if name not in self._ciphers:
            row = self._db.execute("SELECT key FROM keys WHERE name = ?", (name,)).fetchone()
            if row is None:
                return None
            self._ciphers[name] = Cipher(row[0])
        return self._ciphers[name]

    def forget(self, journey: int) -> None:
        """Destroy a journey's key, and any older one: what they sealed is erased, in the database and in its log.

        A reader of the database can keep the log from being emptied; the next forgetting then does it.
        """
        try:
            gone = self._db.execute(
                "DELETE FROM keys WHERE name LIKE 'journey:%' AND CAST(substr(name, 9) AS INTEGER) <= ?", (journey,)
            ).rowcount
            self._ciphers = {name: c for name, c in self._ciphers.items() if not name.startswith("journey:")}
            if gone or self._log_holds_keys:
                busy, _, _ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self._log_holds_keys = bool(busy)
        except sqlite3.Error as error:
            raise JournalFault(f"{self.path}: {error}") from error

    def left_open_ms(self) -> int:
        """Return when a visit last filed a claim or left without a whole paper; 0 if none did in the last entries."""
        return traces.left_open_ms(self._db)

    def paper_left(self) -> bool:
        """Say whether nobody knows that the last paper came out whole: something of it may still be in the printer."""
        return traces.paper_left(self._db)

    def box(self) -> Box:
        """Return what lies in the cash box: the notes stacked since the last collection. JournalFault if that cannot be read."""
        return traces.box(self._db, self._first_box)

    def unfinished(self) -> tuple[int, list[Entry]]:
        """Return (number of the last journey before, entries to replay).

        A journey whose key still exists may not have ended: its entries since its start are returned. Otherwise the
        number is that of the last journey, and the entries are those since a collection after it, which may not have ended either.
        """
        row = self._db.execute(
            "SELECT max(seq), journey FROM entries WHERE journey > 0 AND json_extract(body, '$.type') = 'JourneyStarted'"
        ).fetchone()
        if row[0] is None:
            return 0, self._since_collection(0)
        start, number = row
        if not self._db.execute("SELECT 1 FROM keys WHERE name = ?", (f"journey:{number}",)).fetchone():
            return number, self._since_collection(start)
        return number - 1, self._entries(start)

    def _since_collection(self, after: int) -> list[Entry]:
        (seq,) = self._db.execute(
            "SELECT max(seq) FROM entries WHERE seq > ? AND json_extract(body, '$.type') = 'CashCollected'", (after,)
        ).fetchone()
        return self._entries(seq) if seq else []

    def _entries(self, start: int) -> list[Entry]:
        return [Entry(seq, at_ms, event) for seq, at_ms, _, _, event, _ in self.read(start)]

    def read(self, start: int = 1) -> Iterator[tuple[int, int, int, int, AnyEvent, bool]]:
        """Yield (seq, at_ms, boot_ms, journey, event, sealed) from ``start``; ``sealed`` if its key is gone."""
        keys = dict(self._db.execute("SELECT name, key FROM keys").fetchall())
        for seq, at_ms, boot_ms, journey, body, sealed, _ in self._rows(start):
            key = keys.get(f"journey:{journey}")
            personal = Cipher(key).unseal(sealed, self._place(seq)) if sealed and key else None
            yield seq, at_ms, boot_ms, journey, from_row(body, personal), bool(sealed) and key is None

    def _rows(self, start: int = 1) -> Iterator[Row]:
        query = "SELECT seq, at_ms, boot_ms, journey, body, sealed, hash FROM entries WHERE seq >= ? ORDER BY seq"
        yield from self._db.execute(query, (start,))

    def verify(self) -> Verdict:
        """Walk the whole chain: no gap, no change, no entry out of order."""
        previous, count = GENESIS, 0
        for *row, digest in self._rows():
            count += 1
            if row[0] != count:
                return Verdict(count, count, f"entry {count} is missing")
            if chained(previous, tuple(row)) != digest:  # type: ignore[arg-type]
                return Verdict(count, count, f"entry {count} or its hash was changed")
            previous = digest
        return Verdict(count)

    def healthy(self) -> str:
        """Return "" if the database is whole, else SQLite's word of what is wrong."""
        (answer,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        return "" if answer == "ok" else str(answer)

    def succeed(self) -> Journal:
        """Set this journal aside, whole, as ``journal-<epoch>.db`` beside it, and return a fresh one in its place.

        For a journal that cannot be replayed: the kiosk must not stop for ever, and nothing may be thrown away. The outbox's
        key goes with the new one, so that what waits there is still delivered, and so does what lies in the cash box if it
        can be told.
        """
        box = Box()
        with suppress(JournalFault, sqlite3.Error):
            box = self.box()
        keys = self._db.execute("SELECT name, key FROM keys WHERE name NOT LIKE 'journey:%'").fetchall()
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._db.close()
        self.path.rename(self.path.with_name(f"{self.path.stem}-{self.epoch}.db"))
        fresh = Journal(self.path, self._kiosk_id)
        fresh._db.executemany("INSERT INTO keys VALUES (?, ?)", keys)
        fresh._db.execute("INSERT INTO meta VALUES ('box', ?)", (msgspec.json.encode(box).decode(),))
        fresh._first_box = box
        return fresh

    def close(self) -> None:
        """Close the database."""
        self._db.close()
