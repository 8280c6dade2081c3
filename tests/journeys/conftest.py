"""A centre for all journeys of a process, and for each journey a world of its own."""

from __future__ import annotations

import itertools
import tomllib
from functools import partial
from importlib.resources import files

import pytest

from central import auth
from central.agencies import demo
from central.days import day_of, now_ms
from central.kiosks import registry
from central.schema import electricity_accounts
from hardware.bench.bench import Bench
from hardware.card.driver import CardSettings
from hardware.card.driver import open_driver as open_card
from hardware.card.virtual_reader import VirtualReader
from kiosk.journey.state import Farewell
from tests.central.server import RunningCentral, with_store
from tests.hardware.card.hands import do as hand
from tests.journey.play import ELECTRICITY
from tests.world import WAITS_FOR_CARD, Place, World, without_card

ANSWERS = {"plate": "10AB123", "ticket": "20260017"}
BILL = tomllib.loads(files("central.agencies").joinpath("demo.toml").read_text("utf-8"))["electricity"][0]
TOTAL_MINOR = 2400
"""The demonstration's first bill, 23.60 AZN, and the fee."""
NUMBERS = itertools.count(100)
CARDS = CardSettings(reader="virtual pcd 00 00", transmit_timeout_s=2.0, read_timeout_s=5.0, settle_s=1.0)


def enrolled(centre, kiosk_id, customer_number):
    """Let the centre know a kiosk and a customer with a bill of 23.60 AZN; return the kiosk's token."""
    token = auth.new_token()

    def enrol(store):
        registry.add(store, kiosk_id, auth.digest(token), now_ms(), renew=True)
        with store.write() as tx:
            row = demo.account(BILL | {"number": customer_number}, day_of(now_ms()))
            demo.lay(tx, electricity_accounts, ("number",), [row])

    with_store(centre.database, enrol)
    return token


@pytest.fixture(scope="session")
def running_centre(tmp_path_factory):
    with RunningCentral(tmp_path_factory.mktemp("central"), "AGALI-1") as central:
        yield central


@pytest.fixture
def centre(running_centre):
    """The centre, with its line in order and its debts as on the first day."""
    running_centre.lay_down_demo()
    yield running_centre
    running_centre.up()


@pytest.fixture
def make_world(centre, tmp_path):
    """Return a function that makes a world: a kiosk and a customer of its own, simulators with fresh memories."""
    made = []

    def make(service=None, answers=None, **options):
        number = next(NUMBERS)
        folder = tmp_path / f"w{number}"
        register = {"fiscal_port": 0} if options.get("fiscal") else {}
        bench = Bench(folder / "bench", quick=True, reader=VirtualReader(folder), **register)
        bench.start_without_reader()
        customer_number = f"{200_000_000 + number}"
        token = enrolled(centre, f"W{number}", customer_number)
        place = Place(folder, bench, f"W{number}", centre.url, token)
        known = answers or {"customer_number": customer_number} | ANSWERS
        made.append(World(place, service or without_card(ELECTRICITY), known, **options))
        return made[-1]

    yield make
    for world in made:
        if hasattr(world, "devices") and not world.dead:
            world.shut()
        world.bench.stop()


@pytest.fixture
def world(make_world):
    """A kiosk that is switched on and waits for somebody who wants to pay for electricity."""
    made = make_world()
    made.boot()
    made.pump()
    return made


@pytest.fixture
def card_reader(card_simulator):
    """The real driver of a reader with an empty slot."""
    driver = open_card(CARDS)
    yield driver
    driver.close()


def told_of(world, wait_for_card):
    """Let the world know when a card is waited for: then the slot has been seen empty, where that was asked."""

    def wait(timeout_s):
        world.instant(WAITS_FOR_CARD)
        return wait_for_card(timeout_s)

    return wait


@pytest.fixture
def card_world(make_world, card_simulator, card_reader, monkeypatch):
    """Return a function that makes a world with the real card driver, whose citizen puts a card in when asked to.

    The card is taken at the end, when the last screen asks for it.
    """

    def make(service, card="aygun", **options):
        world = make_world(service, card=card_reader, **options)
        monkeypatch.setattr(card_reader, "wait_for_card", told_of(world, card_reader.wait_for_card))
        world.hand = partial(hand, card_simulator)
        world.boot()
        world.pump()
        world.when(WAITS_FOR_CARD, partial(world.hand, do="insert", card=card))
        world.when(Farewell, partial(world.hand, do="remove"))
        return world

    return make
