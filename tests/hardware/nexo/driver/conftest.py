"""What the nexo driver's tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hardware.nexo.driver import NexoTerminal
from tests.hardware.nexo.driver.peer import IMPATIENT, Peer, settings_for


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
