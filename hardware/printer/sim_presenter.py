"""The simulated kiosk printer's presenter: where each piece of paper went after the knife.

Orders and status: Custom, KPM210 and KPM216 commands manuals (GS e, DLE EOT 20).
"""

from __future__ import annotations

from hardware.printer.sim_sensors import Sensors

RETRACT, PRESENT, EJECT, TELL = 2, 3, 5, 6
"""GS e n."""


class Presenter:
    """Holds at most one piece. ``fates`` says of each earlier one: taken, retracted, or dropped (pushed or thrown out)."""

    def __init__(self) -> None:
        self.inside: int | None = None
        self.held_out = False
        self.stuck = False
        self.fates: dict[int, str] = {}

    def receive(self, piece: int) -> None:
        """Get a piece from the knife; one that is still there falls out."""
        self._leave("dropped")
        self.inside = piece

    def hold_out(self) -> None:
        """Move the piece forward so that it can be taken."""
        self.held_out = self.inside is not None

    def retract(self) -> None:
        """Draw the piece into the bin inside; a stuck one stays where it is."""
        if not self.stuck:
            self._leave("retracted")

    def eject(self) -> None:
        """Throw the piece out."""
        self._leave("dropped")

    def take(self) -> None:
        """Let the citizen take it. ValueError when nothing is held out."""
        if not self.held_out:
            raise ValueError("nothing is held out")
        self._leave("taken")

    def _leave(self, fate: str) -> None:
        if self.inside is not None:
            self.fates[self.inside] = fate
        self.inside, self.held_out = None, False


def full_status(sensors: Sensors, presenter: Presenter) -> bytes:
    """Answer DLE EOT 20: 10 0F, paper, user, recoverable errors, unrecoverable errors."""
    paper = sensors.paper_end | sensors.near_end << 2 | presenter.held_out << 5
    user = sensors.cover_open << 1
    recoverable = sensors.hot | presenter.stuck << 6
    return bytes((0x10, 0x0F, paper, user, recoverable, int(sensors.cutter_error)))
