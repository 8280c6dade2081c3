"""Card profiles: what is wrong with them beyond their types."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from kiosk.config.checks import missing_texts
from kiosk.domain.card_profile import CardProfile, Place

PATTERNS = ("document_code", "document_number", "personal_number")
ZONE_FIELDS = {"optional_1": 15, "optional_2": 11}
"""How long the optional data of a TD1 zone's lines are (ICAO Doc 9303-5, 4.2.2): the longest that any card has."""


def profile_mistakes(profile: CardProfile, stem: str) -> list[str]:
    """Return what is wrong with one profile. ``stem``: its file's name without ``.toml``."""
    wrong = [] if profile.id == stem else [f'id = "{profile.id}": expected "{stem}", the file\'s name']
    wrong += missing_texts("title", profile.title)
    wrong += missing_texts("digits_where", profile.digits_where) if profile.digits_where else []
    if profile.issuing_state and not re.fullmatch("[A-Z]{1,3}", profile.issuing_state):
        wrong.append(
            f'issuing_state = "{profile.issuing_state}": expected the letters of a zone, e.g. "AZE", or "" for any'
        )
    for name in PATTERNS:
        wrong += _pattern(name, getattr(profile, name))
    if not profile.personal_number:
        wrong.append("personal_number: expected a regular expression")
    if profile.chip and not profile.opens_with:
        wrong.append('opens_with: expected "can", "zone" or both, for a card with a chip')
    if not profile.chip and profile.opens_with:
        wrong.append("opens_with: expected [], for a card without a chip")
    for index, place in enumerate(profile.places):
        wrong += [f"places[{index}].{mistake}" for mistake in _place(place)]
    return wrong


def row_mistakes(profiles: tuple[CardProfile, ...]) -> Iterator[tuple[str, str]]:
    """Return (id of the profile, mistake) for what is wrong between the profiles, in the order in which they are tried."""
    for order, count in Counter(each.order for each in profiles).items():
        if count > 1:
            names = ", ".join(each.id for each in profiles if each.order == order)
            yield profiles[-1].id, f"order = {order}: stands in {names}; expected another number in each"
    for index, each in enumerate(profiles):
        if each.fits_any and index < len(profiles) - 1:
            yield (
                each.id,
                f"order = {each.order}: it fits every card, so {profiles[index + 1].id} is never tried; expected the highest order",
            )
    if profiles and not profiles[-1].fits_any:
        yield (
            profiles[-1].id,
            "issuing_state, document_code, document_number: expected none in the last profile, so that every card has one",
        )


def _pattern(name: str, pattern: str) -> Iterator[str]:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        yield f'{name} = "{pattern}": is no regular expression: {error}'


def _place(place: Place) -> Iterator[str]:
    if place.start < 0 or place.length < 0:
        yield f"start, length = {place.start}, {place.length}: expected 0 or more"
    room = ZONE_FIELDS.get(place.at)
    if room is not None and max(place.start + 1, place.start + place.length) > room:
        yield f"start, length = {place.start}, {place.length}: expected to end within the {room} characters of {place.at}"
