"""Made cards, broken cards and the technician's card through the real service and a real reader's wire."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from pathlib import Path

import msgspec
import pytest

from hardware.bench import main
from hardware.card.sim_persons import PERSONS
from hardware.card.virtual_reader import VirtualReader
from tests.hardware.card.hands import wait_until
from tests.hardware.card.little_reader import Transmit
from tests.hardware.card.slot import wait_for, wire
from tests.hardware.card.wide_reader import WideReader

AYGUN = PERSONS["aygun"]
CAN = b"123456"


def inserted(simulator, tmp_path: Path, *options: str) -> None:
    """Make a card file and put the card in."""
    assert main(["card", "make", "--out", str(tmp_path / "card.json"), *options]) == 0
    assert simulator.do({"do": "insert", "card": str(tmp_path / "card.json")})["ok"]


def removed(simulator, virtual_reader: VirtualReader, context: int) -> None:
    """Take the card out, and wait until the service has seen it."""
    assert simulator.do({"do": "remove"})["ok"]
    wait_for(context, virtual_reader, present=False)


def answered(transmit: Transmit) -> int:
    """Send eight commands; return how many were answered."""
    for count in range(8):
        try:
            transmit(bytes.fromhex("00B09C0000"))
        except ConnectionError:
            return count
    return 8


def once_it_hangs(simulator, command: str) -> None:
    """Do something when the seventh command has come and is not answered."""
    wait_until(lambda: bool(simulator.ledger()) and simulator.ledger()[-1]["apdus"] == 7, 20.0)
    simulator.do({"do": command})


def test_a_card_file_is_read_with_extended_length(card_simulator, virtual_reader, context, tmp_path: Path):
    """BAC, and a photo of 12 kB in pieces of 4000 bytes: four reads instead of fifty-five, all of it under Triple-DES."""
    inserted(card_simulator, tmp_path, "--name", "made", "--access", "BAC", "--groups", "1,2", "--max-read", "4000")
    with wire(context, virtual_reader) as transmit:
        reader = WideReader(transmit)
        assert reader.plain("00A4040C07A0000002471001") == 0x9000
        assert reader.bac(AYGUN.mrz_information()) == 0x9000
        photo = reader.file(2, 4000)
        assert photo.endswith(b"\xff\xd9")
        assert 12_000 < len(photo) < 12_300
    (session,) = card_simulator.ledger()
    assert session == {"card": "made", "apdus": 7, "read": ["EF.DG2"], "wrong_can": 0, "wrong_mrz": 0}


def test_the_longest_keys_pass_the_service(card_simulator, virtual_reader, context, tmp_path: Path):
    """A group of 2048 bits needs extended APDUs in both directions, and they pass."""
    inserted(card_simulator, tmp_path, "--pace", "DH-GM:AES-256:2", "--max-read", "1000")
    with wire(context, virtual_reader) as transmit:
        reader = WideReader(transmit)
        assert reader.pace(CAN, "DH-GM", "AES-256", 2) == 0x9000
        reader.enter()
        assert reader.file(1)[5:].decode() == AYGUN.mrz()


def test_the_technicians_card_lies_in_the_same_slot(card_simulator, virtual_reader, context, tmp_path: Path):
    """By name; its ledger entry has objects, wrong PINs and signatures; wrong PINs outlive its removal."""
    assert card_simulator.do({"do": "insert", "card": "technician"}) == {"ok": True, "card": "technician"}
    with wire(context, virtual_reader) as transmit:
        assert transmit(bytes.fromhex("00A404000BA00000030800001000010000"))[-2:] == b"\x90\x00"
        assert transmit(bytes.fromhex("00CB3FFF055C035FC10500"))[-2] == 0x61
        assert transmit(bytes.fromhex("0020008008" + "3030303030300000"))[-2:] == b"\x63\xc2"
    removed(card_simulator, virtual_reader, context)
    card_simulator.do({"do": "insert", "card": "technician"})
    with wire(context, virtual_reader) as transmit:
        transmit(bytes.fromhex("00A404000BA00000030800001000010000"))
        assert transmit(bytes.fromhex("00200080")) == b"\x63\xc2"
    first = card_simulator.ledger()[0]
    assert first == {"card": "technician", "apdus": 3, "read": ["certificate 9A"], "wrong_pin": 1, "signed": 0}
    assert json.loads((tmp_path / "card" / "counters.json").read_text())["technician"]["wrong_pin"] == 1


def test_a_card_that_is_removed_at_an_apdu(card_simulator, virtual_reader, context):
    """The variant leaves the slot at its seventh command, and the next card is whole."""
    card_simulator.do({"do": "insert", "card": "aygun:removed"})
    with wire(context, virtual_reader) as transmit:
        assert answered(transmit) == 6
    wait_for(context, virtual_reader, present=False)
    assert card_simulator.do({"do": "insert", "card": "rashid"})["ok"]
    with wire(context, virtual_reader) as transmit:
        assert answered(transmit) == 8


def test_a_card_that_falls_silent(card_simulator, virtual_reader, context):
    """The variant hangs at its seventh command until the hand takes it out."""
    card_simulator.do({"do": "insert", "card": "aygun:silent"})
    hand = threading.Thread(target=once_it_hangs, args=(card_simulator, "remove"))
    with wire(context, virtual_reader) as transmit:
        hand.start()
        assert answered(transmit) == 6
    hand.join()


def test_normal_lets_a_silent_card_speak(card_simulator, virtual_reader, context):
    """The hand's "normal" ends what the card's file began."""
    card_simulator.do({"do": "insert", "card": "aygun:silent"})
    hand = threading.Thread(target=once_it_hangs, args=(card_simulator, "normal"))
    with wire(context, virtual_reader) as transmit:
        hand.start()
        assert answered(transmit) == 8
    hand.join()


def test_a_fault_of_one_card_is_not_the_next_ones(card_simulator, virtual_reader, context):
    """What a card file armed and what never happened goes with the card."""
    card_simulator.do({"do": "insert", "card": "aygun:silent"})
    wait_for(context, virtual_reader, present=True)
    removed(card_simulator, virtual_reader, context)
    card_simulator.do({"do": "insert", "card": "leyla"})
    with wire(context, virtual_reader) as transmit:
        assert answered(transmit) == 8


def test_a_slow_card_is_slow_by_itself(card_simulator, virtual_reader, context):
    """Each answer of the slow variant takes its 60 ms at least."""
    card_simulator.do({"do": "insert", "card": "aygun:slow"})
    with wire(context, virtual_reader) as transmit:
        start = time.monotonic()
        for _ in range(3):
            transmit(bytes.fromhex("00B09C0000"))
        assert time.monotonic() - start >= 0.18


def test_a_card_is_the_same_on_every_insertion(card_simulator, virtual_reader, context, tmp_path: Path):
    """Keys and signatures come from the card's number: EF.SOD is the same bytes each time it is put in."""
    seen = set()
    for _ in range(2):
        inserted(card_simulator, tmp_path, "--active", "none", "--chip", "none")
        with wire(context, virtual_reader) as transmit:
            reader = WideReader(transmit)
            assert reader.pace(CAN, "ECDH-GM", "AES-128", 13) == 0x9000
            reader.enter()
            seen.add(hashlib.sha256(reader.file(0x1D)).hexdigest())
        removed(card_simulator, virtual_reader, context)
    assert len(seen) == 1


@pytest.mark.parametrize("content", ["", "{}", '{"kind": "emrtd", "name": "x"}', '{"kind": "visa"}', "\udcff"])
def test_a_file_that_is_no_card_is_refused(card_simulator, content: str, tmp_path: Path):
    """The hand says why, and the slot stays empty."""
    (tmp_path / "card.json").write_text(content, errors="surrogateescape")
    answer = card_simulator.do({"do": "insert", "card": str(tmp_path / "card.json")})
    assert answer["ok"] is False
    assert "card.json" in answer["error"]
    assert card_simulator.do({"do": "remove"})["ok"] is False


def test_the_hand_tells_which_cards_it_has(card_simulator):
    """Names and variants, for whoever stands at the bench."""
    answer = card_simulator.do({"do": "cards"})
    assert answer["cards"] == ["aygun", "rashid", "leyla", "nuray", "technician"]
    assert "tampered" in answer["broken"]
    assert msgspec.structs.asdict(AYGUN)["name"] == "aygun"
