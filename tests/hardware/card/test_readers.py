"""What is known of readers: the table, who may override it, and that a reader of short APDUs is never sent a long one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hardware.card import readers
from hardware.card.apdu import Command, Response
from hardware.card.dialogue import learn_size, read_citizen
from hardware.card.driver import CardSettings, open_driver
from hardware.card.files import ReadSize
from hardware.card.refusal import Refused
from hardware.card.sim_chip import Chip
from hardware.card.sim_persons import PERSONS
from hardware.card.sim_profile import CardProfile, PaceOffer
from hardware.card.sim_trust import export_trust
from hardware.card.simulator import SimulatedCardReader
from hardware.card.trust import Anchors, read_all
from hardware.card.virtual_reader import VirtualReader
from kiosk.domain.citizen import Citizen
from kiosk.domain.secret import Secret
from tests.hardware.card.hands import QUICK, do

SHORT_MAX = 261
"""Bytes of the longest short command: header, Lc, 255, Le."""
LONG_GROUP = PaceOffer(mapping="DH-GM", cipher="AES-256", parameter_id=2)


@pytest.fixture(scope="module")
def anchors(tmp_path_factory: pytest.TempPathFactory) -> Anchors:
    """The simulated country's authorities."""
    folder = tmp_path_factory.mktemp("trust")
    export_trust(folder)
    return read_all(*([path.read_bytes() for path in folder.glob(f"csca*.{kind}")] for kind in ("der", "crl")))[0]


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("ACS ACR122U PICC Interface 00 00", 223),
        ("ACS ACR122U 01 00", 223),
        ("ACS ACR1281 1S Dual Reader [ACR1281U-C1 1S Dual Reader PICC] 00 01", 223),
        ("OMNIKEY CardMan (076B:3021) 3021 00 00", 223),
        ("OmniKey CardMan 3121 00 00", 223),
        ("OMNIKEY AG CardMan 6121 00 00", 223),
        ("ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] 00 00", 8192),
        ("HID Global OMNIKEY 5422CL Smartcard Reader [OMNIKEY 5422CL] 01 00", 8192),
        ("Virtual PCD 00 00", 8192),
    ],
)
def test_the_table_knows_readers_by_their_names(name: str, most: int):
    """Each reader that is known to carry short APDUs only starts with them; one that is not known is found out."""
    assert readers.read_bytes_max(name, 0, None) == most


def test_who_knows_better():
    """The operator overrides the table, the table what the reader says of itself; where both are silent the reader is believed."""
    assert readers.read_bytes_max("ACS ACR1281 00 00", 0, says_extended=True) == 223
    assert readers.read_bytes_max("ACS ACR1281 00 00", 1024, says_extended=True) == 1024
    assert readers.read_bytes_max("Virtual PCD 00 00", 160, says_extended=None) == 160
    assert readers.read_bytes_max("Virtual PCD 00 00", 0, says_extended=False) == 223


@pytest.mark.parametrize("settings", [{"read_bytes_max": 95}, {"read_bytes_max": 8193}, {"read_bytes_max": "223"}])
def test_a_limit_that_no_reading_could_keep_is_refused(settings: dict[str, Any]):
    """The operator's limit lies between the smallest and the largest step."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(settings, CardSettings)


@pytest.mark.parametrize(
    "row",
    [
        'name = "["\nread_bytes_max = 223',
        'name = "x"\nread_bytes_max = 1',
        'name = "x"\nread_bytes_max = 223\nmore = 1',
    ],
)
def test_a_mistake_in_the_table_is_told(row: str):
    """A broken expression, a number that is none, an unknown field."""
    with pytest.raises(ValueError, match="reader"):
        readers.parse(f'[[reader]]\nbecause = ""\n{row}\n')


class ShortReader:
    """A reader that loses every command longer than a short one, as a card that went."""

    def __init__(self, **fields: Any) -> None:
        profile: CardProfile = msgspec.structs.replace(
            PERSONS["aygun"], extended=True, max_read=4000, signer="rsa", **fields
        )
        self._chip = Chip(profile)
        self.longest = 0

    def __call__(self, command: Command) -> Response:
        frame = command.to_bytes()
        self.longest = max(self.longest, len(frame))
        if len(frame) > SHORT_MAX or (command.le or 0) > 256:
            raise Refused("removed", "80100016")
        return Response.from_bytes(self._chip.process(frame))


def read(card: Callable[[Command], Response], anchors: Anchors, most: int) -> Citizen:
    size = ReadSize(most)
    if size.long_apdus:
        learn_size(card, size)
    return read_citizen(card, Secret("123456"), date(2026, 11, 24), size=size, anchors=anchors)


def test_a_reader_of_short_apdus_gets_no_long_one(anchors: Anchors):
    """With the limit the card is read and proven without one long APDU; without it the same reading ends early."""
    card = ShortReader()
    assert read(card, anchors, 223).proof.level == "genuine"
    assert card.longest <= SHORT_MAX
    with pytest.raises(Exception, match="80100016"):
        read(ShortReader(), anchors, 8192)


def test_a_long_signature_is_not_asked_for(anchors: Anchors):
    """Where a long signature is all that proves the chip, a reader of short APDUs leaves it: authentic, and it says why."""
    proof = read(ShortReader(active="rsa-2048", chip_curve=""), anchors, 223).proof
    assert (proof.level, proof.active.outcome) == ("authentic", "not_checked")
    assert "short APDUs only" in proof.active.detail


def test_a_long_chip_key_is_not_used(anchors: Anchors):
    """A Chip Authentication key of 2048 bits does not fit a short APDU: it is not tried, and the signature proves the chip."""
    proof = read(ShortReader(chip_curve="dh-2"), anchors, 223).proof
    assert (proof.level, proof.chip.outcome) == ("genuine", "not_checked")
    assert "short APDUs only" in proof.chip.detail


def test_of_the_offers_of_pace_one_that_fits_is_taken(anchors: Anchors):
    """A group of 2048 bits is passed over for a curve; where it is all that is offered the evidence says what it wants."""
    assert read(ShortReader(pace=(LONG_GROUP, PaceOffer())), anchors, 223).proof.level == "genuine"
    with pytest.raises(Refused, match="short APDUs only"):
        read(ShortReader(pace=(LONG_GROUP,)), anchors, 223)


def test_the_driver_keeps_to_the_limit(
    card_simulator: SimulatedCardReader, virtual_reader: VirtualReader, tmp_path: Path
):
    """Over pcscd the operator's limit makes more and shorter reads of the same card."""
    assert virtual_reader.port
    profile = msgspec.structs.replace(PERSONS["aygun"], extended=True, max_read=4000, address="x" * 900)
    (tmp_path / "long.json").write_bytes(msgspec.json.encode(profile))
    counts = []
    do(card_simulator, do="insert", card=str(tmp_path / "long.json"))
    for most in (0, 223):
        driver = open_driver(msgspec.structs.replace(QUICK, transmit_timeout_s=5.0, read_bytes_max=most))
        assert driver.wait_for_card(5.0)
        assert isinstance(driver.read_citizen(Secret("123456")), Citizen)
        driver.close()
        counts.append(card_simulator.ledger()[-1]["apdus"])
    assert counts[1] >= counts[0] + 3
