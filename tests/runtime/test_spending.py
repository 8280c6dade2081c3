"""Secrets that nobody will use are overwritten."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.access_key import Misread, MrzKey
from kiosk.domain.citizen import Citizen
from kiosk.domain.secret import Secret
from kiosk.domain.signals import CardRefusal
from kiosk.journey import events as e
from kiosk.journey import events_key as k
from kiosk.journey.effects import ReadCard
from kiosk.runtime.opening import read_card, scan_zone
from kiosk.runtime.spending import spend


class Reader:
    """A reader that notes the key it was given, as far as it could be read then."""

    def __init__(self, answer):
        self.answer, self.waited, self.given = answer, False, ""

    def wait_for_card(self, _timeout_s):
        self.waited = True
        return True

    def read_citizen(self, key):
        self.given = key.reveal()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Scanner:
    """A scanner that saw something."""

    def __init__(self, seen):
        self.seen = seen

    def next_zone(self, _timeout_s):
        return self.seen


def key():
    """The key of an invented card."""
    return MrzKey("AA0000001", "900101", "300101")


def test_a_key_that_nobody_takes_over_is_overwritten():
    """A scan that came too late, or digits for a screen that has gone, leave nothing."""
    event = k.ZoneScanned(3, key())
    spend(event)
    assert not event.key


def test_a_key_that_is_used_is_left():
    """The key that an effect carries to the reader is not overwritten before it was used."""
    event = e.AccessKeyEntered(Secret("123456"))
    spend(event, (ReadCard(3, event.key),))
    assert event.key.reveal() == "123456"


@given(st.sampled_from((Citizen("A", "", "B", "C", "", "", "", "", ""), CardRefusal("wrong_key"), RuntimeError("x"))))
def test_after_a_reading_the_key_is_overwritten(answer):
    """Right, wrong or broken off: when the reading is over the key is gone; before, it was the one that was given."""
    reader, given_key = Reader(answer), key()
    told = key().reveal()
    with suppress(RuntimeError):
        read_card(3, reader, given_key)
    assert (reader.given, bool(given_key)) == (told, False)


def test_only_a_zones_key_waits_for_the_card():
    """Who typed six digits has the card in the reader; who typed or scanned a zone may have it in the hand."""
    for given_key, waits in ((Secret("123456"), False), (key(), True)):
        reader = Reader(CardRefusal("wrong_key"))
        read_card(3, reader, given_key)
        assert reader.waited is waits


def test_what_a_scanner_saw_is_one_of_three():
    """A key, a misread, or nothing."""
    assert scan_zone(3, Scanner(key())) == k.ZoneScanned(3, key())
    assert scan_zone(3, Scanner(Misread("90 characters"))) == k.ZoneMisread(3, "90 characters")
    assert scan_zone(3, Scanner(None)) == k.NoZoneCame(3)
