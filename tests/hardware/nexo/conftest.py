"""What the tests of the simulated nexo terminal share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.nexo.simulator import SimulatedNexoTerminal
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
