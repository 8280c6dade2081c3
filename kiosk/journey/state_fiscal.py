"""Where the kiosk is while a sale is told to the fiscal register. As everywhere, the name says what is outstanding (law 2)."""

from __future__ import annotations

from kiosk.domain.application import Claim
from kiosk.journey.state import Journey, State


class RegisteringSale(State, frozen=True):
    """The register is told of the sale. ``attempt`` counts from 1."""

    journey: Journey
    order: int
    attempt: int = 1


class CheckingSale(State, frozen=True):
    """Nobody knows whether the sale is registered: the register is being asked, for the ``query``-th time."""

    journey: Journey
    order: int
    attempt: int = 1
    query: int = 1


class FilingUnregistered(State, frozen=True):
    """The centre is told of a sale that must be registered by hand."""

    journey: Journey
    claim: Claim
    order: int
