"""Banknotes: what can become of one. Doubt about a note is `Unresolved`, as with a card payment.

A note is the citizen's until it is stacked, and the kiosk's from then on. Between the two it lies in escrow, where it can still be
given back. There is no change: what is stacked above the amount due is a surplus, and is shown before the note is stacked.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.domain.money import Money
from kiosk.domain.payment import Unresolved

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


NoteOutcome = Stacked | Returned | Unresolved
"""What became of one note. Unresolved: it may lie in the cash box or in the citizen's hand, and nobody can tell."""
