"""A fiscal register (Azerbaijani e-kassa) as a kiosk reaches it: JSON over HTTP on the local network.

It is written from README.md alone and knows nothing of the driver. Its documents live in ``folder`` and survive ``stop()``
and every power cut.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hardware.fiscal.sim_bench import COMMANDS
from hardware.fiscal.sim_controls import Controls, Faults
from hardware.fiscal.sim_dialogue import Session
from hardware.fiscal.sim_memory import Memory
from hardware.fiscal.sim_register import Register
from hardware.fiscal.sim_reports import ledger_row
from hardware.sim_http import Reply
from hardware.sim_life import Life
from hardware.sim_mains import NetworkDevice, utc_now
from hardware.sim_manners import obey

PATH: Final = "/v2"


class SimulatedFiscalRegister(NetworkDevice):
    """A register that is off, or idle and listens (``phase``). See ``sim_bench`` for what ``do`` understands."""

    controls: Controls

    def __init__(self, folder: Path, port: int = 0, *, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__("register", port, PATH)
        self.controls = Controls()
        self._folder = folder
        self._clock = clock
        self._session: Session | None = None
        Memory(folder)

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
            super().power_on()
            self.wait_until("idle")

    def _prepare(self, life: Life, instant: Callable[[str], None]) -> Callable[[bytes], Reply]:
        self._session = Session(Register(self._folder, self.controls, life, self._clock, instant))
        return self._session.answer

    def _forget(self) -> None:
        faults = self.controls.faults
        self.controls.faults = Faults(offline=faults.offline, printing=faults.printing)
