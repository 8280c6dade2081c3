"""What a person shows to have an identity card opened: the access number (a plain ``Secret``), or three fields of its zone.

Both are Secrets and go wherever a Secret goes: into ``CardReader.read_citizen``, into the journal as nothing, into no log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from kiosk.domain.secret import Octets, Secret

Way = Literal["digits", "document", "zone"]
"""How a key is given: the access number typed, the document number and dates typed, or the zone scanned."""

_WEIGHTS = (7, 3, 1)
_FILLER = ord("<")
_DOCUMENT_NUMBER = re.compile(rb"[0-9A-Z][0-9A-Z<]{0,23}")
_DATE = re.compile(rb"[0-9<]{6}")
_NUMBER_FIELD = 9


class MrzKey(Secret):
    """Document number, date of birth and date of expiry, as the machine readable zone has them (ICAO Doc 9303-11, 4.3.2).

    The value is the MRZ_information: each of the three with its check digit, a short number filled up with ``<``.
    """

    __slots__ = ()

    def __init__(self, document_number: str | Octets, birth: str | Octets, expiry: str | Octets) -> None:
        """Take the number (complete, also where it is longer than its field) and the dates, YYMMDD. ValueError: not so.

        Octets are only looked at, and stay their owner's to overwrite.
        """
        fields = (document_number, birth, expiry)
        number, *dates = (memoryview(each.encode() if isinstance(each, str) else each) for each in fields)
        if not _DOCUMENT_NUMBER.fullmatch(number):
            raise ValueError("a document number has 1 to 24 characters 0-9 A-Z <")
        if not all(_DATE.fullmatch(each) for each in dates):
            raise ValueError("a date of the machine readable zone is six digits, YYMMDD")
        length = max((place for place, octet in enumerate(number, 1) if octet != _FILLER), default=0)
        wide = max(_NUMBER_FIELD, length)
        super().__init__(bytes([_FILLER]) * (wide + 1 + 2 * 7))
        self._put(0, number[:length], wide)
        self._put(wide + 1, dates[0], 6)
        self._put(wide + 8, dates[1], 6)

    def _put(self, place: int, field: Octets, wide: int) -> None:
        """Write a field over the fillers, and its check digit behind it."""
        for offset, octet in enumerate(field):
            self._value[place + offset] = octet
        self._value[place + wide] = ord(check_digit(field))

    def __repr__(self) -> str:
        return "MrzKey(***)"


class Misread(Struct, frozen=True):
    """A scanner saw something that is no whole zone. ``evidence`` names what is wrong with it, not what stands in it."""

    evidence: str = ""


def check_digit(letters: str | Iterable[int]) -> str:
    """Return the check digit of a field (Doc 9303-3, 4.9): weights 7, 3, 1; A is 10, ``<`` is 0. ASCII where it is octets."""
    octets = letters.encode() if isinstance(letters, str) else letters
    return str(sum(_value(octet) * _WEIGHTS[place % 3] for place, octet in enumerate(octets)) % 10)


def _value(octet: int) -> int:
    return 0 if octet == _FILLER else int(chr(octet), 36)
