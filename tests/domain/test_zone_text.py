"""What a scanner tells, gathered character by character; and the dates that somebody types."""

from datetime import date

import pytest

from kiosk.domain.access_key import Misread, MrzKey
from kiosk.domain.document_dates import in_zone, is_birth, is_expiry, typed_date
from kiosk.domain.zone import parse_zone
from kiosk.domain.zone_text import LEAST, MOST, ZoneText

TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
LONG = "I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<"
"""The specimens of Doc 9303-5."""
TODAY = date(2026, 11, 28)


def gathered(text):
    """Gather a text."""
    zone = ZoneText()
    for character in text:
        zone.add(character)
    return zone


@pytest.mark.parametrize("zone", [TD1, LONG])
def test_a_whole_zone_is_its_key(zone):
    """The key of a zone is what its chip derives its own keys from, also for a number longer than its field."""
    text = gathered(zone)
    assert text.whole
    key = text.take()
    assert isinstance(key, MrzKey)
    assert key.reveal() == parse_zone(zone).information


def test_small_letters_count_as_large_ones():
    """A scanner that types without shift spells the same zone."""
    assert isinstance(gathered(TD1.lower()).take(), MrzKey)


@pytest.mark.parametrize("text", [TD1[:-1], TD1 + "<", TD1.replace("740812", "740813"), "A" * LEAST, "A" * (MOST + 50)])
def test_anything_else_is_a_misread(text):
    """A letter too few or too many, a wrong check digit, no zone at all: a misread."""
    assert isinstance(gathered(text).take(), Misread)


def test_next_to_nothing_is_nothing():
    """A few letters are no card."""
    assert gathered("A" * (LEAST - 1)).take() is None


@pytest.mark.parametrize("text", [TD1, TD1[:-1], "AB"])
def test_what_was_gathered_is_overwritten(text):
    """Whatever came of it, nothing of what was gathered stays."""
    zone = gathered(text)
    buffer = zone._seen._octets  # as long as it gets: it never moves
    zone.take()
    assert (len(zone), set(buffer)) == (0, {0})


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("01011990", "900101"),
        ("29022000", "000229"),
        ("31121999", "991231"),
        ("05062031", "310605"),
        ("09031905", "050309"),
    ],
)
def test_a_typed_date_stands_in_the_zone_with_two_digits_of_its_year(typed, zone):
    """Day, month and year as they are printed become YYMMDD, whatever the century."""
    assert in_zone(typed.encode()) == zone.encode()


@pytest.mark.parametrize("typed", ["31022000", "00011990", "01131990", "29022001", "0101199", ""])
def test_a_date_that_no_calendar_has_is_none(typed):
    """A day that does not exist, or is not whole, is no date."""
    assert typed_date(typed.encode()) is None


def test_a_birth_lies_in_the_past():
    """Nobody who stands here was born today or later, or more than 125 years ago."""
    assert is_birth(date(2026, 11, 27), TODAY)
    assert not is_birth(TODAY, TODAY)
    assert not is_birth(date(2027, 1, 1), TODAY)
    assert not is_birth(date(1900, 1, 1), TODAY)


def test_an_expiry_is_near_enough():
    """A card may have expired long ago or run for decades, but not for a lifetime."""
    assert is_expiry(date(2010, 1, 1), TODAY)
    assert is_expiry(date(2076, 1, 1), TODAY)
    assert not is_expiry(date(1990, 1, 1), TODAY)
    assert not is_expiry(date(2077, 1, 1), TODAY)
