"""Machine readable zones of the simulated cards: three sizes, with their check digits (ICAO Doc 9303-3 to -6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

_WEIGHTS = (7, 3, 1)  # Doc 9303-3, section 4.9
_NUMBER = 9  # places of the document number; a longer one goes on in the optional data (Doc 9303-5, table 4)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """What a zone says. Names are in its letters; a hyphen or a space parts name components."""

    form: Literal["TD1", "TD2", "TD3"]
    issuer: str
    nationality: str
    surname: str
    given_names: str
    document_number: str
    personal_number: str
    birth: date
    sex: str
    expiry: date


def machine_readable_zone(holder: Holder) -> str:
    """Return the zone's lines joined. ValueError for what does not fit or has other letters than a zone."""
    zone = {"TD1": _td1, "TD2": _td2, "TD3": _td3}[holder.form](holder)
    lines, length = {"TD1": (3, 30), "TD2": (2, 36), "TD3": (2, 44)}[holder.form]
    if len(zone) != lines * length:
        raise ValueError(f"{holder.form} has {lines} lines of {length}; this is {len(zone)} long: {zone}")
    if not zone.isascii() or not zone.replace("<", "A").isalnum() or zone != zone.upper():
        raise ValueError(f"a zone has capitals, digits and fillers: {zone}")
    return zone


def mrz_information(holder: Holder) -> str:
    """Return number, birth and expiry, each with its check digit (Doc 9303-11, section 9.7.2)."""
    number = holder.document_number.ljust(_NUMBER, "<")
    return number + check_digit(number) + _dated(holder.birth) + _dated(holder.expiry)


def check_digit(text: str) -> str:
    """Compute the check digit of an MRZ field: weights 7, 3, 1; A is 10; the filler is 0 (Doc 9303-3, section 4.9)."""
    values = (0 if letter == "<" else int(letter, 36) for letter in text)
    return str(sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def _td1(holder: Holder) -> str:
    """Three lines of 30 (Doc 9303-5, section 4.2)."""
    first = f"I<{holder.issuer:<<3}{_number_and_optional(holder, 15)}"
    birth, expiry = _dated(holder.birth), _dated(holder.expiry)
    second = f"{birth}{holder.sex}{expiry}{holder.nationality:<<3}{'':<<11}"
    composite = check_digit(first[5:] + birth + expiry + second[18:29])
    return f"{first}{second}{composite}{_names(holder, 30)}"


def _td2(holder: Holder) -> str:
    """Two lines of 36 (Doc 9303-6, section 4.2)."""
    birth, expiry = _dated(holder.birth), _dated(holder.expiry)
    whole = _number_and_optional(holder, 7)
    number, optional = whole[:10], whole[10:]
    second = f"{number}{holder.nationality:<<3}{birth}{holder.sex}{expiry}{optional}"
    composite = check_digit(number + birth + expiry + optional)
    return f"I<{holder.issuer:<<3}{_names(holder, 31)}{second}{composite}"


def _td3(holder: Holder) -> str:
    """Two lines of 44 (Doc 9303-4, section 4.2); the number has nine places and no more."""
    birth, expiry = _dated(holder.birth), _dated(holder.expiry)
    number = f"{holder.document_number:<<9}"
    number += check_digit(number)
    optional = f"{holder.personal_number:<<14}"
    optional += check_digit(optional)
    second = f"{number}{holder.nationality:<<3}{birth}{holder.sex}{expiry}{optional}"
    composite = check_digit(number + birth + expiry + optional)
    return f"P<{holder.issuer:<<3}{_names(holder, 39)}{second}{composite}"


def _number_and_optional(holder: Holder, places: int) -> str:
    """Write number, check digit and optional data; a long number's rest and digit stand in the optional data."""
    number = holder.document_number
    if len(number) <= _NUMBER:
        number = f"{number:<<9}"
        return f"{number}{check_digit(number)}{holder.personal_number:<<{places}}"
    rest = f"{number[_NUMBER:]}{check_digit(number)}<{holder.personal_number}"
    return f"{number[:_NUMBER]}<{rest:<<{places}}"


def _dated(day: date) -> str:
    text = f"{day:%y%m%d}"
    return text + check_digit(text)


def _names(holder: Holder, places: int) -> str:
    """Names. What is too long is cut so that a letter of the given names stands last (Doc 9303-5, section 4.2)."""
    surname, given = (part.replace("-", "<").replace(" ", "<") for part in (holder.surname, holder.given_names))
    surname = surname[: places - len("<<") - 1]
    return f"{surname}<<{given}".ljust(places, "<")[:places]
