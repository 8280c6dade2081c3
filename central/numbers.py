"""Numbers that the centre gives out: drawn, never counted, so that none tells how many there are or what the next one is."""

from __future__ import annotations

import secrets

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a number survives being read aloud."""


def draw(length: int) -> str:
    """Return random letters, 5 bits each."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def receipt_number() -> str:
    """Return a receipt number such as ``7K3M-9QXW-20VB`` (60 bits; the database refuses a double)."""
    return "-".join(draw(4) for _ in range(3))


def verification_code() -> str:
    """Return a code that cannot be guessed (130 bits)."""
    return draw(26)
