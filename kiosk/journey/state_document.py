"""Where the kiosk is while the centre's document comes on A4."""

from __future__ import annotations

from kiosk.journey.state import Journey, State


class PrintingDocument(State, frozen=True):
    """The signed document is being fetched from the centre and printed. Whatever fails, the slip comes instead."""

    journey: Journey
    order: int
