"""What is done once a night in one hour, in a device's own thread, while nobody is served."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, tzinfo
from pathlib import Path

TRIES = 3
"""How often a night a device that cannot be asked is tried."""
NEVER = -1

Told = tuple[int, dict[str, object]]
"""A journey and an event of it, as the journal holds it."""


class Nightly:
    """One thing a night. ``hour``: local, 0 to 23; NEVER. ``serving`` says whether somebody is at the kiosk: then it waits."""

    def __init__(self, hour: int, zone: tzinfo) -> None:
        self.serving: Callable[[], bool] = lambda: True
        self._hour, self._zone = hour, zone
        self._night, self._tries = "", 0

    def due(self) -> str:
        """Return the date of the night in which it is to be done now; "" by day, and while somebody is served."""
        now = datetime.now(self._zone)
        return now.date().isoformat() if now.hour == self._hour and not self.serving() else ""

    def begun(self, night: str) -> bool:
        """Count a try of this night; say whether there was one left."""
        if night != self._night:
            self._night, self._tries = night, 0
        if self._tries >= TRIES:
            return False
        self._tries += 1
        return True

    def finish(self) -> None:
        """Let it be for this night."""
        self._tries = TRIES

    def over(self, night: str) -> bool:
        """Say whether there is nothing more to be done this night."""
        return night == self._night and self._tries >= TRIES


def told_since(path: Path, closed: str, kinds: Sequence[str]) -> list[Told]:
    """Read the events of ``kinds`` since the last day that was closed, beside the journal's writer: a journal of years is not read whole.

    ``closed`` is the event of a day's end; it closed the day unless its ``problem`` says that the device did not do it. What
    the journal holds of people is sealed and stays so.
    """
    last = (
        "SELECT max(seq) FROM entries WHERE json_extract(body, '$.type') = ?"
        " AND coalesce(json_extract(body, '$.problem'), '') IN ('', 'differs')"
    )
    wanted = ", ".join("?" * len(kinds))
    query = (
        f"SELECT journey, body FROM entries WHERE json_extract(body, '$.type') IN ({wanted})"  # noqa: S608 - question marks
        f" AND seq > coalesce(({last}), 0) ORDER BY seq"
    )
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
        rows = base.execute(query, (*kinds, closed)).fetchall()
    return [(journey, json.loads(body)) for journey, body in rows]
