"""Where the kiosk is. The state's name says which consequential effect is outstanding (law 2), and a screen draws it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.domain.access_key import Way
from kiosk.domain.cash import Box, Collection
from kiosk.domain.health import DeviceName, Health, SelfTest
from kiosk.domain.money import Money
from kiosk.domain.service import Service
from kiosk.domain.signals import PanelReading, Progress
from kiosk.domain.technician import Technician, WayIn
from kiosk.journey.visit import Journey as Journey  # noqa: PLC0414 - whoever takes a state takes it from here, too
from kiosk.journey.visit import Paper as Paper  # noqa: PLC0414


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
    """Waiting for the ID card. ``notice`` tells what went wrong before.

    "", removed, unsupported, unreadable, not_genuine, expired, wrong_key_too_often,
    wrong_document_too_often, other_card, two_cards, same_card, not_a_child.
    """

    journey: Journey
    order: int
    notice: str = ""
    fresh: bool = False


class EnteringKey(State, frozen=True):
    """The card lies in the reader; its six digits are asked for. ``mistakes`` counts wrong keys so far.

    ``order`` is nonzero while the scanner waits for a machine readable zone. ``notice``: "", wrong_zone, misread.
    """

    journey: Journey
    mistakes: int = 0
    order: int = 0
    notice: str = ""


class ReadingCard(State, frozen=True):
    """The card is being read. ``way``: how its key was given."""

    journey: Journey
    order: int
    mistakes: int = 0
    way: Way = "digits"


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

    ``printed`` is the tag of the print outcome (printed, unverified, partial, not_started; "": nothing was to be printed) and ``reason`` its reason.
    ``card_inside``: the ID card still lies in the reader. ``order``: of the wait for its removal.
    ``sheet``: the paper is the document on A4, which comes out elsewhere.
    """

    journey: Journey
    order: int
    outcome: Literal["done", "deferred", "claim", "reversed"]
    paper: Paper
    printed: str
    reason: str = ""
    card_inside: bool = False
    sheet: bool = False

    @property
    def carries(self) -> bool:
        """Whether the code is shown to be photographed: a paper was due, and nobody knows that it came out whole."""
        return self.paper != "statement" and self.printed != "printed" and bool(self.journey.reference)


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
    an earlier screen is dropped. ``journey`` is the number of the current or last journey. ``secret`` and ``epoch`` are the journal's: the latter
    stands in every reference, so that a kiosk whose journal was replaced does not use one twice. ``card_left``: the last
    visit ended with a card in the reader, which is not the next citizen's. ``paper_left``: at the start the journal did not know that the last paper
    had come out whole. ``surplus_most`` is how much more than the amount due a note may bring.
    ``open_ms`` is when a visit last ended with something open: whoever comes back for it is offered that first.
    ``box`` is what lies in the cash box by the journal. ``way_in`` is how technicians come in, ``technician`` who is there now. ``wrong_pins`` counts those of this
    opening of the door, whatever happened between them.
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
    secret: str = ""
    wrong_pins: int = 0
    card_left: bool = False
    paper_left: bool = False
    surplus_most: Money = Money(2_000)
    open_ms: int = 0
    box: Box = Box()
    way_in: WayIn = "pin"
    technician: Technician | None = None
