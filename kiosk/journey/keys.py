"""Keys: what opens the card that lies in the reader. Its six digits, its document number and dates, or its zone, scanned.

While any of the screens stands, the scanner, where there is one, has one order outstanding; it is kept from screen to screen.
"""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.access_key import Way
from kiosk.domain.health import Degraded, Ready
from kiosk.domain.secret import Secret
from kiosk.journey.choosing import begin
from kiosk.journey.effects import Effect, ReadCard, ScanZone, StopWaiting
from kiosk.journey.events import Acknowledged, CancelPressed, DeviceFailed, Entry, OrderOverdue, WentBack
from kiosk.journey.events_key import AccessKeyEntered, KeyWayChosen, NoZoneCame, ScanFailed, ZoneMisread, ZoneScanned
from kiosk.journey.state import Choosing, EnteringKey, Kiosk, ReadingCard, State
from kiosk.journey.state_key import EnteringDocument, FindingDigits, KeyState, WithoutChip
from kiosk.journey.turn import Turn, end, go

WAYS: dict[str, type[KeyState]] = {"digits": EnteringKey, "where": FindingDigits, "document": EnteringDocument}


def ask_key(kiosk: Kiosk, state: KeyState, entry: Entry) -> Turn:
    """Show one of the screens that ask for the key, and let the scanner look where there is one."""
    if not isinstance(kiosk.devices.get("scanner"), Ready | Degraded):
        return go(kiosk, replace(state, order=0))
    return go(kiosk, replace(state, order=entry.seq), ScanZone(entry.seq))


def ask_again(kiosk: Kiosk, reading: ReadingCard, mistakes: int, entry: Entry) -> Turn:
    """Ask once more, in the way in which the wrong key was given."""
    if reading.way == "document":
        return ask_key(kiosk, EnteringDocument(reading.journey, mistakes, notice="wrong_document"), entry)
    notice = "wrong_zone" if reading.way == "zone" else ""
    return ask_key(kiosk, EnteringKey(reading.journey, mistakes, notice=notice), entry)


def showing_key(kiosk: Kiosk, state: KeyState, entry: Entry) -> Turn | None:
    """Take the key in any of its ways, or lead from one way to another."""
    match entry.event:
        case AccessKeyEntered(key, way):
            return read(kiosk, state, key, way, entry)
        case KeyWayChosen(way):
            return go(kiosk, WAYS[way](state.journey, state.mistakes, state.order))
        case ScanFailed():
            return go(kiosk, replace(state, notice="misread"))
        case WentBack() if not isinstance(state, EnteringKey):
            return go(kiosk, EnteringKey(state.journey, state.mistakes, state.order))
        case WentBack():
            return go(kiosk, Choosing(state.journey), *stopped(state))
        case CancelPressed():
            return end(kiosk)
    return scanning(kiosk, state, entry) if state.order else None


def scanning(kiosk: Kiosk, state: KeyState, entry: Entry) -> Turn | None:
    """Take what the scanner saw; it looks on until there is a key. One that failed is not asked again on this screen."""
    match entry.event:
        case ZoneScanned(order, key) if order == state.order:
            return read(kiosk, replace(state, order=0), key, "zone", entry)
        case ZoneMisread(order) if order == state.order:
            return ask_key(kiosk, replace(state, notice="misread"), entry)
        case NoZoneCame(order) | OrderOverdue(order) if order == state.order:
            return ask_key(kiosk, state, entry)
        case DeviceFailed(order) if order == state.order:
            return go(kiosk, replace(state, order=0))
    return None


def read(kiosk: Kiosk, state: KeyState, key: Secret, way: Way, entry: Entry) -> Turn:
    """Have the card opened with this key."""
    reading: State = ReadingCard(state.journey, entry.seq, state.mistakes, way)
    return go(kiosk, reading, ReadCard(entry.seq, key), *stopped(state))


def stopped(state: KeyState) -> tuple[Effect, ...]:
    """Return what ends the scanner's wait, if there is one."""
    return (StopWaiting("scanner"),) if state.order else ()


def without_chip(kiosk: Kiosk, state: WithoutChip, entry: Entry) -> Turn | None:
    """Go on to services that need no card, or to a card with a chip."""
    match entry.event:
        case WentBack():  # the card that was tried has to come out before the next
            return begin(replace(kiosk, card_left=kiosk.card_left or state.journey.card_inside), state.journey, entry)
        case Acknowledged():
            return go(kiosk, Choosing(replace(state.journey, service=None)))
        case CancelPressed():
            return end(kiosk)
    return None
