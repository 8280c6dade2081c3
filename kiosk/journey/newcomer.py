"""Newcomers: a card that comes while a visit goes on. Nothing of the first person's is seen or used by whoever comes second.

A card that was read may be taken out, and the visit goes on. One that is put in afterwards without being asked for may be
anybody's, even where it is the first one again: no chip tells without its key. So it ends the visit, at once or, where money is
under way, as soon as that is settled. A second card that was asked for may take part in what it was asked for, and in nothing else.
"""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.journey.effects import Effect, Order, StopWaiting, StopWatching, WaitForRemoval
from kiosk.journey.events import Acknowledged, AnotherCardCame, CardTaken, Entry, LanguageChosen, TimedOut
from kiosk.journey.second_card import second_needed
from kiosk.journey.state import (
    Apology,
    CheckingPayment,
    Choosing,
    Farewell,
    FilingClaim,
    Journey,
    Kiosk,
    PreparingPayment,
    PresentingCard,
    Printing,
    ReadingCard,
    ReversingPayment,
    SettlingPayment,
    State,
    StillThere,
    Submitting,
    TakingPayment,
)
from kiosk.journey.state_cash import (
    AcknowledgingNote,
    CheckingNote,
    ChoosingSurplus,
    ReturningNote,
    StackingNote,
    TakingCash,
)
from kiosk.journey.state_document import PrintingDocument
from kiosk.journey.state_fiscal import CheckingSale, FilingUnregistered, RegisteringSale
from kiosk.journey.state_key import KEY_STATES, WithoutChip
from kiosk.journey.state_matters import PrintingCopy
from kiosk.journey.state_newcomer import EndedByCard
from kiosk.journey.turn import Turn, end, go, journey_of

UNDER_WAY = (
    TakingPayment, SettlingPayment, CheckingPayment, ReversingPayment, Submitting, RegisteringSale, CheckingSale,
    FilingUnregistered, FilingClaim, Printing, PrintingDocument, PrintingCopy,
    TakingCash, ChoosingSurplus, StackingNote, AcknowledgingNote, ReturningNote, CheckingNote,
)  # fmt: skip
"""What is brought to its end first: money, what was ordered with it, and a paper that is coming out."""

LAST_SCREENS = (Farewell, Apology, EndedByCard)
"""What leads to nothing but the end, and tells what became of money."""

SECOND_ASKED = (PresentingCard, ReadingCard, WithoutChip, *KEY_STATES)
"""Where a card that comes is the one that was asked for, once the visitor is known."""


def another_card(kiosk: Kiosk, event: AnotherCardCame, entry: Entry) -> Turn:
    """Take in that a card came; what follows from it is ``kept_apart``'s to say. One that came after an earlier reading is old news."""
    state, journey = kiosk.state, journey_of(kiosk.state)
    if journey is None or event.order != journey.card_order:
        return kiosk, ()
    inner = state.resume if isinstance(state, StillThere) else state
    asked = isinstance(inner, SECOND_ASKED) and second_needed(journey)
    journey = replace(journey, card_inside=True, came="second" if asked else "another")
    match state:
        case StillThere(resume):
            return go(kiosk, StillThere(replace(resume, journey=journey)))
        case TakingCash(then="") if not journey.notes:
            return go(kiosk, replace(state, journey=journey, then="cancel"), StopWaiting("cash"))
        case ChoosingSurplus(chosen="") if not journey.notes:
            return go(kiosk, replace(state, journey=journey, chosen="cancel"), StopWaiting("cash"))
        case Farewell(card_inside=False):
            last = replace(state, journey=journey, order=entry.seq, card_inside=True)
            return go(kiosk, last, WaitForRemoval(entry.seq))
    return go(kiosk, replace(state, journey=journey))


def kept_apart(turn: Turn, entry: Entry) -> Turn:
    """Let no step end where the second person would have the first one's visit."""
    kiosk, effects = turn
    journey = journey_of(kiosk.state)
    if journey is None or not journey.came:
        return turn
    if journey.came == "second":
        if not isinstance(kiosk.state, Choosing):
            return turn
        # The first card is asked for again, with whichever next service needs one.
        return go(replace(kiosk, card_left=True), Choosing(unknown(journey)), *effects, StopWatching())
    if goes_on(kiosk.state, journey):
        return turn
    signals = tuple(effect for effect in effects if not isinstance(effect, Order))
    return end_by_card(kiosk, journey, signals, entry)


def goes_on(state: State, journey: Journey) -> bool:
    """Say whether a visit that another card came into has something to be brought to its end here."""
    return isinstance(state, UNDER_WAY + LAST_SCREENS) or (isinstance(state, PreparingPayment) and bool(journey.notes))


def end_by_card(kiosk: Kiosk, journey: Journey, signals: tuple[Effect, ...], entry: Entry) -> Turn:
    """End the visit as ever, and tell whoever stands there why; the card that lies there has to come out before the next visit."""
    state = kiosk.state.resume if isinstance(kiosk.state, StillThere) else kiosk.state
    ended, ends = end(replace(kiosk, state=state))
    told = EndedByCard(unknown(journey), entry.seq)
    return go(ended, told, *signals, *ends, WaitForRemoval(entry.seq))


def unknown(journey: Journey) -> Journey:
    """Return the visit as that of somebody unknown. Only what is nobody's stays: its counters, and that a card lies in the reader."""
    return Journey(
        number=journey.number,
        language=journey.language,
        started_ms=journey.started_ms,
        card_inside=journey.card_inside,
        attempt=journey.attempt,
        wrong_codes=journey.wrong_codes,
    )


def ended_by_card(kiosk: Kiosk, state: EndedByCard, entry: Entry) -> Turn | None:
    """Wait until it was read, in whichever language, and the card taken; or until nobody is there any more."""
    match entry.event:
        case CardTaken(order) if order == state.order:
            taken = replace(state, journey=replace(state.journey, card_inside=False))
            return go(replace(kiosk, card_left=False), taken)
        case LanguageChosen(language) if language in kiosk.languages:
            renamed = replace(state, journey=replace(state.journey, language=language))
            return go(replace(kiosk, language=language), renamed)
        case Acknowledged() | TimedOut():
            return end(kiosk)
    return None
