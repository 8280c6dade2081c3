"""Where the kiosk is while it says that no paper will come."""

from __future__ import annotations

from kiosk.journey.state import Journey, State


class AgreeingNoPaper(State, frozen=True):
    """The printer is known not to work: go on without paper, or stop. ``confirmed``: the bill has been seen already."""

    journey: Journey
    confirmed: bool = False
