"""The crew: one worker thread per device. Faults become DeviceFailed here and nowhere else (law 4: exactly one answer)."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from msgspec import Struct

from kiosk.domain.faults import DeviceFault
from kiosk.domain.health import DeviceName, Failed, Health, Unknown
from kiosk.journey.events import AnyEvent, DeviceFailed, HealthChanged, OrderOverdue
from kiosk.log import logger, place_of

Post = Callable[[AnyEvent], None]

LOOK_AGAIN_S = 2.0
"""After a failure: devices boot as the kiosk does when the power is back, and nobody should be sent away for longer than that takes."""


class Ticket:
    """One order's right to answer, once: by its work, by its fault, or by being overdue."""

    def __init__(self, order: int, post: Post) -> None:
        self.order = order
        self._post = post
        self._lock = threading.Lock()
        self._answered = False

    def answer(self, event: AnyEvent) -> bool:
        """Post the answer unless there was one; say whether it counted."""
        with self._lock:
            if self._answered:
                return False
            self._answered = True
        self._post(event)
        return True

    @property
    def answered(self) -> bool:
        """Say whether it has been answered."""
        with self._lock:
            return self._answered


class Job(Struct):
    """Work for a device and the ticket it answers with.

    ``late`` hears an answer that no longer counts; ``dropped`` that the work was never begun: what it had in hand is wiped then.
    """

    work: Callable[[], AnyEvent]
    ticket: Ticket
    late: Callable[[AnyEvent], None] | None = None
    dropped: Callable[[], None] | None = None


class Worker:
    """Runs all calls to one device in one thread, and asks after its health while there is nothing else to do."""

    def __init__(self, name: DeviceName, health: Callable[[], Health], post: Post, health_every_s: float) -> None:
        self.name = name
        self._health, self._post, self._every_s = health, post, health_every_s
        self._jobs: queue.SimpleQueue[tuple[Job, threading.Timer] | None] = queue.SimpleQueue()
        self._known: Health = Unknown()
        self._thread = threading.Thread(target=self._run, name=f"crew-{name}", daemon=True)

    def start(self) -> None:
        """Begin: ask after the device's health, then work."""
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        """End after the work in hand; give up waiting after the time-out."""
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def add(self, job: Job, limit_s: float) -> None:
        """Queue a job. If its ticket is not answered within the limit, it is overdue."""
        timer = threading.Timer(limit_s, job.ticket.answer, [OrderOverdue(job.ticket.order)])
        timer.daemon = True
        timer.start()
        self._jobs.put((job, timer))

    def _run(self) -> None:
        self._look()
        while True:
            try:
                job = self._jobs.get(timeout=self._pause_s())
            except queue.Empty:
                self._look()
                continue
            if job is None:
                return
            look = self._do(*job)
            del job  # whom it was for is gone before the next one comes
            if look:
                self._look()

    def _pause_s(self) -> float:
        return min(LOOK_AGAIN_S, self._every_s) if isinstance(self._known, Failed) else self._every_s

    def _do(self, job: Job, timer: threading.Timer) -> bool:
        if job.ticket.answered:  # overdue before it began: what was ordered then is not wanted now
            if job.dropped is not None:
                job.dropped()
            return False
        event = self._result(job)
        counted = job.ticket.answer(event)
        timer.cancel()
        if not counted and job.late is not None:
            self._tell_late(job.late, event)
        # What has just failed may have changed, and so may what seemed to have failed and has just worked.
        return counted and (isinstance(event, DeviceFailed) or isinstance(self._known, Failed))

    def _result(self, job: Job) -> AnyEvent:
        try:
            return job.work()
        except DeviceFault as fault:
            return DeviceFailed(job.ticket.order, self.name, fault.reason, str(fault))
        except Exception as defect:  # noqa: BLE001 - whatever it is, the order is answered and the worker lives on
            logger().error("worker_defect", device=self.name, error=place_of(defect))
            return DeviceFailed(job.ticket.order, self.name, "failed", place_of(defect))

    def _tell_late(self, late: Callable[[AnyEvent], None], event: AnyEvent) -> None:
        try:
            late(event)
        except Exception as defect:  # noqa: BLE001 - as above
            logger().error("worker_defect", device=self.name, error=place_of(defect))

    def _look(self) -> None:
        try:
            health = self._health()
        except DeviceFault as fault:
            health = Failed(fault.reason, str(fault))
        except Exception as defect:  # noqa: BLE001 - as above
            logger().error("health_defect", device=self.name, error=place_of(defect))
            health = Failed("failed", place_of(defect))
        if type(health) is not type(self._known) or getattr(health, "reason", "") != getattr(self._known, "reason", ""):
            self._post(HealthChanged(self.name, health))
        self._known = health
