"""A simulated ESC/POS receipt printer at the far end of a serial line or a network.

It takes what Epson TM printers and their clones take, prints dot by dot, feels paper end, cover, cutter and heat, and
answers as the manual says. It is written from the manual alone and shares nothing with the driver.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Protocol

from hardware.printer import sim_pictures, sim_replies  # importing them fills the table of orders
from hardware.printer.sim_inbox import Ear, Inbox
from hardware.printer.sim_machine import Machine
from hardware.printer.sim_mechanism import Mechanism
from hardware.printer.sim_model import MODELS, Model
from hardware.printer.sim_network import NetworkLine
from hardware.printer.sim_orders import ORDERS
from hardware.printer.sim_paper import ROWS_PER_MM, Paper
from hardware.printer.sim_sensors import Sensors
from hardware.sim_line import Line
from hardware.sim_manners import Command, carry_out

__all__ = ["SimulatedPrinter", "sim_pictures"]

BUFFER_BYTES: Final = 4096
# A printer says "busy" a little before its buffer is full, so that a question still gets in.
SPARE_BYTES: Final = 64
READ_S: Final = 0.1
JOIN_S: Final = 1.0
BITS_PER_BYTE: Final = 10
SLICES_PER_S: Final = 50
LATE_S: Final = 0.01
WELL: Final = asdict(Sensors())
LASTING: Final = ("paper_end", "near_end", "cover_open", "cutter_jammed", "broken")


class Hearing(Protocol):
    """Finds the real-time commands in what arrives."""

    def hear(self, data: bytes) -> list[tuple[int, bytes]]:
        """Give (offset just after it, command) for each."""
        ...


class SimulatedPrinter:
    """A receipt printer behind the pty that ``link`` names, or listening where it says (``tcp://127.0.0.1:0``; see `port`).

    ``folder`` holds its paper (``paper-0001.png`` …, ``ledger.jsonl``), the uncut rest and its physical condition, and
    is read back on start: stopping and starting is a power cut. ``model``: "epson" answers everything, "clone" only
    DLE EOT and GS r and with the gaps of cheap printers, "custom" has a presenter, "custom_a4" one too and a head as wide as A4, "tx_only" has no wire back. ``mm_per_s`` and ``baud`` None:
    as fast as it can. ``cutter_mm`` is the distance from head to cutter: paper that lies in it stays on the roll.

    Commands for `do`: paper_out, paper_out_after {rows}, paper_in, near_end {on}, cover_open, cover_close, cutter_jam,
    clear (the jam), overheat, cool, break, silent, frozen, normal, garbage {bytes}, power_off, power_on, power_cycle,
    unplug, plug, take, presenter_jam, slow {mm_per_s}, current (writes paper-current.png), state, papers.
    """

    models: Mapping[str, Model] = MODELS

    def __init__(
        self,
        folder: Path,
        link: Path | str,
        *,
        width_dots: int | None = None,
        dots_per_inch: int = 203,
        model: str = "epson",
        mm_per_s: float | None = None,
        baud: int | None = None,
        cutter_mm: float = 0.0,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.link = link
        self._model = self.models[model]
        self._width_dots = width_dots or self._model.width_dots
        self._dots_per_inch = dots_per_inch
        self._mm_per_s = mm_per_s
        self._baud = baud
        self._gap_rows = round(cutter_mm * ROWS_PER_MM * dots_per_inch / 203)
        self._line = NetworkLine(link) if isinstance(link, str) else Line(link)
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()
        self._powered = threading.Event()
        self._frozen = False
        self._heard_s = 0.0
        self._build()

    def _build(self) -> None:
        paper = Paper(self.folder, self._width_dots, self._gap_rows, self._dots_per_inch)
        self._inbox = Inbox(BUFFER_BYTES)
        self._mechanism = Mechanism(self._inbox, paper, self._mm_per_s)
        self._fit()
        self._restore()

    def _fit(self) -> None:
        """Give the mechanism its dialect: who listens and who obeys."""
        self._ear: Hearing = Ear()
        self._machine = Machine(self._model, self._inbox, self._mechanism, self._line.send)
        self._machine.orders = ORDERS

    def _bodies(self) -> tuple[Callable[[], None], ...]:
        return (self._listen, self._machine.run)

    def _obey_now(self, command: bytes) -> None:
        sim_replies.real_time(self._machine, command)

    def start(self) -> None:
        """Connect the line and switch on."""
        if self._threads:
            return
        self._build()
        self._frozen = False
        self._line.muted = not self._model.answers
        self._stopping.clear()
        self._powered.set()
        self._line.plug()
        for body in self._bodies():
            thread = threading.Thread(target=body, name=f"printer {body.__name__}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Switch off and take the line away; paper and condition stay in the folder."""
        if not self._threads:
            return
        self._stopping.set()
        self._inbox.end()
        self._line.unplug()
        for thread in self._threads:
            thread.join(JOIN_S / len(self._threads))
        self._threads = []
        self._mechanism.paper.save_current()
        self._remember()

    @property
    def port(self) -> str:
        """What the driver's configuration has to say to reach it."""
        return self._line.address if isinstance(self._line, NetworkLine) else str(self.link)

    def ledger(self) -> list[dict[str, Any]]:
        """Give one row per piece of paper: paper, rows, height_mm, cut, cut_kind, sha256 (of the file), text, qr."""
        return self._mechanism.paper.ledger()

    def do(self, command: Command) -> dict[str, Any]:
        """Obey the bench: ``{"do": name, …}`` → ``{"ok": true, …}``, or ``{"ok": false, "error": why}``."""
        return carry_out(self._actions(), command)

    def _actions(self) -> dict[str, Callable[[Command], dict[str, Any] | None]]:
        feel = self._feel
        return {
            "paper_out": feel(paper_end=True),
            "paper_out_after": self._paper_out_after,
            "paper_in": feel(paper_end=False, near_end=False),
            "near_end": lambda command: feel(near_end=bool(command.get("on", True)))(command),
            "cover_open": feel(cover_open=True),
            "cover_close": feel(cover_open=False),
            "cutter_jam": feel(cutter_jammed=True),
            "clear": feel(cutter_jammed=False),
            "overheat": feel(hot=True),
            "cool": feel(hot=False),
            "break": feel(broken=True),
            "silent": lambda _: setattr(self._line, "muted", True),
            "frozen": lambda _: setattr(self, "_frozen", True),
            "normal": self._make_well,
            "garbage": lambda command: self._line.send_noise(bytes.fromhex(command["bytes"])),
            "take": lambda _: self._mechanism.presenter.take(),
            "presenter_jam": lambda _: setattr(self._mechanism.presenter, "stuck", True),
            "power_off": lambda _: self._power_off(),
            "power_on": lambda _: self._powered.set(),
            "power_cycle": self._power_cycle,
            "unplug": lambda _: self._line.unplug(),
            "plug": lambda _: self._line.plug(),
            "slow": self._slow,
            "current": lambda _: {"paper": str(self._save_current())},
            "state": lambda _: self._state(),
            "papers": lambda _: {"papers": self.ledger()},
        }

    def _feel(self, **changes: bool) -> Callable[[Command], None]:
        def change(_command: Command) -> None:
            self._mechanism.change(**changes)
            self._remember()

        return change

    def _paper_out_after(self, command: Command) -> None:
        rows = int(command["rows"])
        if rows <= 0:
            raise ValueError("rows must be positive; paper_out is now")
        with self._inbox.bell:
            self._mechanism.rows_left = rows

    def _make_well(self, _command: Command) -> None:
        self._line.muted = not self._model.answers
        self._frozen = False
        self._powered.set()
        self._mechanism.mm_per_s = self._mm_per_s
        self._mechanism.rows_left = None
        self._mechanism.presenter.stuck = False
        self._mechanism.change(**WELL)
        self._remember()

    def _slow(self, command: Command) -> None:
        speed = command["mm_per_s"]
        if speed is not None and float(speed) <= 0:
            raise ValueError("mm_per_s must be positive, or null for no limit")
        self._mechanism.mm_per_s = None if speed is None else float(speed)

    def _power_off(self) -> None:
        self._powered.clear()
        self._machine.power_up()
        # Without mains the error latches go; a cutter that is still jammed shows again at the next cut.
        self._mechanism.change(cutter_error=False, hot=False)

    def _power_cycle(self, _command: Command) -> None:
        self._power_off()
        self._powered.set()

    def _save_current(self) -> Path:
        with self._inbox.bell:
            return self._mechanism.paper.save_current()

    def _state(self) -> dict[str, Any]:
        with self._inbox.bell:
            sensors = self._mechanism.sensors
            return {
                "model": self._model.name,
                "powered": self._powered.is_set(),
                "plugged": self._line.plugged,
                "silent": self._line.muted,
                "frozen": self._frozen,
                "offline": sensors.offline,
                **asdict(sensors),
                "buffered_bytes": len(self._inbox),
                "held_out": self._mechanism.presenter.held_out,
                "fates": dict(self._mechanism.presenter.fates),
                "uncut_rows": len(self._mechanism.paper),
                "cuts": self._mechanism.cuts,
                "pieces": self._mechanism.paper.pieces,
                "unknown_bytes": sum(self._machine.unknown.values()),
                "unknown": dict(self._machine.unknown),
                "ignored": dict(self._machine.ignored),
                "lost_answer_bytes": self._line.lost_bytes,
            }

    def _listen(self) -> None:
        while not self._stopping.is_set():
            if not self._awake() or not self._line.plugged:
                self._stopping.wait(READ_S)
            elif room := self._room():
                self._hear(self._line.read(room, READ_S, self._awake))

    def _awake(self) -> bool:
        return self._powered.is_set() and not self._frozen

    def _room(self) -> int:
        free = self._inbox.wait_room()
        if not free:
            spare = self._inbox.size_bytes + SPARE_BYTES - len(self._inbox)
            free = spare if 0 < self._line.waiting_bytes() <= spare else 0
        return free if self._baud is None else min(free, max(1, self._baud // BITS_PER_BYTE // SLICES_PER_S))

    def _hear(self, data: bytes) -> None:
        start = 0
        for end, command in self._ear.hear(data):
            self._inbox.put(data[start:end])
            self._obey_now(command)
            start = end
        self._inbox.put(data[start:])
        if self._baud is not None:
            # Counted on from the last byte, if the line was not idle meanwhile: a thread that woke late has missed nothing.
            now_s = time.monotonic()
            self._heard_s = max(self._heard_s, now_s - LATE_S) + len(data) * BITS_PER_BYTE / self._baud
            self._stopping.wait(max(0.0, self._heard_s - now_s))

    def _remember(self) -> None:
        condition = {name: value for name, value in asdict(self._mechanism.sensors).items() if name in LASTING}
        fresh = self.folder / "condition.new"
        fresh.write_text(json.dumps(condition))
        fresh.replace(self.folder / "condition.json")

    def _restore(self) -> None:
        memory = self.folder / "condition.json"
        if memory.exists():
            self._mechanism.change(**json.loads(memory.read_text()))
