"""A CashCode bill validator at the far end of a serial line (CCNET), with a person who puts notes in.

Written from the protocol alone. Notes are where they physically are, whoever loses power (``sim_notes``); everything else is
forgotten with the power, as in the device.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from hardware.cash.sim_frame import Ear
from hardware.cash.sim_machine import FAILURE, TROUBLES, Machine, Times
from hardware.cash.sim_notes import Notes
from hardware.sim_line import Line
from hardware.sim_manners import BadCommand, Command, carry_out

LOOK_S = 0.02
GAP_S = 0.05
"""A frame that stops for so long will not go on: the manual allows 5 ms, a pseudo-terminal on a busy machine needs more."""
BYTES_AT_MOST = 512
FAILURE_CODE = 0x51
QUIRKS = ("once", "silent_return", "slips")


class SimulatedValidator:
    """See ``do`` for what can be done to it. ``port`` is the stable name of its line, ``folder`` its memory."""

    def __init__(self, folder: Path, port: Path, *, quick: bool = False, quirks: tuple[str, ...] = ()) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.notes = Notes(folder / "notes.json")
        self._times, self._quirks = Times.quick() if quick else Times(), frozenset(quirks)
        self._line, self._ear = Line(port), Ear()
        self._lock = threading.Lock()
        self._machine: Machine | None = None
        self._broken: tuple[int, bytes] = (0, b"")
        self._heard_at = 0.0
        self._silent, self._spoilt = False, 0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._orders: dict[str, Callable[[Command], Command | None]] = {
            "insert": self._insert,
            "jam_next": self._jam_next,
            "mend": self._mend,
            "collect": self._collect,
            "silent": self._be_silent,
            "speak": self._speak,
            "spoil": self._spoil,
            "garbage": self._garbage,
            "power_off": self._power_off,
            "power_on": self._power_up,
            "power_cycle": self._power_cycle,
            "unplug": self._unplug,
            "plug": self._plug,
            "state": self._state,
            **{word: partial(self._break_down, trouble) for word, trouble in TROUBLES.items()},
        }

    def start(self) -> None:
        """Plug it in and give it power."""
        if self._thread is not None:
            return
        self._stopping.clear()
        self._line.plug()
        self._power_on()
        self._thread = threading.Thread(target=self._run, name="sim-validator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take power and cable away. The notes stay where they are."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(5)
            self._thread = None
        self._power_off({})
        self._line.unplug()

    def ledger(self) -> list[dict[str, Any]]:
        """Return every note that was ever put in, its value in manat, and where it is."""
        return self.notes.rows

    def do(self, command: Command) -> Command:
        """Do something to it.

        ``insert`` (``value`` in manat), ``jam_next``, ``cassette_full`` and the other troubles, ``mend``, ``collect``, ``silent``,
        ``speak``, ``spoil`` (the check sums of the next ``count`` answers), ``garbage`` (``bytes`` in hex), ``power_off``, ``power_on``, ``power_cycle``, ``unplug``,
        ``plug``, ``state``.
        """
        with self._lock:
            return carry_out(self._orders, command)

    def _power_on(self) -> None:
        if self._machine is None:
            self._machine = Machine(self.notes, self._times, time.monotonic, self._quirks, self._broken)
            self._silent = False

    def _run(self) -> None:
        while not self._stopping.is_set():
            data = self._line.read(BYTES_AT_MOST, LOOK_S, lambda: not self._stopping.is_set())
            with self._lock:
                machine = self._machine
                if machine is None:
                    self._ear.forget()
                    continue
                machine.tick()
                self._mind_the_gap(data)
                for order in self._ear.hear(data):
                    self._say(machine.reply(order))
            if not self._line.plugged:
                self._stopping.wait(LOOK_S)

    def _mind_the_gap(self, data: bytes) -> None:
        now = time.monotonic()
        if now - self._heard_at > GAP_S:
            self._ear.forget()
        if data:
            self._heard_at = now

    def _say(self, frame: bytes) -> None:
        if self._silent or not frame:
            return
        if self._spoilt:
            self._spoilt -= 1
            frame = frame[:-1] + bytes((frame[-1] ^ 0x10,))
        self._line.send(frame)

    # --- orders of the bench; each holds the lock ---
    def _insert(self, command: Command) -> Command:
        if self._machine is None:
            return {"note": "refused"}
        return {"note": self._machine.insert(int(command.get("value", 0)))}

    def _jam_next(self, _command: Command) -> None:
        if self._machine is not None:
            self._machine.jam_next = True

    def _break_down(self, trouble: int, _command: Command) -> None:
        if self._machine is None:
            raise BadCommand("the validator is off")
        self._machine.break_down(trouble, bytes((FAILURE_CODE,)) if trouble == FAILURE else b"")

    def _mend(self, _command: Command) -> None:
        self._broken = (0, b"")
        if self._machine is not None:
            self._machine.mend()

    def _collect(self, _command: Command) -> Command:
        return {"value": self.notes.collect()}

    def _be_silent(self, _command: Command) -> None:
        self._silent = True

    def _speak(self, _command: Command) -> None:
        self._silent = False

    def _spoil(self, command: Command) -> None:
        self._spoilt = int(command.get("count", 1))

    def _garbage(self, command: Command) -> None:
        self._line.send_noise(bytes.fromhex(command["bytes"]))

    def _power_off(self, _command: Command) -> None:
        if self._machine is not None:
            self._broken = self._machine.lose_power()
        self._machine = None

    def _power_up(self, _command: Command) -> None:
        self._power_on()

    def _power_cycle(self, command: Command) -> None:
        self._power_off(command)
        self._power_on()

    def _unplug(self, _command: Command) -> None:
        self._line.unplug()

    def _plug(self, _command: Command) -> None:
        self._line.plug()

    def _state(self, _command: Command) -> Command:
        box = sum(row["value"] for row in self.notes.rows if row["place"] == "stacker")
        return {"box": box, **(self._machine.describe() if self._machine is not None else {"state": "off"})}
