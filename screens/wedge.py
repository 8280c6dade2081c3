"""A scanner that types like a keyboard: its burst of letters is gathered here and lands on no screen.

Somebody's keys come one by one; a scanner's come as fast as the line bears, each line of a zone ended by Enter or Tab. The
scanner must be set to the American layout: there is no other keyboard at a kiosk. Nothing of it is shown or kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from kivy.clock import Clock

from kiosk.domain.access_key import Misread, MrzKey
from kiosk.domain.zone_text import ZoneText

GAP_S = 0.6
"""Letters further apart than this are no burst; after so long a silence it is over. Long, for the window may be busy drawing."""
ENTER, KEYPAD_ENTER, TAB, COMMA, LESS = 13, 271, 9, 44, 60
LINE_ENDS = (ENTER, KEYPAD_ENTER, TAB)
"""Kivy's codes."""


class Wedge:
    """Takes keys before anybody else; ``deliver`` gets the key of a whole zone, or Misread."""

    def __init__(self, deliver: Callable[[MrzKey | Misread], None]) -> None:
        self._deliver = deliver
        self._text = ZoneText()
        self._last_s = 0.0
        self._pause: Any = None

    def take(self, key: int, modifiers: Sequence[str]) -> bool:
        """Take a key; say whether it belongs to a scanner. Enter and Tab do while a burst runs, and right after one."""
        now = time.monotonic()
        running = now - self._last_s < GAP_S
        character = typed(key, modifiers)
        if not character and not (running and key in LINE_ENDS):
            return False
        self._last_s = now
        if character:
            self._text.add(character)
        elif self._text.whole:
            self._end()
            return True
        self._wait()
        return True

    def stop(self) -> None:
        """Forget what was gathered, and wait for no more."""
        if self._pause is not None:
            self._pause.cancel()
        self._text.wipe()

    def _wait(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
        self._pause = Clock.schedule_once(lambda _dt: self._end(), GAP_S)

    def _end(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
        found = self._text.take()
        if found is not None:
            self._deliver(found)


def typed(key: int, modifiers: Sequence[str]) -> str:
    """Return the letter of a zone that a key types on the American layout; "" for any other key."""
    if key == LESS or (key == COMMA and "shift" in modifiers):
        return "<"
    character = chr(key) if 0 < key < 128 else ""
    if character.isdigit() and "shift" in modifiers:
        return ""
    return character.upper() if character.isalnum() else ""
