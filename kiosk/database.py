"""A database of the kiosk's own, as one SQLite file that a power cut cannot hurt: written ahead (WAL), and deleted for good."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from kiosk.domain.faults import JournalFault

LOG_BYTES_AT_MOST = 4_194_304
"""What the log is cut down to once it is in the database."""


@contextmanager
def opening(path: Path) -> Iterator[sqlite3.Connection]:
    """Open or make a database and lend it for being set up; afterwards it stays open.

    Transactions are begun by the caller. JournalFault, and the database is closed, if anything about it fails.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    except (sqlite3.Error, OSError) as error:
        raise JournalFault(f"{path}: {error}") from error
    try:
        yield base
    except sqlite3.Error as error:
        base.close()
        raise JournalFault(f"{path}: {error}") from error
    except JournalFault:
        base.close()
        raise


def write_ahead(base: sqlite3.Connection, path: Path, synchronous: Literal["FULL", "NORMAL"] = "FULL") -> None:
    """Have it written ahead. With FULL no power cut takes back what was committed. JournalFault if SQLite will not do it there."""
    (mode,) = base.execute("PRAGMA journal_mode=WAL").fetchone()
    if mode != "wal":
        raise JournalFault(f"{path}: SQLite answered journal mode {mode}, not wal")
    for pragma in (f"synchronous={synchronous}", "secure_delete=ON", f"journal_size_limit={LOG_BYTES_AT_MOST}"):
        base.execute(f"PRAGMA {pragma}")
