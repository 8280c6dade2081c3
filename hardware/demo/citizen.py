"""Who plays: a citizen with an ID card, six digits, and the numbers that stand on the bills at home."""

from __future__ import annotations

import tomllib

from msgspec import Struct

from hardware.card.sim_persons import PERSONS
from hardware.demo.program import DemoError
from hardware.demo.settings import CONFIG

ANSWERS: dict[str, dict[str, str]] = {
    "electricity": {"customer_number": "104558210"},
    "traffic-fine": {"plate": "10AB123", "ticket": "20260017"},
    "residence-certificate": {},
}
"""What is answered to each service: the synthetic debts that ``kiosk-central migrate --demo`` lays down."""
UNKNOWN = {"customer_number": "104558219", "plate": "10AB123", "ticket": "20269999"}
"""Well-formed answers that the central system knows nothing of."""
WRONG_CAN = "000000"


class Citizen(Struct, frozen=True):
    """One visitor. ``labels`` are the questions, as they stand on the screen, with the id of the field they ask for."""

    language: str
    service: str
    card: str
    can: str
    answers: dict[str, str]
    labels: dict[str, str]

    @property
    def pays(self) -> bool:
        """Say whether the service costs money: only what has fields does."""
        return bool(self.answers)


def citizen(service: str, language: str, card: str = "aygun") -> Citizen:
    """Return a visitor who wants a service. DemoError for a service nobody has a bill for."""
    if service not in ANSWERS:
        raise DemoError(f"there is no service {service}; expected one of {', '.join(ANSWERS)}")
    table = tomllib.loads((CONFIG / "services" / f"{service}.toml").read_text("utf-8"))
    labels = {field["label"][language]: field["id"] for field in table["fields"]}
    return Citizen(language, service, card, PERSONS[card].can, ANSWERS[service], labels)
