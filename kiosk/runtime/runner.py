"""The loop: one inbox, one writer, one direction. Event → journal → step → screen, and effects to the performers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from msgspec.structs import replace

from kiosk.domain.faults import VersionFault
from kiosk.journal import Journal
from kiosk.journey.effects import Effect
from kiosk.journey.events import AnyEvent, JourneyStarted, PowerRestored, TimedOut
from kiosk.journey.machine import complete, replay, step, untimely
from kiosk.journey.patience import patience_s
from kiosk.journey.state import Kiosk
from kiosk.journey.turn import journey_of
from kiosk.log import logger
from kiosk.runtime.clock import Clock
from kiosk.runtime.inbox import Inbox, Pulse, Stir, Stop, Touch
from kiosk.runtime.spending import spend


class Perform(Protocol):
    """Carries out one effect; its answer comes to the inbox."""

    def __call__(self, effect: Effect) -> None:
        """Begin; never block, never raise."""
        ...


class Runner:
    """Owns the kiosk's state and its journal. One thread runs it."""

    def __init__(
        self,
        kiosk: Kiosk,
        journal: Journal,
        inbox: Inbox,
        perform: Perform,
        show: Callable[[Kiosk], None],
        clock: Clock,
        version: str,
    ) -> None:
        self._journal, self._inbox, self._perform, self._show = journal, inbox, perform, show
        self._clock, self._version = clock, version
        number, entries = journal.unfinished()
        began = next((entry.event.version for entry in entries if isinstance(entry.event, JourneyStarted)), version)
        if began != version:
            raise VersionFault(f"journey {number + 1} was begun by version {began}; only that one may end it (law 8)")
        kiosk = replace(
            kiosk,
            journey=number,
            epoch=journal.epoch,
            secret=journal.secret,
            open_ms=journal.left_open_ms(),
            paper_left=kiosk.paper_left or journal.paper_left(),
            box=journal.box(),
        )
        self.kiosk = replay(kiosk, entries)
        self._deadline: float | None = None

    def run(self) -> None:
        """Say that the power is back, then handle letters until told to stop."""
        self.handle(PowerRestored(self._version))
        while True:
            wait_s = None if self._deadline is None else max(0.0, self._deadline - time.monotonic())
            letter = self._inbox.take(wait_s)
            if isinstance(letter, Stop):
                return
            self.accept(letter)

    def accept(self, letter: AnyEvent | Touch | Stir | Pulse | None) -> None:
        """Handle one letter; none in time is a time-out. A touch that was meant for an earlier screen is dropped."""
        if letter is None:
            self.handle(TimedOut(self.kiosk.shown))
        elif isinstance(letter, Stir):
            self._be_patient()
        elif isinstance(letter, Pulse):
            letter.call()
        elif not isinstance(letter, Touch):
            self.handle(letter)
        elif letter.shown == self.kiosk.shown:
            self.handle(letter.event)
        else:
            spend(letter.event)

    def handle(self, event: AnyEvent) -> None:
        """Journal one event, step, show, and order what follows. A journal that cannot be written ends the process."""
        if untimely(self.kiosk, event):
            return
        event = complete(self.kiosk, event, self._version)
        entry = self._journal.append(event, self._journey(event), self._clock.wall_ms(), self._clock.boot_ms())
        before = self.kiosk
        self.kiosk, effects = step(before, entry)
        logger().info("step", seq=entry.seq, kind=type(event).__name__, state=type(self.kiosk.state).__name__)
        if self.kiosk.shown != before.shown or self._deadline is None or isinstance(event, TimedOut):
            self._be_patient()
        if self.kiosk is not before:
            self._show(self.kiosk)
        spend(event, effects)
        for effect in effects:
            self._perform(effect)

    def _journey(self, event: AnyEvent) -> int:
        if isinstance(event, JourneyStarted):
            return event.number
        return self.kiosk.journey if journey_of(self.kiosk.state) else 0

    def _be_patient(self) -> None:
        seconds = patience_s(self.kiosk)
        self._deadline = None if seconds is None else time.monotonic() + seconds
