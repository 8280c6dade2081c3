"""A simulated nexo terminal at its address, for tests of a driver against it: everything by HTTP and the bench's commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hardware.nexo.simulator import SimulatedNexoTerminal
from hardware.sim_times import Delays
from tests.hardware.nexo.sale import POI, WAIT_S, outcomes, tell


class NexoWire:
    """What a driver is configured with (``url``, ``poi_id``, ``currency``), and hands on the far end."""

    poi_id = POI
    currency = "AZN"

    def __init__(self, folder: Path, **how: Any) -> None:
        self.device = SimulatedNexoTerminal(folder, **{"delays": Delays.none(), "card_s": WAIT_S, **how})
        self.device.start()
        assert self.device.wait_until("idle", WAIT_S)
        self.url = self.device.url

    def do(self, word: str, **more: Any) -> dict[str, Any]:
        """Let something happen at the terminal; see ``hardware.nexo.sim_bench``."""
        return tell(self.device, word, **more)

    def until(self, phase: str) -> None:
        """Wait until the terminal is in a phase: off, boot, idle, card, pin, bank."""
        assert self.device.wait_until(phase, WAIT_S)

    @property
    def sales(self) -> list[tuple[str, int, str]]:
        """Reference, amount in minor units and outcome of every sale, as the terminal's ledger has them."""
        return outcomes(self.device)

    @property
    def charged_minor(self) -> int:
        """What the card holders have paid and not got back."""
        return sum(minor for _, minor, outcome in self.sales if outcome in {"stored", "authorised"})


@contextmanager
def nexo_wire(folder: Path, **how: Any) -> Iterator[NexoWire]:
    """Give a terminal that is ready, whose people act at once; it stops at the end."""
    wire = NexoWire(folder, **how)
    try:
        yield wire
    finally:
        wire.device.stop()
