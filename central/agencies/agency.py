"""What the centre asks of an agency."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from msgspec import Struct

from central.problems import Refusal
from central.store import Connection
from kiosk.uplink.messages import QuoteLine, SubmissionRequest


class Bill(Struct, frozen=True):
    """What is due, in minor units. ``payer`` is masked already."""

    amount_minor: int
    fee_minor: int = 0
    payer: str = ""
    lines: tuple[QuoteLine, ...] = ()


class Certified(Struct, frozen=True):
    """What a document certifies, as its paper has it: what the seal in its QR holds. Times in ms since 1970."""

    code: str
    number: str
    valid_until_ms: int
    holder: str
    facts: dict[str, str]


class Done(Struct, frozen=True):
    """What was carried out.

    outcome  ``accepted``; ``overpaid``: money came for something already paid; ``unplaced``: for something that is gone
             since it was quoted. Staff see to the last two: money that is in is booked, never refused.
    """

    outcome: str = "accepted"
    document: tuple[str, ...] = ()
    certified: Certified | None = None


class Agency(Protocol):
    """One agency, one service. Every method works inside the caller's transaction and raises only Refusal."""

    service: str
    free: bool

    def subject(self, answers: dict[str, str]) -> str:
        """Return what the answers are about, in one normal form. Refusal("malformed") if one is missing."""
        ...

    def bill(self, connection: Connection, subject: str, today: date) -> Bill:
        """Return what is due. Refusal("unknown-account") or Refusal("nothing-due")."""
        ...

    def carry_out(self, tx: Connection, request: SubmissionRequest, amount_minor: int, at_ms: int) -> Done:
        """Do what was asked, paid with ``amount_minor`` (the fee is not in it). Money that is in is never refused."""
        ...


def answer(answers: dict[str, str], name: str) -> str:
    """Return one answer without the spaces and hyphens that people write into numbers."""
    value = answers.get(name, "").replace(" ", "").replace("-", "")
    if not value:
        raise Refusal("malformed", f"answers: {name} is missing")
    return value


def masked(full_name: str) -> str:
    """Return a name (surname first) that its bearer recognises and nobody learns: ``A***** M.``.

    The number of stars is always the same, so that it does not tell the length.
    """
    surname, _, given = full_name.partition(" ")
    initials = "-".join(part[:1] for part in surname.split("-"))
    return f"{given[:1] or '*'}***** {initials}."
