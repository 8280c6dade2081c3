"""Where the kiosk is while somebody asks how earlier payments stand."""

from __future__ import annotations

from kiosk.journey.state import Journey, State


class FindingMatters(State, frozen=True):
    """The central system is asked how things stand."""

    journey: Journey
    order: int


class ShowingMatters(State, frozen=True):
    """How ``journey.matters`` stand, newest first; none at all is an answer too."""

    journey: Journey
