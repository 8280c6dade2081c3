"""The reader with trust anchors, over pcscd: without them it reads no card, with them a card must prove what it can."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from hardware.card.driver import PcscCardReader, open_driver
from hardware.card.simulator import SimulatedCardReader
from hardware.card.trust_folder import replace_contents
from hardware.card.trust_import import Import
from hardware.card.virtual_reader import VirtualReader
from kiosk.domain.citizen import Citizen
from kiosk.domain.faults import DeviceFault
from kiosk.domain.health import Failed, Ready
from kiosk.domain.proof import Proof
from kiosk.domain.signals import CardRefusal
from tests.hardware.card.hands import CAN, QUICK, present
from tests.hardware.card.pki import State


@pytest.fixture
def reader(virtual_reader: VirtualReader, tmp_path: Path) -> Iterator[PcscCardReader]:
    driver = open_driver(replace(QUICK, trust=str(tmp_path / "trust")))
    yield driver
    driver.close()


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    """The simulated country's authorities, as its files give them, imported."""
    sim_trust = pytest.importorskip("hardware.card.sim_trust")
    folder = tmp_path / "published"
    sim_trust.export_trust(folder)
    work = Import(tmp_path / "trust", datetime.now(UTC))
    for path in (*sorted(folder.glob("csca*.der")), folder / "masterlist.ml", *sorted(folder.glob("csca*.crl"))):
        work.take_file(path)
    assert work.refused == 0, work.lines
    work.write()
    return folder


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


def test_a_card_is_asked_for_its_proof(card_simulator: SimulatedCardReader, reader: PcscCardReader, tmp_path: Path):
    """With the anchors of another state a card is refused as not genuine, and it is said why."""
    replace_contents(tmp_path / "trust", {"az-1.cer": State().authority})
    present(card_simulator, reader)
    result = reader.read_citizen(CAN)
    assert isinstance(result, CardRefusal)
    assert result.reason == "not_genuine"
    assert "none of the 1 trusted authorities issued it" in result.evidence


def test_the_simulated_card_is_genuine(anchors: Path, card_simulator: SimulatedCardReader, reader: PcscCardReader):
    """A card of the simulated country proves its data and its chip, over the whole way through pcscd."""
    assert anchors.is_dir()
    present(card_simulator, reader)
    citizen = reader.read_citizen(CAN)
    assert isinstance(citizen, Citizen), citizen
    assert citizen.proof.level == "genuine"
    assert citizen.proof != Proof()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("tampered", "EF.DG1 is not the one that was signed"),
        ("wrong_digest", "EF.DG1 is not the one that was signed"),
        ("expired_signer", "valid 2018-09-01 to 2021-09-01"),
        ("revoked_signer", "revoked"),
        ("foreign_csca", "not signed by"),
        ("cloned_active", "active failed"),
        ("cloned_chip", "chip failed"),
    ],
)
def test_each_false_card_is_told_apart(
    anchors: Path, card_simulator: SimulatedCardReader, reader: PcscCardReader, fault: str, told: str
):
    """Whatever is false about a card, its holder is not read, and the evidence says what it was."""
    assert anchors.is_dir()
    present(card_simulator, reader, f"aygun:{fault}")
    result = reader.read_citizen(CAN)
    assert isinstance(result, CardRefusal)
    assert result.reason == "not_genuine"
    assert told in result.evidence
