"""A kind of identity card as data: one TOML file in ``config/cards/``, no code of its own. The first that fits a card is its profile."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from kiosk.domain.service import Texts

FIN_PATTERN = "[0-9A-HJ-NP-Z]{7}"
"""The Azerbaijani personal number: seven digits and letters, without I and O."""
FIN_STATE = "AZE"
"""Who gives it: what looks like one on the card of another state is not one, whatever a profile says."""


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the personal number may stand: ``length`` characters from ``start``, counted from 0; any part between fillers if ``length`` is 0.

    optional_1, optional_2   optional data of the machine readable zone (TD1: of line 1, of line 2; TD2 and TD3 have the first alone)
    details                  EF.DG11, tag 5F10 (ICAO Doc 9303-10, 4.7.11)
    """

    at: Literal["optional_1", "optional_2", "details"]
    start: int = 0
    length: int = 0


EVERYWHERE = (Place("optional_1"), Place("optional_2"), Place("details"))


class CardProfile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is known of a kind of card.

    order             the profile with the lowest is tried first
    issuing_state     three letters, "" for any; document_code and document_number are full-match regular expressions, "" for any
    chip              False: no reader can open it, and the screen says so
    opens_with        can: the six digits printed on it; zone: document number, date of birth and date of expiry
    personal_number   what the issuer's number of a person looks like, and the places where it is looked for, in their order
    names             zone: as in the machine readable zone; details: in their own letters (EF.DG11), where the card has them
    digits_where      where the six digits are printed, for the screen; digits_picture is shown beside it
    """

    id: str
    order: int
    title: Texts
    issuing_state: str = ""
    document_code: str = ""
    document_number: str = ""
    chip: bool = True
    opens_with: tuple[Literal["can", "zone"], ...] = ("can", "zone")
    personal_number: str = FIN_PATTERN
    places: tuple[Place, ...] = EVERYWHERE
    names: Literal["zone", "details"] = "details"
    digits_where: Texts = {}
    digits_picture: Literal["card-digits"] = "card-digits"

    @property
    def fits_any(self) -> bool:
        """Whether it fits every card."""
        return not (self.issuing_state or self.document_code or self.document_number)

    def fits(self, issuing_state: str, document_code: str, document_number: str) -> bool:
        """Say whether a card with this zone is of this kind."""
        return (
            self.issuing_state in ("", issuing_state)
            and _full(self.document_code, document_code)
            and _full(self.document_number, document_number)
        )

    def number_in(self, fields: dict[str, str]) -> str:
        """Return the personal number from what stands at each ``Place.at``; "" where none of the places has one."""
        pattern = re.compile(self.personal_number)
        parts = (part for place in self.places for part in _parts(place, fields.get(place.at, "")))
        return next((part for part in parts if pattern.fullmatch(part)), "")


GENERIC = CardProfile(id="generic", order=1000, title={})
"""For a driver that is told of no profile: any card, and on one of ``FIN_STATE`` the personal number wherever it stands."""


def profile_of(profiles: Sequence[CardProfile], issuing_state: str, document_code: str, number: str) -> CardProfile:
    """Return the first profile that fits; ``GENERIC`` if none does."""
    return next((each for each in profiles if each.fits(issuing_state, document_code, number)), GENERIC)


def _full(pattern: str, text: str) -> bool:
    return not pattern or re.fullmatch(pattern, text) is not None


def _parts(place: Place, text: str) -> Iterable[str]:
    return (text[place.start : place.start + place.length],) if place.length else text[place.start :].split("<")
