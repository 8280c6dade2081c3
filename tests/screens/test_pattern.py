"""Only keys that can lead to a whole answer are offered."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screens.pattern import DIGITS, LETTERS, breaks, following

PATTERNS = ["[0-9]{9}", "[0-9]{2}[A-Z]{2}[0-9]{3}", r"\d{3,5}", "A[B-D]?[0-9]+", "[A-Z]{1,2}-[0-9]{2,}"]


def test_a_number_plate_asks_for_digits_letters_digits():
    """At each place of a plate only what may stand there is offered."""
    plate = "[0-9]{2}[A-Z]{2}[0-9]{3}"
    assert following(plate, "1") == frozenset(DIGITS)
    assert following(plate, "10") == frozenset(LETTERS)
    assert following(plate, "10AB") == frozenset(DIGITS)
    assert following(plate, "10AB123") == frozenset()


@pytest.mark.parametrize("pattern", ["(a|b)", "[^0-9]", "a.b", "^[0-9]$", "[0-9"])
def test_a_pattern_beyond_us_offers_every_key(pattern):
    """A pattern that cannot be read hides no key."""
    assert following(pattern, "") is None


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PATTERNS), st.data())
def test_whoever_follows_the_offers_reaches_a_whole_answer(pattern, data):
    """Typing only offered keys leads to an answer that the pattern accepts."""
    typed = ""
    for _ in range(12):
        offered = following(pattern, typed)
        if not offered or (re.fullmatch(pattern, typed) and data.draw(st.booleans())):
            break
        typed += data.draw(st.sampled_from(sorted(offered)))
    assert re.fullmatch(pattern, typed)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PATTERNS), st.data())
def test_no_right_answer_is_out_of_reach(pattern, data):
    """Every key of every right answer is offered in its turn."""
    answer = data.draw(st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True))
    for place, character in enumerate(answer):
        assert character in following(pattern, answer[:place])


def test_groups_follow_the_kind_of_character():
    """A plate is shown as 10 AB 123, a plain number in one piece."""
    assert breaks("[0-9]{2}[A-Z]{2}[0-9]{3}") == [2, 4]
    assert breaks("[0-9]{9}") == []
    assert breaks("[A-Z]{1,2}[0-9]{3}") == []
    assert breaks("(a|b)") == []
