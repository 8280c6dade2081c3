"""The visitor's hands behind the bench window: orders go to the bench, and how everything is comes back, on one thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct

from hardware.bench.control import ask

LOOK_S = 0.25
POWER_FAILS = "power fails"
"""The line by which the window asks the demonstration for what the bench cannot do."""
JOIN_S = 2.0
Order = dict[str, Any]


class Seen(Struct):
    """How everything is. ``notes`` are taken now, ``note`` is on its way, ``box`` lies in the cash box (manat). ``paper`` is a PNG when there is a newer one, b"" when the mouth is empty, None as before."""

    card: str = ""
    phase: str = ""
    display: str = ""
    amount_minor: int | None = None
    paper_out: bool = False
    network: bool = True
    mains: bool = True
    door_open: bool = False
    lamps: tuple[str, ...] = ()
    notes: tuple[int, ...] = ()
    note: int = 0
    box: int = 0
    paper: bytes | None = None
    trouble: str = ""


class Hands:
    """Carries out orders one after another and looks at everything in between."""

    def __init__(self, control: Path, papers: Path) -> None:
        self._control, self._papers = control, papers
        self._orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._card = ""
        self._paper: tuple[str, int] = ("", 0)
        self._thread = threading.Thread(target=self._run, name="hands", daemon=True)
        self._tell: Callable[[Seen], None] = lambda _seen: None

    def start(self, tell: Callable[[Seen], None]) -> None:
        """Begin; ``tell`` is called on the hands' thread."""
        self._tell = tell
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._orders.put(None)
        if self._thread.is_alive():
            self._thread.join(JOIN_S)

    def do(self, order: Order) -> None:
        """Order something of the bench; it is done soon."""
        self._orders.put(order)

    def beside(self, name: str) -> str:
        """Return the path of a file in the bench's folder."""
        return str(self._control.parent / name)

    def _run(self) -> None:
        trouble = ""
        while True:
            try:
                self._tell(self.look(trouble))
            except (OSError, ValueError, KeyError) as error:
                self._tell(Seen(trouble=f"no bench: {error}"))
            try:
                order = self._orders.get(timeout=LOOK_S)
            except queue.Empty:
                continue
            if order is None:
                return
            trouble = self._carry_out(order)

    def _carry_out(self, order: Order) -> str:
        try:
            answer = ask(self._control, order)
        except (OSError, ValueError) as error:
            return str(error)
        if answer.get("ok") and order["device"] == "card":
            self._card = order.get("card", "") if order["do"] == "insert" else ""
        return "" if answer.get("ok") else str(answer.get("error"))

    def look(self, trouble: str = "") -> Seen:
        """Ask every device how it is. OSError when the bench has gone."""
        terminal, printer = self._state("terminal"), self._state("printer")
        panel, network, cash = self._state("panel"), self._state("network"), self._state("validator")
        return Seen(
            card=self._card,
            phase=terminal["phase"],
            display=terminal["display"] or "off",
            amount_minor=terminal["amount_minor"],
            paper_out=printer["paper_end"],
            network=network["mode"] == "up",
            mains=panel["mains"],
            door_open=panel["door"],
            lamps=tuple(name for name, level in panel["lamps"].items() if level),
            notes=tuple(cash.get("accepts", ())),
            note=cash.get("note", 0),
            box=cash.get("box", 0),
            paper=self._newest(printer["uncut_rows"]),
            trouble=trouble,
        )

    def _state(self, device: str) -> dict[str, Any]:
        return ask(self._control, {"device": device, "do": "state"})

    def _newest(self, uncut_rows: int) -> bytes | None:
        """Return the paper that is coming out, else the last one that was cut; None if it is the one of before."""
        if uncut_rows:
            found = ("current", uncut_rows)
            path = Path(ask(self._control, {"device": "printer", "do": "current"})["paper"])
        else:
            pieces = sorted(self._papers.glob("paper-[0-9]*.png"))
            if not pieces:
                return None
            path, found = pieces[-1], (pieces[-1].name, 0)
        if found == self._paper or not path.exists():
            return None
        self._paper = found
        return path.read_bytes()
