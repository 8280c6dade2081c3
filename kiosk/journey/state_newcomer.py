"""Where the kiosk is when somebody else's card has ended a visit."""

from __future__ import annotations

from kiosk.journey.state import State
from kiosk.journey.visit import Journey


class EndedByCard(State, frozen=True):
    """The visit is over because a card was put in. ``journey`` tells nothing of whose visit it was; ``order``: of the wait for the card's removal."""

    journey: Journey
    order: int

    @property
    def card_inside(self) -> bool:
        """Whether the card still lies in the reader."""
        return self.journey.card_inside
