"""Taking money by card: what can come of it. Unresolved is never folded into the others."""

from __future__ import annotations

from msgspec import Struct

from kiosk.domain.money import Money


class TransactionMark(Struct, frozen=True):
    """What a terminal says of its last transaction: enough to tell later whether a new one happened.

    The fields are ZVT's BMPs 87 (receipt number), 0B (trace), 88 (turnover), 0C (time HHMMSS), 0D (date MMDD);
    compare by inequality, never by order: the numbers wrap (ZVT PA00P015, repeat receipt 06 20).
    All empty: the terminal has no transaction to tell of.
    """

    receipt_number: str = ""
    trace_number: str = ""
    turnover_number: str = ""
    time: str = ""
    date: str = ""


class Authorisation(Struct, frozen=True):
    """An approved sale as the terminal reported it. ``masked_pan`` holds the last four digits at most.

    ``slip``: the lines of the customer's card receipt, if the terminal had us print one; known once the sale is settled.
    """

    amount: Money
    mark: TransactionMark
    authorisation_code: str = ""
    terminal_id: str = ""
    merchant_id: str = ""
    masked_pan: str = ""
    card_name: str = ""
    application_id: str = ""
    application_label: str = ""
    verification: str = ""
    entry: str = ""
    slip: tuple[str, ...] = ()


class Approved(Struct, frozen=True, tag="approved"):
    """The sale stands, or will stand once it is settled."""

    authorisation: Authorisation


class Declined(Struct, frozen=True, tag="declined"):
    """The bank or the terminal said no; nothing was taken. ``code`` is the terminal's result code in hex."""

    code: str
    text: str = ""


class Cancelled(Struct, frozen=True, tag="cancelled"):
    """The citizen, the kiosk or a time-out ended it before any card was charged; nothing was taken."""


class Unresolved(Struct, frozen=True, tag="unresolved"):
    """Nobody knows yet whether money was taken. ``evidence`` says in plain words what is known; it holds no card data."""

    evidence: str


class Capabilities(Struct, frozen=True):
    """What a terminal and its protocol can do; the kiosk's promises rest on it.

    ``two_phase_delivery``: a sale stands only after our acknowledgement. ``lookup_last``: it can be asked what it did last.
    ``abort_in_card_wait``: a payment can be ended from here while it waits for a card. ``reverse_by_receipt``: money goes
    back without the card.
    """

    two_phase_delivery: bool
    lookup_last: bool
    abort_in_card_wait: bool
    reverse_by_receipt: bool


class BatchTotals(Struct, frozen=True):
    """What the terminal and its acquirer settled at the end of the day. ``by_card``: (card name, count, sum) each; may be empty.

    ``count`` is 0 beside a sum when the terminal told the sum only.
    """

    count: int
    amount: Money
    by_card: tuple[tuple[str, int, Money], ...] = ()


PaymentOutcome = Approved | Declined | Cancelled | Unresolved
