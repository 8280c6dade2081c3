"""Where each note is: the physical truth of a simulated validator, on disk at once, whoever loses power.

hand → path → escrow → transit → stacker
  ◄──────┴──────┘         (a note in transit goes on, or slips back where the firmware is told to: ``slips``)
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, Literal

Place = Literal["hand", "path", "escrow", "transit", "stacker", "collected"]


class Notes:
    """All notes that were ever put in, and where each is. At most one is between hand and stacker."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._rows: list[dict[str, Any]] = json.loads(file.read_text("utf-8")) if file.exists() else []

    def put_in(self, value: int) -> None:
        """Bring a new note of so many manat from the hand into the path."""
        self._rows.append({"note": len(self._rows) + 1, "value": value, "place": "path", "at": time.time()})
        self._save()

    def refuse(self, value: int) -> None:
        """Remember a note that was put in and came back at once."""
        self._rows.append({"note": len(self._rows) + 1, "value": value, "place": "hand", "at": time.time()})
        self._save()

    def move(self, place: Place) -> None:
        """Move the note on its way to another place."""
        row = self.under_way
        if row is not None:
            row["place"], row["at"] = place, time.time()
            self._save()

    def collect(self) -> int:
        """Take all notes out of the stacker; return their value in manat."""
        taken = [row for row in self._rows if row["place"] == "stacker"]
        for row in taken:
            row["place"] = "collected"
        self._save()
        return sum(row["value"] for row in taken)

    @property
    def under_way(self) -> dict[str, Any] | None:
        """The note between hand and stacker, if any."""
        return next((row for row in self._rows if row["place"] in ("path", "escrow", "transit")), None)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Every note: number, value in manat, place and since when."""
        return [dict(row) for row in self._rows]

    def _save(self) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(self._rows), "utf-8")
        fresh.replace(self._file)
