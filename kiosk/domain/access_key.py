"""What a person shows to have an identity card opened: the access number (a plain ``Secret``), or three fields of its zone.

Both are Secrets and go wherever a Secret goes: into ``CardReader.read_citizen``, into the journal as nothing, into no log.
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from kiosk.domain.secret import Secret

Way = Literal["digits", "document", "zone"]
"""How a key is given: the access number typed, the document number and dates typed, or the zone scanned."""

_WEIGHTS = (7, 3, 1)
_DOCUMENT_NUMBER = re.compile("[0-9A-Z][0-9A-Z<]{0,23}")
_DATE = re.compile("[0-9<]{6}")
_NUMBER_FIELD = 9


class MrzKey(Secret):
    """Document number, date of birth and date of expiry, as the machine readable zone has them (ICAO Doc 9303-11, 4.3.2).

    The value is the MRZ_information: each of the three with its check digit, a short number filled up with ``<``.
    """

    __slots__ = ()

    def __init__(self, document_number: str, birth: str, expiry: str) -> None:
        """Take the number (complete, also where it is longer than its field) and the dates, YYMMDD. ValueError: not so."""
        if not _DOCUMENT_NUMBER.fullmatch(document_number):
            raise ValueError("a document number has 1 to 24 characters 0-9 A-Z <")
        if not (_DATE.fullmatch(birth) and _DATE.fullmatch(expiry)):
            raise ValueError("a date of the machine readable zone is six digits, YYMMDD")
        number = document_number.rstrip("<").ljust(_NUMBER_FIELD, "<")
        super().__init__("".join(field + check_digit(field) for field in (number, birth, expiry)))

    def __repr__(self) -> str:
        return "MrzKey(***)"


class Misread(Struct, frozen=True):
    """A scanner saw something that is no whole zone. ``evidence`` names what is wrong with it, not what stands in it."""

    evidence: str = ""


def check_digit(text: str) -> str:
    """Return the check digit of a field (Doc 9303-3, 4.9): weights 7, 3, 1; A is 10, ``<`` is 0."""
    return str(sum(_value(letter) * _WEIGHTS[i % 3] for i, letter in enumerate(text)) % 10)


def _value(letter: str) -> int:
    return 0 if letter == "<" else int(letter, 36)
