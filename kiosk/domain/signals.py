"""What devices say while they work: a refused card, a terminal's progress, the panel's switches and lamps."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class CardRefusal(Struct, frozen=True):
    """The card could not be read, and it is the card's or the key's doing. The session is dropped, nothing is kept.

    wrong_key      the access number was not the card's (a new attempt is safe)
    zone_needed    it has no access number, or has blocked it: only document number and dates open it (nothing was tried)
    removed        the card left the reader while it was being read
    unsupported    not an ID card that we can read
    unreadable     it is one, and its answers are damaged
    not_genuine    what it says is not what its state signed, or the chip is a copy
    expired        it is genuine, and its validity is over
    two_cards      several readers hold a card: whose turn it is, nobody could but guess
    """

    reason: Literal[
        "wrong_key", "zone_needed", "removed", "unsupported", "unreadable", "not_genuine", "expired", "two_cards"
    ]
    evidence: str = ""


class Progress(Struct, frozen=True):
    """What the terminal is doing, for the citizen's screen.

    ``code`` is a word of the message catalogue (``terminal-<code>``): insert_card, enter_pin, wait, contacting_bank,
    remove_card, approved, declined, other. ``text`` is the terminal's own text, opaque, possibly empty.
    """

    code: str
    text: str = ""


Lamp = Literal["card", "terminal", "printer"]
LampPattern = Literal["off", "on", "blink"]


class PanelReading(Struct, frozen=True):
    """Everything the panel senses, at once."""

    door_open: bool = False
    present: bool = False
    mains: bool = True
