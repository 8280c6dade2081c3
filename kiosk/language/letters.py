"""Azerbaijani casing and collation, which Python's own do not know: i/İ and ı/I are two pairs of letters.

``str.upper("istifadəçi")`` gives a dotless I, ``str.lower("İ")`` gives two code points: both are wrong on a screen.
"""

from __future__ import annotations

ALPHABET = "aAbBcCçÇdDeEəƏfFgGğĞhHxXıIiİjJkKqQlLmMnNoOöÖpPrRsSşŞtTuUüÜvVwWyYzZ"
"""The Azerbaijani order (Latin script, 1991/1992), with w for foreign names."""

_UPPER = {ord("i"): "İ", ord("ı"): "I"}
_LOWER = {ord("I"): "ı", ord("İ"): "i"}
_PLACE = (
    {letter: 100 + index // 2 for index, letter in enumerate(ALPHABET)}
    | {str(digit): 50 + digit for digit in range(10)}
    | {" ": 1, "\u00a0": 1}
)


def az_upper(text: str) -> str:
    """Return Azerbaijani text in capitals: i becomes İ, ı becomes I."""
    return text.translate(_UPPER).upper()


def az_lower(text: str) -> str:
    """Return Azerbaijani text in small letters: I becomes ı, İ becomes i."""
    return text.translate(_LOWER).lower()


def az_key(text: str) -> tuple[list[int], list[bool]]:
    """Return a sort key: by alphabet first, small letters before capitals where nothing else differs."""
    places = [_PLACE.get(c, ord(c) if ord(c) < 50 else 200 + ord(c)) for c in text]
    return places, [c != az_lower(c) for c in text]
