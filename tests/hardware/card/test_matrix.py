"""Every way into a card with every cipher, by short and by extended APDUs, with the access number and with the zone: read and proven."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hardware.card.driver import PcscCardReader, open_driver
from hardware.card.sim_persons import PERSONS
from hardware.card.sim_profile import CardProfile, PaceOffer
from hardware.card.sim_trust import export_trust
from hardware.card.simulator import SimulatedCardReader
from hardware.card.trust_folder import replace_contents
from kiosk.domain.access_key import MrzKey
from kiosk.domain.citizen import Citizen
from kiosk.domain.proof import Proof
from kiosk.domain.secret import Secret
from tests.hardware.card.hands import AYGUN, QUICK, do

MAPPINGS = ("ECDH-GM", "DH-GM", "ECDH-IM", "DH-IM", "ECDH-CAM")
CIPHERS = ("3DES", "AES-128", "AES-192", "AES-256")
LONG = {"extended": True, "max_read": 4000}
WAYS = [
    *((mapping, cipher) for mapping in MAPPINGS for cipher in CIPHERS if (mapping, cipher) != ("ECDH-CAM", "3DES")),
    ("BAC", "3DES"),
]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The certificate of the simulated country."""
    folder = tmp_path_factory.mktemp("published")
    export_trust(folder)
    return (folder / "csca.der").read_bytes()


@pytest.fixture
def reader(card_simulator: SimulatedCardReader, authority: bytes, tmp_path: Path) -> Iterator[PcscCardReader]:
    assert card_simulator.ledger() == []
    replace_contents(tmp_path / "trust", {"az-1.cer": authority})
    settings = msgspec.structs.replace(
        QUICK, trust=str(tmp_path / "trust"), transmit_timeout_s=5.0, read_timeout_s=20.0
    )
    driver = open_driver(settings)
    yield driver
    driver.close()


def card(way: str, cipher: str, *, extended: bool) -> CardProfile:
    """Aygun's card with one way in. Extended APDUs also carry the long keys: groups of 2048 bits."""
    fields: dict[str, Any] = {"chip_ciphers": (cipher,), **(LONG if extended else {})}
    if way == "BAC":
        return msgspec.structs.replace(PERSONS["aygun"], access=("BAC",), **fields)
    group = 13 if way.startswith("EC") else 2 if extended else 0
    offer = PaceOffer(mapping=way, cipher=cipher, parameter_id=group)  # type: ignore[arg-type]  # of the lists above
    return msgspec.structs.replace(PERSONS["aygun"], pace=(offer,), **fields)


@pytest.mark.parametrize("length", ["short", "extended"])
@pytest.mark.parametrize(("way", "cipher"), WAYS)
def test_the_card_is_read_and_proven(
    way: str, cipher: str, length: str, card_simulator: SimulatedCardReader, reader: PcscCardReader, tmp_path: Path
):
    """The holder is the same each time, data and chip are genuine, and with the access number as with the zone."""
    profile = card(way, cipher, extended=length == "extended")
    (tmp_path / "card.json").write_bytes(msgspec.json.encode(profile))
    do(card_simulator, do="insert", card=str(tmp_path / "card.json"))
    assert reader.wait_for_card(5.0)
    keys = [MrzKey("AA0000001", "900101", "300101")] + ([Secret("123456")] if way != "BAC" else [])
    for key in keys:
        citizen = reader.read_citizen(key)
        assert isinstance(citizen, Citizen), citizen
        assert msgspec.structs.replace(citizen, proof=Proof()) == AYGUN
        assert (citizen.proof.level, citizen.proof.active.outcome, citizen.proof.chip.outcome) == (
            "genuine",
            "held",
            "held",
        )
        assert (citizen.proof.chip.detail == "PACE-CAM") == (way == "ECDH-CAM")
    few = 30 if way == "ECDH-CAM" else 24
    assert (card_simulator.ledger()[-1]["apdus"] < few) == (length == "extended"), "the APDUs were not of that length"
