"""How much of the roll has been printed: metres and cuts since a new one was put in, kept over restarts where a file is named.

A near-end sensor says "low" when some metres are left, and many printers have none: the length counted is a second estimate.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from hardware.printer.status import Condition
from kiosk.domain.receipt import Supply

RESERVE_M = 3.0
"""So much is left when the roll is called low: a dozen papers, time enough to bring a new one."""


class Used(Struct, frozen=True):
    """What has come off this roll, and whether the printer has said that it is low or at its end."""

    mm: float = 0.0
    cuts: int = 0
    ending: bool = False


class Roll:
    """Counts. ``length_m`` 0: nobody knows how long a new roll is. ``file`` "": forgotten when the program ends."""

    def __init__(self, length_m: float, file: str) -> None:
        self._length_mm, self._file = length_m * 1000, Path(file) if file else None
        self.used = self._remembered()

    @property
    def low(self) -> bool:
        """Whether the roll should be near its end by its length."""
        return self._length_mm > 0 and self._length_mm - self.used.mm < RESERVE_M * 1000

    @property
    def supply(self) -> Supply:
        """How the roll stands, in whole millimetres."""
        used = self.used
        left_mm = round(max(0.0, self._length_mm - used.mm)) if self._length_mm else None
        return Supply(round(used.mm), used.cuts, left_mm, near_end=self.low or used.ending)

    def count(self, mm: float, cuts: int) -> None:
        """Count paper that has come out."""
        self._remember(replace(self.used, mm=self.used.mm + mm, cuts=self.used.cuts + cuts))

    def seen(self, condition: Condition) -> None:
        """Notice a new roll: the printer said that paper is low or out, and says so no more."""
        ending = condition.paper_low or "paper_out" in condition.faults
        if self.used.ending and not ending and not condition.faults:
            self._remember(Used())
        elif ending and not self.used.ending:
            self._remember(replace(self.used, ending=True))

    def told(self) -> str:
        """Say it for the technician."""
        told = f"{self.used.mm / 1000:.1f} m and {self.used.cuts} cuts since the roll was changed"
        left_m = (self._length_mm - self.used.mm) / 1000
        return f"{told}, about {max(0.0, left_m):.1f} m left" if self._length_mm else told

    def _remember(self, used: Used) -> None:
        self.used = used
        if self._file is not None:
            fresh = self._file.with_suffix(".new")
            with contextlib.suppress(OSError):  # an estimate is not worth a paper
                fresh.write_bytes(msgspec.json.encode(used))
                fresh.replace(self._file)

    def _remembered(self) -> Used:
        if self._file is None:
            return Used()
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Used)
        except (OSError, msgspec.DecodeError):
            return Used()
