"""The simulated Star printer's presenter: a loop of paper, a mouth, a bin inside, and a clock.

Source: Star Line Mode Command Specifications, "Presenter Related Command Details" and printer status 7. How long each
movement takes is not published: the times here are the bench's.
"""

from __future__ import annotations

from typing import Final

from hardware.printer.sim_presenter import Presenter

EMPTY, LOOP, OUT, RECOVERED, TAKEN = 0, 1, 3, 6, 7
"""Paper position, printer status 7 bits 3 to 1."""

STEP_S: Final = 0.5  # ESC SYN 1 n: automatic recovery after n of these
DISCHARGE_S: Final = 0.3
SETTLE_S: Final = 0.5


class StarPresenter(Presenter):
    """A presenter that moves by itself: ``tick`` is to be called often with a monotonic time in seconds.

    ``counts`` are the sheets pulled out and the sheets recovered, as ESC SYN 3 gives them. ``recovery_s`` 0: never by itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self.position = EMPTY
        self.recovery_s = 0.0
        self.counts = [0, 0]
        self._now_s = 0.0
        self._changed_s = 0.0
        self._sheet_recovery_s = 0.0

    def supply(self) -> None:
        """Feel the first row of a new sheet: it gathers in the loop."""
        if self.position in {EMPTY, RECOVERED, TAKEN}:
            self._go(LOOP)

    def receive(self, piece: int) -> None:
        """Get a sheet from the knife and begin to push it out; one that is still there falls out."""
        super().receive(piece)
        self._sheet_recovery_s = self.recovery_s
        self._go(LOOP)

    def recover_after(self, steps: int) -> None:
        """Recover the next sheets by itself after so many half seconds; 0: never (ESC SYN 1 n)."""
        self.recovery_s = steps * STEP_S

    def retract(self) -> None:
        """Draw a sheet that was cut into the bin; anything else, and a stuck one, stays."""
        if self.inside is not None and not self.stuck:
            super().retract()
            self.counts[1] += 1
            self._go(RECOVERED)

    def take(self) -> None:
        """Let the citizen pull the sheet out. ValueError when none is out."""
        super().take()
        self.counts[0] += 1
        self._go(TAKEN)

    def clear(self, fate: str) -> None:
        """Empty it without counting: by hand, or by its own start after a power cut."""
        self._leave(fate)
        self._go(EMPTY)

    def tick(self, now_s: float) -> None:
        """Do what is due at ``now_s``."""
        self._now_s = now_s
        passed_s = now_s - self._changed_s
        if self.stuck:
            return
        if self.position == LOOP and self.inside is not None and passed_s >= DISCHARGE_S:
            self.hold_out()
            self._go(OUT)
        elif self.position == OUT and 0 < self._sheet_recovery_s <= passed_s:
            self.retract()
        elif self.position in {RECOVERED, TAKEN} and passed_s >= SETTLE_S:
            self._go(EMPTY)

    def _go(self, position: int) -> None:
        self.position = position
        self._changed_s = self._now_s
