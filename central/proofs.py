"""What a kiosk has proven of a citizen's ID card, and whether it is enough for a service (``level`` in services.toml)."""

from __future__ import annotations

from msgspec import UNSET

from central.catalogue import catalogue
from central.problems import Refusal
from kiosk.domain.proof import Check, Level, Proof
from kiosk.uplink.messages import Person


def proven(person: Person | None) -> Proof:
    """Return what was proven of a card; nothing of a card that nobody showed.

    Refusal("malformed"): the level does not follow from the outcomes, so one of them cannot be believed.
    """
    if person is None or person.proof is UNSET:
        return Proof()
    told = person.proof
    proof = Proof(Check(told.passive), Check(told.active), Check(told.chip))
    if proof.level != told.level:
        raise Refusal("malformed", "proof: level")
    return proof


def needed(service: str) -> Level:
    """Return what must be proven for a service."""
    return next((entry.level for entry in catalogue().services if entry.id == service), "none")


def verify_proof(service: str, person: Person | None) -> None:
    """Let pass who has proven enough. Refusal("proof-insufficient")."""
    if not proven(person).suffices(needed(service)):
        raise Refusal("proof-insufficient")
