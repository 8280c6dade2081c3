"""The machine: ``step(kiosk, entry)`` is total (law 5), pure (law 6), and the only thing that moves the kiosk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from kiosk.domain.cash import Box
from kiosk.journey import (
    cash,
    choosing,
    collecting,
    documents,
    filling,
    fulfilling,
    identifying,
    keys,
    matters,
    newcomer,
    paperless,
    paying,
    registering,
    reprinting,
    resting,
    servicing,
    technician,
)
from kiosk.journey.effects import PaperAbandoned
from kiosk.journey.events import (
    AnotherCardCame,
    AnyEvent,
    CashCollected,
    Entry,
    HealthChanged,
    JourneyStarted,
    LanguageChosen,
    MoreTimeWanted,
    NoteStacked,
    PanelChanged,
    PowerRestored,
    TimedOut,
)
from kiosk.journey.lamps import lamp_changes
from kiosk.journey.patience import ASKS_AFTER_S
from kiosk.journey.recovery import recover
from kiosk.journey.state import (
    RESTING,
    Answering,
    Apology,
    AskingPin,
    CheckingPayment,
    Choosing,
    Confirming,
    EnteringKey,
    Farewell,
    FilingClaim,
    Kiosk,
    OutOfService,
    PreparingPayment,
    PresentingCard,
    Printing,
    Quoting,
    ReadingCard,
    ReversingPayment,
    Servicing,
    SettlingPayment,
    State,
    StillThere,
    Submitting,
    TakingPayment,
    Welcome,
)
from kiosk.journey.state_cash import (
    AcknowledgingNote,
    CheckingNote,
    ChoosingSurplus,
    CollectingCash,
    FilingCollection,
    PreparingCash,
    PrintingCollection,
    ReturningNote,
    StackingNote,
    TakingCash,
)
from kiosk.journey.state_document import PrintingDocument
from kiosk.journey.state_fiscal import CheckingSale, FilingUnregistered, RegisteringSale
from kiosk.journey.state_key import EnteringDocument, FindingDigits, WithoutChip
from kiosk.journey.state_matters import AskingCopy, FindingMatters, PrintingCopy, ShowingMatters
from kiosk.journey.state_newcomer import EndedByCard
from kiosk.journey.state_paper import AgreeingNoPaper
from kiosk.journey.state_technician import AskingCard
from kiosk.journey.turn import Turn, apologise, at_rest, end, go, journey_of, rest

Phase = Callable[[Kiosk, Any, Entry], Turn | None]

PHASES: dict[type[State], Phase] = {
    Welcome: resting.welcome,
    OutOfService: resting.welcome,
    Choosing: choosing.choosing,
    AgreeingNoPaper: paperless.agreeing_no_paper,
    PresentingCard: identifying.presenting_card,
    EnteringKey: keys.showing_key,
    FindingDigits: keys.showing_key,
    EnteringDocument: keys.showing_key,
    WithoutChip: keys.without_chip,
    ReadingCard: identifying.reading_card,
    Answering: filling.answering,
    Quoting: filling.quoting,
    Confirming: filling.confirming,
    PreparingPayment: paying.preparing_payment,
    TakingPayment: paying.taking_payment,
    SettlingPayment: paying.settling_payment,
    CheckingPayment: paying.checking_payment,
    ReversingPayment: paying.reversing_payment,
    PreparingCash: cash.preparing_cash,
    TakingCash: cash.taking_cash,
    ChoosingSurplus: cash.choosing_surplus,
    StackingNote: cash.stacking_note,
    AcknowledgingNote: cash.acknowledging_note,
    ReturningNote: cash.returning_note,
    CheckingNote: cash.checking_note,
    FindingMatters: matters.finding_matters,
    ShowingMatters: matters.showing_matters,
    AskingCopy: reprinting.asking_copy,
    PrintingCopy: reprinting.printing_copy,
    Submitting: fulfilling.submitting,
    RegisteringSale: registering.registering_sale,
    CheckingSale: registering.checking_sale,
    FilingUnregistered: registering.filing_unregistered,
    FilingClaim: fulfilling.filing_claim,
    Printing: fulfilling.printing,
    PrintingDocument: documents.printing_document,
    Farewell: fulfilling.saying_farewell,
    Apology: fulfilling.apologising,
    EndedByCard: newcomer.ended_by_card,
    AskingPin: servicing.asking_pin,
    AskingCard: technician.asking_card,
    Servicing: servicing.servicing,
    CollectingCash: collecting.collecting_cash,
    FilingCollection: collecting.filing_collection,
    PrintingCollection: collecting.printing_collection,
}

COMING_OUT = (Printing, PrintingCopy, PrintingCollection)
"""Where the receipt printer is at work. Of a technician's report, which the door may have closed on, only the journal knows."""


def step(kiosk: Kiosk, entry: Entry) -> Turn:
    """Move the kiosk by one entry: the new kiosk, and what is to be done. Every event is welcome in every state."""
    after, effects = newcomer.kept_apart(moved(observed(kiosk, entry.event), entry), entry)
    if screen_of(after.state) != screen_of(kiosk.state):
        after = replace(after, shown=entry.seq)
    before = None if isinstance(entry.event, PowerRestored) else kiosk.state  # after a start no lamp is known
    return after, (*effects, *lamp_changes(before, after.state))


def replay(kiosk: Kiosk, entries: Iterable[Entry]) -> Kiosk:
    """Fold the journal: the state of before, none of the effects (law 1)."""
    for entry in entries:
        kiosk, _ = step(kiosk, entry)
    return kiosk


def complete(kiosk: Kiosk, event: AnyEvent, version: str) -> AnyEvent:
    """Add to what a replay can begin with, a journey's first event and a collection, the circumstances it begins under.

    A start learns of the paper that it finds, so that the next start knows of it too.
    """
    if isinstance(event, PowerRestored):
        return replace(event, paper_left=kiosk.paper_left or isinstance(kiosk.state, COMING_OUT))
    if isinstance(event, JourneyStarted):
        return replace(
            event,
            number=kiosk.journey + 1,
            version=version,
            devices=kiosk.devices,
            panel=kiosk.panel,
            card_left=kiosk.card_left,
            open_ms=kiosk.open_ms,
            box=kiosk.box,
        )
    if isinstance(event, CashCollected):
        return replace(event, box=kiosk.box, language=kiosk.language, by=kiosk.technician)
    return event


def untimely(kiosk: Kiosk, event: AnyEvent) -> bool:
    """Say whether an event would begin something where it cannot begin: a visit outside rest, a collection nobody was asked for."""
    match event:
        case JourneyStarted():  # its number and its key would be another's
            return not at_rest(kiosk)
        case CashCollected():  # the box would be empty on disk alone
            return not isinstance(kiosk.state, CollectingCash)
    return False


def observed(kiosk: Kiosk, event: AnyEvent) -> Kiosk:
    """Take in what the world reports, whatever else is going on."""
    match event:
        case HealthChanged(device, health):
            return replace(kiosk, devices={**kiosk.devices, device: health})
        case PanelChanged(reading):
            return replace(kiosk, panel=reading)
        case JourneyStarted(box=box):
            return replace(kiosk, box=box)
        case NoteStacked(_, value):
            return replace(kiosk, box=kiosk.box.with_note(value))
        case CashCollected():
            return replace(kiosk, box=Box())
        case PowerRestored():  # nobody knows what lies in the reader since
            return replace(kiosk, card_left=True)
    return kiosk


def moved(kiosk: Kiosk, entry: Entry) -> Turn:
    """Let what concerns every state act first, then the state's own phase."""
    state, event = kiosk.state, entry.event
    if isinstance(event, PowerRestored):
        after, effects = end(kiosk) if at_rest(kiosk) else recover(kiosk, entry)
        return after, (PaperAbandoned(), *effects) if event.paper_left else effects
    if isinstance(event, AnotherCardCame):
        return newcomer.another_card(kiosk, event, entry)
    if isinstance(state, StillThere):
        return questioned(kiosk, state, entry)
    if isinstance(event, HealthChanged | PanelChanged) and isinstance(state, RESTING):
        return rest(kiosk), ()
    if type(state) in ASKS_AFTER_S and (turn := interrupted(kiosk, state, event)):
        return turn
    return PHASES[type(state)](kiosk, state, entry) or (kiosk, ())


def interrupted(kiosk: Kiosk, state: State, event: AnyEvent) -> Turn | None:
    """Where the citizen is waited for and no money is under way: the language, the time, the door, somebody gone."""
    journey = journey_of(state)
    match event:
        case LanguageChosen(language) if journey and language in kiosk.languages:
            renamed = replace(state, journey=replace(journey, language=language))
            return go(replace(kiosk, language=language), renamed)
        case TimedOut(shown) if shown == kiosk.shown:
            return go(kiosk, StillThere(state))
        case PanelChanged(reading) if reading.door_open and journey:
            turn, effects = end(kiosk)
            return apologise(turn, journey, "door_open", *effects)
    return None


def questioned(kiosk: Kiosk, state: StillThere, entry: Entry) -> Turn:
    """While the question stands: an answer, its time-out, or the world going on underneath."""
    event = entry.event
    resumed = replace(kiosk, state=state.resume)
    if isinstance(event, MoreTimeWanted):
        return resumed, ()
    if isinstance(event, TimedOut):
        return end(resumed) if event.shown == kiosk.shown else (kiosk, ())
    after, effects = moved(resumed, entry)
    if screen_of(after.state) == screen_of(state.resume) and not isinstance(event, LanguageChosen):
        return replace(after, state=StillThere(after.state)), effects
    return after, effects


def screen_of(state: State) -> tuple[object, ...]:
    """Tell screens apart as a finger does: another kind of screen, another question, another notice."""
    return type(state), getattr(state, "index", None), getattr(state, "mistakes", None), getattr(state, "notice", None)
