"""A payment terminal that speaks nexo Sale to POI 3.0 in JSON over HTTP, as terminals with a local interface do.

It knows nothing of the driver. Its sales live in ``folder`` and survive ``stop()`` and every power cut: what the host had
approved and the terminal had not recorded is reversed before it listens again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from hardware.nexo.sim_bench import COMMANDS
from hardware.nexo.sim_controls import Controls, Faults
from hardware.nexo.sim_device import Device
from hardware.nexo.sim_dialogue import answer
from hardware.nexo.sim_ledger import Ledger
from hardware.sim_http import Reply
from hardware.sim_life import Life
from hardware.sim_mains import NetworkDevice, utc_now
from hardware.sim_manners import obey
from hardware.sim_times import Delays

PATH = "/nexo"
DISPLAY = {
    "off": "",
    "boot": "Starting",
    "idle": "Welcome",
    "card": "Present card",
    "pin": "Enter PIN",
    "bank": "Contacting bank",
}


class SimulatedNexoTerminal(NetworkDevice):
    """A terminal that is off, boot, idle, card, pin or bank (``phase``). See ``sim_bench`` for what ``do`` understands."""

    controls: Controls

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        *,
        delays: Delays | None = None,
        card_s: float = 60.0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._delays = delays or Delays()
        super().__init__("terminal", port, PATH, self._delays.boot_s)
        self.controls = Controls()
        self.memory: Ledger = Ledger(folder)
        self._card_s = card_s
        self._clock = clock
        self._device: Device | None = None

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Obey the bench: ``{"do": "decline"}`` → ``{"ok": true}``; a mistake → ``{"ok": false, "error": …}``."""
        said = obey(self, COMMANDS, command)
        device = self._device
        if said["ok"]:
            self.controls.version += 1
            if device:
                device.life.wake()
        return said

    def ledger(self) -> list[dict[str, Any]]:
        """Give every sale and what became of it, oldest first; also while the power is off."""
        return self.memory.rows()

    def state(self) -> dict[str, Any]:
        """Describe the terminal for the bench: phase, display, plan, faults and address."""
        return {
            "phase": self.phase,
            "display": DISPLAY[self.phase],
            "plan": self.controls.plan,
            "amount_minor": self._device.asking_minor if self._device else None,
            "silent": self.controls.faults.silent,
            "unheard": self.controls.unheard,
            "url": self.url,
        }

    def _prepare(self, life: Life, instant: Callable[[str], None]) -> Callable[[bytes], Reply]:
        enter = partial(self._enter, life)
        self._device = Device(
            life, self.memory, self.controls, self._delays, self._card_s, self._clock, enter, instant
        )  # fmt: skip
        return partial(answer, self._device)

    def _wake_up(self) -> None:
        self.memory.wake_up()

    def _forget(self) -> None:
        self.controls.faults = Faults()
