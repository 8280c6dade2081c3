"""What the tests of the nexo driver and those of the simulated terminal share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.nexo.driver import NexoTerminal
from hardware.nexo.simulator import SimulatedNexoTerminal
from tests.hardware.nexo.peer import IMPATIENT, Peer, settings_for
from tests.hardware.nexo.sale import Sale, shop


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Sale, SimulatedNexoTerminal]]:
    """Give a sale system and a terminal that have nothing behind them."""
    with shop(tmp_path / "memory") as both:
        yield both


@pytest.fixture
def sale(pair: tuple[Sale, SimulatedNexoTerminal]) -> Sale:
    return pair[0]


@pytest.fixture
def device(pair: tuple[Sale, SimulatedNexoTerminal]) -> SimulatedNexoTerminal:
    return pair[1]


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer()
    yield peer
    peer.close()


@pytest.fixture
def nexo(peer: Peer) -> Iterator[NexoTerminal]:
    nexo = NexoTerminal(settings_for(peer))
    yield nexo
    nexo.close()


@pytest.fixture
def hasty(peer: Peer) -> Iterator[NexoTerminal]:
    """The driver with times short enough to let them pass."""
    nexo = NexoTerminal(settings_for(peer, IMPATIENT))
    yield nexo
    nexo.close()
