"""Self-tests of several devices at once, each in its device's own thread."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from kiosk.domain.health import Check, DeviceName, SelfTest
from kiosk.journey import events as did
from kiosk.journey.events import AnyEvent
from kiosk.runtime.crew import Job, Ticket


class Testers(Protocol):
    """Who can test a device, and queue that with its worker."""

    def self_test(self, name: DeviceName) -> SelfTest:
        """Run one device's self-test."""
        ...

    def add(self, name: DeviceName, job: Job, limit_s: float) -> None:
        """Queue a job with a device's worker."""
        ...


class Gathering:
    """Self-tests of several devices side by side; answers once, when the last is done."""

    def __init__(
        self, testers: Testers, order: int, names: tuple[DeviceName, ...], ticket: Ticket, limit_s: float
    ) -> None:
        self._testers, self._order, self._names, self._ticket = testers, order, names, ticket
        self._limit_s = limit_s
        self._done: dict[DeviceName, SelfTest] = {}

    def begin(self) -> None:
        """Start all of them."""
        for name in self._names:
            single = Ticket(self._order, partial(self._collect, name))
            work = partial(self._finish, name)
            self._testers.add(name, Job(work, single), self._limit_s)

    def _finish(self, name: DeviceName) -> AnyEvent:
        return did.TestsFinished(self._order, (self._testers.self_test(name),))

    def _collect(self, name: DeviceName, event: AnyEvent) -> None:
        if isinstance(event, did.TestsFinished):
            self._done[name] = event.tests[0]
        else:
            evidence = getattr(event, "evidence", "no answer in time")
            self._done[name] = SelfTest(name, (Check("self_test", "failed", evidence),))
        if len(self._done) == len(self._names):
            tests = tuple(self._done[each] for each in self._names)
            self._ticket.answer(did.TestsFinished(self._order, tests))
