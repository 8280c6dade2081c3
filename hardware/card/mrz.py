"""Whom a machine readable zone names: the citizen of a verified zone (ICAO Doc 9303-3, 4.6 to 4.8). Its fields: ``kiosk.domain.zone``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hardware.card.details import PersonalDetails, in_calendar
from kiosk.domain.card_profile import FIN_STATE, GENERIC, CardProfile, profile_of
from kiosk.domain.citizen import Citizen
from kiosk.domain.faults import ProtocolError
from kiosk.domain.zone import TD1, TD2, TD3, Zone, parse_td1, parse_zone

__all__ = ["TD1", "TD2", "TD3", "Zone", "citizen_of", "parse_td1", "parse_zone"]

_EXPIRY_AHEAD_YEARS = 50


def citizen_of(
    zone: Zone, today: date, profiles: Sequence[CardProfile] = (GENERIC,), details: PersonalDetails | None = None
) -> Citizen:
    """Return whom the zone names. ``profiles``: the kinds of cards; the first that fits says where the personal number stands.

    ``details`` (EF.DG11) say better what the zone cannot: the name in its own letters, the century of the birth. A century
    is not printed: without them nobody is born after today, and no card runs longer than 50 years from now.
    """
    details = details or PersonalDetails()
    profile = profile_of(profiles, zone.issuing_state, zone.document_code, zone.document_number)
    written = details.name if profile.names == "details" else None
    surname, given = written or _names(zone.names)
    return Citizen(
        document_number=zone.document_number,
        personal_number=profile.number_in(_places(zone, details)) if zone.issuing_state == FIN_STATE else "",
        surname=surname,
        given_names=given,
        birth_date=_born(zone, today, details),
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


def _places(zone: Zone, details: PersonalDetails) -> dict[str, str]:
    return {"optional_1": zone.optional_1, "optional_2": zone.optional_2, "details": details.personal_number}


def _born(zone: Zone, today: date, details: PersonalDetails) -> str:
    """Return the date of the zone, in the century of the details where both agree in the rest."""
    born = _iso_date(zone.birth, _latest(today, 0))
    full = details.birth_date
    return full if full[2:] == born[2:] and full <= today.isoformat() else born


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
    return in_calendar("-".join(parts))
