"""What a step returns, and the few moves every phase makes."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.journey.effects import Effect, Forget, StopWaiting, StopWatching
from kiosk.journey.readiness import obstacle
from kiosk.journey.state import (
    RESTING,
    Apology,
    Farewell,
    Journey,
    Kiosk,
    OutOfService,
    PresentingCard,
    ReadingCard,
    State,
    StillThere,
    Welcome,
)
from kiosk.journey.state_key import KEY_STATES
from kiosk.journey.state_newcomer import EndedByCard
from kiosk.journey.state_technician import AskingCard, asking_pin_after

Turn = tuple[Kiosk, tuple[Effect, ...]]


def go(kiosk: Kiosk, state: State, *effects: Effect) -> Turn:
    """Move to a state and order what belongs to it."""
    return replace(kiosk, state=state), effects


def journey_of(state: State) -> Journey | None:
    """Return the journey a state belongs to; None at rest and while servicing."""
    if isinstance(state, StillThere):
        return journey_of(state.resume)
    journey: Journey | None = getattr(state, "journey", None)
    return journey


def at_rest(kiosk: Kiosk) -> bool:
    """Say whether nobody is being served: only then may software be updated (law 8)."""
    return isinstance(kiosk.state, RESTING)


def ask_anew(kiosk: Kiosk) -> Kiosk:
    """Behind the open door: whoever is there must prove who it is, by card or PIN."""
    wrong = kiosk.wrong_pins if kiosk.panel.door_open else 0
    pin = asking_pin_after(wrong)
    state = pin if kiosk.way_in == "pin" else AskingCard(pin=pin)
    return replace(kiosk, state=state, technician=None, wrong_pins=wrong)


def rest(kiosk: Kiosk) -> Kiosk:
    """Choose the resting state that door, mains and devices allow."""
    kiosk = ask_anew(kiosk)
    if kiosk.panel.door_open:
        return kiosk
    if not kiosk.panel.mains:
        return replace(kiosk, state=OutOfService("mains"), language=kiosk.languages[0])
    obstacles = {obstacle(service, kiosk.devices, kiosk.panel) for service in kiosk.services}
    if obstacles and "" not in obstacles:
        reason = "central" if obstacles == {"no_central"} else "devices"
        return replace(kiosk, state=OutOfService(reason), language=kiosk.languages[0])
    return replace(kiosk, state=Welcome(), language=kiosk.languages[0])


def end(kiosk: Kiosk) -> Turn:
    """End the visit: drop the journey, destroy its key, let go of the card reader."""
    waiting = isinstance(kiosk.state, PresentingCard | ReadingCard | Farewell | EndedByCard | StillThere)
    stop: tuple[Effect, ...] = (StopWaiting("card"),) if waiting else ()
    stop += (StopWaiting("scanner"),) if isinstance(kiosk.state, KEY_STATES) and kiosk.state.order else ()
    journey = journey_of(kiosk.state)
    stop += (StopWatching(),) if journey and journey.card_order else ()
    # A card left by an earlier visit stays until one is seen to be put in: most visits never ask for a card.
    left = replace(kiosk, card_left=kiosk.card_left or journey.card_inside) if journey else kiosk
    return rest(left), (Forget(kiosk.journey), *stop)


def apologise(kiosk: Kiosk, journey: Journey, reason: str, *effects: Effect) -> Turn:
    """Say that it could not be done and that nothing was taken."""
    return go(kiosk, Apology(journey, reason), *effects)
