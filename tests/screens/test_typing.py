"""What is typed: keys that can lead on, secrets that are never shown, drafts that outlive a change of language."""

import re

import pytest
from msgspec.structs import replace

from kiosk.domain.draft import Draft
from kiosk.domain.secret import Secret
from kiosk.journey import events as e
from kiosk.journey import state as s
from screens import identifying
from screens.profile import SEVEN_INCH
from screens.samples_drafts import DRAFTS
from screens.screen import Context
from screens.tree import tree_of
from screens.window import read_pixels
from tests.screens.conftest import Citizen


def type_in(citizen, text):
    for character in text:
        citizen.tap(f"key-{character}")


def test_a_customer_number_is_typed_and_sent(citizen, kiosks):
    """Nine digits complete the answer; only then can one go on."""
    screen = citizen.see(kiosks["az"]["answering"])
    type_in(citizen, "10455821")
    assert not screen.find("onward").enabled
    type_in(citizen, "0")
    assert screen.find("onward").enabled
    assert not screen.find("key-1").enabled
    citizen.tap("onward")
    assert citizen.sent == [(e.AnswerGiven("customer_number", "104558210"), screen.shown)]


def test_a_mistyped_digit_can_be_erased(citizen, kiosks):
    """Erasing takes the last character away, and nothing is left to erase in the end."""
    screen = citizen.see(kiosks["az"]["answering"])
    type_in(citizen, "12")
    citizen.tap("key-erase")
    assert screen.draft.text() == "1"
    citizen.tap("key-erase")
    assert screen.draft.text() == ""
    assert not screen.find("key-erase").enabled


def test_a_number_plate_offers_only_what_may_follow(citizen, kiosks):
    """On a plate the letters wake up after two digits and fall asleep after two letters."""
    screen = citizen.see(kiosks["az"]["answering-plate"])
    assert not screen.find("key-A").enabled
    type_in(citizen, "10")
    assert screen.find("key-A").enabled
    assert not screen.find("key-1").enabled
    type_in(citizen, "AB123")
    citizen.tap("onward")
    assert citizen.sent[-1][0] == e.AnswerGiven("plate", "10AB123")


def test_on_a_small_panel_the_keys_change_over_by_themselves(languages, kiosks, citizen):
    """Where letters and digits do not fit side by side, the one that can follow is shown; a key changes over by hand."""
    small = Citizen(languages, SEVEN_INCH)
    try:
        screen = small.see(kiosks["az"]["answering-plate"])
        assert screen.find("key-1")
        assert not screen.find("key-A")
        type_in(small, "10")
        assert screen.find("key-A")
        assert screen.find("key-other").label == "123"
        small.tap("key-other")
        assert screen.find("key-1")
        assert screen.find("key-other").label == "ABC"
        small.tap("key-other")
        type_in(small, "AB123")
        assert screen.draft.text() == "10AB123"
        assert screen.find("onward").enabled
    finally:
        small.app.close()


@pytest.mark.parametrize("sample", ["entering-document", "entering-document-birth"])
def test_a_small_panels_keys_begin_with_what_comes_first(languages, kiosks, citizen, sample):
    """A document's number begins with letters, so the letters show; a date has digits alone."""
    small = Citizen(languages, SEVEN_INCH)
    try:
        screen = small.see(kiosks["az"][sample])
        screen.draft = Draft(DRAFTS.get(sample, ""))
        screen.redraw()
        assert bool(screen.find("key-A")) == (sample == "entering-document")
    finally:
        small.app.close()


def test_what_was_typed_survives_a_change_of_language(citizen, kiosks):
    """The language changes, the digits stay."""
    kiosk = kiosks["az"]["answering"]
    citizen.see(kiosk)
    type_in(citizen, "1045")
    journey = replace(kiosk.state.journey, language="ru")
    screen = citizen.see(replace(kiosk, state=replace(kiosk.state, journey=journey), language="ru"))
    assert screen.find("question").label == "Номер абонента"
    assert screen.draft.text() == "1045"


def test_what_was_typed_survives_the_question_of_the_time_out(citizen, kiosks):
    """Whoever answers that they are still there finds what they had typed."""
    kiosk = kiosks["az"]["answering"]
    citizen.see(kiosk)
    type_in(citizen, "1045")
    citizen.see(replace(kiosk, state=s.StillThere(kiosk.state), shown=kiosk.shown + 1))
    assert citizen.see(replace(kiosk, shown=kiosk.shown + 2)).draft.text() == "1045"


def test_nothing_typed_reaches_the_next_citizen(citizen, kiosks):
    """Another visit begins with an empty field."""
    kiosk = kiosks["az"]["answering"]
    citizen.see(kiosk)
    type_in(citizen, "1045")
    citizen.see(kiosks["az"]["welcome"])
    assert citizen.see(kiosk).draft.text() == ""
    type_in(citizen, "1045")
    journey = replace(kiosk.state.journey, number=8)
    assert citizen.see(replace(kiosk, state=replace(kiosk.state, journey=journey), shown=300)).draft.text() == ""


def used(citizen, _kiosks, _kiosk):
    citizen.tap("onward")


def left(citizen, kiosks, _kiosk):
    citizen.see(kiosks["az"]["choosing"])


def timed_out(citizen, kiosks, kiosk):
    citizen.see(replace(kiosk, state=s.StillThere(kiosk.state), shown=kiosk.shown + 1))
    citizen.see(kiosks["az"]["welcome"])


def spoiled(citizen, _kiosks, _kiosk):
    citizen.app.failed(RuntimeError("invented"))
    citizen.errors.clear()


def closed(citizen, _kiosks, _kiosk):
    citizen.app.close()
    citizen.app.open()


@pytest.mark.parametrize("end", [used, left, timed_out, spoiled, closed])
def test_a_secret_is_overwritten_however_its_screen_ends(citizen, kiosks, end):
    """Handed over, left, timed out, failed or closed: where the digits stood there are zeros."""
    kiosk = kiosks["az"]["entering-key"]
    draft = citizen.see(kiosk).draft
    type_in(citizen, "839274")
    assert draft.text() == "839274"
    end(citizen, kiosks, kiosk)
    assert set(draft._octets) == {0}


def test_a_secret_outlives_the_question_of_the_time_out_where_it_lies(citizen, kiosks):
    """Whoever answers that they are still there finds the digits, and they were never copied."""
    kiosk = kiosks["az"]["entering-key"]
    draft = citizen.see(kiosk).draft
    type_in(citizen, "8392")
    citizen.see(replace(kiosk, state=s.StillThere(kiosk.state), shown=kiosk.shown + 1))
    again = citizen.see(replace(kiosk, shown=kiosk.shown + 2)).draft
    assert again is draft
    assert again.text() == "8392"


@pytest.mark.parametrize(
    ("sample", "digits", "event"), [("entering-key", "123406", "key"), ("asking-pin", "4071", "pin")]
)
def test_secret_digits_are_never_in_the_tree(citizen, kiosks, sample, digits, event):
    """A card number or a PIN is shown as dots, never named in the tree, and forgotten as soon as it is sent."""
    screen = citizen.see(kiosks["az"][sample])
    type_in(citizen, digits)
    said = " ".join(f"{node.label} {node.say}" for node in tree_of(screen).items if not node.id.startswith("key-"))
    assert digits not in re.sub(r"\s", "", said)
    citizen.tap("onward")
    secret = getattr(citizen.sent[-1][0], event)
    assert isinstance(secret, Secret)
    assert secret.reveal() == digits
    assert screen.draft.text() == ""


def test_the_last_secret_digit_is_covered_soon(citizen, kiosks, monkeypatch):
    """The digit typed last can be read for a moment, then it is a dot like the others."""
    timers = []
    kept = identifying.Clock.schedule_once
    monkeypatch.setattr(
        identifying.Clock, "schedule_once", lambda *what: (timers.append(what), kept(lambda _dt: None))[1]
    )
    screen = citizen.see(kiosks["az"]["entering-key"])
    type_in(citizen, "7")
    pixels = read_pixels()
    cover, after_s = timers[-1]
    cover(0)
    citizen.app.loop.settle()
    assert after_s <= 2
    assert read_pixels() != pixels
    assert screen.draft.text() == "7"


def test_no_more_secret_digits_than_there_are(citizen, kiosks):
    """After six digits the pad offers no more."""
    screen = citizen.see(kiosks["az"]["entering-key"])
    type_in(citizen, "123456")
    assert not screen.find("key-7").enabled
    assert screen.find("onward").enabled


@pytest.mark.parametrize("sample", ["asking-pin-locked", "asking-pin-checking"])
def test_a_locked_pin_pad_takes_nothing(citizen, kiosks, sample):
    """While a PIN is checked, and after too many wrong ones, no key works."""
    assert citizen.see(kiosks["az"][sample]).presses == []


def test_a_key_types_at_the_touch(citizen, kiosks):
    """A key acts when the finger comes down, so that fast typing loses nothing."""
    screen = citizen.see(kiosks["az"]["answering"])
    citizen.down("key-7")
    assert screen.draft.text() == "7"
    citizen.up()
    assert screen.draft.text() == "7"


def test_a_context_is_all_a_screen_knows():
    """A screen holds sizes, words, one way out, the rule of obstacles and the kinds of cards: no port, no device."""
    assert set(Context.__struct_fields__) == {"theme", "languages", "send", "obstacle", "cards"}
