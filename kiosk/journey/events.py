"""Facts, in the past tense: the only input of the journey and the only thing the journal holds (law 1).

An event that answers an effect carries that effect's ``order``; one that does not match what the kiosk waits for is
journalled and changes nothing. ``PERSONAL`` names the fields that the journal seals with the journey's key.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import Struct, field

from kiosk.domain.cash import Box
from kiosk.domain.health import DeviceName, Health, SelfTest
from kiosk.domain.money import Money
from kiosk.domain.service import Service
from kiosk.domain.signals import PanelReading
from kiosk.domain.technician import Technician
from kiosk.journey.answers import (
    AmountQuoted,
    BatchClosed,
    CardForgotten,
    CardInserted,
    CardRefused,
    CardTaken,
    CashPrepared,
    CentralUnanswered,
    CitizenRead,
    ClaimFiled,
    CopyGiven,
    DeviceFailed,
    HealthChanged,
    MattersFound,
    NoCardCame,
    NoNoteCame,
    NoteAcknowledged,
    NoteHeld,
    NoteKept,
    NoteReturned,
    NoteStacked,
    NoteUnresolved,
    PanelChanged,
    PaymentApproved,
    PaymentCancelled,
    PaymentDeclined,
    PaymentPrepared,
    PaymentProgressed,
    PaymentSettled,
    PaymentUnresolved,
    QuoteRefused,
    ReceiptEnded,
    ReversalRefused,
    SubmissionAccepted,
    SubmissionRefused,
)
from kiosk.journey.event import Event
from kiosk.journey.events_fiscal import FiscalEvent
from kiosk.journey.events_key import AccessKeyEntered, KeyEvent
from kiosk.journey.events_newcomer import AnotherCardCame
from kiosk.journey.events_paper import CopyWanted, PaperlessAccepted, PaperWanted
from kiosk.journey.technician_events import PinEntered, TechnicianAccepted, TechnicianRefused, WayInChosen

__all__ = [
    "AccessKeyEntered",
    "Acknowledged",
    "AmountQuoted",
    "AnotherCardCame",
    "AnswerGiven",
    "AnyEvent",
    "BatchClosed",
    "CancelPressed",
    "CardForgotten",
    "CardInserted",
    "CardRefused",
    "CardTaken",
    "CashCollected",
    "CashPrepared",
    "CentralUnanswered",
    "CitizenRead",
    "ClaimFiled",
    "CollectionWanted",
    "CopyGiven",
    "CopyWanted",
    "DeviceFailed",
    "Entry",
    "Event",
    "HealthChanged",
    "JourneyStarted",
    "LanguageChosen",
    "MattersFound",
    "MoreTimeWanted",
    "NoCardCame",
    "NoNoteCame",
    "NoteAcknowledged",
    "NoteHeld",
    "NoteKept",
    "NoteReturned",
    "NoteStacked",
    "NoteUnresolved",
    "OrderOverdue",
    "PanelChanged",
    "PaperWanted",
    "PaperlessAccepted",
    "PaymentApproved",
    "PaymentCancelled",
    "PaymentConfirmed",
    "PaymentDeclined",
    "PaymentPrepared",
    "PaymentProgressed",
    "PaymentSettled",
    "PaymentUnresolved",
    "PinEntered",
    "PowerRestored",
    "QuoteRefused",
    "ReceiptEnded",
    "ReportWanted",
    "ReversalRefused",
    "ServiceChosen",
    "ServicingEnded",
    "SubmissionAccepted",
    "SubmissionRefused",
    "SurplusChosen",
    "TechnicianAccepted",
    "TechnicianRefused",
    "TestWanted",
    "TestsFinished",
    "TimedOut",
    "WayInChosen",
    "WentBack",
]


# --- from the citizen ---
class JourneyStarted(Event, frozen=True):
    """Somebody chose a language on the welcome screen.

    The runner adds (machine.complete) under which circumstances, so that a replay can begin here.
    """

    language: str
    number: int = 0
    version: str = ""
    devices: dict[DeviceName, Health] = field(default_factory=dict)
    panel: PanelReading = PanelReading()
    card_left: bool = False
    open_ms: int = 0
    box: Box = Box()


class LanguageChosen(Event, frozen=True):
    """The language was changed on the way; nothing entered is lost."""

    language: str


class ServiceChosen(Event, frozen=True):
    """A service's tile was touched. The whole service is journalled, so a replay needs no catalogue."""

    service: Service


class AnswerGiven(Event, frozen=True):
    """One field was filled in and confirmed."""

    PERSONAL: ClassVar = ("value",)
    field: str
    value: str = ""


class WentBack(Event, frozen=True):
    """The citizen wants the previous screen."""


class PaymentConfirmed(Event, frozen=True):
    """The citizen saw amount and fee and agreed to pay (or, for a free service, agreed to apply).

    On the screen that waits for notes, ``card`` means: the rest by card.
    """

    method: Literal["card", "cash"] = "card"


class SurplusChosen(Event, frozen=True):
    """The citizen saw what the note in escrow is worth beyond the amount due and said where that goes, or wants the note back."""

    to: Literal["account", "claim", "return"]


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
    """The kiosk has started. Written once per start, after the replay. ``paper_left``: nobody knows that the last paper came out whole."""

    version: str
    clean: bool = False
    paper_left: bool = False


class OrderOverdue(Event, frozen=True):
    """An effect was not answered within its limit. A later answer to it no longer counts."""

    order: int


# --- servicing ---
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


class CollectionWanted(Event, frozen=True):
    """The technician wants to take the cash box out."""


class CashCollected(Event, frozen=True):
    """The cash box is out and empty from here on. ``counted`` is what was counted by hand; None: left for later.

    The runner adds (machine.complete) what the journal says was in it and who is there, so that a replay can begin here.
    """

    counted: Money | None = None
    box: Box = Box()
    language: str = ""
    by: Technician | None = None


class ServicingEnded(Event, frozen=True):
    """The technician is done."""


AnyEvent = (
    JourneyStarted | LanguageChosen | ServiceChosen | AnswerGiven | WentBack | PaymentConfirmed
    | CancelPressed | MoreTimeWanted | Acknowledged | TimedOut | PowerRestored | OrderOverdue | DeviceFailed
    | HealthChanged | PanelChanged | CardInserted | NoCardCame | CitizenRead | CardRefused | CardTaken | CardForgotten
    | PaymentPrepared | PaymentProgressed | PaymentApproved | PaymentDeclined | PaymentCancelled | PaymentUnresolved
    | PaymentSettled | ReversalRefused | AmountQuoted | QuoteRefused | CentralUnanswered | SubmissionAccepted
    | SubmissionRefused | ClaimFiled | ReceiptEnded | PinEntered | TechnicianAccepted | TechnicianRefused
    | TestWanted | TestsFinished | ReportWanted | ServicingEnded
    | SurplusChosen | CashPrepared | NoteHeld | NoNoteCame | NoteKept | NoteStacked | NoteReturned | NoteUnresolved
    | NoteAcknowledged | MattersFound | PaperWanted | BatchClosed | CollectionWanted | CashCollected | KeyEvent | WayInChosen
    | CopyWanted | CopyGiven | PaperlessAccepted | FiscalEvent | AnotherCardCame
)  # fmt: skip


class Entry(Struct, frozen=True):
    """An event in its place: what the journal hands to `step`. Time is data (law 6)."""

    seq: int
    at_ms: int
    event: AnyEvent
