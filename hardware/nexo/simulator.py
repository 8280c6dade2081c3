"""A payment terminal that speaks nexo Sale to POI 3.0 in JSON over HTTP, as terminals with a local interface do.

It knows nothing of the driver. Its sales live in ``folder`` and survive ``stop()`` and every power cut: what the host had
approved and the terminal had not recorded is reversed before it listens again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import RLock, Thread, current_thread
from typing import Any

from hardware.nexo.sim_bench import COMMANDS
from hardware.nexo.sim_controls import Controls, Faults
from hardware.nexo.sim_device import Device
from hardware.nexo.sim_dialogue import answer
from hardware.nexo.sim_ledger import Ledger
from hardware.sim_http import LOOPBACK, Door
from hardware.sim_life import Life, PowerCut
from hardware.sim_manners import BadCommand, Phases, obey
from hardware.terminal.sim_times import Delays

PATH = "/nexo"
CALL_S = 20.0
DISPLAY = {
    "off": "",
    "boot": "Starting",
    "idle": "Welcome",
    "card": "Present card",
    "pin": "Enter PIN",
    "bank": "Contacting bank",
}


def utc_now() -> datetime:
    """Give the terminal's clock."""
    return datetime.now(UTC)


class SimulatedNexoTerminal:
    """One terminal at ``url``. ``port`` 0: a free one, the same for good. See ``sim_bench`` for what ``do`` understands."""

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        *,
        delays: Delays | None = None,
        card_s: float = 60.0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.controls: Controls = Controls()
        self.memory: Ledger = Ledger(folder)
        self.port = port
        self._delays = delays or Delays()
        self._card_s = card_s
        self._clock = clock
        self._phases = Phases("off")
        self._mains = RLock()
        self._door: Door | None = None
        self._device: Device | None = None
        self._thread: Thread | None = None
        self._on = False

    @property
    def url(self) -> str:
        """Where requests are posted; known once it was started."""
        return f"http://{LOOPBACK}:{self.port}{PATH}"

    def start(self) -> None:
        """Plug it in and switch it on; its port is known and reserved when this returns."""
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

    @property
    def phase(self) -> str:
        """What the terminal is doing: off, boot, idle, card, pin or bank."""
        return self._phases.now

    def wait_until(self, phase: str, timeout_s: float = 20.0) -> bool:
        """Wait until the terminal is in this phase; say whether it came to it in time."""
        return self._phases.wait_for(lambda: self.phase == phase, timeout_s)

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

    def power_on(self) -> None:
        """Give it power; it boots by itself. Raises BadCommand if it has no cable."""
        with self._mains:
            if self._on:
                return
            if self._door is None or self._device is None:
                raise BadCommand("the terminal is not plugged in")
            self._on = True
            self._enter(self._device.life, "boot")
            live = partial(self._live, self._device, self._door)
            self._thread = Thread(target=live, name="nexo-terminal", daemon=True)
            self._thread.start()

    def power_off(self) -> None:
        """Cut the power: connections break, faults and plans of the line are forgotten, the ledger stays."""
        with self._mains:
            if not self._on or not self._door or not self._device:
                return
            self._on = False
            self._device.life.end()
            self._phases.enter("off")  # before anybody can notice by the line
            self._door.shut()
            self.controls.faults = Faults()
            self._fit_door()
            thread = self._thread
        if thread and thread is not current_thread():
            thread.join(CALL_S)

    def power_cycle(self) -> None:
        """Cut the power and give it back; returns when it is up again."""
        self.power_off()
        self.power_on()
        if not self.wait_until("idle", self._delays.boot_s + CALL_S):
            raise BadCommand("the terminal did not come up again")

    def _fit_door(self) -> None:
        """Prepare the next stretch of power: a door that is bound and not yet open."""
        life = Life()
        self._device = Device(
            life, self.memory, self.controls, self._delays, self._card_s, self._clock, partial(self._enter, life), partial(self._struck, life),
        )  # fmt: skip
        self._door = Door(self.port, PATH, life, self.controls, partial(answer, self._device))
        self.port = self._door.port

    def _struck(self, life: Life) -> None:
        """Cut the power in the middle of something, by a thread that works on it; somebody else may have cut it just now."""
        with self._mains:
            if life.over:
                return
            stay_off = self.controls.faults.stay_off
            self.power_off()
            if not stay_off:
                self.power_on()

    def _live(self, device: Device, door: Door) -> None:
        """Live from switching on to the power cut."""
        with suppress(PowerCut):
            with device.life.step():
                self.memory.wake_up()
            device.life.pause(self._delays.boot_s)
            door.serve(partial(self._enter, device.life, "idle"))

    def _enter(self, life: Life, phase: str) -> None:
        """Be in this phase, unless the life that says so is over."""
        with suppress(PowerCut), life.step():
            self._phases.enter(phase)
