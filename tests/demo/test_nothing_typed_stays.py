"""What is typed to open a card, or by a technician, is nowhere in the kiosk's memory once it is used or left.

The whole kiosk runs, and its memory is searched from outside. It runs without the environment of its unit file, which
overwrites what is freed: that is the second line of defence, and these tests are about the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
import pytest

from hardware.card.sim_persons import PERSONS
from hardware.card.sim_profile import save_card
from hardware.demo.program import Program
from hardware.demo.stage import Stage
from tests.memory import Memory, forms

LIMIT_S = 60.0
CAN, WRONG_CAN = "839274", "748396"
NUMBER, BIRTH, EXPIRY = "QZ7391846", "13071958", "24112031"
PIN = "95173628"


class Kiosk(Stage):
    """The kiosk on its stage, its process, and what somebody does in front of it."""

    def launch_kiosk(self, more: Mapping[str, str] | None = None) -> Program:
        """Start the kiosk as it would be without the environment of its unit."""
        self.kiosk = super().launch_kiosk(more)
        return self.kiosk

    def places(self, *texts: str) -> dict[str, set[int]]:
        """Return where in the kiosk's memory the texts stand, by form."""
        return Memory(self.kiosk.pid).places({name: form for text in texts for name, form in forms(text, text).items()})

    def at(self, state: str) -> None:
        """Wait for a state."""
        self.finger.until(lambda view: view.state == state, LIMIT_S, state)

    def after(self, shown: int, state: str) -> None:
        """Wait for a state that comes after entry ``shown``."""
        self.finger.until(lambda view: view.state == state and view.shown > shown, LIMIT_S, state)

    def type(self, text: str) -> None:
        """Press a key for each character."""
        for character in text:
            self.finger.tap(f"key-{character}")

    def tap(self, item_id: str, state: str = "") -> None:
        """Touch something, and wait for what follows."""
        self.finger.tap(item_id)
        if state:
            self.at(state)

    def to_key(self) -> None:
        """Begin a visit, as far as the card's digits."""
        self.at("Welcome")
        self.tap("language-az", "Choosing")
        self.tap("service-electricity", "PresentingCard")
        self.do("card", "insert", card=str(self.folder / "bench/canary.json"))
        self.at("EnteringKey")

    def to_welcome(self) -> None:
        """Take card and door as they are at rest, and end the visit."""
        self.do("panel", "close")
        self.try_do("card", "remove")
        if self.finger.look().has("cancel"):
            self.tap("cancel")
        self.at("Welcome")


@pytest.fixture(scope="module")
def stage() -> Iterator[Kiosk]:
    with Kiosk(quick=True) as stage:
        card = msgspec.structs.replace(PERSONS["aygun"], name="canary", can=CAN)
        save_card(card, stage.folder / "bench/canary.json")
        yield stage


@pytest.fixture
def kiosk(stage: Kiosk) -> Iterator[Kiosk]:
    yield stage
    stage.to_welcome()


def test_what_is_being_typed_lies_in_one_place_alone(kiosk: Kiosk):
    """While digits stand on the pad the search finds them, once: no key press, and nothing that draws, makes a copy."""
    kiosk.to_key()
    kiosk.type(CAN)
    found = kiosk.places(CAN)
    assert list(found) == [f"{CAN} in ascii"]
    assert len(found[f"{CAN} in ascii"]) == 1


def test_an_erased_digit_is_overwritten(kiosk: Kiosk):
    """What the erase key took off the pad is in memory no more, though the digits before it are."""
    kiosk.to_key()
    kiosk.type(CAN)
    kiosk.tap("key-erase")
    assert kiosk.places(CAN) == {}
    assert len(kiosk.places(CAN[:-1])[f"{CAN[:-1]} in ascii"]) == 1


def test_back_overwrites_what_was_typed(kiosk: Kiosk):
    """Whoever types six digits and goes back leaves nothing of them."""
    kiosk.to_key()
    kiosk.type(CAN)
    kiosk.tap("back", "Choosing")
    assert kiosk.places(CAN, CAN[:-1]) == {}


def test_an_ended_visit_overwrites_what_was_typed(kiosk: Kiosk):
    """Whoever types six digits and cancels leaves nothing of them."""
    kiosk.to_key()
    kiosk.type(CAN)
    kiosk.to_welcome()
    assert kiosk.places(CAN, CAN[:-1]) == {}


def test_digits_that_were_used_are_overwritten(kiosk: Kiosk):
    """Digits with which the card was opened, and wrong ones before them, are gone as soon as it has been read."""
    kiosk.to_key()
    for digits, state in ((WRONG_CAN, "EnteringKey"), (CAN, "Answering")):
        kiosk.type(digits)
        shown = kiosk.finger.look().shown
        kiosk.tap("onward")
        kiosk.after(shown, state)
    assert kiosk.places(CAN, CAN[:-1], WRONG_CAN, WRONG_CAN[:-1]) == {}


def test_number_and_dates_that_were_used_are_overwritten(kiosk: Kiosk):
    """Document number and dates, as they were typed and as the zone has them, are gone as soon as the card refused them."""
    kiosk.to_key()
    kiosk.tap("entering-key-lost", "FindingDigits")
    kiosk.tap("finding-digits-document", "EnteringDocument")
    for typed in (NUMBER, BIRTH, EXPIRY):
        kiosk.type(typed)
        if typed == EXPIRY:
            assert len(kiosk.places(NUMBER)) == 1, "the search finds what is there"
        kiosk.tap("onward")
    kiosk.finger.until(lambda view: view.has("notice-wrong-document"), LIMIT_S, "the same question again")
    assert kiosk.places(NUMBER, NUMBER[:-1], BIRTH, EXPIRY, "580713") == {}


def test_a_pin_that_was_used_is_overwritten(kiosk: Kiosk):
    """A technician's PIN is gone as soon as it has been compared."""
    kiosk.do("panel", "open")
    kiosk.at("AskingCard")
    kiosk.tap("pin-instead", "AskingPin")
    kiosk.type(PIN)
    assert len(kiosk.places(PIN)) == 1, "the search finds what is there"
    kiosk.tap("onward")
    kiosk.finger.until(lambda view: view.has("asking-pin-wrong"), LIMIT_S, "a PIN that is wrong")
    assert kiosk.places(PIN, PIN[:-1]) == {}
