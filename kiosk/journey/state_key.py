"""Where the kiosk is while the ID card's key is looked for in another way than the six digits, or the card has no chip."""

from __future__ import annotations

from kiosk.journey.state import EnteringKey, Journey, State


class FindingDigits(State, frozen=True):
    """The card lies in the reader, and the citizen is shown where its six digits stand. Fields as of ``EnteringKey``."""

    journey: Journey
    mistakes: int = 0
    order: int = 0
    notice: str = ""


class EnteringDocument(State, frozen=True):
    """The document number and the two dates are asked for, on one screen after another: what is typed is no event.

    ``notice``: "", zone_needed (six digits do not open the card), wrong_document, misread. Else as ``EnteringKey``.
    """

    journey: Journey
    mistakes: int = 0
    order: int = 0
    notice: str = ""


class WithoutChip(State, frozen=True):
    """The citizen's card has no chip: what can be done, and what cannot."""

    journey: Journey


KeyState = EnteringKey | FindingDigits | EnteringDocument
KEY_STATES = (EnteringKey, FindingDigits, EnteringDocument)
