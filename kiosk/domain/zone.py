"""The machine readable zone of cards and booklets (ICAO Doc 9303-4 to -6; check digits, dates, names: Doc 9303-3, 4).

TD1 1  DD III NNNNNNNNN c OOOOOOOOOOOOOOO       document code, issuer, document number, its check digit, optional data 1
    2  YYMMDD c S YYMMDD c NNN OOOOOOOOOOO C    birth, sex, expiry, nationality, optional data 2, composite check digit
    3  SURNAME<<GIVEN<NAMES
TD2 1  DD III SURNAME<<GIVEN<NAMES
    2  NNNNNNNNN c NNN YYMMDD c S YYMMDD c OOOOOOO C
TD3 as TD2, of 44 letters, with a check digit after 14 letters of optional data (``<`` or 0 where they are empty)

A document number longer than nine letters has ``<`` where its check digit would be; the rest of it, the check digit and
a ``<`` begin the optional data (TD1: of line 1).
"""

from __future__ import annotations

import hashlib
import re
from itertools import chain
from typing import Literal

from msgspec import Struct

from kiosk.domain.access_key import MrzKey, check_digit
from kiosk.domain.faults import ProtocolError
from kiosk.domain.secret import Octets, overwrite

TD1, TD2, TD3 = 90, 72, 88
"""How many letters a zone has."""

Size = Literal["td1", "td2", "td3"]
_SIZES: dict[int, Size] = {TD1: "td1", TD2: "td2", TD3: "td3"}
_ALLOWED = re.compile(rb"[0-9A-Z<]+")
_FILLER = ord("<")
_NUMBER_FIELD = 9


class Places(Struct, frozen=True):
    """Where the fields of a zone stand, all lines in one. The check digit of a date stands right behind it."""

    number: tuple[range, ...]
    """In two pieces where it is longer than its field."""
    number_check: int
    optional_1: range
    birth: range
    sex: int
    expiry: range
    nationality: range
    optional_2: range
    names: range
    whole: tuple[range, ...]
    """What the composite check digit is made of; it is ``whole_check``."""
    whole_check: int


class Zone(Struct, frozen=True):
    """The fields of a verified zone, as printed (dates YYMMDD, fillers in names and optional data kept)."""

    document_code: str
    issuing_state: str
    document_number: str
    document_check: str
    optional_1: str
    birth: str
    sex: str
    expiry: str
    nationality: str
    optional_2: str
    names: str
    information: str
    """MRZ_information (Doc 9303-11, 4.3.2): what the keys of a passport control are derived from."""
    size: Size = "td1"

    def password(self) -> bytes:
        """Return SHA-1 over MRZ_information, the PACE password of a reader that sees the zone."""
        return hashlib.sha1(self.information.encode(), usedforsecurity=False).digest()


def parse_zone(zone: str) -> Zone:
    """Take a zone (line ends are ignored) apart. ProtocolError for another length, a foreign letter, a wrong check digit."""
    return _parsed("".join(zone.split()), (TD1, TD2, TD3))


def parse_td1(zone: str) -> Zone:
    """Take a TD1 zone apart. ProtocolError for another length, a foreign letter or a wrong check digit."""
    return _parsed("".join(zone.split()), (TD1,))


def key_of(zone: Octets) -> MrzKey:
    """Return what opens the card that a zone (its lines in one) is printed on, and make no string of it. ProtocolError as above."""
    places = located(zone)
    number = bytearray(sum(map(len, places.number)))
    for place, at in enumerate(chain(*places.number)):
        number[place] = zone[at]
    try:
        return MrzKey(number, *(memoryview(zone)[each.start : each.stop] for each in (places.birth, places.expiry)))
    finally:
        overwrite(number)


def located(zone: Octets, sizes: tuple[int, ...] = (TD1, TD2, TD3)) -> Places:
    """Say where a zone's fields stand, all check digits being right. ProtocolError for another length, a foreign letter, a wrong digit."""
    if len(zone) not in sizes or not _ALLOWED.fullmatch(zone):
        raise ProtocolError(f"expected {_either(sizes)} characters 0-9 A-Z <, got {len(zone)}")
    places = _card(zone) if len(zone) == TD1 else _booklet(zone, len(zone) // 2)
    _verify("document number", zone, places.number, places.number_check)
    _verify("date of birth", zone, (places.birth,), places.birth.stop)
    _verify("date of expiry", zone, (places.expiry,), places.expiry.stop)
    if len(zone) == TD3:
        printed, check = range(TD3 - 16, TD3 - 2), TD3 - 2
        if any(zone[at] != _FILLER for at in (*printed, check)):
            _verify("optional data", zone, (printed,), check)
    _verify("the whole zone", zone, places.whole, places.whole_check)
    return places


def _parsed(text: str, sizes: tuple[int, ...]) -> Zone:
    places = located(text.encode("ascii", "replace"), sizes)

    def letters(*pieces: range) -> str:
        return "".join(text[piece.start : piece.stop] for piece in pieces)

    def dated(date: range) -> str:
        return text[date.start : date.stop + 1]

    number = letters(*places.number)
    return Zone(
        document_code=text[:2].rstrip("<"),
        issuing_state=text[2:5].rstrip("<"),
        document_number=number.rstrip("<"),
        document_check=text[places.number_check],
        optional_1=letters(places.optional_1),
        birth=letters(places.birth),
        sex=text[places.sex].rstrip("<"),
        expiry=letters(places.expiry),
        nationality=letters(places.nationality).rstrip("<"),
        optional_2=letters(places.optional_2),
        names=letters(places.names),
        information=number + text[places.number_check] + dated(places.birth) + dated(places.expiry),
        size=_SIZES[len(text)],
    )


def _card(zone: Octets) -> Places:
    """Return where the fields of a TD1 zone stand."""
    number, number_check, optional_1 = _document_number(zone, 5, range(15, 30))
    return Places(
        number=number,
        number_check=number_check,
        optional_1=optional_1,
        birth=range(30, 36),
        sex=37,
        expiry=range(38, 44),
        nationality=range(45, 48),
        optional_2=range(48, 59),
        names=range(60, 90),
        whole=(range(5, 37), range(38, 45), range(48, 59)),
        whole_check=59,
    )


def _booklet(zone: Octets, two: int) -> Places:
    """Return where the fields of a TD2 or TD3 zone stand, whose second line begins at ``two``."""
    end = len(zone) - (2 if len(zone) == TD3 else 1)
    number, number_check, optional = _document_number(zone, two, range(two + 28, end))
    return Places(
        number=number,
        number_check=number_check,
        optional_1=optional,
        birth=range(two + 13, two + 19),
        sex=two + 20,
        expiry=range(two + 21, two + 27),
        nationality=range(two + 10, two + 13),
        optional_2=range(0),
        names=range(5, two),
        whole=(range(two, two + 10), range(two + 13, two + 20), range(two + 21, len(zone) - 1)),
        whole_check=len(zone) - 1,
    )


def _document_number(zone: Octets, begin: int, optional: range) -> tuple[tuple[range, ...], int, range]:
    """Return where the number, its check digit and what remains of the optional data stand."""
    nine, check = range(begin, begin + _NUMBER_FIELD), begin + _NUMBER_FIELD
    if zone[check] != _FILLER or zone[optional.start] == _FILLER:
        return (nine,), check, optional
    end = next((at for at in optional if zone[at] == _FILLER), None)
    if end is None:
        raise ProtocolError("a long document number without the filler that ends it")
    return (nine, range(optional.start, end - 1)), end - 1, range(end + 1, optional.stop)


def _verify(what: str, zone: Octets, pieces: tuple[range, ...], check: int) -> None:
    """Compare. The evidence names the field, not the person's data."""
    if zone[check] != ord(check_digit(zone[at] for at in chain(*pieces))):
        raise ProtocolError(f"wrong check digit of {what}")


def _either(sizes: tuple[int, ...]) -> str:
    *first, last = map(str, sizes)
    return f"{', '.join(first)} or {last}" if first else last
