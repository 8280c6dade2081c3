"""The person in front of the kiosk, as the ID card states them."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from kiosk.domain.proof import Proof


class Citizen(Struct, frozen=True):
    """Who the card says its holder is (ICAO Doc 9303-10, EF.DG1 and EF.DG11).

    ``personal_number`` is the FIN (7 characters) where the card is of Azerbaijan and its profile knows where to find it, else "".
    Dates are ISO 8601 (``1990-01-01``). Names are in the holder's own letters where the card has them (EF.DG11), else as
    the machine readable zone gives them: upper case, no diacritics.
    ``proof`` is what is known of the card's being genuine; without trust anchors nothing is.
    ``portrait``: a small JPEG that the kiosk made from EF.DG2, b"" for none. It is for the screen in front of its owner alone.
    """

    document_number: str
    personal_number: str
    surname: str
    given_names: str
    birth_date: str
    sex: str
    expiry_date: str
    nationality: str
    issuing_state: str
    proof: Proof = Proof()
    portrait: bytes = b""

    @property
    def full_name(self) -> str:
        """Given names, then surname, as they are spoken."""
        return f"{self.given_names} {self.surname}".strip()

    @property
    def without_portrait(self) -> Citizen:
        """The citizen as others are told of them."""
        return replace(self, portrait=b"") if self.portrait else self
