"""Azerbaijani has a dotted and a dotless i, each with its own capital, and an alphabet of its own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.language import az_key, az_lower, az_upper
from kiosk.language.letters import ALPHABET

SMALL = ALPHABET[::2]


@pytest.mark.parametrize(
    ("small", "capital"),
    [("istifadəçi", "İSTİFADƏÇİ"), ("ağalı", "AĞALI"), ("ilıq", "İLIQ"), ("şüşə", "ŞÜŞƏ"), ("çörək", "ÇÖRƏK")],
)
def test_words_change_case_the_azerbaijani_way(small, capital):
    """A word's capitals and small letters are those of Azerbaijani, in both directions."""
    assert az_upper(small) == capital
    assert az_lower(capital) == small


def test_lowering_never_leaves_a_combining_dot():
    """The capital İ becomes one letter, not an i with a loose dot."""
    assert az_lower("İ") == "i"
    assert len(az_lower("İİİ")) == 3


@settings(max_examples=60, deadline=None)
@given(st.text(SMALL))
def test_case_can_be_changed_there_and_back(text):
    """No letter of the alphabet is lost by changing case and back."""
    assert az_lower(az_upper(text)) == text


def test_words_stand_in_the_order_of_the_alphabet():
    """Sorting follows the Azerbaijani alphabet, where ç follows c, ə follows e, x follows h and q follows k."""
    words = ["cib", "çay", "el", "əl", "hava", "xana", "ıldız", "il", "kitab", "qapı", "sağ", "şam", "zal"]
    assert sorted(set(words), key=az_key) == words


def test_small_letters_come_before_capitals_of_the_same_word():
    """Where only case differs, the small letter comes first."""
    assert sorted(["Ana", "ana", "An"], key=az_key) == ["An", "ana", "Ana"]
