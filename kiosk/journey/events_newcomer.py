"""A fact that nobody asked for: another card. Part of ``events``."""

from __future__ import annotations

from kiosk.journey.event import Event


class AnotherCardCame(Event, frozen=True):
    """A card was put into a reader after the reading with this ``order``; whose it is nobody knows."""

    order: int
