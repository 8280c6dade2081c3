"""The presenter of a kiosk printer: it holds a paper out to be taken, and draws it in again when nobody takes it."""

from __future__ import annotations

import time

from hardware.printer.dialogue import Dialogue
from hardware.printer.profiles import Profile

DRAWN_IN_S = 4.0
LOOK_S = 0.2


class Presenter:
    """Remembers since when a paper has been held out. Every method may raise DeviceAbsent."""

    def __init__(self, dialogue: Dialogue, profile: Profile) -> None:
        self._dialogue, self._profile = dialogue, profile
        self._since_s: float | None = None
        self._refused = False

    def held_out(self) -> bool:
        """Whether a paper lies in the mouth, as far as the printer tells."""
        held = self._profile.presents and bool(self._dialogue.in_mouth())
        if not held:
            self._since_s, self._refused = None, False
        elif self._since_s is None:
            self._since_s = time.monotonic()
        return held

    def forgotten(self, after_s: float) -> bool:
        """Whether a paper has lain there for so long that nobody will take it."""
        return self.held_out() and self._since_s is not None and time.monotonic() - self._since_s >= after_s

    def jammed(self) -> bool:
        """Whether a paper lies there that could not be drawn in."""
        return self._refused and self.held_out()

    def draw_in(self) -> str:
        """Draw in what lies in the mouth. Returns "" when the mouth is free, or "mechanical"."""
        if not self.held_out():
            return ""
        self._dialogue.write(self._dialogue.dialect.draw_in, DRAWN_IN_S)
        end_s = time.monotonic() + DRAWN_IN_S
        while time.monotonic() < end_s:
            self._dialogue.settle(LOOK_S)
            if not self.held_out():
                return ""
        self._refused = True
        return "mechanical"
