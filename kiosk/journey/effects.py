"""Orders to the outside, in the imperative. Performers carry them out; each ``Order`` answers with exactly one event.

A ``Signal`` has no answer: it is instantaneous, idempotent and of no consequence to money. What the readers' watch sees comes
as an event that nobody waits for, as the panel's news do.
"""

from __future__ import annotations

from msgspec import Struct

from kiosk.domain.application import Claim, Submission
from kiosk.domain.cash import Collection
from kiosk.domain.citizen import Citizen
from kiosk.domain.fiscal import Sale
from kiosk.domain.health import DeviceName, SelfTest
from kiosk.domain.money import Money
from kiosk.domain.payment import Authorisation, TransactionMark
from kiosk.domain.secret import Secret
from kiosk.domain.signals import Lamp, LampPattern
from kiosk.domain.technician import Technician
from kiosk.journey.state import Journey, Paper
from kiosk.journey.state_cash import Told


class Order(Struct, frozen=True):
    """An effect that answers. ``order`` is the sequence number of the entry that caused it."""

    order: int


class WaitForCard(Order, frozen=True):
    """Answers CardInserted, NoCardCame. ``fresh``: the card that lies there now does not count."""

    fresh: bool = False


class ReadCard(Order, frozen=True):
    """Answers CitizenRead, CardRefused."""

    key: Secret


class ScanZone(Order, frozen=True):
    """Answers ZoneScanned, ZoneMisread, NoZoneCame."""


class WaitForRemoval(Order, frozen=True):
    """Answers CardTaken, CardForgotten."""


class AskQuote(Order, frozen=True):
    """Answers AmountQuoted, QuoteRefused, CentralUnanswered."""

    service_id: str
    answers: dict[str, str]
    citizen: Citizen | None
    language: str


class AskMatters(Order, frozen=True):
    """Answers MattersFound, QuoteRefused, CentralUnanswered. With a ``code`` nobody's card is needed."""

    code: str
    citizen: Citizen | None


class AskCopy(Order, frozen=True):
    """Answers CopyGiven, QuoteRefused, CentralUnanswered. ``key``: the same copy however often it is asked for."""

    key: str
    reference: str
    code: str
    citizen: Citizen | None


class PreparePayment(Order, frozen=True):
    """Answers PaymentPrepared."""


class TakePayment(Order, frozen=True):
    """Answers PaymentApproved, PaymentDeclined, PaymentCancelled, PaymentUnresolved. The consequential one."""

    amount: Money
    reference: str


class SettlePayment(Order, frozen=True):
    """Answers PaymentSettled, PaymentCancelled, PaymentUnresolved."""

    reference: str


class QueryPayment(Order, frozen=True):
    """Answers PaymentApproved(settled), PaymentDeclined, PaymentCancelled, PaymentUnresolved."""

    reference: str
    amount: Money
    before: TransactionMark


class ReversePayment(Order, frozen=True):
    """Answers PaymentCancelled, ReversalRefused, PaymentUnresolved."""

    reference: str
    authorisation: Authorisation


class PrepareCash(Order, frozen=True):
    """Answers CashPrepared."""


class AwaitNote(Order, frozen=True):
    """Answers NoteHeld, NoNoteCame. No note above ``most`` is let in."""

    most: Money


class HoldNote(Order, frozen=True):
    """Answers NoteKept, NoteReturned."""


class StackNote(Order, frozen=True):
    """Answers NoteStacked, NoteReturned, NoteUnresolved. The consequential one of cash."""

    value: Money


class AcknowledgeNote(Order, frozen=True):
    """Answers NoteAcknowledged."""


class ReturnNote(Order, frozen=True):
    """Answers NoteReturned, NoteStacked, NoteUnresolved."""


class QueryNote(Order, frozen=True):
    """Answers NoteStacked, NoteReturned, NoteUnresolved. ``stacking``: the journal says that stacking was ordered."""

    value: Money
    stacking: bool


class Submit(Order, frozen=True):
    """Answers SubmissionAccepted, SubmissionRefused, CentralUnanswered. With ``keep`` the outbox delivers it later."""

    submission: Submission
    keep: bool


class RegisterSale(Order, frozen=True):
    """Answers SaleRegistered, SaleNotRegistered, SaleUnresolved."""

    sale: Sale


class QuerySale(Order, frozen=True):
    """Answers SaleRegistered, SaleNotRegistered, SaleUnresolved."""

    sale: Sale


class FileClaim(Order, frozen=True):
    """Answers ClaimFiled."""

    claim: Claim


class PrintPaper(Order, frozen=True):
    """Answers ReceiptEnded."""

    paper: Paper
    journey: Journey
    copy: int = 0


class PrintDocument(Order, frozen=True):
    """Fetch the centre's signed document and print it on A4. Answers ReceiptEnded."""

    reference: str
    receipt_number: str


class CheckPin(Order, frozen=True):
    """Answers TechnicianAccepted, TechnicianRefused."""

    pin: Secret


class CheckTechnicianCard(Order, frozen=True):
    """Answers TechnicianAccepted, TechnicianRefused. ``last_try``: the card of which the technician was told that one try is left."""

    pin: Secret
    last_try: str = ""


class TestDevices(Order, frozen=True):
    """Answers TestsFinished."""

    __test__ = False
    devices: tuple[DeviceName, ...]


class PrintReport(Order, frozen=True):
    """Answers ReceiptEnded."""

    tests: tuple[SelfTest, ...]
    language: str
    by: Technician | None = None


class PrintCollection(Order, frozen=True):
    """Answers ReceiptEnded."""

    collection: Collection
    told: Told
    language: str
    copy: int = 0


class Signal(Struct, frozen=True):
    """An effect without an answer."""


class StopWaiting(Signal, frozen=True):
    """End the wait or the payment that the device is in; its order still answers."""

    device: DeviceName


class WatchReaders(Signal, frozen=True):
    """Tell of the next card that comes after the reading ``order``, by AnotherCardCame, whenever that may be."""

    order: int


class StopWatching(Signal, frozen=True):
    """Tell of no card any more: the visit that was watched is over."""


class Light(Signal, frozen=True):
    """Set one guide lamp."""

    lamp: Lamp
    pattern: LampPattern


class Forget(Signal, frozen=True):
    """Destroy the key that seals this journey's personal data."""

    journey: int


class PaperAbandoned(Signal, frozen=True):
    """When the kiosk started, a paper was coming out or had not come out whole: its rest must not join the next one."""


class SettledOtherwise(Signal, frozen=True):
    """A refused submission's money went back: nobody needs what the outbox still keeps of it."""

    reference: str


Effect = Order | Signal
