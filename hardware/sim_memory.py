"""The durable memory of a simulated device: an SQLite file that survives every power cut."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


class DurableMemory:
    """The file ``name`` in a folder that need not be there yet. Any thread may use it."""

    def __init__(self, folder: Path, name: str, schema: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / name
        with self._open() as base:
            base.executescript(schema)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the memory for one step; it is on disk when the step is over."""
        with closing(sqlite3.connect(self._path, timeout=5.0)) as base, base:
            base.row_factory = sqlite3.Row
            base.execute("PRAGMA synchronous = FULL")
            yield base
