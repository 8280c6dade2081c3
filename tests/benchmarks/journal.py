"""Durable journal appends per second, beside a bare loop of write and fdatasync on the same disk, in turns."""

from __future__ import annotations

import itertools
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from kiosk.journal import Journal
from kiosk.journey.events import (
    AnswerGiven,
    CardInserted,
    JourneyStarted,
    PaymentConfirmed,
    PaymentSettled,
    ServiceChosen,
)
from tests.benchmarks.measure import BUILD, Row, median, percentile

WARMING = 5000
"""More than one turn of the write-ahead log: then both loops write over blocks that the file has already."""
ROUNDS = 200
APPENDS = 20
"""In one round. So short that whatever else the machine does meets both loops alike."""
FRAME_HEADER_BYTES = 24
EVENTS = (
    ServiceChosen("electricity"),
    CardInserted(1),
    AnswerGiven("customer_number", "104558210"),
    PaymentConfirmed(),
    PaymentSettled(2),
)
"""What a visit is made of: some of it sealed."""


class BareFile:
    """Writes as much as one entry takes in the journal's write-ahead log, and waits for the disk."""

    def __init__(self, path: Path, frame_bytes: int) -> None:
        self._frame, self._at = os.urandom(frame_bytes), 0
        self._size = frame_bytes * 4000
        self._file = os.open(path, os.O_RDWR | os.O_CREAT)
        os.write(self._file, bytes(self._size))
        os.fsync(self._file)

    def append(self) -> None:
        """Write and wait."""
        os.pwrite(self._file, self._frame, self._at)
        os.fdatasync(self._file)
        self._at = (self._at + len(self._frame)) % self._size

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def measure() -> list[Row]:
    """Return appends per second, the bare loop's, and their ratio (medians of rounds, measured alternately)."""
    ours: list[float] = []
    bare: list[float] = []
    events = itertools.cycle(EVENTS)
    BUILD.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=BUILD) as name,
        closing(Journal(Path(name) / "journal.db", "AGALI-1")) as journal,
    ):
        journal.append(JourneyStarted("az", 1), 1, 0, 0)
        with closing(BareFile(Path(name) / "bare", frame_bytes(Path(name) / "journal.db"))) as file:

            def append() -> None:
                journal.append(next(events), 1, 1_790_000_000_000, 1)

            for work in (append, file.append):
                seconds(work, WARMING)
            for _ in range(ROUNDS):
                ours.append(seconds(append, APPENDS))
                bare.append(seconds(file.append, APPENDS))
    ratio = 100 * median(bare) / median(ours)
    return [
        Row(
            "journal: durable appends", APPENDS / median(ours), "1/s", note=f"{ROUNDS} rounds of {APPENDS}, alternating"
        ),
        Row("journal: bare write + fdatasync", APPENDS / median(bare), "1/s", note="the same bytes on the same disk"),
        Row("journal: ratio to the bare loop", ratio, "%", 80, at_least=True),
        Row("journal: one append, p95 of rounds", 1000 * percentile(ours, 95) / APPENDS, "ms"),
    ]


def frame_bytes(database: Path) -> int:
    """Return how much the write-ahead log takes for a page of this database."""
    with closing(sqlite3.connect(database)) as base:
        page_bytes: int = base.execute("PRAGMA page_size").fetchone()[0]
    return FRAME_HEADER_BYTES + page_bytes


def seconds(work: Callable[[], object], times: int) -> float:
    """Return how long it took to do something so many times."""
    started = time.perf_counter()
    for _ in range(times):
        work()
    return time.perf_counter() - started
