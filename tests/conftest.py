"""For all tests: a quiet log, no traces outside the test's own folders, and one card service for the whole process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from hardware.card.simulator import SimulatedCardReader
from hardware.card.virtual_reader import VirtualReader

os.environ.setdefault("KIVY_NO_ARGS", "1")


@pytest.fixture(autouse=True, scope="session")
def quiet_log():
    """Drop the log: a failing test tells what it saw by its assertion."""
    structlog.configure(processors=[drop], cache_logger_on_first_use=False)


def drop(_logger, _method, _record):
    raise structlog.DropEvent


@pytest.fixture(scope="session")
def virtual_reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualReader]:
    """One service for this process: the client library reads the socket's name once, before its first context."""
    with VirtualReader(tmp_path_factory.mktemp("reader")) as reader:
        os.environ["PCSCLITE_CSOCK_NAME"] = str(reader.socket_path)
        yield reader


@pytest.fixture
def card_simulator(virtual_reader: VirtualReader, tmp_path: Path) -> Iterator[SimulatedCardReader]:
    """Give a hand with cards at the virtual reader; each test finds an empty slot and a service just started."""
    simulator = SimulatedCardReader(tmp_path / "card", virtual_reader.port)
    simulator.start()
    try:
        yield simulator
    finally:
        simulator.stop()
        virtual_reader.restart_service()
