"""What every event is."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct


class Event(Struct, frozen=True, tag=True):
    """The root of all events; the tag on disk is the class name."""

    PERSONAL: ClassVar[tuple[str, ...]] = ()
