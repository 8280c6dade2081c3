"""Where the outbox keeps its messages: one SQLite table (WAL, synchronous=FULL, secure_delete), safe for several threads.

Knows nothing of the centre and decides nothing. Waits are kept as (since, length): a clock that was set back, or that starts
in 1970 after a power cut, makes a message due at once instead of never.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Literal, NamedTuple

from msgspec import Struct

from kiosk.database import opening, write_ahead
from kiosk.domain.faults import JournalFault
from kiosk.uplink import outbox_sql as sql

MIGRATIONS = ("outbox.sql", "outbox-2.sql", "outbox-3.sql")
"""What makes an outbox of schema n out of one of schema n - 1, and the first one out of nothing."""
SCHEMA = len(MIGRATIONS)
PAGES_AT_MOST = 65_536
"""256 MiB of 4 KiB pages: a hard cap, so that a full disk is our error and not the system's."""
DELIVERED_KEPT = 20_000
REGISTRATIONS_AT_MOST = 20_000
"""So many registered sales wait, a tenth of the cap: what is about money must never find the outbox full of them."""
ROOM_BYTES = 16_384
"""More than any letter needs: what must fit before a payment may start."""

Kind = Literal["submission", "claim", "registration"]


class Parcel(NamedTuple):
    """A message to be kept. Two parcels with the same kind and reference are the same message if their digests are equal."""

    kind: Kind
    reference: str
    sealed: bytes
    digest: bytes


class Letter(NamedTuple):
    """One message as it lies there."""

    seq: int
    kind: Kind
    reference: str
    state: Literal["waiting", "delivered", "refused"]
    sealed: bytes | None
    attempts: int
    receipt_number: str
    problem: str

    @property
    def key(self) -> tuple[str, str]:
        """What names it."""
        return self.kind, self.reference

    @property
    def place(self) -> bytes:
        """What the seal is bound to."""
        return place(self.kind, self.reference)


class Waiting(Struct, frozen=True):
    """How much waits: how many messages, when the oldest was put, how many were refused for good, the last failure."""

    count: int
    oldest_put_at_ms: int | None
    refused: int
    last_problem: str


def place(kind: Kind, reference: str) -> bytes:
    """Return what the seal of a message is bound to."""
    return f"outbox|{kind}|{reference}".encode()


class Pigeonholes:
    """Every method is one transaction. JournalFault if the database cannot do it."""

    def __init__(self, path: Path) -> None:
        """Open or make the database."""
        self._path = path
        self._lock = threading.Lock()
        with opening(path) as self._db:
            self._prepare()

    def _prepare(self) -> None:
        write_ahead(self._db, self._path)
        for pragma in ("wal_autocheckpoint=200", f"max_page_count={PAGES_AT_MOST}"):
            self._db.execute(f"PRAGMA {pragma}")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA:
            raise JournalFault(f"{self._path}: schema {version} is newer than this program knows ({SCHEMA})")
        if version < SCHEMA:
            steps = "".join(files("kiosk.uplink").joinpath(name).read_text() for name in MIGRATIONS[version:])
            self._db.executescript(f"BEGIN IMMEDIATE;{steps};PRAGMA user_version={SCHEMA};COMMIT;")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                raise JournalFault(f"{self._path}: {error}") from error
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def put(self, parcel: Parcel, now_ms: int, hold_ms: int) -> None:
        """Keep a message for good. If it is there already its content stays, and only the hold begins anew.

        JournalFault if another message is kept under its reference, or if too many registered sales wait already. A claim ends
        what a dead letter was kept for.
        """
        with self._transaction() as db:
            if not self._insert(db, parcel, now_ms, hold_ms):
                raise JournalFault(
                    f"{parcel.kind} {parcel.reference} is another message than the one kept under this reference"
                )
            db.execute(
                "UPDATE outbox SET since_ms = ?, wait_ms = ? WHERE kind = ? AND reference = ? AND state = 'waiting'",
                (now_ms, hold_ms, parcel.kind, parcel.reference),
            )
            if parcel.kind == "registration" and db.execute(sql.REGISTRATIONS).fetchone()[0] > REGISTRATIONS_AT_MOST:
                raise JournalFault(f"{REGISTRATIONS_AT_MOST} registered sales wait already")
            erased = parcel.kind == "claim" and db.execute(sql.ERASE_CLAIMED, (parcel.reference,)).rowcount
        if erased:
            self._erase_log()

    def _insert(self, db: sqlite3.Connection, parcel: Parcel, now_ms: int, hold_ms: int) -> bool:
        """Keep a message unless its reference is taken; say whether what is kept there now is this message."""
        db.execute(
            "INSERT INTO outbox (kind, reference, sealed, digest, put_at_ms, since_ms, wait_ms) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, reference) DO NOTHING",
            (*parcel, now_ms, now_ms, hold_ms),
        )
        (digest,) = db.execute(
            "SELECT digest FROM outbox WHERE kind = ? AND reference = ?", (parcel.kind, parcel.reference)
        ).fetchone()
        return digest is None or bytes(digest) == parcel.digest

    def touch(self) -> None:
        """Write a row larger than any letter and take it back, in one transaction. JournalFault if that cannot be done."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO outbox (seq, kind, reference, sealed, put_at_ms, since_ms, wait_ms)"
                " VALUES (-1, 'claim', 'room?', zeroblob(?), 0, 0, 0)",
                (ROOM_BYTES,),
            )
            db.execute("DELETE FROM outbox WHERE seq = -1")

    def erase(self, letter: Letter) -> None:
        """Erase the body of a dead letter; its reference and problem stay."""
        with self._transaction() as db:
            db.execute(sql.ERASE_REFUSED, (letter.seq,))
        self._erase_log()

    def claim(self, letter: Letter, claim: Parcel, now_ms: int) -> bool:
        """Erase the body of a dead letter and, in the same transaction, keep a claim about its money.

        Say whether that was done: not where the body is gone already. JournalFault if the claim's reference is taken.
        """
        with self._transaction() as db:
            if not db.execute(sql.ERASE_REFUSED, (letter.seq,)).rowcount:
                return False
            if not self._insert(db, claim, now_ms, 0):
                raise JournalFault(
                    f"another claim than the one about {letter.kind} {letter.reference} has its reference"
                )
        self._erase_log()
        return True

    def find(self, reference: str, kind: Kind | None) -> Letter | None:
        """Return a message by its reference; without a kind, the submission or claim that was put last."""
        with self._transaction() as db:
            row = db.execute(sql.FIND, (reference, kind or "submission", kind or "claim")).fetchone()
        return None if row is None else Letter(*row)

    def due(self, now_ms: int, most: int) -> list[Letter]:
        """Return the messages to be tried now; none while the line itself is waited for.

        Those about money come first, oldest first; then registered sales, the least tried first, so that none stops the others.
        """
        with self._transaction() as db:
            if db.execute(sql.LINE_WAITS, {"now": now_ms}).fetchone():
                return []
            rows = db.execute(sql.DUE, {"now": now_ms, "most": most}).fetchall()
        return [Letter(*row) for row in rows]

    def next_due_ms(self, now_ms: int) -> int | None:
        """Return in how many milliseconds the next message is due; None if none waits."""
        with self._transaction() as db:
            soonest, line = db.execute(sql.NEXT_DUE, {"now": now_ms}).fetchone()
        return None if soonest is None else max(soonest, line)

    def delivered(self, letter: Letter, receipt_number: str) -> None:
        """Erase a message's body and keep its receipt number. The line works, so nothing waits for it any more."""
        with self._transaction() as db:
            db.execute(
                "UPDATE outbox SET state = 'delivered', sealed = NULL, receipt_number = ?, problem = '' WHERE seq = ?",
                (receipt_number, letter.seq),
            )
            db.execute("UPDATE outbox SET wait_ms = 0, line = 0 WHERE state = 'waiting' AND line = 1")
            if letter.kind == "registration":
                db.execute(sql.END_STREAK)
            db.execute("DELETE FROM outbox WHERE state = 'delivered' AND seq <= ?", (letter.seq - DELIVERED_KEPT,))
        self._erase_log()

    def postpone(self, letter: Letter, now_ms: int, wait_ms: int, problem: str, *, line: bool) -> None:
        """Leave a message for later. With ``line`` all others wait too.

        Of registered sales, which an older centre does not take at all, only the others of that kind do, and only from the
        second on that fails so: a single one may be to blame itself.
        """
        with self._transaction() as db:
            mark = int(line)
            if line and letter.kind == "registration":
                seq, last = db.execute(sql.STREAK).fetchone() or (letter.seq, sql.FIRST)
                mark = last if seq == letter.seq else last + 1
                db.execute(sql.END_STREAK)
            db.execute(
                "UPDATE outbox SET attempts = attempts + 1, since_ms = ?, wait_ms = ?, line = ?, problem = ?"
                " WHERE seq = ? AND state = 'waiting'",
                (now_ms, wait_ms, mark, problem, letter.seq),
            )

    def streak(self) -> int:
        """Return how many tries with different registered sales, one after the other, failed as if none could be told."""
        with self._transaction() as db:
            row = db.execute(sql.STREAK).fetchone()
        return 0 if row is None else row[1] - sql.FIRST + 1

    def refuse(self, letter: Letter, problem: str, claim: Parcel | None, now_ms: int, *, keep: bool) -> bool:
        """Put a message among the dead letters and, in the same transaction, a claim about its money; say whether that is kept.

        With the claim the body is erased; without, too, unless it is to be kept.
        """
        with self._transaction() as db:
            db.execute(
                "UPDATE outbox SET state = 'refused', attempts = attempts + 1, problem = ? WHERE seq = ? AND state = 'waiting'",
                (problem, letter.seq),
            )
            claimed = claim is not None and self._insert(db, claim, now_ms, 0)
            erased = claimed or not keep
            if erased:
                db.execute(sql.ERASE_REFUSED, (letter.seq,))
        if erased:
            self._erase_log()
        return claimed

    def waiting(self) -> Waiting:
        """Say how much waits."""
        with self._transaction() as db:
            count, oldest = db.execute("SELECT count(*), min(put_at_ms) FROM outbox WHERE state = 'waiting'").fetchone()
            (refused,) = db.execute("SELECT count(*) FROM outbox WHERE state = 'refused'").fetchone()
            last = db.execute(
                "SELECT problem FROM outbox WHERE state = 'waiting' AND problem != '' ORDER BY since_ms DESC LIMIT 1"
            ).fetchone()
        return Waiting(count, oldest, refused, last[0] if last else "")

    def _erase_log(self) -> None:
        """Fold the write-ahead log into the file, so that what was erased is not left in it."""
        with self._lock:
            try:
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.Error as error:
                raise JournalFault(f"{self._path}: {error}") from error

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._db.close()
