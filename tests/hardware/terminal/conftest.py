"""What the tests of the terminal's driver and simulator share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.terminal.driver import ZvtTerminal
from hardware.terminal.simulator import SimulatedTerminal
from kiosk.domain.payment import TransactionMark
from tests.hardware.terminal.bench import Bench
from tests.hardware.terminal.peer import IMPATIENT, Peer, settings_for
from tests.hardware.terminal.register import Register, terminal_in
from tests.hardware.terminal.scripts import Terminal


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer()
    yield peer
    peer.close()


@pytest.fixture
def terminal(peer: Peer) -> Terminal:
    return Terminal(peer)


@pytest.fixture
def zvt(peer: Peer) -> Iterator[ZvtTerminal]:
    zvt = ZvtTerminal(settings_for(peer))
    yield zvt
    zvt.close()


@pytest.fixture
def hasty(peer: Peer) -> Iterator[ZvtTerminal]:
    """The driver with times short enough to let them pass."""
    zvt = ZvtTerminal(settings_for(peer, IMPATIENT))
    yield zvt
    zvt.close()


@pytest.fixture(params=["serial", "tcp"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path, request.param)
    yield bench
    bench.close()


@pytest.fixture
def before(bench: Bench) -> TransactionMark:
    return bench.driver.last_transaction()


@pytest.fixture
def device(tmp_path: Path) -> Iterator[SimulatedTerminal]:
    device = terminal_in(tmp_path)
    yield device
    device.stop()


@pytest.fixture
def register(device: SimulatedTerminal, tmp_path: Path) -> Iterator[Register]:
    register = Register(tmp_path / "line")
    yield register
    register.close()
