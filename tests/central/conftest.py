"""One central system for all tests of a module, and a client of the raw wire."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.central.server import RunningCentral


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentral]:
    """A running central system with demonstration data."""
    with RunningCentral(tmp_path_factory.mktemp("central")) as running:
        yield running


@pytest.fixture(scope="module")
def http(central: RunningCentral) -> Iterator[httpx.Client]:
    """An HTTP client with the kiosk's token."""
    headers = {"Authorization": f"Bearer {central.token}"}
    with httpx.Client(base_url=central.url, headers=headers, timeout=10, trust_env=False) as client:
        yield client
