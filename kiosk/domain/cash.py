"""Banknotes: what can become of one. Doubt about a note is `Unresolved`, as with a card payment.

A note is the citizen's until it is stacked, and the kiosk's from then on. Between the two it lies in escrow, where it can still be
given back. There is no change: what is stacked above the amount due is a surplus, and is shown before the note is stacked.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.domain.money import Money
from kiosk.domain.payment import Unresolved
from kiosk.domain.technician import Technician

SurplusTo = Literal["account", "claim"]
"""Where a surplus goes: credit on the customer account that is being paid, or a claim with a code on the receipt."""


class Note(Struct, frozen=True):
    """One banknote of one order. ``uid`` is ``<reference>-N<k>``: the k-th note of the order, the first is 1."""

    uid: str
    value: Money


class CashPayment(Struct, frozen=True):
    """The notes that lie in the cash box for one order; ``surplus`` is what they are worth beyond the amount due."""

    notes: tuple[Note, ...]
    total: Money
    surplus: Money
    surplus_to: SurplusTo | None = None


class Stacked(Struct, frozen=True, tag="stacked"):
    """The note lies in the cash box. The acceptor keeps saying so until it is acknowledged."""

    value: Money


class Returned(Struct, frozen=True, tag="returned"):
    """The note went back to the citizen, or never left the hand."""


class Box(Struct, frozen=True):
    """What lies in the cash box by the journal: (value in minor units, count) for each denomination, the smallest first."""

    notes: tuple[tuple[int, int], ...] = ()

    @property
    def count(self) -> int:
        """How many notes."""
        return sum(count for _, count in self.notes)

    @property
    def total(self) -> Money:
        """What they are worth."""
        return Money(sum(minor * count for minor, count in self.notes))

    def with_note(self, value: Money) -> Box:
        """Return the box with one note more."""
        counts = dict(self.notes)
        counts[value.minor] = counts.get(value.minor, 0) + 1
        return Box(tuple(sorted(counts.items())))


class Collection(Struct, frozen=True):
    """The cash box was taken out: what the journal says was in it, and what was counted by hand (None: left for later).

    ``by``: whose card let in whoever took it; None: the kiosk's own PIN.
    """

    reference: str
    box: Box
    counted: Money | None
    made_at_ms: int
    by: Technician | None = None

    @property
    def difference(self) -> Money | None:
        """Counted less journalled: below zero, notes are missing. None where nothing was counted."""
        return None if self.counted is None else self.counted - self.box.total


NoteOutcome = Stacked | Returned | Unresolved
"""What became of one note. Unresolved: it may lie in the cash box or in the citizen's hand, and nobody can tell."""
