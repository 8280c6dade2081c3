"""The second card: a guardian shows the child's card after his own, a helper that of whom he helps.

The visit belongs to the first card. What the second one tells is kept apart from it, bound to its own reading and its own proof.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from msgspec.structs import replace

from kiosk.domain.citizen import Citizen
from kiosk.journey.effects import WaitForCard, WatchReaders
from kiosk.journey.events import Entry
from kiosk.journey.filling import ask_next
from kiosk.journey.state import Journey, Kiosk, PresentingCard, ReadingCard
from kiosk.journey.turn import Turn, go

OF_AGE_YEARS = 18
"""Civil Code of the Republic of Azerbaijan, article 28: full capacity comes with eighteen."""


def second_needed(journey: Journey) -> bool:
    """Say whether the visitor is known and the next card to be read is that of the person whom the service is about."""
    return journey.whose != "holder" and journey.subject is None


def ask_second(kiosk: Kiosk, journey: Journey, entry: Entry, notice: str = "") -> Turn:
    """Ask for the second card. The one that lies in the reader has to be taken out first, whosever it is."""
    return go(kiosk, PresentingCard(journey, entry.seq, notice, fresh=True), WaitForCard(entry.seq, fresh=True))


def take_second(kiosk: Kiosk, state: ReadingCard, subject: Citizen, entry: Entry) -> Turn:
    """Take the second person, unless it is the first one again, or no child where a child is meant."""
    journey = state.journey
    if journey.citizen is not None and same_person(journey.citizen, subject):
        return ask_second(kiosk, journey, entry, "same_card")
    if journey.whose == "child" and not under_age(subject.birth_date, entry.at_ms):
        return ask_second(kiosk, journey, entry, "not_a_child")
    after, effects = ask_next(kiosk, replace(journey, subject=subject, card_order=state.order), 0, entry)
    return after, (*effects, WatchReaders(state.order))


def same_person(one: Citizen, other: Citizen) -> bool:
    """Say whether two readings are of one person: the same card, or another one with the same personal number."""
    if one.personal_number and one.personal_number == other.personal_number:
        return True
    return (one.issuing_state, one.document_number) == (other.issuing_state, other.document_number)


def under_age(birth_date: str, at_ms: int) -> bool:
    """Say whether somebody born then is not yet of age. A date that a card does not tell whole proves no child."""
    try:
        born, today = date.fromisoformat(birth_date), datetime.fromtimestamp(at_ms / 1000, UTC).date()
    except (ValueError, OverflowError, OSError):
        return False
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return 0 <= years < OF_AGE_YEARS
