"""The machine readable zone of a card, size TD1 (ICAO Doc 9303-5, 4.2; check digits and dates: Doc 9303-3, 4).

    1  DD III NNNNNNNNN c OOOOOOOOOOOOOOO    document code, issuer, document number, its check digit, optional data 1
    2  YYMMDD c S YYMMDD c NNN OOOOOOOOOOO C  birth, sex, expiry, nationality, optional data 2, composite check digit
    3  SURNAME<<GIVEN<NAMES

A document number longer than nine characters has ``<`` where its check digit would be; the rest of it, the check digit
and a ``<`` begin optional data 1.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date

from msgspec import Struct

from kiosk.domain.access_key import check_digit
from kiosk.domain.citizen import Citizen
from kiosk.domain.faults import ProtocolError

FIN_PATTERN = "[0-9A-HJ-NP-Z]{7}"
"""The Azerbaijani personal number: seven digits and letters, without I and O."""

_LINE = 30
_ALLOWED = re.compile("[0-9A-Z<]{90}")
_EXPIRY_AHEAD_YEARS = 50


class Td1(Struct, frozen=True):
    """The fields of a verified TD1 zone, as printed (dates YYMMDD, fillers in names and optional data kept)."""

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

    def password(self) -> bytes:
        """Return SHA-1 over MRZ_information, the PACE password of a reader that sees the zone."""
        return hashlib.sha1(self.information.encode(), usedforsecurity=False).digest()


def parse_td1(zone: str) -> Td1:
    """Take a zone of 90 characters (line ends are ignored) apart. ProtocolError for a foreign letter or a wrong check digit."""
    text = "".join(zone.split())
    if not _ALLOWED.fullmatch(text):
        raise ProtocolError(f"expected 90 characters 0-9 A-Z <, got {len(text)}")
    one, two, three = text[:_LINE], text[_LINE : 2 * _LINE], text[2 * _LINE :]
    number, document_check, optional_1 = _document_number(one[5:14], one[14], one[15:])
    _verify("document number", number, document_check)
    _verify("date of birth", two[:6], two[6])
    _verify("date of expiry", two[8:14], two[14])
    _verify("the whole zone", one[5:] + two[:7] + two[8:15] + two[18:29], two[29])
    return Td1(
        document_code=one[:2].rstrip("<"),
        issuing_state=one[2:5].rstrip("<"),
        document_number=number.rstrip("<"),
        document_check=document_check,
        optional_1=optional_1,
        birth=two[:6],
        sex=two[7].rstrip("<"),
        expiry=two[8:14],
        nationality=two[15:18].rstrip("<"),
        optional_2=two[18:29],
        names=three,
        information=number + document_check + two[:7] + two[8:15],
    )


def _document_number(nine: str, check: str, optional: str) -> tuple[str, str, str]:
    """Return (number, check digit, what remains of optional data 1)."""
    rest, mark, remaining = optional.partition("<")
    if check != "<" or not rest:
        return nine, check, optional
    if not mark:
        raise ProtocolError("a long document number without the filler that ends it")
    return nine + rest[:-1], rest[-1], remaining


def _verify(what: str, text: str, digit: str) -> None:
    """Compare. The evidence names the field, not the person's data."""
    if digit != check_digit(text):
        raise ProtocolError(f"wrong check digit of {what}")


def citizen_of(zone: Td1, today: date, personal_number: str = FIN_PATTERN) -> Citizen:
    """Return whom the zone names. ``personal_number``: what the issuer's number looks like in the optional data.

    A century is not printed: nobody is born after today, and no card runs longer than 50 years from now.
    """
    surname, given = _names(zone.names)
    return Citizen(
        document_number=zone.document_number,
        personal_number=_personal_number(zone, re.compile(personal_number)),
        surname=surname,
        given_names=given,
        birth_date=_iso_date(zone.birth, _latest(today, 0)),
        sex=zone.sex,
        expiry_date=_iso_date(zone.expiry, _latest(today, _EXPIRY_AHEAD_YEARS)),
        nationality=zone.nationality,
        issuing_state=zone.issuing_state,
    )


def _names(line: str) -> tuple[str, str]:
    surname, _, given = line.rstrip("<").partition("<<")
    return _words(surname), _words(given)


def _words(field: str) -> str:
    return " ".join(part for part in field.split("<") if part)


def _personal_number(zone: Td1, pattern: re.Pattern[str]) -> str:
    parts = [*zone.optional_1.split("<"), *zone.optional_2.split("<")]
    return next((part for part in parts if pattern.fullmatch(part)), "")


def _latest(today: date, ahead_years: int) -> str:
    return f"{today.year + ahead_years:04}{today.month:02}{today.day:02}"


def _iso_date(yymmdd: str, latest: str) -> str:
    """Return ISO 8601; only the year, or nothing, where the issuer did not know the rest (Doc 9303-3, 4.8)."""
    known = yymmdd.rstrip("<")
    if not known.isdigit() and known:
        raise ProtocolError("a date with a letter in it")
    if len(known) < 2:
        return ""
    century = int(latest[:2])
    if f"{century}{known}" > latest[: 2 + len(known)]:
        century -= 1
    parts = [f"{century}{known[:2]}", *(known[i : i + 2] for i in range(2, len(known) - 1, 2))]
    return _checked("-".join(parts))


def _checked(iso: str) -> str:
    try:
        date.fromisoformat((iso + "-01-01")[:10])
    except ValueError as error:
        raise ProtocolError("a date that no calendar has") from error
    return iso
