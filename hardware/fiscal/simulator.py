"""A fiscal register (Azerbaijani e-kassa) as a kiosk reaches it: JSON over HTTP on the local network.

It is written from README.md alone and knows nothing of the driver. Its documents live in ``folder`` and survive ``stop()``
and every power cut.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event, RLock, Thread, current_thread
from typing import Any, Final

from hardware.fiscal.sim_bench import COMMANDS
from hardware.fiscal.sim_controls import Controls, Faults
from hardware.fiscal.sim_dialogue import Session
from hardware.fiscal.sim_memory import Memory
from hardware.fiscal.sim_register import Register
from hardware.fiscal.sim_reports import ledger_row
from hardware.sim_http import LOOPBACK, Door
from hardware.sim_life import Life, PowerCut
from hardware.sim_manners import BadCommand, obey

PATH: Final = "/v2"
JOIN_S: Final = 20.0


def utc_now() -> datetime:
    """Give the register's clock."""
    return datetime.now(UTC)


class SimulatedFiscalRegister:
    """One register at ``url``. ``port`` 0: a free one, the same for good. See ``sim_bench`` for what ``do`` understands."""

    def __init__(self, folder: Path, port: int = 0, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.controls = Controls()
        self.port = port
        self._folder = folder
        self._clock = clock
        self._mains = RLock()
        self._on = False
        self._door: Door | None = None
        self._session: Session | None = None
        self._life = Life()
        self._thread: Thread | None = None
        Memory(folder)

    @property
    def url(self) -> str:
        """Where requests are posted; known once it was started."""
        return f"http://{LOOPBACK}:{self.port}{PATH}"

    def start(self) -> None:
        """Plug it in and switch it on; it listens when this returns."""
        with self._mains:
            if self._door is None:
                self._fit_door()
            self.power_on()

    def stop(self) -> None:
        """Cut the power and take the cable away."""
        with self._mains:
            self.power_off()
            door, self._door = self._door, None
            if door:
                door.shut()

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Obey the bench: ``{"do": "offline"}`` → ``{"ok": true}``; a mistake → ``{"ok": false, "error": …}``."""
        return obey(self, COMMANDS, command)

    def ledger(self) -> list[dict[str, Any]]:
        """Give every document, oldest first; also while the power is off. Amounts in qəpik."""
        return [ledger_row(document) for document in Memory(self._folder).documents()]

    def state(self) -> dict[str, Any]:
        """Describe the register for the bench."""
        memory = Memory(self._folder)
        token, faults = memory.token(), self.controls.faults
        return {
            "powered": self._on,
            "url": self.url,
            "shift": token.shift,
            "shift_opened": token.opened,
            "last_document": memory.last_number(),
            "unsent": len(memory.unsent()),
            "unprinted": token.unprinted,
            "offline": faults.offline,
            "silent": faults.silent,
            "later_hours": self.controls.later_hours,
            "unheard": self.controls.unheard,
        }

    def expire_token(self) -> None:
        """End the access token."""
        if self._session:
            self._session.access_token = None

    def make_well(self) -> None:
        """End every fault and give it power; the clock stays where it was moved to."""
        self.controls.faults = Faults()
        self.power_on()

    def power_on(self) -> None:
        """Give it power; it listens when this returns. Raises BadCommand if it has no cable."""
        with self._mains:
            if self._on:
                return
            if self._door is None:
                raise BadCommand("the register is not plugged in")
            self._on = True
            opened = Event()
            self._thread = Thread(target=self._live, args=(self._door, opened), name="fiscal-register", daemon=True)
            self._thread.start()
            opened.wait(JOIN_S)

    def power_off(self) -> None:
        """Cut the power: connections break, the access token and the faults of the line are forgotten."""
        with self._mains:
            if not self._on or not self._door:
                return
            self._on = False
            self._life.end()
            self._door.shut()
            self.controls.faults = Faults(offline=self.controls.faults.offline, printing=self.controls.faults.printing)
            self._fit_door()
            thread = self._thread
        if thread and thread is not current_thread():
            thread.join(JOIN_S)

    def power_cycle(self) -> None:
        """Cut the power and give it back."""
        self.power_off()
        self.power_on()

    def _fit_door(self) -> None:
        """Prepare the next stretch of power: a door that is bound and not yet open."""
        self._life = Life()
        register = Register(self._folder, self.controls, self._life, self._clock, partial(self._struck, self._life))
        self._session = Session(register)
        self._door = Door(self.port, PATH, self._life, self.controls, self._session.answer)
        self.port = self._door.port

    def _struck(self, life: Life) -> None:
        """Cut the power in the middle of a document, by the thread that works on it."""
        with self._mains:
            if life.over:
                return
            stay_off = self.controls.faults.stay_off
            self.power_off()
            if not stay_off:
                self.power_on()

    def _live(self, door: Door, opened: Event) -> None:
        with suppress(PowerCut):
            door.serve(opened.set)
