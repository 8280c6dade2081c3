"""Star bytes in words, for a technician (``kiosk decode star``): the line mode, and the raster mode within it.

As with ESC/POS they are a stream, and the bytes are those that go to the printer. In the raster mode no byte is a letter: what
begins none of its commands is an error.
"""

from __future__ import annotations

from typing import Any

from hardware.printer.explain import Explainer
from hardware.printer.explain_star_orders import LINE_MODE, RASTER_MODE

ENTERS = ("ESC * r A",)
LEAVES = ("ESC * r B", "CAN", "ESC ACK CAN")
"""CAN and a reset take back what was set, the mode too."""


class StarExplainer(Explainer):
    """Explains a stream piece by piece, in the mode in which the printer stands by then: at first the line mode."""

    orders = LINE_MODE

    def _obeyed(self, command: str) -> None:
        if command in ENTERS:
            self.orders, self.letters = RASTER_MODE, False
        elif command in LEAVES:
            self.orders, self.letters = LINE_MODE, True

    def _unknown(self, code: bytes) -> str:
        where = "" if self.letters else " in the raster mode"
        return super()._unknown(code) + where


def explain_star(raw: bytes) -> list[dict[str, Any]]:
    """Explain a whole stream, command by command; what is no command is a row with ``error``."""
    explainer = StarExplainer()
    return explainer.feed(raw) + explainer.end()
