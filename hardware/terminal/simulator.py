"""A card terminal that speaks ZVT over a serial line: the PT side of PA00P015 rev. 13.08 and PA00P016 rev. 04.

It stands at the far end of a pseudo-terminal and knows nothing of the driver. Its sales live in ``folder`` and survive
``stop()``, which is a power cut: what was held open then is reversed at the next ``start()``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Thread, current_thread
from typing import Any

from hardware.sim_life import PowerCut
from hardware.sim_manners import BadCommand, Phased, obey
from hardware.sim_times import Delays
from hardware.terminal.sim_bench import COMMANDS
from hardware.terminal.sim_commands import obey as carry_out
from hardware.terminal.sim_controls import Controls, Faults
from hardware.terminal.sim_device import Device, NoResponse
from hardware.terminal.sim_ledger import Ledger
from hardware.terminal.sim_link import Link, LinkLost, is_response
from hardware.terminal.sim_messages import ABORTED
from hardware.terminal.sim_tcp import LOOPBACK, StreamLink, TcpWire
from hardware.terminal.sim_times import Timings
from hardware.terminal.sim_wire import PtyWire, Wire

IDLE_WAIT_S = 60.0
CALL_S = 5.0
DISPLAY = {
    "off": "",
    "boot": "Starting",
    "idle": "Welcome",
    "card": "Insert card",
    "pin": "Enter PIN",
    "bank": "Contacting bank",
    "remove": "Remove card",
    "held": "Please wait",
    "completing": "Please wait",
    "reversing": "Payment is taken back",
}


def local_time() -> datetime:
    """Give the terminal's clock: local time, as terminals print it."""
    return datetime.now().astimezone().replace(tzinfo=None)


class SimulatedTerminal(Phased):
    """One terminal on the serial line ``link``, or on the loopback port ``tcp_port`` (0: any). ``sim_bench`` says what ``do`` understands.

    ``phase`` is off, boot, idle, card, pin, bank, remove, held, reversing or completing.
    """

    def __init__(
        self,
        folder: Path,
        link: Path,
        *,
        delays: Delays | None = None,
        timings: Timings | None = None,
        baud: int | None = None,
        tcp_port: int | None = None,
        clock: Callable[[], datetime] = local_time,
    ) -> None:
        super().__init__()
        self.controls = Controls()
        self.memory = Ledger(folder)
        self._link_path = link
        self._delays = delays or Delays()
        self._timings = timings or Timings()
        self._baud = baud
        self._tcp_port = tcp_port
        self._clock = clock
        self._boots = 0
        self._wire: Wire | None = None
        self._device: Device | None = None
        self._thread: Thread | None = None
        self._off = True

    def start(self) -> None:
        """Switch the power on and plug the line in."""
        if not self._off:
            return
        self._off = False
        link = self._lay_line()
        wire = self._wire = link.wire
        self._device = Device(
            link, self.memory, self.controls, self._delays, self._timings, self._clock, self._phases.enter
        )  # fmt: skip
        self._thread = Thread(target=self._run, args=(self._device, wire), name="terminal-simulator", daemon=True)
        self._thread.start()

    def _lay_line(self) -> Link:
        if self._tcp_port is None:
            wire: Wire = PtyWire(self._link_path, self._baud)
            wire.plug()
            return Link(wire, self.controls, self._timings)
        tcp = TcpWire(self._tcp_port, self._baud)
        tcp.plug()
        self._tcp_port = tcp.port
        return StreamLink(tcp, self.controls, self._timings)

    @property
    def port(self) -> str:
        """What a driver's settings call it."""
        return str(self._link_path) if self._tcp_port is None else f"tcp://{LOOPBACK}:{self._tcp_port}"

    def stop(self) -> None:
        """Cut the power and take the line away."""
        if self._off or not self._wire or not self._thread:
            return
        self._off = True
        self._wire.call(self._cut, 0.0)
        self._thread.join(1.0)
        self._wire.close()
        self._phases.enter("off")

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Obey the bench: ``{"do": "decline", "code": "05"}`` → ``{"ok": true}``; a mistake → ``{"ok": false, "error": …}``."""
        said = obey(self, COMMANDS, command)
        if said["ok"] and self._wire:
            self._wire.wake()
        return said

    def ledger(self) -> list[dict[str, Any]]:
        """Give every sale and what became of it, oldest first; also while the power is off."""
        return self.memory.rows()

    def state(self) -> dict[str, Any]:
        """Describe the terminal for the bench: phase, display, plan, faults and line."""
        return {
            "phase": self.phase,
            "display": DISPLAY[self.phase],
            "plan": self.controls.plan,
            "plugged": bool(self._wire and self._wire.plugged and not self._off),
            "registered": bool(self._device and self._device.session.registered),
            "amount_minor": self._device.asking_minor if self._device else None,
            "silent": self.controls.faults.silent,
        }

    def power_cycle(self) -> None:
        """Cut the power and give it back: memory and faults are gone, the ledger stays. Returns when it is up again."""
        boots = self._boots
        self.controls.faults = Faults()
        self.at_the_wire(self._cut)
        up = self._phases.wait_for(lambda: self._boots > boots and self.phase == "idle", self._delays.boot_s + CALL_S)
        if not up:
            raise BadCommand("the terminal did not come up again")

    def at_the_wire(self, task: Callable[[], None]) -> None:
        """Have the device's thread run the task at its next wait. Raises BadCommand if the power is off."""
        if self._off or not self._wire or not self._wire.call(task, CALL_S):
            raise BadCommand("the terminal is off")

    @property
    def wire(self) -> Wire:
        """The line in use. Raises BadCommand if the power is off."""
        if self._wire is None or self._off:
            raise BadCommand("the terminal is off")
        return self._wire

    def _cut(self) -> None:
        if current_thread() is self._thread:
            raise PowerCut

    def _run(self, device: Device, wire: Wire) -> None:
        while not self._off:
            with suppress(PowerCut):
                self._live(device, wire)

    def _live(self, device: Device, wire: Wire) -> None:
        """Live from one power cut to the next."""
        self._phases.enter("boot")
        wire.power_lost()
        device.lose_memory()
        for sale in self.memory.held_open():
            self.memory.auto_reverse(sale, self._clock(), ABORTED)
        wire.sleep(self._delays.boot_s)
        wire.drain()
        self._boots += 1
        self._phases.enter("idle")
        while True:
            command = device.link.poll(time.monotonic() + IDLE_WAIT_S)
            if command is None or is_response(command):
                continue
            with suppress(LinkLost, NoResponse):
                carry_out(device, command)
            device.link.end_dialogue()
            self._phases.enter("idle")
