"""A card that counts wrong access numbers, through the real service: its warnings, its suspension, and the way that is left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hardware.card.driver import PcscCardReader, open_driver
from hardware.card.sim_persons import PERSONS
from hardware.card.simulator import SimulatedCardReader
from kiosk.domain.access_key import MrzKey
from kiosk.domain.citizen import Citizen
from kiosk.domain.secret import Secret
from kiosk.domain.signals import CardRefusal
from tests.hardware.card.hands import AYGUN, QUICK, do, refusal

PATIENT = msgspec.structs.replace(QUICK, transmit_timeout_s=5.0, read_timeout_s=20.0)


@pytest.fixture
def reader(card_simulator: SimulatedCardReader) -> Iterator[PcscCardReader]:
    assert card_simulator.ledger() == []
    driver = open_driver(PATIENT)
    yield driver
    driver.close()


def inserted(simulator: SimulatedCardReader, reader: PcscCardReader, folder: Path, **changed: Any) -> None:
    """Put in a changed card of Aygun."""
    profile = msgspec.structs.replace(PERSONS["aygun"], wrong_delay_ms=1, **changed)
    (folder / "card.json").write_bytes(msgspec.json.encode(profile))
    do(simulator, do="insert", card=str(folder / "card.json"))
    assert reader.wait_for_card(5.0)


def by_number(reader: PcscCardReader, digits: str) -> Citizen | CardRefusal:
    return reader.read_citizen(Secret(digits))


def by_zone(reader: PcscCardReader) -> Citizen | CardRefusal:
    return reader.read_citizen(MrzKey("AA0000001", "900101", "300101"))


def test_the_right_number_opens_after_a_wrong_one(card_simulator, reader: PcscCardReader, tmp_path: Path):
    """While tries are left the card warns, down to its last try, and the right number still opens it."""
    inserted(card_simulator, reader, tmp_path, suspend_can_after=3)
    assert refusal(by_number(reader, "111111")) == "wrong_key"
    assert by_number(reader, "123456") == AYGUN
    assert [refusal(by_number(reader, digits)) for digits in ("111111", "222222")] == ["wrong_key", "wrong_key"]
    assert by_number(reader, "123456") == AYGUN


def test_a_suspended_number_leads_to_the_zone(card_simulator, reader: PcscCardReader, tmp_path: Path):
    """After the last wrong number not even the right one opens: the zone is asked for, and it frees the number again."""
    inserted(card_simulator, reader, tmp_path, suspend_can_after=1)
    assert refusal(by_number(reader, "111111")) == "wrong_key"
    assert refusal(by_number(reader, "123456")) == "zone_needed"
    assert by_zone(reader) == AYGUN
    assert by_number(reader, "123456") == AYGUN


def test_a_card_without_a_number_leads_to_the_zone(card_simulator, reader: PcscCardReader, tmp_path: Path):
    """PACE with the zone alone, as passports have it: whoever types six digits is asked for number and dates."""
    inserted(card_simulator, reader, tmp_path, passwords_offered=("MRZ",))
    assert refusal(by_number(reader, "123456")) == "zone_needed"
    assert by_zone(reader) == AYGUN
