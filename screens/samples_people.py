"""Samples of visits with two people: a guardian and a child, a helper and the helped, somebody and whoever comes too soon."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.citizen import Citizen
from kiosk.domain.service import Service
from kiosk.journey import state as s
from kiosk.journey.state_newcomer import EndedByCard

CHILD = Citizen(
    document_number="AA7654321",
    personal_number="9QRS34T",
    surname="ŞİRƏLİYEVA-ƏBDÜLRƏHMANOVA",
    given_names="NURAY ŞƏHRƏBANU",
    birth_date="2015-09-01",
    sex="F",
    expiry_date="2030-09-01",
    nationality="AZE",
    issuing_state="AZE",
)


def people(start: s.Journey, services: dict[str, Service], citizen: Citizen) -> dict[str, s.State]:
    """Return the states of both services that ask for a second card, and of a visit that an unasked one ended."""
    child = replace(start, service=services["child-certificate"], citizen=citizen)
    another = replace(child, service=services["entrusted-certificate"])
    return {
        "second-card-child": s.PresentingCard(child, 12, fresh=True),
        "second-card-another": s.PresentingCard(another, 12, fresh=True),
        "second-card-same": s.PresentingCard(child, 12, "same_card", fresh=True),
        "second-card-no-child": s.PresentingCard(child, 12, "not_a_child", fresh=True),
        "second-key-child": s.EnteringKey(child),
        "second-key-another": s.EnteringKey(another, 1),
        "second-confirming-child": s.Confirming(replace(child, subject=CHILD)),
        "second-confirming-another": s.Confirming(replace(another, subject=CHILD)),
        "ended-by-card": EndedByCard(replace(start, card_inside=True), 20),
        "ended-by-card-taken": EndedByCard(start, 20),
        "second-not-a-guardian": s.Apology(replace(child, subject=CHILD), "not_a_guardian"),
    }
