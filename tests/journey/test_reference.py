"""The code on a paper: counted, the same at every replay, and not to be guessed from another one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.journey.reference import COUNT, LETTERS, letters_of, reference_of

NUMBERS = st.integers(1, 999_999)


@given(st.text(min_size=1, max_size=32), NUMBERS)
def test_letters_are_readable_and_always_the_same(secret, number):
    """The letters of a visit are five that nobody takes for another, and a replay gives the same."""
    letters = letters_of(secret, number)
    assert len(letters) == COUNT
    assert set(letters) <= set(LETTERS)
    assert letters == letters_of(secret, number)


@given(NUMBERS)
def test_another_journal_has_other_letters(number):
    """Who knows kiosk and count of a neighbour's paper, but not the journal's secret, does not know its code."""
    assert len({letters_of(f"{each:032x}", number) for each in range(20)}) >= 19


def test_the_parts_of_a_reference():
    """Kiosk, epoch, visit, letters, and the attempt from the second one on; a journal without a secret has no letters."""
    secret = "5" * 32
    letters = letters_of(secret, 12)
    assert reference_of("AGALI-1", "7KQ", secret, 12) == f"AGALI-1-7KQ-000012-{letters}"
    assert reference_of("AGALI-1", "7KQ", secret, 12, 2) == f"AGALI-1-7KQ-000012-{letters}-2"
    assert reference_of("AGALI-1", "", "", 12) == "AGALI-1-000012"
