"""Another card takes the place of the first at any command, faster than the service looks: nobody is read who is made of two.

The two cards of a pair open with the same key, so that no wrong key hides a mixture, and each is the other's successor.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hardware.card.driver import PcscCardReader, open_driver
from hardware.card.sim_chip import Chip
from hardware.card.sim_persons import PERSONS
from hardware.card.sim_profile import CardProfile, PaceOffer
from hardware.card.sim_slot import Faults, InsertedCard
from hardware.card.sim_trust import export_trust
from hardware.card.simulator import SimulatedCardReader
from hardware.card.trust_folder import replace_contents
from hardware.card.virtual_reader import VirtualReader
from kiosk.domain.access_key import MrzKey
from kiosk.domain.citizen import Citizen
from kiosk.domain.proof import Proof
from kiosk.domain.secret import Secret
from kiosk.domain.signals import CardRefusal
from tests.hardware.card.hands import QUICK

AYGUN = PERSONS["aygun"]
SAME_ZONE = {"document_number": AYGUN.document_number, "birth": AYGUN.birth, "expiry": AYGUN.expiry}


def card(name: str, **fields: Any) -> CardProfile:
    """A person's card, with Aygun's number and dates: one key opens them all."""
    return msgspec.structs.replace(PERSONS[name], can=AYGUN.can, **{**SAME_ZONE, **fields})


PAIRS = {
    "alike": (card("aygun"), card("leyla")),
    "CAM and 3DES": (
        card("aygun", pace=(PaceOffer(mapping="ECDH-CAM", cipher="AES-256"),)),
        card("rashid", pace=(PaceOffer(mapping="ECDH-IM", cipher="3DES"),), active="none", chip_curve=""),
    ),
    "BAC": (card("leyla", access=("BAC",)), card("rashid", access=("BAC",), active="none", chip_curve="")),
}


class Told(Chip):
    """A chip that says when it has been asked for the n-th command since it was powered; 0 never."""

    def __init__(self, profile: CardProfile) -> None:
        self.at, self.commands, self.most, self.reached = 0, 0, 0, threading.Event()
        super().__init__(profile)

    def reset(self) -> None:
        self.commands = 0
        super().reset()

    def process(self, apdu: bytes) -> bytes:
        self.commands += 1
        self.most = max(self.most, self.commands)
        answer = super().process(apdu)
        if self.commands == self.at:
            self.reached.set()
        return answer


class Hand:
    """Two cards, one of them in the slot."""

    def __init__(self, port: int, pair: tuple[CardProfile, CardProfile]) -> None:
        self._port = port
        self._faults = Faults()
        self.profiles = list(pair)
        self._insert()

    def _insert(self) -> None:
        self.chip = Told(self.profiles[0])
        address = ("127.0.0.1", self._port)
        self._card = InsertedCard(self.profiles[0].name, self.chip, address, self._faults, Faults(), lambda _: None)

    def swap_at(self, command: int, *, answered: bool) -> threading.Thread:
        """Put the other card in at a command: instead of its answer, or right after it."""
        if answered:
            self.chip.at = command
        else:
            self._faults.arm("remove", command)
        thread = threading.Thread(target=self._swap, args=(self._card, self.chip, answered))
        thread.start()
        return thread

    def _swap(self, card: InsertedCard, chip: Told, answered: bool) -> None:
        if answered:
            assert chip.reached.wait(20.0)
        else:
            assert card._out.wait(20.0)
        card.take_out()
        self.profiles.reverse()
        self._insert()

    def lie_there(self, reader: PcscCardReader) -> None:
        """Be seen; where a swap has made pcscd believe that the slot is empty, put the card in once more."""
        if not reader.wait_for_card(1.5):
            self.take_out()
            time.sleep(0.6)  # pcscd looks every 0.4 s
            self._insert()
            assert reader.wait_for_card(5.0)

    def take_out(self) -> None:
        self._card.take_out()


@pytest.fixture
def reader(
    card_simulator: SimulatedCardReader, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[PcscCardReader]:
    """The driver, with the simulated country trusted where cards are to be proven; the service is started anew afterwards."""
    assert card_simulator.ledger() == []
    settings = msgspec.structs.replace(QUICK, transmit_timeout_s=5.0)
    if request.node.callspec.params["pair"] == "CAM and 3DES":
        export_trust(tmp_path / "published")
        replace_contents(tmp_path / "trust", {"az-1.cer": (tmp_path / "published/csca.der").read_bytes()})
        settings = msgspec.structs.replace(settings, trust=str(tmp_path / "trust"))
    driver = open_driver(settings)
    yield driver
    driver.close()


def person(result: Citizen | CardRefusal) -> Citizen:
    """Whom a reading names, without what was proven."""
    assert isinstance(result, Citizen), result
    return msgspec.structs.replace(result, proof=Proof())


def key_of(profile: CardProfile) -> Secret:
    """A new key each time: the number, or the zone where that alone opens."""
    if profile.access == ("BAC",):
        return MrzKey(profile.document_number, f"{profile.birth:%y%m%d}", f"{profile.expiry:%y%m%d}")
    return Secret(profile.can)


@pytest.mark.parametrize(("pair", "answered"), [("alike", True), *((name, False) for name in PAIRS)])
def test_no_swap_makes_a_person_of_two(
    pair: str, answered: bool, reader: PcscCardReader, virtual_reader: VirtualReader
):
    """At every command: nobody is read, or the one who lay there first, whole, or the one who lies there now, whole."""
    hand = Hand(virtual_reader.port, PAIRS[pair])
    try:
        whole, longest = {}, 0
        for _ in range(2):  # each card once whole, to know whom it names and how many commands that takes
            hand.lie_there(reader)
            whole[hand.profiles[0].name] = person(reader.read_citizen(key_of(hand.profiles[0])))
            longest = max(longest, hand.chip.most)
            hand.take_out()
            assert reader.wait_for_removal(5.0)
            hand.profiles.reverse()
            hand._insert()
        assert len(set(map(str, whole.values()))) == 2
        assert longest > 8
        outcomes = [swapped(hand, reader, apdu, answered=answered) for apdu in range(1, longest + 1)]
    finally:
        hand.take_out()
    for apdu, (first, second, outcome) in enumerate(outcomes, 1):
        if isinstance(outcome, Citizen):
            assert person(outcome) in {whole[first], whole[second]}, f"at command {apdu}"
        else:
            assert outcome.reason in {"removed", "unreadable"}, f"at command {apdu}: {outcome}"
    assert sum(isinstance(outcome, CardRefusal) for _, _, outcome in outcomes) >= longest // 2


def swapped(hand: Hand, reader: PcscCardReader, apdu: int, *, answered: bool) -> tuple[str, str, Citizen | CardRefusal]:
    """Swap at a command of a reading; return who lay there before and after, and what came of it."""
    hand.lie_there(reader)
    first, second = (profile.name for profile in hand.profiles)
    thread = hand.swap_at(apdu, answered=answered)
    outcome = reader.read_citizen(key_of(hand.profiles[0]))
    if thread.is_alive():  # this card needs fewer commands than the other: it is swapped now
        hand._faults.clear()
        hand.chip.reached.set()
        hand.take_out()
    thread.join(20.0)
    return first, second, outcome
