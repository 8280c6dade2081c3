"""How a dialogue with a card ends early: an expected outcome carried up to the driver, which returns it as a value."""

from __future__ import annotations

from typing import Literal

from kiosk.domain.faults import cut
from kiosk.domain.signals import CardRefusal

Reason = Literal[
    "wrong_key", "zone_needed", "removed", "unsupported", "unreadable", "not_genuine", "expired", "two_cards"
]


class Refused(Exception):
    """The card cannot be read. Never leaves the driver. Long evidence is cut."""

    def __init__(self, reason: Reason, evidence: str) -> None:
        kept = cut(evidence)
        super().__init__(f"{reason}: {kept}")
        self.refusal = CardRefusal(reason, kept)
