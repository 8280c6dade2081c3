"""The power switch: an instant wherever a power cut could make a difference, and nothing after the one that was chosen.

Instants lie around every journal entry, around every order, and (``wired``) at every read and write on the terminal's and the
printer's wire. Each world belongs to one thread; several may live side by side.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hardware.cash.driver import CcnetAcceptor
from hardware.cash.validator import Validator
from hardware.fiscal.session import Session
from hardware.printer.transport import Line
from hardware.terminal.link import SerialLink
from kiosk.domain.health import DeviceName, Health
from kiosk.journal import Journal
from kiosk.journey.events import AnyEvent, Entry, OrderOverdue
from kiosk.runtime.crew import Job, Post, Worker

if TYPE_CHECKING:
    import pytest

WIRES = (
    (SerialLink, "_write", "the terminal is written to"),
    (SerialLink, "_read", "the terminal is read"),
    (Line, "step", "the printer's wire moves"),
    (Validator, "order", "the validator is ordered"),
    (Validator, "until", "the validator is followed"),
    (CcnetAcceptor, "_stacked", "the note is known to be stacked"),
    (Session, "_post", "the register is asked"),
    (CcnetAcceptor, "_close_slot", "the slot is closed"),
)


class PowerCut(BaseException):
    """The power is gone. Not an Exception: nothing in the kiosk may catch it."""


class Switch:
    """Counts instants; takes the power at the ``cut_at``-th. A dead kiosk does nothing more."""

    def __init__(self) -> None:
        self.cut_at: int | None = None
        self.instants: list[str] = []
        self.dead = False

    def turn_on(self) -> None:
        """Give power to what this thread does from now on."""
        self.dead = False
        HERE.switch = self

    def instant(self, name: str) -> None:
        """Note an instant; take the power if this is the one."""
        if self.dead:
            raise PowerCut(name)
        self.instants.append(name)
        if len(self.instants) == self.cut_at:
            self.dead = True
            raise PowerCut(name)


class Here(threading.local):
    """Whose power this thread lives on."""

    switch: Switch | None = None


HERE = Here()


class CuttableJournal:
    """The real journal, with an instant before and after each entry."""

    def __init__(self, journal: Journal, switch: Switch) -> None:
        self._journal, self._switch = journal, switch

    def append(self, event: AnyEvent, *rest: int) -> Entry:
        """Write one entry."""
        self._switch.instant(f"before {type(event).__name__} is on disk")
        entry = self._journal.append(event, *rest)
        self._switch.instant(f"after {type(event).__name__} is on disk")
        return entry

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)


class InlineWorker(Worker):
    """The crew's worker without its thread: ``jobs`` are done one after another by whoever calls ``work``."""

    def __init__(self, name: DeviceName, health: Callable[[], Health], post: Post, switch: Switch) -> None:
        super().__init__(name, health, post, 0.0)
        self._switch = switch
        self.waiting: list[tuple[Job, threading.Timer]] = []

    def add(self, job: Job, limit_s: float) -> None:
        """Queue a job; its time is up only when a test says so."""
        self.waiting.append((job, threading.Timer(limit_s, job.ticket.answer, [OrderOverdue(job.ticket.order)])))

    def work(self) -> None:
        """Do the next job, as the crew does."""
        if self._do(*self.waiting.pop(0)):
            self.look()

    def look(self) -> None:
        """Ask after the device's health, as the crew does between two jobs."""
        self._look()

    def _result(self, job: Job) -> AnyEvent:
        self._switch.instant(f"before the {self.name} works")
        event = super()._result(job)
        self._switch.instant(f"after the {self.name} worked")
        return event


def wired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every read and write on the terminals' and the printers' wires an instant of the world whose thread does it."""
    for owner, method, name in WIRES:
        monkeypatch.setattr(owner, method, _instrumented(getattr(owner, method), name))


def _instrumented(original: Callable[..., Any], name: str) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        if HERE.switch is not None:
            HERE.switch.instant(f"before {name}")  # the instant after it is the one before the next
        return original(*arguments)

    return call
