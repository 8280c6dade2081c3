"""Where the kiosk is while somebody asks how earlier payments stand, and has a paper of them printed once more."""

from __future__ import annotations

from kiosk.journey.state import Journey, State


class FindingMatters(State, frozen=True):
    """The central system is asked how things stand."""

    journey: Journey
    order: int


class ShowingMatters(State, frozen=True):
    """How ``journey.matters`` stand, newest first; none at all is an answer too.

    ``notice`` is what became of a copy asked for: "", copy_printed, copy_unverified, copy_partial, copy_not_started,
    copy_no_central, copy_refused.
    """

    journey: Journey
    notice: str = ""


class AskingCopy(State, frozen=True):
    """The central system is asked for the paper of one matter."""

    journey: Journey
    order: int
    reference: str = ""


class PrintingCopy(State, frozen=True):
    """The paper of one matter is coming out once more."""

    journey: Journey
    order: int
    reference: str = ""
