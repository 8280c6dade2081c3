"""What the outbox delivers with."""

from __future__ import annotations

from typing import Protocol

from kiosk.domain.application import Acceptance, Claim, Submission
from kiosk.domain.fiscal import Registration
from kiosk.uplink.letters import Message


class Carrier(Protocol):
    """What delivers: HttpCentral. Raises CentralRefused or CentralUnreachable, nothing else."""

    def submit(self, submission: Submission, timeout_s: float | None = None) -> Acceptance:
        """Deliver a submission."""
        ...

    def claim(self, claim: Claim, timeout_s: float | None = None) -> None:
        """Deliver a claim."""
        ...

    def register(self, registration: Registration, timeout_s: float | None = None) -> None:
        """Deliver a registered sale."""
        ...


def carry(carrier: Carrier, message: Message, timeout_s: float) -> Acceptance | None:
    """Deliver a message of whatever kind; a submission alone is answered."""
    match message:
        case Submission():
            return carrier.submit(message, timeout_s)
        case Claim():
            carrier.claim(message, timeout_s)
        case Registration():
            carrier.register(message, timeout_s)
    return None
