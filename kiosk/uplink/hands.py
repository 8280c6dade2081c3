"""Whose turn it is with a letter: one hand at a time, and a fresh one is left to the journey that put it.

Only monotonic time counts here: the wall clock of a kiosk jumps when the network tells it the time after the power came back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Key = tuple[str, str]
"""The kind and the reference of a letter."""


class Hands:
    """In memory alone: with the process end its hands and its journeys. Safe for several threads."""

    def __init__(self, hold_s: float, clock_s: Callable[[], float] = time.monotonic) -> None:
        """Leave each fresh letter to its journey for ``hold_s`` seconds of ``clock_s``."""
        self._hold_s, self._clock_s = hold_s, clock_s
        self._held_until_s: dict[Key, float] = {}
        self._taken: set[Key] = set()
        self._freed = threading.Condition()

    def hold(self, key: Key) -> None:
        """Leave a letter to its journey from now on, for the time of a hold."""
        with self._freed:
            self._held_until_s[key] = self._clock_s() + self._hold_s

    def release(self, key: Key) -> None:
        """End a hold: the journey has had its answer."""
        with self._freed:
            self._held_until_s.pop(key, None)

    def held(self, key: Key) -> bool:
        """Say whether a letter is still left to its journey."""
        with self._freed:
            self._forget_old()
            return key in self._held_until_s

    def busy(self) -> bool:
        """Say whether any letter is held or in a hand."""
        with self._freed:
            self._forget_old()
            return bool(self._held_until_s or self._taken)

    def _forget_old(self) -> None:
        now_s = self._clock_s()
        self._held_until_s = {key: until_s for key, until_s in self._held_until_s.items() if now_s < until_s}

    @contextmanager
    def take(self, key: Key, timeout_s: float) -> Iterator[bool]:
        """Take a letter in hand, waiting at most ``timeout_s`` for another hand to let go of it; yield whether that worked."""
        with self._freed:
            mine = self._freed.wait_for(lambda: key not in self._taken, timeout_s)
            if mine:
                self._taken.add(key)
        try:
            yield mine
        finally:
            if mine:
                with self._freed:
                    self._taken.discard(key)
                    self._freed.notify_all()
