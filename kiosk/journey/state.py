"""Where the kiosk is. The state's name says which consequential effect is outstanding (law 2), and a screen draws it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.domain.application import Acceptance, Quote
from kiosk.domain.cash import Box, CashPayment, Collection, Note, SurplusTo
from kiosk.domain.citizen import Citizen
from kiosk.domain.health import DeviceName, Health, SelfTest
from kiosk.domain.matter import Matter
from kiosk.domain.money import Money
from kiosk.domain.payment import Authorisation, TransactionMark
from kiosk.domain.service import Service
from kiosk.domain.signals import PanelReading, Progress

Paper = Literal["receipt", "slip", "claim", "reversed", "statement"]
"""What is printed at the end: proof of payment, the centre's slip, a claim slip, proof that money went back, how matters stand."""


class Journey(Struct, frozen=True):
    """All that one citizen's visit has gathered. It is dropped whole when the visit ends.

    ``notes`` lie in the cash box. ``doubtful`` is one of which nobody can tell: it counts for nothing. ``gone``: the power
    failed while money was under way, so nobody may stand here any more.
    """

    number: int
    language: str
    started_ms: int
    service: Service | None = None
    card_inside: bool = False
    citizen: Citizen | None = None
    answers: dict[str, str] = {}
    quote: Quote | None = None
    attempt: int = 0
    reference: str = ""
    made_ms: int = 0
    before: TransactionMark | None = None
    payment: Authorisation | None = None
    paid_ms: int = 0
    acceptance: Acceptance | None = None
    receipt_number: str = ""
    deferred: bool = False
    doubt: str = ""
    notes: tuple[Note, ...] = ()
    surplus_to: SurplusTo | None = None
    doubtful: Note | None = None
    matters: tuple[Matter, ...] = ()
    gone: bool = False

    @property
    def applicant(self) -> Citizen | None:
        """The citizen as the centre is told of them: without the picture."""
        return self.citizen.without_portrait if self.citizen else None

    @property
    def inserted(self) -> Money:
        """What lies in the cash box for this order."""
        return Money(sum(note.value.minor for note in self.notes))

    @property
    def remaining(self) -> Money:
        """What is still to be paid, never below zero."""
        due_minor = self.quote.total.minor if self.quote else 0
        return Money(max(0, due_minor - self.inserted.minor))

    @property
    def cash(self) -> CashPayment | None:
        """The payment in notes, if there is one."""
        if not self.notes:
            return None
        due_minor = self.quote.total.minor if self.quote else 0
        surplus = Money(max(0, self.inserted.minor - due_minor))
        return CashPayment(self.notes, self.inserted, surplus, self.surplus_to if surplus else None)


class State(Struct, frozen=True):
    """The root of all states."""


# --- resting: nobody is being served; software may be updated (law 8) -----------------------------------------------
class Welcome(State, frozen=True):
    """The attract screen with the choice of language."""


class OutOfService(State, frozen=True):
    """No service can be given now. ``reason`` is a word of the catalogue (``out-of-service-<reason>``)."""

    reason: str


# --- choosing ---
class Choosing(State, frozen=True):
    """The tiles of all services."""

    journey: Journey


# --- identifying ---
class PresentingCard(State, frozen=True):
    """Waiting for the ID card. ``notice`` tells what went wrong before: "", removed, unsupported, unreadable, not_genuine, expired, wrong_key_too_often."""

    journey: Journey
    order: int
    notice: str = ""
    fresh: bool = False


class EnteringKey(State, frozen=True):
    """The card lies in the reader; its six digits are asked for. ``mistakes`` counts wrong ones so far."""

    journey: Journey
    mistakes: int = 0


class ReadingCard(State, frozen=True):
    """The card is being read."""

    journey: Journey
    order: int
    mistakes: int = 0


# --- filling ---
class Answering(State, frozen=True):
    """One field is asked for: ``journey.service.fields[index]``. ``notice``: "", unknown_account."""

    journey: Journey
    index: int
    notice: str = ""


class Quoting(State, frozen=True):
    """The central system is asked what is due."""

    journey: Journey
    order: int


class Confirming(State, frozen=True):
    """Amount and fee, before money. For a free service: what will be applied for. ``notice``: "", declined, cancelled."""

    journey: Journey
    notice: str = ""


# --- paying ---
class PreparingPayment(State, frozen=True):
    """The terminal is asked for its last transaction, so that recovery has something to compare with."""

    journey: Journey
    order: int


class TakingPayment(State, frozen=True):
    """The terminal asks for the card. ``stopping``: the citizen pressed cancel and the terminal has been told."""

    journey: Journey
    order: int
    progress: Progress = Progress("insert_card")
    stopping: bool = False


class SettlingPayment(State, frozen=True):
    """Approved and on disk; the terminal is being told so."""

    journey: Journey
    order: int


class CheckingPayment(State, frozen=True):
    """Nobody knows what became of the payment: the terminal is being asked."""

    journey: Journey
    order: int


class ReversingPayment(State, frozen=True):
    """Paid, but it cannot be given: the money is being given back. ``problem`` is why."""

    journey: Journey
    order: int
    problem: str


# --- fulfilling ---
class Submitting(State, frozen=True):
    """The central system is being told."""

    journey: Journey
    order: int


class FilingClaim(State, frozen=True):
    """The claim is being put into the outbox for good."""

    journey: Journey
    order: int


class Printing(State, frozen=True):
    """Paper is coming out. ``copy`` 0 is the original."""

    journey: Journey
    order: int
    paper: Paper
    copy: int = 0


class Farewell(State, frozen=True):
    """It is over: done, deferred (done, delivered later), claim (being checked), reversed (money is back).

    ``printed`` is the tag of the print outcome (printed, unverified, partial, not_started) and ``reason`` its reason.
    ``card_inside``: the ID card still lies in the reader. ``order``: of the wait for its removal.
    """

    journey: Journey
    order: int
    outcome: Literal["done", "deferred", "claim", "reversed"]
    paper: Paper
    printed: str
    reason: str = ""
    card_inside: bool = False


class Apology(State, frozen=True):
    """It could not be done and nothing was taken. ``reason`` is a word of the catalogue (``apology-<reason>``)."""

    journey: Journey
    reason: str


# --- over any state that waits for the citizen ---
class StillThere(State, frozen=True):
    """The question before the time-out ends the visit. ``resume`` is the state to go back to."""

    resume: State


# --- servicing ---
class AskingPin(State, frozen=True):
    """The door is open and the technician's PIN is asked for. ``order`` is nonzero while one is being checked."""

    mistakes: int = 0
    order: int = 0
    locked: bool = False


class Servicing(State, frozen=True):
    """The technician's screen. ``order`` is nonzero while ``busy`` (testing, printing). ``collected``: just now, from the cash box."""

    tests: tuple[SelfTest, ...] = ()
    order: int = 0
    busy: Literal["", "testing", "printing"] = ""
    notice: str = ""
    collected: Collection | None = None


RESTING = (Welcome, OutOfService)


class Kiosk(Struct, frozen=True):
    """Everything that `step` knows.

    ``shown`` is the sequence number of the entry that brought the screen now shown: a touch carries it, and one meant for
    an earlier screen is dropped. ``journey`` is the number of the current or last journey. ``epoch`` is the journal's: it
    stands in every reference, so that a kiosk whose journal was replaced does not use one twice. ``card_left``: the last
    visit ended with a card in the reader, which is not the next citizen's. ``surplus_most`` is how much more than the amount due a note may bring.
    ``open_ms`` is when a visit last ended with something open: whoever comes back for it is offered that first.
    ``box`` is what lies in the cash box by the journal.
    """

    id: str
    services: tuple[Service, ...]
    languages: tuple[str, ...] = ("az", "ru", "en")
    state: State = Welcome()
    shown: int = 0
    journey: int = 0
    language: str = "az"
    devices: dict[DeviceName, Health] = {}
    panel: PanelReading = PanelReading()
    epoch: str = ""
    card_left: bool = False
    surplus_most: Money = Money(2_000)
    open_ms: int = 0
    box: Box = Box()
