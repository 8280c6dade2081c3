"""The simulated printer's moving parts: head, motor and cutter, stopped by paper end, cover, heat and jams."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from hardware.printer.sim_inbox import WAIT_S, Inbox
from hardware.printer.sim_paper import Paper
from hardware.printer.sim_presenter import Presenter
from hardware.printer.sim_sensors import Sensors


class Mechanism:
    """Moves the paper row by row as long as the sensors allow.

    ``noticed`` is called (under the printer's lock) after each change of the sensors. Methods that wait take the
    caller's ``epoch`` and raise what `Inbox.check` raises.
    """

    def __init__(self, inbox: Inbox, paper: Paper, mm_per_s: float | None) -> None:
        self.sensors = Sensors()
        self.paper = paper
        self.mm_per_s = mm_per_s
        self.rows_left: int | None = None
        self.printing = False
        self.cuts = 0
        self.presenter = Presenter()
        self.noticed: Callable[[], None] = lambda: None
        self._inbox = inbox
        self._next_row_s = 0.0

    def change(self, **changes: bool) -> None:
        """Change sensors by name and wake whoever waits for them."""
        with self._inbox.bell:
            if changes.get("cover_open") and self.printing:
                changes["cover_opened_in_print"] = True
            if changes.get("cover_open") is False:
                changes["cover_opened_in_print"] = False
            self.sensors = replace(self.sensors, **changes)
            self.noticed()
            self._inbox.bell.notify_all()

    def ready(self, epoch: int) -> None:
        """Wait until the printer is online."""
        with self._inbox.bell:
            while self.sensors.offline:
                self._inbox.check(epoch)
                self._inbox.bell.wait(WAIT_S)
            self._inbox.check(epoch)

    def row(self, dots: int, epoch: int) -> None:
        """Print one row as soon as the printer may, at the speed of its motor."""
        self._keep_pace(epoch)
        with self._inbox.bell:
            self.printing = True
            self.ready(epoch)
            self.paper.add(dots)
            if self.rows_left is not None:
                self.rows_left -= 1
                if self.rows_left <= 0:
                    self.rows_left = None
                    self.change(paper_end=True)

    def rest(self) -> None:
        """Note that a line or picture is done: a cover opened now is no error."""
        with self._inbox.bell:
            self.printing = False

    def cut(self, kind: str, epoch: int) -> None:
        """Cut; with a jam notice the error, and cut when somebody has recovered the printer by DLE ENQ 1."""
        with self._inbox.bell:
            self.ready(epoch)
            while self.sensors.cutter_jammed:
                self.change(cutter_error=True)
                self.ready(epoch)
            self.cuts += 1
            self.paper.cut(kind)

    def recover(self) -> None:
        """Leave a recoverable error if its cause is gone."""
        with self._inbox.bell:
            if not self.sensors.cutter_jammed:
                self.change(cutter_error=False)

    def _keep_pace(self, epoch: int) -> None:
        mm_per_s = self.mm_per_s  # the bench may change it while a row is waited for
        if mm_per_s is None:
            return
        self._inbox.pause(self._next_row_s, epoch)
        self._next_row_s = max(self._next_row_s, time.monotonic()) + 1 / (self.paper.rows_per_mm * mm_per_s)
