r"""What may be typed next: a field's pattern, read as far as is needed to offer only the keys that can lead on.

Read are characters, ``[A-Z0-9]``, ``\d`` and the repeats ``{n} {m,n} ? + *``. A pattern with anything else is not read:
then every key is offered, and the pattern alone decides whether the answer is whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MANY = 99
_ATOM = re.compile(r"(\[[A-Za-z0-9-]+\]|\\d|[A-Za-z0-9-])(\{\d+(?:,\d*)?\}|[?+*])?")


class Atom(Struct, frozen=True):
    """Some characters, so many times."""

    characters: frozenset[str]
    least: int
    most: int


def following(pattern: str, typed: Iterable[str]) -> frozenset[str] | None:
    """Return the characters that may follow ``typed``; None if the pattern cannot be read."""
    atoms = read(pattern)
    if atoms is None:
        return None
    places = _closed(atoms, {(0, 0)})
    for character in typed:
        taken = {
            (i, n + 1) for i, n in places if i < len(atoms) and n < atoms[i].most and character in atoms[i].characters
        }
        places = _closed(atoms, taken)
    return frozenset().union(*(atoms[i].characters for i, n in places if i < len(atoms) and n < atoms[i].most))


def breaks(pattern: str) -> list[int]:
    """Return where groups of an answer of fixed length end: where letters follow digits or digits letters."""
    atoms = read(pattern) or []
    ends, place = [], 0
    for before, after in pairwise(atoms):
        if before.least != before.most:
            return []
        place += before.least
        if before.characters != after.characters:
            ends.append(place)
    return ends


@lru_cache(maxsize=32)
def read(pattern: str) -> list[Atom] | None:
    """Return the pattern as atoms, or None."""
    atoms, place = [], 0
    while place < len(pattern):
        match = _ATOM.match(pattern, place)
        if match is None:
            return None
        atoms.append(Atom(_characters(match[1]), *_repeat(match[2])))
        place = match.end()
    return atoms


def _closed(atoms: list[Atom], places: set[tuple[int, int]]) -> set[tuple[int, int]]:
    todo = list(places)
    while todo:
        index, count = todo.pop()
        if index < len(atoms) and count >= atoms[index].least and (index + 1, 0) not in places:
            places.add((index + 1, 0))
            todo.append((index + 1, 0))
    return places


def _characters(text: str) -> frozenset[str]:
    if text == "\\d":
        return frozenset(DIGITS)
    return frozenset(c for c in LETTERS + DIGITS + "-" if re.fullmatch(text, c))


def _repeat(text: str | None) -> tuple[int, int]:
    if not text:
        return 1, 1
    if text in "?+*":
        return {"?": (0, 1), "+": (1, MANY), "*": (0, MANY)}[text]
    least, comma, most = text[1:-1].partition(",")
    return int(least), int(most or MANY) if comma else int(least)
