"""Durable journal appends per second, beside a bare loop of write and fdatasync on the same disk, in turns."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from kiosk.journal import Journal
from kiosk.journey.events import AnswerGiven, JourneyStarted
from tests.benchmarks.measure import Row, median

ROUNDS = 7
APPENDS = 400
FRAME = bytes(24 + 4096)
"""One frame of the write-ahead log: its header and one page."""
EVENT = AnswerGiven("customer_number", "104558210")


def measure() -> list[Row]:
    """Return appends per second, the bare loop's, and their ratio (median of rounds, measured alternately)."""
    ours, bare = [], []
    with tempfile.TemporaryDirectory(dir=Path.cwd() / "build") as name:
        journal = Journal(Path(name) / "journal.db", "AGALI-1")
        journal.append(JourneyStarted("az", 1), 1, 0, 0)
        with (Path(name) / "bare").open("wb", buffering=0) as file:
            os.posix_fallocate(file.fileno(), 0, 4 << 20)
            for _ in range(ROUNDS):
                ours.append(rate(lambda: journal.append(EVENT, 1, 1_790_000_000_000, 1)))
                os.lseek(file.fileno(), 0, os.SEEK_SET)
                bare.append(rate(lambda: bare_append(file.fileno())))
        journal.close()
    ratios = [one / other for one, other in zip(ours, bare, strict=True)]
    return [
        Row("journal: durable appends", median(ours), "1/s"),
        Row("journal: bare write + fdatasync", median(bare), "1/s"),
        Row("journal: ratio to the bare loop", 100 * median(ratios), "%", 80, at_least=True),
    ]


def bare_append(descriptor: int) -> None:
    """Write as much as one entry takes in the write-ahead log, and wait for the disk."""
    os.write(descriptor, FRAME)
    os.fdatasync(descriptor)


def rate(work: object) -> float:
    """Return how often a second the work was done."""
    started = time.perf_counter()
    for _ in range(APPENDS):
        work()  # type: ignore[operator]
    return APPENDS / (time.perf_counter() - started)
