"""The picture read with its citizen, through pcscd: proven with everything else, and never more than an ornament."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from hardware.card import sim_photo
from hardware.card.driver import open_driver
from hardware.card.sim_persons import PERSONS
from hardware.card.sim_profile import CardFaults, save_card
from hardware.card.simulator import SimulatedCardReader
from hardware.card.virtual_reader import VirtualReader
from kiosk.domain.citizen import Citizen
from kiosk.domain.signals import CardRefusal
from tests.hardware.card.hands import AYGUN, CAN, QUICK, present
from tests.hardware.card.trust import imported

GROUPS = (1, 2, 11, 14, 15)
PATIENT = replace(QUICK, transmit_timeout_s=5.0, read_timeout_s=60.0, portrait=True)


@pytest.fixture
def read(
    virtual_reader: VirtualReader, card_simulator: SimulatedCardReader, tmp_path: Path
) -> Callable[..., Citizen | CardRefusal]:
    """Read a card made to order; ``trusted``: by a reader that believes its state alone."""

    def read(*, trusted: bool = False, portrait: bool = True, **fields: object) -> Citizen | CardRefusal:
        file = tmp_path / "card.json"
        save_card(replace(PERSONS["aygun"], **{"data_groups": GROUPS, **fields}), file)
        driver = open_driver(replace(PATIENT, portrait=portrait, trust=imported(tmp_path) if trusted else ""))
        present(card_simulator, driver, str(file))
        try:
            return driver.read_citizen(CAN)
        finally:
            driver.close()

    return read


def portrait_in(result: Citizen | CardRefusal) -> bytes:
    assert isinstance(result, Citizen), result
    assert replace(result, portrait=b"", proof=AYGUN.proof) == AYGUN
    return result.portrait


@pytest.mark.parametrize("photo", ["jpeg", "jpeg2000"])
@pytest.mark.parametrize("size", [{}, {"extended": True, "max_read": 4096}], ids=["short", "extended"])
def test_the_picture_comes_with_its_citizen(read: Callable[..., Citizen], photo: str, size: dict[str, object]):
    """JPEG or JPEG 2000, in short or extended pieces: beside the name there is a small picture, and the card is genuine."""
    found = read(trusted=True, photo=photo, **size)
    assert Image.open(BytesIO(portrait_in(found))).size == (120, 150)
    assert found.proof.level == "genuine"


def test_without_the_setting_no_picture_is_read(read: Callable[..., Citizen], card_simulator: SimulatedCardReader):
    """What nobody wants to show is not even asked of the card."""
    assert portrait_in(read(portrait=False)) == b""
    assert "EF.DG2" not in card_simulator.ledger()[-1]["read"]


@pytest.mark.parametrize("size", [{}, {"extended": True, "max_read": 8192}], ids=["short", "extended"])
def test_a_picture_beyond_32_kib_is_read_whole(read: Callable[..., Citizen], size: dict[str, object]):
    """Offsets that P1 and P2 cannot say go in a data object, under secure messaging as well; the digest proves every byte."""
    found = read(trusted=True, photo_bytes=45_000, **size)
    assert portrait_in(found)
    assert found.proof.passive.outcome == "held"


@pytest.mark.parametrize(
    "fault", [CardFaults(tampered_group=2), CardFaults(wrong_digest=2)], ids=["tampered", "digest"]
)
def test_a_picture_that_nobody_signed_makes_the_card_false(read: Callable[..., CardRefusal], fault: CardFaults):
    """Passive Authentication covers the picture like everything that was read: another face on a good card is refused."""
    result = read(trusted=True, faults=fault)
    assert isinstance(result, CardRefusal)
    assert (result.reason, "EF.DG2" in result.evidence) == ("not_genuine", True)


@pytest.mark.parametrize("fields", [{"faults": CardFaults(truncated_group=2)}, {"data_groups": (1, 11, 14, 15)}])
def test_without_a_picture_the_citizen_is_read_all_the_same(read: Callable[..., Citizen], fields: dict[str, object]):
    """A file that is cut off, or a card without one: a name, and no picture."""
    assert portrait_in(read(**fields)) == b""


def test_a_picture_that_cannot_be_decoded_costs_nobody_anything(
    read: Callable[..., Citizen], monkeypatch: pytest.MonkeyPatch
):
    """An image that the decoder dies of is no picture; the citizen behind it is read."""

    monkeypatch.setattr(sim_photo, "_jpeg", lambda _image, size: b"\xff\xd8\xff" + bytes(size))
    assert portrait_in(read(document_number="AA0000001", photo_bytes=500)) == b""
