"""One central system for all tests of a module, on each of its databases, and a client of the raw wire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import chdir

import httpx
import pytest

from tests.central.postgres import Postgres, running
from tests.central.server import RunningCentral


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of this process's own."""
    with running() as server:
        yield server


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def central(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentral]:
    """A running central system with demonstration data."""
    database = request.getfixturevalue("postgres").database() if request.param == "postgresql" else ""
    folder = tmp_path_factory.mktemp("central")
    with chdir(folder):  # beside a server's database there is no folder: then the keys lie in the working folder
        running_central = RunningCentral(folder, database=database)
        running_central.start()
    yield running_central
    running_central.stop()


@pytest.fixture(scope="module")
def http(central: RunningCentral) -> Iterator[httpx.Client]:
    """An HTTP client with the kiosk's token."""
    headers = {"Authorization": f"Bearer {central.token}"}
    with httpx.Client(base_url=central.url, headers=headers, timeout=10, trust_env=False) as client:
        yield client
