"""What the tests of the card driver and of the simulated card share: the driver, a card in its reader, and a context of the service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from smartcard import scard

from hardware.card.driver import PcscCardReader, open_driver
from hardware.card.simulator import SimulatedCardReader
from hardware.card.virtual_reader import VirtualReader
from tests.hardware.card.hands import QUICK, present


@pytest.fixture
def reader(virtual_reader: VirtualReader) -> Iterator[PcscCardReader]:
    driver = open_driver(QUICK)
    yield driver
    driver.close()


@pytest.fixture
def card(card_simulator: SimulatedCardReader, reader: PcscCardReader) -> SimulatedCardReader:
    """Aygun's card, lying in the reader."""
    present(card_simulator, reader)
    return card_simulator


@pytest.fixture
def context(virtual_reader: VirtualReader) -> Iterator[int]:
    """Give a context of the service."""
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    assert result == scard.SCARD_S_SUCCESS
    yield context
    scard.SCardReleaseContext(context)
