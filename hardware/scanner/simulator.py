"""A serial MRZ scanner at the far end of a pty, with a person who holds cards to it. Written from what scanners on the market do.

They send the lines of the zone as they are printed, each ended by CR, or CR LF, or all in one; some put STX before and ETX
after. They verify nothing: a thumb on the card, and letters are missing or wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hardware.card.sim_persons import named_card
from hardware.card.sim_profile import CardProfile, load_card
from hardware.sim_line import Line
from hardware.sim_manners import BadCommand, Command, carry_out

WIDTHS = {90: 30, 72: 36, 88: 44}
ENDS = {"cr": "\r", "crlf": "\r\n", "none": ""}


class SimulatedScanner:
    """See ``do`` for what can be done to it. ``port`` is the stable name of its line."""

    def __init__(self, port: Path) -> None:
        self._line = Line(port)
        self._ends, self._wrapped = "cr", False
        self._scans: list[dict[str, Any]] = []
        self._commands: dict[str, Callable[[Command], Command | None]] = {
            "scan": self._scan,
            "type": self._type,
            "set_up": self._set_up,
            "unplug": lambda _: self._line.unplug(),
            "plug": lambda _: self._line.plug(),
            "state": self._state,
        }

    def start(self) -> None:
        """Plug it in."""
        self._line.plug()

    def stop(self) -> None:
        """Take it away."""
        self._line.unplug()

    def ledger(self) -> list[dict[str, Any]]:
        """Return what was held to it: the card's name, and whether it was seen whole."""
        return self._scans

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Do something to it.

        ``scan`` (``card``: a name or a card file; ``spoil``: so many letters, from the 6th on, are read wrongly; ``hide``: so many at
        the end are covered), ``type`` (``text``: any bytes at all), ``set_up`` (``ends``: cr, crlf, none; ``wrapped``: in
        STX and ETX), ``unplug``, ``plug``, ``state``.
        """
        return carry_out(self._commands, command)

    def _type(self, command: Command) -> None:
        self._line.send(str(command["text"]).encode("latin-1"))

    def _set_up(self, command: Command) -> None:
        ends = command.get("ends", self._ends)
        if ends not in ENDS:
            raise BadCommand(f"ends {ends!r}: expected one of {', '.join(ENDS)}")
        self._ends, self._wrapped = ends, bool(command.get("wrapped", self._wrapped))

    def _state(self, _command: Command) -> Command:
        return {"plugged": self._line.plugged, "ends": self._ends, "wrapped": self._wrapped}

    def _scan(self, command: Command) -> None:
        name = str(command.get("card", "aygun"))
        profile = named_card(name) or load_card(Path(name))
        if not isinstance(profile, CardProfile):
            raise BadCommand(f"{name} has no machine readable zone")
        spoil, hide = int(command.get("spoil", 0)), int(command.get("hide", 0))
        zone = seen(profile.mrz(), spoil, hide)
        width = WIDTHS[len(profile.mrz())]
        text = "".join(zone[at : at + width] + ENDS[self._ends] for at in range(0, len(zone), width))
        self._line.send((f"\x02{text}\x03" if self._wrapped else text).encode("ascii"))
        self._scans.append({"card": profile.name, "whole": not (spoil or hide)})


def seen(zone: str, spoil: int = 0, hide: int = 0) -> str:
    """Return what a scanner makes of a zone: the next letter for the wrongly read ones, nothing for the covered ones."""
    letters = list(zone)
    for at in range(5, 5 + spoil):
        letters[at] = "8" if letters[at] != "8" else "B"
    return "".join(letters)[: len(zone) - hide]
