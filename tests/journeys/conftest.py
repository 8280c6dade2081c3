"""A centre for all journeys of a module, and a world of its own for each."""

from __future__ import annotations

import itertools

import pytest

from central import auth
from central.days import now_ms
from central.kiosks import registry
from hardware.bench.bench import Bench
from hardware.card.virtual_reader import VirtualReader
from tests.central.server import RunningCentral, with_store
from tests.journey.play import ELECTRICITY
from tests.world import World, without_card

ANSWERS = {"customer_number": "104558210", "plate": "10AB123", "ticket": "20260017"}


KIOSKS = itertools.count(100)


def enrolled(centre, kiosk_id):
    """Let the centre know a kiosk, and return its token."""
    token = auth.new_token()
    with_store(centre.database, lambda store: registry.add(store, kiosk_id, auth.digest(token), now_ms(), renew=True))
    return token


@pytest.fixture(scope="session")
def centre(tmp_path_factory):
    with RunningCentral(tmp_path_factory.mktemp("central"), "AGALI-1") as central:
        yield central


@pytest.fixture
def make_world(centre, tmp_path):
    """Return a function that makes a world: simulators with fresh memories, and debts as on the first day."""
    benches, numbers = [], itertools.count()

    def make(service=None, answers=None):
        centre.lay_down_demo()
        folder = tmp_path / f"w{next(numbers)}"
        bench = Bench(folder / "bench", quick=True, reader=VirtualReader(folder))
        bench.start_without_reader()
        benches.append(bench)
        kiosk_id = f"W{next(KIOSKS)}"
        token = enrolled(centre, kiosk_id)
        return World(
            folder, bench, kiosk_id, centre.url, token, service or without_card(ELECTRICITY), answers or ANSWERS
        )

    yield make
    for bench in benches:
        bench.stop()


@pytest.fixture
def world(make_world):
    made = make_world()
    yield made
    made.shut()
