"""The machine readable zone of size TD1."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card.details import PersonalDetails
from hardware.card.mrz import citizen_of, parse_td1, parse_zone
from kiosk.domain.access_key import MrzKey, check_digit
from kiosk.domain.faults import ProtocolError
from tests.hardware.card.hands import BY_ZONE

TODAY = date(2026, 11, 24)
# ICAO's specimen (Doc 9303-5, appendix B), a made-up Azerbaijani card, and a document number longer than nine.
ICAO = "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
AYGUN = "I<AZEAA000000117ABC1D2<<<<<<<<9001011F3001019AZE<<<<<<<<<<<6MAMMADOVA<<AYGUN<<<<<<<<<<<<<<"
LONG = "I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<"


@pytest.mark.parametrize(
    ("zone", "information", "sha1"),
    [
        (ICAO, "D23145890774081221204159", "3C4E2EDB7BE894F54FA2CC9A04EF09D0887526A3"),
        (AYGUN, "AA0000001190010113001019", "B9A10C2BEBB6D67583211E8BF201699EB2D58E85"),
        (LONG, "D23145890734934071279507122", "B366AD857DDCA2B08C0E2998117147300FA5D581"),
    ],
    ids=["icao", "azerbaijan", "long number"],
)
def test_the_password_of_known_zones(zone: str, information: str, sha1: str):
    """MRZ_information and its SHA-1 are those computed apart from this program."""
    parsed = parse_td1(zone)
    assert parsed.information == information
    assert parsed.password().hex().upper() == sha1


def test_the_citizen_of_the_azerbaijani_card():
    """Every field of the example card lands where it belongs, the personal number from optional data 1."""
    assert citizen_of(parse_td1(AYGUN), TODAY) == BY_ZONE


def test_a_long_document_number_is_put_together():
    """Nine characters and the rest from optional data 1; the rest is no personal number."""
    citizen = citizen_of(parse_td1(LONG), TODAY)
    assert citizen.document_number == "D23145890734"
    assert (citizen.birth_date, citizen.expiry_date) == ("1934-07-12", "1995-07-12")
    assert (citizen.surname, citizen.given_names, citizen.personal_number) == ("STEVENSON", "PETER JOHN", "")


def composed(
    *, optional_1: str = "", optional_2: str = "", birth: str = "900101", expiry: str = "300101", sex: str = "F"
) -> str:
    """Return a valid zone; its check digits come from the formula that the golden zones have proved."""
    one = "I<AZEAA00000011" + optional_1.ljust(15, "<")
    two = birth + check_digit(birth) + sex + expiry + check_digit(expiry) + "AZE" + optional_2.ljust(11, "<")
    whole = check_digit(one[5:] + two[:7] + two[8:15] + two[18:29])
    return one + two + whole + "MAMMADOVA<<AYGUN".ljust(30, "<")


@pytest.mark.parametrize(
    ("optional_1", "optional_2", "found"),
    [
        ("7ABC1D2", "1ZZZZZ9", "7ABC1D2"),
        ("", "1ZZZZZ9", "1ZZZZZ9"),
        ("X<7ABC1D2", "", "7ABC1D2"),
        ("7ABI1D2", "7ABO1D2", ""),
        ("17ABC1D2", "", ""),
        ("", "", ""),
    ],
)
def test_the_personal_number_is_searched_in_both_fields(optional_1: str, optional_2: str, found: str):
    """The first whole group of seven without I and O is the number, first in optional data 1, then in 2."""
    zone = parse_td1(composed(optional_1=optional_1, optional_2=optional_2))
    assert citizen_of(zone, TODAY).personal_number == found


@pytest.mark.parametrize(
    ("birth", "iso"),
    [
        ("261124", "2026-11-24"),
        ("261125", "1926-11-25"),
        ("000229", "2000-02-29"),
        ("90<<<<", "1990"),
        ("9005<<", "1990-05"),
        ("<<<<<<", ""),
    ],
)
def test_a_birth_is_never_in_the_future_and_may_be_known_in_part(birth: str, iso: str):
    """The century is chosen so that nobody is born after today; what the issuer did not know is left out."""
    assert citizen_of(parse_td1(composed(birth=birth)), TODAY).birth_date == iso


@pytest.mark.parametrize(
    ("expiry", "iso"), [("351231", "2035-12-31"), ("761124", "2076-11-24"), ("761125", "1976-11-25")]
)
def test_an_expiry_is_at_most_fifty_years_ahead(expiry: str, iso: str):
    """The century of the expiry is the one within the next fifty years, else the last one."""
    assert citizen_of(parse_td1(composed(expiry=expiry)), TODAY).expiry_date == iso


@pytest.mark.parametrize("birth", ["900230", "901301", "9A0101"])
def test_a_date_of_no_calendar_is_damaged(birth: str):
    """A date that cannot be, under a right check digit, is a ProtocolError and no citizen."""
    with pytest.raises(ProtocolError):
        citizen_of(parse_td1(composed(birth=birth)), TODAY)


def test_an_unstated_sex_is_empty():
    """The filler in the place of the sex is nobody's sex."""
    assert citizen_of(parse_td1(composed(sex="<")), TODAY).sex == ""


@settings(max_examples=80, deadline=None)
@given(st.integers(5, 59), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"))
def test_no_other_character_goes_unnoticed_in_a_date_or_number(place: int, letter: str):
    """Where the check digits change by a character, the zone is refused; never does another document number get through."""
    spoiled = AYGUN[:place] + letter + AYGUN[place + 1 :]
    try:
        zone = parse_td1(spoiled)
    except ProtocolError:
        return
    # A weighted sum modulo 10 cannot see a change by a multiple of ten: 1 and B, 0 and K and <.
    assert check_digit(letter) == check_digit(AYGUN[place]) or place in {37, 45, 46, 47}
    assert len(zone.document_number) == 9


@pytest.mark.parametrize(
    "zone",
    ["", AYGUN[:-1], AYGUN + "<", AYGUN.replace("AYGUN", "aygun"), AYGUN.replace("MAMMADOVA", "MƏMMƏDOVA"), "<" * 90],
)
def test_what_is_no_td1_zone_is_damaged(zone: str):
    """A wrong length or a foreign letter is a ProtocolError."""
    with pytest.raises(ProtocolError):
        parse_td1(zone)


def test_the_evidence_does_not_tell_the_person():
    """A wrong check digit is reported by the name of its field, without what stands in it."""
    with pytest.raises(ProtocolError, match="document number") as failed:
        parse_td1(AYGUN.replace("AA0000001", "AB0000001"))
    assert "AB0000001" not in str(failed.value)


# ICAO's specimens of a passport (Doc 9303-4, appendix B) and of a TD2 card (9303-6), a TD2 card with a long number (9303-11, D.2).
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6"
TD2_LONG = "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<D23145890<UTO3407127M95071227349<<<8"
BOOKLETS = [
    (TD3, "td3", "L898902C3", "ERIKSSON", "ANNA MARIA", "L898902C3674081221204159"),
    (TD2, "td2", "D23145890", "ERIKSSON", "ANNA MARIA", "D23145890774081221204159"),
    (TD2_LONG, "td2", "D23145890734", "STEVENSON", "PETER JOHN", "D23145890734934071279507122"),
]


@pytest.mark.parametrize(("text", "size", "number", "surname", "given_names", "information"), BOOKLETS)
def test_the_zones_of_booklets(text: str, size: str, number: str, surname: str, given_names: str, information: str):
    """The printed specimens give number, names and MRZ_information, and the key made of the three fields is the same."""
    zone = parse_zone(text)
    citizen = citizen_of(zone, TODAY)
    assert (zone.size, zone.information) == (size, information)
    assert (citizen.document_number, citizen.surname, citizen.given_names) == (number, surname, given_names)
    assert MrzKey(zone.document_number, zone.birth, zone.expiry).reveal() == information


@pytest.mark.parametrize("text", [TD3, TD2, TD2_LONG])
def test_a_changed_number_or_date_in_a_booklet_is_damaged(text: str):
    """Each checked field has a check digit of its own, and all of them together one more."""
    second = len(text) // 2
    for place in (second + 3, second + 14, second + 22, len(text) - 1):
        spoiled = text[:place] + str((int(text[place], 36) + 1) % 10) + text[place + 1 :]
        with pytest.raises(ProtocolError, match="check digit"):
            parse_zone(spoiled)


def test_the_optional_data_of_a_passport_is_checked():
    """Empty optional data may have 0 or a filler as its check digit; other optional data has its own."""
    head, empty = TD3[:44], TD3[44:72] + "<" * 14
    for digit in "0<":
        line = empty + digit
        whole = check_digit(line[:10] + line[13:20] + line[21:])
        assert parse_zone(head + line + whole).optional_1 == "<" * 14
    line = TD3[44:86] + "<"
    with pytest.raises(ProtocolError, match="optional data"):
        parse_zone(head + line + check_digit(line[:10] + line[13:20] + line[21:]))


@pytest.mark.parametrize("length", [0, 1, 71, 73, 87, 89, 91])
def test_another_length_is_no_zone(length: int):
    """Only 90, 72 and 88 letters are a zone."""
    with pytest.raises(ProtocolError):
        parse_zone("<" * length)


@pytest.mark.parametrize(
    ("full", "born"),
    [
        ("1890-01-01", "1890-01-01"),
        ("1990-01-01", "1990-01-01"),
        ("2090-01-01", "1990-01-01"),
        ("1890-01-02", "1990-01-01"),
        ("", "1990-01-01"),
    ],
)
def test_the_details_know_the_century(full: str, born: str):
    """A full date that agrees with the zone's and is not in the future says the century; any other is not believed."""
    zone = parse_td1(AYGUN)
    assert citizen_of(zone, TODAY, details=PersonalDetails(birth_date=full)).birth_date == born


def test_the_details_know_the_personal_number_where_the_zone_does_not():
    """The number of EF.DG11 is taken if it looks like one and the zone has none."""
    without = parse_td1(composed())
    assert citizen_of(without, TODAY, details=PersonalDetails(personal_number="5KLM8N4")).personal_number == "5KLM8N4"
    assert citizen_of(without, TODAY, details=PersonalDetails(personal_number="unknown")).personal_number == ""
    details = PersonalDetails(personal_number="5KLM8N4")
    assert citizen_of(parse_td1(AYGUN), TODAY, details=details).personal_number == "7ABC1D2"
