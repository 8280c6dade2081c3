"""Facts, in the past tense: the only input of the journey and the only thing the journal holds (law 1).

An event that answers an effect carries that effect's ``order``; one that does not match what the kiosk waits for is
journalled and changes nothing. ``PERSONAL`` names the fields that the journal seals with the journey's key.
"""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from kiosk.domain.application import Acceptance, Quote
from kiosk.domain.citizen import Citizen
from kiosk.domain.health import DeviceName, Health, SelfTest
from kiosk.domain.payment import Authorisation, TransactionMark
from kiosk.domain.receipt import PrintOutcome
from kiosk.domain.secret import Secret
from kiosk.domain.service import Service
from kiosk.domain.signals import CardRefusal, PanelReading, Progress


class Event(Struct, frozen=True, tag=True):
    """The root of all events; the tag on disk is the class name."""

    PERSONAL: ClassVar[tuple[str, ...]] = ()


# --- from the citizen ---
class JourneyStarted(Event, frozen=True):
    """Somebody chose a language on the welcome screen.

    The runner adds (machine.complete) under which circumstances, so that a replay can begin here.
    """

    language: str
    number: int = 0
    version: str = ""
    devices: dict[DeviceName, Health] = {}
    panel: PanelReading = PanelReading()
    card_left: bool = False


class LanguageChosen(Event, frozen=True):
    """The language was changed on the way; nothing entered is lost."""

    language: str


class ServiceChosen(Event, frozen=True):
    """A service's tile was touched. The whole service is journalled, so a replay needs no catalogue."""

    service: Service


class AccessKeyEntered(Event, frozen=True):
    """The six digits of the card were entered."""

    key: Secret


class AnswerGiven(Event, frozen=True):
    """One field was filled in and confirmed."""

    PERSONAL: ClassVar = ("value",)
    field: str
    value: str = ""


class WentBack(Event, frozen=True):
    """The citizen wants the previous screen."""


class PaymentConfirmed(Event, frozen=True):
    """The citizen saw amount and fee and agreed to pay (or, for a free service, agreed to apply)."""


class CancelPressed(Event, frozen=True):
    """The citizen wants to end this."""


class MoreTimeWanted(Event, frozen=True):
    """The citizen is still there."""


class Acknowledged(Event, frozen=True):
    """The citizen has read a last screen (farewell, apology) and is done."""


# --- from time and power ---
class TimedOut(Event, frozen=True):
    """The screen that was shown since entry ``shown`` has been left untouched for as long as it may be."""

    shown: int


class PowerRestored(Event, frozen=True):
    """The kiosk has started. Written once per start, after the replay."""

    version: str
    clean: bool = False


class OrderOverdue(Event, frozen=True):
    """An effect was not answered within its limit. A later answer to it no longer counts."""

    order: int


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
    """The terminal has completed the sale: it stands."""

    order: int


class ReversalRefused(Event, frozen=True):
    """The terminal does not give the money back by itself."""

    order: int
    code: str


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
    """Printing is over, one way or another."""

    order: int
    outcome: PrintOutcome


# --- servicing ---
class PinEntered(Event, frozen=True):
    """A technician entered a PIN."""

    pin: Secret


class TechnicianAccepted(Event, frozen=True):
    """The PIN is right."""

    order: int


class TechnicianRefused(Event, frozen=True):
    """The PIN is wrong."""

    order: int


class TestWanted(Event, frozen=True):
    """The technician wants these devices tested."""

    __test__ = False  # pytest: not a test class
    devices: tuple[DeviceName, ...]


class TestsFinished(Event, frozen=True):
    """The self-tests are over."""

    __test__ = False
    order: int
    tests: tuple[SelfTest, ...]


class ReportWanted(Event, frozen=True):
    """The technician wants the readiness report on paper."""


class ServicingEnded(Event, frozen=True):
    """The technician is done."""


AnyEvent = (
    JourneyStarted | LanguageChosen | ServiceChosen | AccessKeyEntered | AnswerGiven | WentBack | PaymentConfirmed
    | CancelPressed | MoreTimeWanted | Acknowledged | TimedOut | PowerRestored | OrderOverdue | DeviceFailed
    | HealthChanged | PanelChanged | CardInserted | NoCardCame | CitizenRead | CardRefused | CardTaken | CardForgotten
    | PaymentPrepared | PaymentProgressed | PaymentApproved | PaymentDeclined | PaymentCancelled | PaymentUnresolved
    | PaymentSettled | ReversalRefused | AmountQuoted | QuoteRefused | CentralUnanswered | SubmissionAccepted
    | SubmissionRefused | ClaimFiled | ReceiptEnded | PinEntered | TechnicianAccepted | TechnicianRefused
    | TestWanted | TestsFinished | ReportWanted | ServicingEnded
)  # fmt: skip


class Entry(Struct, frozen=True):
    """An event in its place: what the journal hands to `step`. Time is data (law 6)."""

    seq: int
    at_ms: int
    event: AnyEvent
