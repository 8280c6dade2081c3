"""The one inbox: events from everywhere, in the order they arrive."""

from __future__ import annotations

import queue
from collections.abc import Callable

from msgspec import Struct

from kiosk.journey.events import AnyEvent


class Touch(Struct, frozen=True):
    """An event from the screen, with the number of the screen it was meant for."""

    event: AnyEvent
    shown: int


class Stir(Struct, frozen=True):
    """The citizen did something that is no event yet (a key of the pad): patience starts anew."""


class Pulse(Struct, frozen=True):
    """A proof of life: the runner calls back when its turn comes."""

    call: Callable[[], None]


class Stop(Struct, frozen=True):
    """End the loop."""


Letter = AnyEvent | Touch | Stir | Pulse | Stop


class Inbox:
    """A queue any thread may post to."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Letter] = queue.SimpleQueue()

    def post(self, letter: Letter) -> None:
        """Add a letter; never blocks."""
        self._queue.put(letter)

    def take(self, timeout_s: float | None) -> Letter | None:
        """Return the next letter, or None when none came in time."""
        try:
            return self._queue.get(timeout=timeout_s)
        except queue.Empty:
            return None
