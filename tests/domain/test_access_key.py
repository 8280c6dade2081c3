"""The keys of an identity card as values: what they hold, and that nobody sees it."""

from __future__ import annotations

import pytest

from kiosk.domain.access_key import MrzKey
from kiosk.domain.secret import Secret
from kiosk.journal.codec import to_row
from kiosk.journey.events import AccessKeyEntered


@pytest.mark.parametrize(
    ("number", "birth", "expiry", "information"),
    [
        ("L898902C", "690806", "940623", "L898902C<369080619406236"),
        ("L898902C<", "690806", "940623", "L898902C<369080619406236"),
        ("D23145890734", "340712", "950712", "D23145890734934071279507122"),
        ("AA0000001", "900101", "300101", "AA0000001190010113001019"),
        ("D23145890", "74<<<<", "120415", "D23145890774<<<<11204159"),
    ],
)
def test_the_information_of_printed_zones(number: str, birth: str, expiry: str, information: str):
    """Each field has its check digit; a short number is filled up, a long one is complete (Doc 9303-11, D.2); octets do as well."""
    assert MrzKey(number, birth, expiry).reveal() == information
    octets = [memoryview(bytearray(each, "ascii")) for each in (number, birth, expiry)]
    assert MrzKey(*octets).reveal() == information


@pytest.mark.parametrize(
    ("number", "birth", "expiry"),
    [
        ("", "900101", "300101"),
        ("<<<<<<<<<", "900101", "300101"),
        ("aa0000001", "900101", "300101"),
        ("ƏA0000001", "900101", "300101"),
        ("AA 000001", "900101", "300101"),
        ("A" * 25, "900101", "300101"),
        ("AA0000001", "1990-01-01", "300101"),
        ("AA0000001", "9001", "300101"),
        ("AA0000001", "900101", ""),
        ("AA0000001", "900101", "30010A"),
        ("AA0000001", "٩٠٠١٠١", "300101"),
    ],
)
def test_what_no_zone_has_is_refused_without_repeating_it(number: str, birth: str, expiry: str):
    """Another letter, another form of date, nothing at all: a ValueError that does not tell what was given."""
    with pytest.raises(ValueError, match=r"number|date") as refused:
        MrzKey(number, birth, expiry)
    assert not number or number not in str(refused.value)


def test_nobody_sees_it():
    """It prints as nothing, goes into the journal as nothing, and is a Secret wherever one is wanted."""
    key = MrzKey("AA0000001", "900101", "300101")
    assert isinstance(key, Secret)
    body, personal = to_row(AccessKeyEntered(key=key))
    shown = f"{key!r} {key} {[key]} {body} {personal}"
    assert not any(part in shown for part in ("AA0000001", "900101", "300101"))
    assert not hasattr(key, "__dict__")


def test_it_is_overwritten():
    """After wipe() nothing is left, and it counts as no key; the copy that was given out is the taker's to overwrite."""
    key = MrzKey("AA0000001", "900101", "300101")
    copy = key.octets()
    key.wipe()
    assert not key
    assert key.reveal() == ""
    assert copy.startswith(b"AA0000001")
