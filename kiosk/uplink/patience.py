"""How long the outbox waits after a failure, and whether the rest waits with it."""

from __future__ import annotations

from kiosk.domain.faults import CentralUnreachable
from kiosk.uplink.verdicts import CentralBusy, CentralUnreadable

BASE_WAIT_S = 5.0
LONGEST_WAIT_S = 900.0
SHORTEST_WAIT_S = 1.0
RETRY_AFTER_AT_MOST_S = 3600.0


def shared(fault: CentralUnreachable) -> bool:
    """Say whether every message would fail the same way. Not so an unreadable answer, nor a 500: the others go on."""
    own = isinstance(fault, CentralUnreadable) or (isinstance(fault, CentralBusy) and fault.status == 500)
    return not own


def wait_of(attempts: int, asked_s: float | None, dice: float) -> float:
    """Return how long to wait after a failure: full jitter (``dice`` in 0..1) over a doubling bound; longer if asked to."""
    bound_s = min(LONGEST_WAIT_S, BASE_WAIT_S * (1 << min(attempts, 16)))
    return max(SHORTEST_WAIT_S, dice * bound_s, min(asked_s or 0.0, RETRY_AFTER_AT_MOST_S))
