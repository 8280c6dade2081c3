"""A real central system behind a wire that can fail, a client on it, and an outbox whose clock and dice the test holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.secret import Secret
from kiosk.journal.vault import Cipher, new_key
from kiosk.uplink.client import HttpCentral, UplinkSettings
from tests.central.server import RunningCentral
from tests.uplink.kiosk import Hand


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentral]:
    """One central system for all tests of this folder."""
    with RunningCentral(tmp_path_factory.mktemp("uplink")) as central:
        yield central


@pytest.fixture
def central(running: RunningCentral) -> Iterator[RunningCentral]:
    """The central system with a faultless wire, before and after each test."""
    running.start()
    running.lay_down_demo()
    running.wire.calls.clear()
    yield running
    running.up()


@pytest.fixture
def client(central: RunningCentral) -> Iterator[HttpCentral]:
    """A client with short times."""
    settings = UplinkSettings(
        url=central.url, kiosk_id="K1", token=Secret(central.token), connect_timeout_s=1.0, answer_timeout_s=5.0
    )
    made = HttpCentral(settings)
    yield made
    made.close()


@pytest.fixture
def hand(tmp_path: Path, client: HttpCentral) -> Iterator[Hand]:
    """An outbox that is delivered by hand."""
    made = Hand(tmp_path / "outbox.db", Cipher(new_key()), client)
    yield made
    made.box.close()
