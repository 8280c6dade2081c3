"""What is known of readers before anything is asked: how long the APDUs may be that they carry. The facts are in ``readers.toml``."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from hardware.card.files import STEPS
from hardware.card.secure_messaging import READ_MAX

ReadBytes = Annotated[int, Meta(ge=STEPS[-1], le=STEPS[0])]
"""Bytes that a READ BINARY may ask for: no less than the smallest step, no more than the largest."""


class Quirk(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of reader. ``name``: a regular expression; ``because``: where the limit is known from."""

    name: str
    read_bytes_max: ReadBytes
    because: str

    def __post_init__(self) -> None:
        """ValueError: the name is no regular expression."""
        try:
            re.compile(self.name)
        except re.error as error:
            raise ValueError(f"name is no regular expression: {error}") from error


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    reader: tuple[Quirk, ...]


def parse(toml: str) -> tuple[Quirk, ...]:
    """Return a table's readers in its order. ValueError (msgspec.ValidationError) says what is wrong in it."""
    return msgspec.toml.decode(toml, type=_Table).reader


@cache
def known() -> tuple[Quirk, ...]:
    """Return the table that comes with the driver."""
    return parse((files("hardware.card") / "readers.toml").read_text("utf-8"))


def quirk_of(reader: str) -> Quirk | None:
    """Return what is known of a reader by its name; None where nothing is."""
    return next((each for each in known() if re.search(each.name, reader, re.IGNORECASE)), None)


def read_bytes_max(reader: str, configured: int, says_extended: bool | None) -> int:
    """Return the most that one READ BINARY may ask for in a reader.

    ``configured``: the operator's limit, which overrides the table; 0 for none. ``says_extended``: what the reader says of
    itself, which is believed where neither of them knows better.
    """
    if configured:
        return configured
    if (quirk := quirk_of(reader)) is not None:
        return quirk.read_bytes_max
    return READ_MAX if says_extended is False else STEPS[0]
