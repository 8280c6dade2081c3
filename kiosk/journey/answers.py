"""Facts that come from devices, the central system and the printer; most of them answer an order.

An answer carries its effect's ``order``; one that does not match what the kiosk waits for is journalled and changes nothing.
"""

from __future__ import annotations

from typing import ClassVar

from kiosk.domain.application import Acceptance, Quote
from kiosk.domain.citizen import Citizen
from kiosk.domain.health import DeviceName, Health
from kiosk.domain.matter import Copy, Matter
from kiosk.domain.money import Money
from kiosk.domain.payment import Authorisation, TransactionMark
from kiosk.domain.receipt import PrintOutcome
from kiosk.domain.signals import CardRefusal, PanelReading, Progress
from kiosk.journey.event import Event


# --- from devices ---
class DeviceFailed(Event, frozen=True):
    """An effect ended in a fault of the device that was to carry it out. ``evidence`` holds no personal data."""

    order: int
    device: DeviceName
    reason: str
    evidence: str = ""


class HealthChanged(Event, frozen=True):
    """A device is in another condition than before."""

    device: DeviceName
    health: Health


class PanelChanged(Event, frozen=True):
    """Door, presence or mains changed."""

    reading: PanelReading


class CardInserted(Event, frozen=True):
    """A card lies in the reader."""

    order: int


class NoCardCame(Event, frozen=True):
    """The wait for a card ended without one."""

    order: int


class CitizenRead(Event, frozen=True):
    """The card told who its holder is."""

    PERSONAL: ClassVar = ("citizen",)
    order: int
    citizen: Citizen | None = None


class CardRefused(Event, frozen=True):
    """The card could not be read."""

    order: int
    refusal: CardRefusal


class CardTaken(Event, frozen=True):
    """No card lies in the reader any more."""

    order: int


class CardForgotten(Event, frozen=True):
    """The citizen was asked to take the card and did not."""

    order: int


class PaymentPrepared(Event, frozen=True):
    """The terminal answers and has told its last transaction: what a recovery will compare with."""

    order: int
    before: TransactionMark


class PaymentProgressed(Event, frozen=True):
    """The terminal says what it is doing."""

    order: int
    progress: Progress


class PaymentApproved(Event, frozen=True):
    """The terminal approves. ``settled``: the sale already stands (learnt by asking); else it waits for our acknowledgement."""

    order: int
    authorisation: Authorisation
    settled: bool = False


class PaymentDeclined(Event, frozen=True):
    """The bank or the terminal said no; nothing was taken."""

    order: int
    code: str
    text: str = ""


class PaymentCancelled(Event, frozen=True):
    """The payment ended, or was reversed, and nothing was taken."""

    order: int


class PaymentUnresolved(Event, frozen=True):
    """Nobody knows yet whether money was taken."""

    order: int
    evidence: str


class PaymentSettled(Event, frozen=True):
    """The terminal has completed the sale: it stands. ``slip``: the lines of the customer's card receipt, if it told them."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("slip",)  # some terminals print the card holder's name
    order: int
    slip: tuple[str, ...] = ()


class ReversalRefused(Event, frozen=True):
    """The terminal does not give the money back by itself."""

    order: int
    code: str


class BatchClosed(Event, frozen=True):
    """The card terminal's day was closed in the night. ``problem``: "", differs, refused, unresolved; ``expected``: by the journal."""

    count: int = 0
    amount: Money = Money(0)
    expected_count: int = 0
    expected: Money = Money(0)
    doubtful: int = 0
    problem: str = ""


class CashPrepared(Event, frozen=True):
    """The cash acceptor works, and what is told of its notes can be kept."""

    order: int


class NoteHeld(Event, frozen=True):
    """A note lies in escrow: still the citizen's."""

    order: int
    value: Money


class NoNoteCame(Event, frozen=True):
    """The wait for a note ended without one."""

    order: int


class NoteKept(Event, frozen=True):
    """The note still lies in escrow."""

    order: int


class NoteStacked(Event, frozen=True):
    """The note lies in the cash box."""

    order: int
    value: Money


class NoteReturned(Event, frozen=True):
    """The note went back to the citizen."""

    order: int


class NoteUnresolved(Event, frozen=True):
    """The note may lie in the cash box or in the citizen's hand, and nobody can tell."""

    order: int
    evidence: str


class NoteAcknowledged(Event, frozen=True):
    """The acceptor knows that its stacked note is on disk."""

    order: int


# --- from the central system ---
class AmountQuoted(Event, frozen=True):
    """The central system said what is due."""

    PERSONAL: ClassVar = ("quote",)
    order: int
    quote: Quote | None = None


class QuoteRefused(Event, frozen=True):
    """The central system knows no such bill, or nothing is due. ``problem`` is its problem type."""

    order: int
    problem: str


class MattersFound(Event, frozen=True):
    """The central system said how earlier payments stand, newest first."""

    PERSONAL: ClassVar = ("matters",)
    order: int
    matters: tuple[Matter, ...] = ()


class CopyGiven(Event, frozen=True):
    """The central system told what a paper is composed of, and which copy of it this is."""

    PERSONAL: ClassVar = ("copy",)
    order: int
    copy: Copy | None = None


class CentralUnanswered(Event, frozen=True):
    """The central system did not answer. For a submission: it is in the outbox and will be delivered."""

    order: int


class SubmissionAccepted(Event, frozen=True):
    """The central system has the submission."""

    PERSONAL: ClassVar = ("acceptance",)
    order: int
    receipt_number: str
    acceptance: Acceptance | None = None


class SubmissionRefused(Event, frozen=True):
    """The central system will not carry this out."""

    order: int
    problem: str


class ClaimFiled(Event, frozen=True):
    """The claim is in the outbox for good; ``delivered`` says whether the centre already has it."""

    order: int
    delivered: bool


# --- from the printer ---
class ReceiptEnded(Event, frozen=True):
    """Printing is over, one way or another. ``sheet``: it was the document printer's."""

    order: int
    outcome: PrintOutcome
    sheet: bool = False
