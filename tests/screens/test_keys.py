"""The other ways to the card's key, on the glass: number and dates typed, and a scanner that types like a keyboard."""

import pytest
from kivy.base import EventLoop
from kivy.clock import Clock

from hardware.card.sim_persons import PERSONS
from kiosk.domain.access_key import MrzKey
from kiosk.domain.draft import Draft
from kiosk.journey import events as e
from kiosk.journey import events_key as k
from screens import wedge
from screens.wedge import COMMA, ENTER, TAB, typed

ZONE = PERSONS["aygun"].mrz()
LINES = [ZONE[at : at + 30] for at in (0, 30, 60)]


def type_in(citizen, text):
    for character in text:
        citizen.tap(f"key-{character}")


def scan(lines, end=ENTER):
    """Type as a scanner does: the keys that the window tells, in its American layout, each line with its end."""
    for line in lines:
        for character in line:
            if character == "<":
                key(COMMA, ["shift"])
            else:
                key(ord(character.lower()), ["shift"] if character.isalpha() else [])
        key(end)


def key(code, modifiers=()):
    EventLoop.window.dispatch("on_key_down", code, 0, "", list(modifiers))


def silence(citizen, monkeypatch):
    """Let the burst be over: its silence has passed."""
    for event in Clock.get_events():
        if event.timeout == wedge.GAP_S:
            event.cancel()
    citizen.app._wedge._end()


# --- typed ---
def test_number_and_dates_are_typed_on_three_pages(citizen, kiosks):
    """Number, birth and expiry, one after another; then their key is sent, and nothing of them stays on the screen."""
    screen = citizen.see(kiosks["az"]["entering-document"])
    type_in(citizen, "AA0000001")
    citizen.tap("onward")
    type_in(citizen, "01011990")
    citizen.tap("onward")
    type_in(citizen, "01012030")
    citizen.tap("onward")
    ((event, shown),) = citizen.sent
    assert shown == screen.shown
    assert event == e.AccessKeyEntered(MrzKey("AA0000001", "900101", "300101"), "document")
    assert event.key.reveal() == PERSONS["aygun"].mrz_information()
    assert screen.draft.text() == ""


@pytest.mark.parametrize(
    ("birth", "notice"),
    [("31022000", "notice-date-wrong"), ("01012099", "notice-birth-wrong"), ("01011900", "notice-birth-wrong")],
)
def test_a_birth_that_cannot_be_is_told_at_once(citizen, kiosks, birth, notice):
    """A date that does not exist, or lies ahead, is told when its last digit is typed, and one cannot go on."""
    screen = citizen.see(kiosks["ru"]["entering-document"])
    type_in(citizen, "AA0000001")
    citizen.tap("onward")
    type_in(citizen, birth[:-1])
    assert screen.find(notice) is None
    type_in(citizen, birth[-1])
    assert screen.find(notice) is not None
    assert not screen.find("onward").enabled
    citizen.tap("key-erase")
    assert screen.find(notice) is None


def test_a_date_that_cannot_be_is_typed_anew_at_once(citizen, kiosks):
    """After a date that cannot be, the next digit begins it anew: nothing need be erased first."""
    screen = citizen.see(kiosks["az"]["entering-document"])
    screen.draft = Draft("AA0000001|31022000")
    screen.redraw()
    assert screen.find("key-2").enabled
    assert not screen.find("key-7").enabled
    citizen.tap("key-2")
    assert screen.draft.text() == "AA0000001|2"
    assert screen.find("notice-date-wrong") is None


def test_an_expiry_beyond_reason_is_told(citizen, kiosks):
    """A date of expiry is no date of a lifetime ahead."""
    screen = citizen.see(kiosks["en"]["entering-document"])
    screen.draft = Draft("AA0000001|01011990|0101209")
    screen.redraw()
    type_in(citizen, "0")
    assert screen.find("notice-expiry-wrong") is not None


def test_back_leads_page_by_page_and_then_to_the_digits(citizen, kiosks):
    """Back shows what was typed on the page before; from the first page it leads back to the six digits."""
    screen = citizen.see(kiosks["az"]["entering-document"])
    type_in(citizen, "AA0000001")
    citizen.tap("onward")
    type_in(citizen, "01")
    citizen.tap("back")
    assert (citizen.sent, screen.answer) == ([], b"AA0000001")
    citizen.tap("back")
    assert citizen.sent == [(e.WentBack(), screen.shown)]


def test_a_change_of_language_keeps_what_was_typed(citizen, kiosks):
    """Number and date outlive a change of language, on their page."""
    citizen.see(kiosks["az"]["entering-document"])
    type_in(citizen, "AA0000001")
    citizen.tap("onward")
    type_in(citizen, "0101")
    again = citizen.see(kiosks["ru"]["entering-document"])
    assert (again.page, again.answer) == (1, b"0101")


def test_whoever_cannot_find_the_digits_is_led_on(citizen, kiosks):
    """From the digits to their picture, from there to the document; and from the card's picture to the card without a chip."""
    for name, item, event in (
        ("entering-key", "entering-key-lost", k.KeyWayChosen("where")),
        ("finding-digits", "finding-digits-document", k.KeyWayChosen("document")),
        ("presenting-card", "no-chip", k.ChipMissing()),
        ("without-chip", "without-chip-others", e.Acknowledged()),
    ):
        citizen.see(kiosks["az"][name])
        citizen.tap(item)
        assert citizen.sent[-1][0] == event


# --- a keyboard wedge ---
@pytest.mark.parametrize("name", ["entering-key", "finding-digits", "entering-document"])
@pytest.mark.parametrize("end", [ENTER, TAB])
def test_a_scan_that_is_typed_is_the_cards_key(citizen, kiosks, name, end):
    """Three lines typed in a burst are one key, on every screen that asks for it; nothing of them is shown or typed."""
    screen = citizen.see(kiosks["az"][name])
    scan(LINES, end)
    ((event, _),) = citizen.sent
    assert event == e.AccessKeyEntered(MrzKey("AA0000001", "900101", "300101"), "zone")
    assert event.key.reveal() == PERSONS["aygun"].mrz_information()
    assert screen.draft.text() == ""


@pytest.mark.parametrize(
    "name", ["welcome", "choosing", "answering", "confirming", "asking-pin", "still-there", "reading-card"]
)
def test_on_other_screens_a_scan_is_dropped(citizen, kiosks, name):
    """Where no key is asked for, a scan types nothing, presses nothing and is not kept: Enter least of all."""
    screen = citizen.see(kiosks["az"][name])
    citizen.app.key("next")
    focus = citizen.app.focus
    scan(LINES)
    scan(["ABC"])
    assert (citizen.sent, screen.draft.text(), citizen.app.focus) == ([], "", focus)
    assert len(citizen.app._wedge._text) == len("ABC")


def test_a_misread_that_is_typed_is_told(citizen, kiosks, monkeypatch):
    """A scan with a wrong letter is a misread at its end; one that breaks off is one when nothing more comes."""
    citizen.see(kiosks["az"]["entering-key"])
    scan(["I<AZEAA0000009" + LINES[0][14:], *LINES[1:]])
    assert citizen.sent[-1][0] == k.ScanFailed()
    scan(LINES[:2])
    assert len(citizen.sent) == 1
    silence(citizen, monkeypatch)
    assert [event for event, _ in citizen.sent] == [k.ScanFailed()] * 2


def test_the_tactile_keypad_still_works(citizen, kiosks, monkeypatch):
    """Tab and Enter that no burst precedes are the keypad's: they move the focus and press."""
    citizen.see(kiosks["az"]["finding-digits"])
    key(TAB)
    assert citizen.app.focus
    citizen.app._set_focus("finding-digits-document")
    key(ENTER)
    assert citizen.sent[-1][0] == k.KeyWayChosen("document")


def test_letters_of_other_layouts_are_no_letters():
    """A digit's shifted sign, a sign that no zone has and the keys of the keypad are no letters of a zone."""
    assert [typed(code, mods) for code, mods in ((ord("1"), ["shift"]), (ord("-"), []), (ENTER, []), (273, []))] == [
        ""
    ] * 4
    assert typed(COMMA, []) == ""
    assert typed(COMMA, ["shift"]) == "<"
