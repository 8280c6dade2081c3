"""The reader with trust anchors, over pcscd: without them it reads no card, with them a card says what it proves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from hardware.card.driver import PcscCardReader, open_driver
from hardware.card.simulator import SimulatedCardReader
from hardware.card.trust_folder import replace_contents
from hardware.card.virtual_reader import VirtualReader
from kiosk.domain.citizen import Citizen
from kiosk.domain.faults import DeviceFault
from kiosk.domain.health import Failed, Ready
from kiosk.domain.proof import Proof
from tests.hardware.card.hands import CAN, QUICK, present
from tests.hardware.card.pki import State


@pytest.fixture
def reader(virtual_reader: VirtualReader, tmp_path: Path) -> Iterator[PcscCardReader]:
    driver = open_driver(replace(QUICK, trust=str(tmp_path / "trust")))
    yield driver
    driver.close()


def test_without_an_import_no_card_is_read(card_simulator: SimulatedCardReader, reader: PcscCardReader, tmp_path: Path):
    """A kiosk that is to believe somebody and believes nobody yet is out of order, and says why; the import heals it."""
    present(card_simulator, reader)
    health = reader.health()
    assert isinstance(health, Failed)
    assert health.reason == "no_trust"
    with pytest.raises(DeviceFault, match="kiosk cards import"):
        reader.read_citizen(CAN)
    replace_contents(tmp_path / "trust", {"az-1.cer": State().authority})
    assert isinstance(reader.health(), Ready)
    assert isinstance(reader.read_citizen(CAN), Citizen)


def test_a_card_was_asked_for_its_proof(card_simulator: SimulatedCardReader, reader: PcscCardReader, tmp_path: Path):
    """With trust anchors every card is asked, and what it came to is told with its holder."""
    replace_contents(tmp_path / "trust", {"az-1.cer": State().authority})
    present(card_simulator, reader)
    citizen = reader.read_citizen(CAN)
    assert isinstance(citizen, Citizen)
    assert citizen.proof != Proof()
    assert not citizen.proof.failed
