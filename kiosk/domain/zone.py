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
from typing import Literal

from msgspec import Struct

from kiosk.domain.access_key import MrzKey, check_digit
from kiosk.domain.faults import ProtocolError

TD1, TD2, TD3 = 90, 72, 88
"""How many letters a zone has."""

_ALLOWED = re.compile("[0-9A-Z<]+")


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
    size: Literal["td1", "td2", "td3"] = "td1"

    def key(self) -> MrzKey:
        """Return what opens the card that the zone is printed on."""
        return MrzKey(self.document_number, self.birth, self.expiry)

    def password(self) -> bytes:
        """Return SHA-1 over MRZ_information, the PACE password of a reader that sees the zone."""
        return hashlib.sha1(self.information.encode(), usedforsecurity=False).digest()


def parse_zone(zone: str) -> Zone:
    """Take a zone (line ends are ignored) apart. ProtocolError for another length, a foreign letter, a wrong check digit."""
    text = "".join(zone.split())
    if len(text) == TD1:
        return parse_td1(text)
    if len(text) not in {TD2, TD3} or not _ALLOWED.fullmatch(text):
        raise ProtocolError(f"expected {TD1}, {TD2} or {TD3} characters 0-9 A-Z <, got {len(text)}")
    width = len(text) // 2
    return _booklet(text[:width], text[width:])


def parse_td1(zone: str) -> Zone:
    """Take a TD1 zone apart. ProtocolError for another length, a foreign letter or a wrong check digit."""
    text = "".join(zone.split())
    if len(text) != TD1 or not _ALLOWED.fullmatch(text):
        raise ProtocolError(f"expected {TD1} characters 0-9 A-Z <, got {len(text)}")
    one, two, three = text[:30], text[30:60], text[60:]
    number, document_check, optional_1 = _document_number(one[5:14], one[14], one[15:])
    _verify("document number", number, document_check)
    _verify("date of birth", two[:6], two[6])
    _verify("date of expiry", two[8:14], two[14])
    _verify("the whole zone", one[5:] + two[:7] + two[8:15] + two[18:29], two[29])
    return Zone(
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


def _booklet(one: str, two: str) -> Zone:
    """Take a TD2 or TD3 zone apart."""
    is_td3 = len(two) == TD3 // 2
    printed = two[28:42] if is_td3 else two[28:35]
    number, document_check, optional = _document_number(two[:9], two[9], printed)
    _verify("document number", number, document_check)
    _verify("date of birth", two[13:19], two[19])
    _verify("date of expiry", two[21:27], two[27])
    if is_td3 and (two[42] != "<" or printed.strip("<")):
        _verify("optional data", printed, two[42])
    _verify("the whole zone", two[:10] + two[13:20] + two[21:-1], two[-1])
    return Zone(
        document_code=one[:2].rstrip("<"),
        issuing_state=one[2:5].rstrip("<"),
        document_number=number.rstrip("<"),
        document_check=document_check,
        optional_1=optional,
        birth=two[13:19],
        sex=two[20].rstrip("<"),
        expiry=two[21:27],
        nationality=two[10:13].rstrip("<"),
        optional_2="",
        names=one[5:],
        information=number + document_check + two[13:20] + two[21:28],
        size="td3" if is_td3 else "td2",
    )


def _document_number(nine: str, check: str, optional: str) -> tuple[str, str, str]:
    """Return (number, check digit, what remains of the optional data)."""
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
