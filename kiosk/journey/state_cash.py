"""The states of paying in cash, and of taking the cash box out. As everywhere, the name says which consequential effect is outstanding (law 2)."""

from __future__ import annotations

from typing import Literal

from kiosk.domain.cash import Collection
from kiosk.domain.money import Money
from kiosk.journey.state import Journey, State

Then = Literal["", "card", "cancel", "failed"]
"""What follows once no note is open any more: go on, the rest by card, the citizen's way out, or ours."""


class PreparingCash(State, frozen=True):
    """The cash acceptor and the outbox are asked whether they stand."""

    journey: Journey
    order: int


class TakingCash(State, frozen=True):
    """Waiting for a note. ``waits`` counts those that ended without one. ``then``: the acceptor has been told to stop, and why.

    ``notice``: "", note_returned, declined, cancelled, no_terminal, not_charged.
    """

    journey: Journey
    order: int
    waits: int = 0
    then: Then = ""
    notice: str = ""


class ChoosingSurplus(State, frozen=True):
    """A note lies in escrow that is worth more than is due. ``chosen``: the citizen has said what becomes of it."""

    journey: Journey
    order: int
    value: Money
    chosen: Literal["", "account", "claim", "return", "cancel"] = ""


class StackingNote(State, frozen=True):
    """The note is being taken."""

    journey: Journey
    order: int
    value: Money


class AcknowledgingNote(State, frozen=True):
    """The note is taken and on disk; the acceptor is being told so."""

    journey: Journey
    order: int
    then: Then = ""


class ReturningNote(State, frozen=True):
    """The note is on its way back to the citizen."""

    journey: Journey
    order: int
    value: Money
    then: Then = ""


class CheckingNote(State, frozen=True):
    """Nobody knows what became of the note: the acceptor is being asked. ``value`` 0: nobody knows of any."""

    journey: Journey
    order: int
    value: Money
    stacking: bool
    then: Then = ""


# --- the technician takes the cash box out ---
Told = Literal["done", "deferred", "unfiled"]
"""Whether the centre knows of a collection, will know of it, or cannot be told."""


class CollectingCash(State, frozen=True):
    """What the journal says lies in the cash box is shown, and what was counted is asked for."""


class FilingCollection(State, frozen=True):
    """The collection is being put into the outbox for good. ``gone``: the power failed since, nobody may stand here."""

    collection: Collection
    order: int
    gone: bool = False


class PrintingCollection(State, frozen=True):
    """The slip that goes with the notes is coming out. ``copy`` 0 is the original."""

    collection: Collection
    order: int
    told: Told
    gone: bool = False
    copy: int = 0
