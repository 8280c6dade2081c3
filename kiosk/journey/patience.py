"""How long a screen waits for the citizen: first a question, then the end. Effects have their own limits (runtime)."""

from __future__ import annotations

from kiosk.journey.state import (
    Answering,
    Apology,
    Choosing,
    Confirming,
    EnteringKey,
    Farewell,
    Kiosk,
    PresentingCard,
    Servicing,
    State,
    StillThere,
)
from kiosk.journey.state_cash import CollectingCash
from kiosk.journey.state_key import EnteringDocument, FindingDigits, WithoutChip
from kiosk.journey.state_matters import ShowingMatters
from kiosk.journey.state_newcomer import EndedByCard
from kiosk.journey.state_paper import AgreeingNoPaper

QUESTION_S = 30.0
"""How long the question stands. WCAG 2.2.1 asks for at least 20 s."""

ASKS_AFTER_S: dict[type[State], float] = {
    Choosing: 90.0,
    PresentingCard: 90.0,
    EnteringKey: 120.0,
    FindingDigits: 120.0,
    EnteringDocument: 180.0,
    WithoutChip: 120.0,
    Answering: 120.0,
    Confirming: 120.0,
    ShowingMatters: 120.0,
    AgreeingNoPaper: 90.0,
}
"""Generous: our citizens read slowly and look for their glasses. The screen's `stir` starts the time anew."""

ENDS_AFTER_S: dict[type[State], float] = {
    StillThere: QUESTION_S,
    Farewell: 30.0,
    Apology: 40.0,
    EndedByCard: 40.0,
    Servicing: 900.0,
    CollectingCash: 900.0,
}

CARD_INSIDE_S = 90.0
"""A card left in the reader keeps the farewell: the lamp blinks and the screen asks to take it."""

CARRIES_S = 90.0
"""A code to photograph stays so long: a telephone must be found first."""


def patience_s(kiosk: Kiosk) -> float | None:
    """Return how long the screen now shown may stay untouched; None where a device, not the citizen, is waited for."""
    state = kiosk.state
    if isinstance(state, Farewell) and state.card_inside:
        return CARD_INSIDE_S
    if isinstance(state, Farewell) and state.carries:
        return CARRIES_S
    return ASKS_AFTER_S.get(type(state)) or ENDS_AFTER_S.get(type(state))
