"""What the parts of the simulated nexo terminal share during one stretch of power: the card reader, the screen, the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from hardware.nexo.sim_controls import Controls, Instant
from hardware.nexo.sim_ledger import Ledger
from hardware.nexo.sim_requests import Header, MessageReference, Refused
from hardware.sim_card_holder import Act
from hardware.sim_life import Life
from hardware.sim_times import Delays


@dataclass
class Device:
    """One dialogue at a time has the card reader; ``enter`` tells the phase.

    ``instant`` is passed wherever the power can be cut, and raises PowerCut when it is.
    """

    life: Life
    ledger: Ledger
    controls: Controls
    delays: Delays
    card_s: float
    clock: Callable[[], datetime]
    enter: Callable[[str], None]
    instant: Callable[[Instant], None]
    running: Header | None = None
    asking_minor: int | None = None
    abortable: bool = False
    aborted: bool = False

    def now(self) -> str:
        """Give the time as the protocol writes it."""
        return self.clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @contextmanager
    def dialogue(self, header: Header) -> Iterator[None]:
        """Have the terminal for one message. Raises Refused if it is out of order or somebody else has it."""
        with self.life.step():
            faults = self.controls.faults
            if faults.out_of_order:
                raise Refused("DeviceOut", "The terminal is out of order")
            if faults.busy or self.running:
                serving = self.running.service_id if self.running else "0"
                raise Refused("Busy", f"Service dialogue {serving} is in progress")
            self.running, self.aborted = header, False
        try:
            yield
        finally:
            self.running, self.asking_minor, self.abortable = None, None, False
            self.enter("idle")

    def abort(self, reference: MessageReference, sale_id: str) -> None:
        """Abort the payment that is meant, if it still waits for the card holder; else do nothing."""
        with self.life.step():
            running = self.running
            meant = (reference.category, reference.sale_id or sale_id, reference.service_id)
            if running and self.abortable and meant == (running.category, running.sale_id, running.service_id):
                self.aborted = True
                self.life.wake()

    def card_holder(self) -> Act | None:
        """Wait until the card holder has shown a card and entered the PIN, or not; None: aborted by the sale system."""
        self.instant("card")
        self.abortable = True
        act = self._card()
        if act in {"approve", "decline"}:
            self.enter("pin")
            self.life.pause(self.delays.pin_s, until=lambda: self.aborted or self.controls.stop_pressed)
        with self.life.step():
            self.abortable = False
            if self.aborted:
                return None
            return "cancel" if self.controls.stop_pressed else act

    def host(self) -> None:
        """Wait for the host; the bench can make it faster or slower meanwhile."""
        began = time.monotonic()
        self.enter("bank")
        while True:
            seen, told = self.controls.version, self.controls.host_s
            left_s = (self.delays.bank_s if told is None else told) - (time.monotonic() - began)
            if not self.life.pause(left_s, until=lambda seen=seen: self.controls.version != seen):  # type: ignore[misc]
                return

    def _card(self) -> Act | None:
        """Wait for the card holder's act. A race of an abort with it is decided by who takes the next step."""
        controls, began = self.controls, time.monotonic()
        self.enter("card")
        while True:
            seen = controls.version
            act, wait_s = controls.decide(time.monotonic() - began, self.delays.insert_s, self.card_s)
            if self.aborted or act:
                return act
            self.life.pause(wait_s, until=lambda seen=seen: self.aborted or controls.version != seen)  # type: ignore[misc]
