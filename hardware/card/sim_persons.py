"""Three synthetic citizens of the simulated cards, and what their cards carry (ICAO Doc 9303-5, -10 and -11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha1

_LINE = 30  # characters of each of the three lines of a TD1 machine readable zone
_WEIGHTS = (7, 3, 1)  # Doc 9303-3, section 4.9
_ISSUER = "AZE"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A synthetic citizen. Names are in the letters of the MRZ; a hyphen or a space parts name components."""

    name: str
    surname: str
    given_names: str
    birth: date
    sex: str
    document_number: str
    personal_number: str
    expiry: date
    can: str = field(repr=False)

    def mrz(self) -> str:
        """Return the machine readable zone: three lines of 30, joined (Doc 9303-5, section 4.2)."""
        number = self.document_number.ljust(9, "<")
        first = f"I<{_ISSUER}{number}{check_digit(number)}{self.personal_number:<<15}"
        birth, expiry = self._dated(self.birth), self._dated(self.expiry)
        second = f"{birth}{self.sex}{expiry}{_ISSUER}{'':<<11}"
        composite = check_digit(first[5:] + birth + expiry + second[18:29])
        return f"{first}{second}{composite}{self._names()}"

    def mrz_information(self) -> str:
        """Return what the MRZ password is made from: number, birth and expiry, each with its check digit (Doc 9303-11, 9.7.3)."""
        mrz = self.mrz()
        return mrz[5:15] + mrz[30:37] + mrz[38:45]

    def passwords(self) -> dict[int, bytes]:
        """Return the PACE passwords by their number in DO'83': 1 is the MRZ, 2 the CAN (Doc 9303-11, section 4.4.4.1)."""
        digest = sha1(self.mrz_information().encode("ascii"), usedforsecurity=False).digest()
        return {1: digest, 2: self.can.encode("ascii")}

    @staticmethod
    def _dated(day: date) -> str:
        text = f"{day:%y%m%d}"
        return text + check_digit(text)

    def _names(self) -> str:
        """Line 3. What is too long is cut so that a letter of the given names stands last (Doc 9303-5, section 4.2)."""
        surname, given = (part.replace("-", "<").replace(" ", "<") for part in (self.surname, self.given_names))
        surname = surname[: _LINE - len("<<") - 1]
        return f"{surname}<<{given}".ljust(_LINE, "<")[:_LINE]


def check_digit(text: str) -> str:
    """Compute the check digit of an MRZ field: weights 7, 3, 1; A is 10; the filler is 0 (Doc 9303-3, section 4.9)."""
    values = (0 if letter == "<" else int(letter, 36) for letter in text)
    return str(sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


_ALL = (
    Person(
        name="aygun",
        surname="MAMMADOVA",
        given_names="AYGUN",
        birth=date(1990, 1, 1),
        sex="F",
        document_number="AA0000001",
        personal_number="7ABC1D2",
        expiry=date(2030, 1, 1),
        can="123456",
    ),
    Person(
        name="rashid",
        surname="HUSEYNOV",
        given_names="RASHID",
        birth=date(1948, 3, 15),
        sex="M",
        document_number="AA0000002",
        personal_number="5KLM8N4",
        expiry=date(2031, 6, 30),
        can="654321",
    ),
    Person(
        name="leyla",
        surname="SHIRALIYEVA-ABDULRAHMANOVA",
        given_names="LEYLA SHAHRABANU",
        birth=date(1987, 11, 23),
        sex="F",
        document_number="AA0000003",
        personal_number="2XYZ9P6",
        expiry=date(2034, 5, 14),
        can="112233",
    ),
)
PERSONS = {person.name: person for person in _ALL}
