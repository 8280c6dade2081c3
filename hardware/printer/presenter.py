"""The presenter of a kiosk printer: it holds a paper out to be taken, and draws it in again when nobody takes it.

    GS e 3 m     1D 65 03 m     hold the paper out, m steps of 0.625 mm
    GS e 2       1D 65 02       draw it in
    DLE EOT 20   10 04 14       full status, answered by 10 0F and four bytes; bit 5 of the first: a paper is held out

Source: Custom, KPM210 and KPM216 commands manuals.
"""

from __future__ import annotations

import time

from hardware.printer.commands import acknowledgement_request
from hardware.printer.dialogue import Dialogue
from hardware.printer.profiles import Profile

STEPS = 64
"""40 mm of paper, what two fingers want."""
HOLD_OUT = b"\x1de\x03" + bytes((STEPS,))
DRAW_IN = b"\x1de\x02"
DRAWN_IN_S = 4.0
LOOK_S = 0.2


class Presenter:
    """Remembers since when a paper has been held out. Every method may raise DeviceAbsent."""

    def __init__(self, dialogue: Dialogue, profile: Profile) -> None:
        self._dialogue, self._profile = dialogue, profile
        self._since_s: float | None = None

    def held_out(self) -> bool:
        """Whether a paper lies in the mouth, as far as the printer tells."""
        held = self._profile.presents and bool(self._dialogue.in_mouth())
        if not held:
            self._since_s = None
        elif self._since_s is None:
            self._since_s = time.monotonic()
        return held

    def forgotten(self, after_s: float) -> bool:
        """Whether a paper has lain there for so long that nobody will take it."""
        return self.held_out() and self._since_s is not None and time.monotonic() - self._since_s >= after_s

    def draw_in(self) -> str:
        """Draw in what lies in the mouth. Returns "" when the mouth is free, or "mechanical"."""
        if not self.held_out():
            return ""
        self._dialogue.write(DRAW_IN + acknowledgement_request(self._profile, "DRAW"), DRAWN_IN_S)
        end_s = time.monotonic() + DRAWN_IN_S
        while time.monotonic() < end_s:
            self._dialogue.settle(LOOK_S)
            if not self.held_out():
                return ""
        return "mechanical"
