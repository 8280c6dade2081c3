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

from kiosk.domain.faults import JournalFault

SCHEMA = 1
PAGES_AT_MOST = 65_536
"""256 MiB of 4 KiB pages: a hard cap, so that a full disk is our error and not the system's."""
DELIVERED_KEPT = 20_000

Kind = Literal["submission", "claim"]
WAITS = "since_ms <= :now AND :now < since_ms + wait_ms"
COLUMNS = "seq, kind, reference, state, sealed, attempts, receipt_number, problem"
FIND = f"SELECT {COLUMNS} FROM outbox WHERE reference = ? AND kind IN (?, ?) ORDER BY seq DESC LIMIT 1"  # noqa: S608 - constants
LINE_WAITS = f"SELECT 1 FROM outbox WHERE state = 'waiting' AND line = 1 AND {WAITS}"  # noqa: S608 - constants
DUE = f"SELECT {COLUMNS} FROM outbox WHERE state = 'waiting' AND NOT ({WAITS}) ORDER BY seq LIMIT :most"  # noqa: S608 - constants
NEXT_DUE = f"""SELECT min(CASE WHEN {WAITS} THEN since_ms + wait_ms - :now ELSE 0 END),
                      max(CASE WHEN line = 1 AND {WAITS} THEN since_ms + wait_ms - :now ELSE 0 END)
               FROM outbox WHERE state = 'waiting'"""  # noqa: S608 - constants


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
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
        except (sqlite3.Error, OSError) as error:
            raise JournalFault(f"{path}: {error}") from error
        try:
            self._prepare()
        except (sqlite3.Error, JournalFault) as error:
            self._db.close()
            raise JournalFault(f"{path}: {error}") from error

    def _prepare(self) -> None:
        (mode,) = self._db.execute("PRAGMA journal_mode=WAL").fetchone()
        if mode != "wal":
            raise JournalFault(f"{self._path}: SQLite answered journal mode {mode}, not wal")
        for pragma in (
            "synchronous=FULL",
            "secure_delete=ON",
            "wal_autocheckpoint=200",
            "journal_size_limit=4194304",
            f"max_page_count={PAGES_AT_MOST}",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA:
            raise JournalFault(f"{self._path}: schema {version} is newer than this program knows ({SCHEMA})")
        if version == 0:
            schema = files("kiosk.uplink").joinpath("outbox.sql").read_text()
            self._db.executescript(f"BEGIN IMMEDIATE;{schema};PRAGMA user_version={SCHEMA};COMMIT;")

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

    def put(self, kind: Kind, reference: str, sealed: bytes, now_ms: int, hold_ms: int) -> None:
        """Keep a message for good. If it is there already its content stays, and only the hold begins anew."""
        with self._transaction() as db:
            self._put(db, kind, reference, sealed, now_ms, hold_ms)

    def _put(
        self, db: sqlite3.Connection, kind: Kind, reference: str, sealed: bytes, now_ms: int, hold_ms: int
    ) -> None:
        db.execute(
            "INSERT INTO outbox (kind, reference, sealed, put_at_ms, since_ms, wait_ms) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, reference) DO UPDATE SET since_ms = excluded.since_ms, wait_ms = excluded.wait_ms"
            " WHERE state = 'waiting'",
            (kind, reference, sealed, now_ms, now_ms, hold_ms),
        )

    def put_once(self, kind: Kind, reference: str, sealed: bytes, now_ms: int) -> None:
        """Keep a message for good, to be delivered at once; one that is there already stays as it is."""
        with self._transaction() as db:
            self._put(db, kind, reference, sealed, now_ms, 0)

    def touch(self) -> None:
        """Write a row and take it back in one transaction, for good. JournalFault if that cannot be done."""
        with self._transaction() as db:
            self._put(db, "claim", "ready?", b"", 0, 0)
            db.execute("DELETE FROM outbox WHERE reference = 'ready?'")

    def erase(self, letter: Letter) -> None:
        """Erase the body of a dead letter; its reference and problem stay."""
        with self._transaction() as db:
            db.execute("UPDATE outbox SET sealed = NULL WHERE seq = ?", (letter.seq,))
        self._erase_log()

    def find(self, reference: str, kind: Kind | None) -> Letter | None:
        """Return a message by its reference; without a kind, the one that was put last."""
        with self._transaction() as db:
            row = db.execute(FIND, (reference, kind or "submission", kind or "claim")).fetchone()
        return None if row is None else Letter(*row)

    def due(self, now_ms: int, most: int) -> list[Letter]:
        """Return the messages to be tried now, oldest first; none while the line itself is waited for."""
        with self._transaction() as db:
            if db.execute(LINE_WAITS, {"now": now_ms}).fetchone():
                return []
            rows = db.execute(DUE, {"now": now_ms, "most": most}).fetchall()
        return [Letter(*row) for row in rows]

    def next_due_ms(self, now_ms: int) -> int | None:
        """Return in how many milliseconds the next message is due; None if none waits."""
        with self._transaction() as db:
            soonest, line = db.execute(NEXT_DUE, {"now": now_ms}).fetchone()
        return None if soonest is None else max(soonest, line)

    def delivered(self, letter: Letter, receipt_number: str) -> None:
        """Erase a message's body and keep its receipt number. The line works, so nothing waits for it any more."""
        with self._transaction() as db:
            db.execute(
                "UPDATE outbox SET state = 'delivered', sealed = NULL, receipt_number = ?, problem = '' WHERE seq = ?",
                (receipt_number, letter.seq),
            )
            db.execute("UPDATE outbox SET wait_ms = 0, line = 0 WHERE state = 'waiting' AND line = 1")
            db.execute("DELETE FROM outbox WHERE state = 'delivered' AND seq <= ?", (letter.seq - DELIVERED_KEPT,))
        self._erase_log()

    def postpone(self, letter: Letter, now_ms: int, wait_ms: int, problem: str, *, line: bool) -> None:
        """Leave a message for later."""
        with self._transaction() as db:
            db.execute(
                "UPDATE outbox SET attempts = attempts + 1, since_ms = ?, wait_ms = ?, line = ?, problem = ?"
                " WHERE seq = ? AND state = 'waiting'",
                (now_ms, wait_ms, int(line), problem, letter.seq),
            )

    def refuse(self, letter: Letter, problem: str, claim: bytes | None, now_ms: int) -> None:
        """Put a message among the dead letters and, in the same transaction, a (sealed) claim about its money."""
        with self._transaction() as db:
            db.execute(
                "UPDATE outbox SET state = 'refused', attempts = attempts + 1, problem = ? WHERE seq = ? AND state = 'waiting'",
                (problem, letter.seq),
            )
            if claim is not None:
                self._put(db, "claim", letter.reference, claim, now_ms, 0)

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
