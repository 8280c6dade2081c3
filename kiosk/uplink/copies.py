"""The wire contract of reprints: whoever holds a paper's code, or the card it was made with, gets the paper once more.

    POST /v1/copies                    CopyRequest → CopyAnswer    Idempotency-Key: "<request>"

The centre counts the copies of each paper: a question repeated under the same key is the same copy.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.uplink.messages import Amount, CardPayment, CashPayment, Note, Person, QuoteAnswer
from kiosk.uplink.registrations import Fiscal


class CopyRequest(Struct, frozen=True):
    """Give me the paper of ``reference`` again. ``request`` equals the Idempotency-Key.

    Either ``code``, what is written on the paper, or ``citizen``, the card's holder, says by what right.
    """

    request: str
    reference: str
    code: str = ""
    citizen: Person | None = None


class CopyAnswer(Struct, frozen=True):
    """What the paper is composed of, and which copy of it this is, from 1.

    To a code alone the centre tells no address, no document and of every answer only the end: a code can be guessed.
    ``about_another``: the document is about somebody else than who asked for it. ``total`` is what was paid, or what a claim is about. ``language`` is the one that ``document`` is written in.
    ``fiscal``: the registered sale; ``fiscal_due``: it ``follows``, staff have still to register it.
    """

    number: int
    paper: Literal["receipt", "slip", "claim"]
    reference: str
    service: str
    made_at_ms: int
    total: Amount
    language: Literal["az", "ru", "en"] = "az"
    answers: dict[str, str] = {}
    quote: QuoteAnswer | None = None
    payment: CardPayment | None = None
    cash: CashPayment | None = None
    receipt_number: str = ""
    document: list[str] = []
    verification_url: str = ""
    doubt: Literal["", "unresolved", "undelivered"] = ""
    doubtful: Note | None = None
    about_another: bool = False
    fiscal: Fiscal | None = None
    fiscal_due: Literal["", "follows"] = ""
