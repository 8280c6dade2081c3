"""What the citizen says about paper."""

from __future__ import annotations

from kiosk.journey.event import Event


class PaperWanted(Event, frozen=True):
    """The citizen wants on paper what the screen shows."""


class CopyWanted(Event, frozen=True):
    """The citizen wants the paper of one of the matters shown once more."""

    reference: str


class PaperlessAccepted(Event, frozen=True):
    """The citizen knows that no paper will come, and goes on."""
