"""What is typed, in its buffer: nothing of it stays behind, whatever is done with it."""

import pytest

from kiosk.domain.draft import ROOM, Draft


def test_characters_come_back_in_their_order():
    """What was added is there, as octets and character by character."""
    draft = Draft("AA0000001")
    draft.add("7")
    assert (bytes(draft.view()), "".join(draft), len(draft)) == (b"AA00000017", "AA00000017", 10)


def test_its_characters_are_those_that_python_shares():
    """A character taken out is no string of its own: one that nobody can tell from any other use of it."""
    assert [each is shared for each, shared in zip(Draft("839Z"), "839Z", strict=True)] == [True] * 4


def test_an_erased_character_is_overwritten():
    """Erasing puts zeros where the last characters stood; there are never fewer than none."""
    draft = Draft("839274")
    draft.erase()
    assert (draft.text(), draft._octets[5]) == ("83927", 0)
    draft.erase(9)
    assert (len(draft), set(draft._octets)) == (0, {0})


def test_all_of_it_is_overwritten_where_it_lies():
    """Wiping puts zeros into the same buffer, also while somebody looks at it."""
    draft = Draft("839274")
    seen = draft.view()
    draft.wipe()
    assert (len(draft), bytes(seen)) == (0, bytes(6))


def test_what_outgrows_its_buffer_is_overwritten_there():
    """A draft that needs more room moves, and leaves zeros in its first place."""
    draft = Draft("9" * ROOM)
    first = draft._octets
    draft.add("8")
    assert draft.text() == "9" * ROOM + "8"
    assert set(first) == {0}


@pytest.mark.parametrize(
    ("typed", "parts"),
    [("", [b""]), ("AA1", [b"AA1"]), ("AA1|", [b"AA1", b""]), ("AA1|0103|2", [b"AA1", b"0103", b"2"])],
)
def test_it_is_read_in_parts(typed, parts):
    """Between marks there are parts, one more than marks."""
    assert Draft(typed).parts("|") == parts


def test_it_prints_as_nothing():
    """Neither its name in a log nor in a traceback tells what was typed."""
    assert f"{Draft('839274')} {Draft('839274')!r}" == "Draft(***) Draft(***)"


def test_a_character_beyond_latin_1_is_refused():
    """No pad has one; it would be a string of its own."""
    with pytest.raises(ValueError, match="range"):
        Draft().add("Ə")
