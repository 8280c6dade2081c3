"""The crew: one worker thread per device. Faults become DeviceFailed here and nowhere else (law 4: exactly one answer)."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

from msgspec import Struct

from kiosk.domain.faults import DeviceFault, KioskError
from kiosk.domain.health import DeviceName, Failed, Health, Unknown
from kiosk.journey.events import AnyEvent, DeviceFailed, HealthChanged, OrderOverdue
from kiosk.log import logger

Post = Callable[[AnyEvent], None]


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


class Job(Struct):
    """Work for a device and the ticket it answers with."""

    work: Callable[[], AnyEvent]
    ticket: Ticket


class Worker:
    """Runs all calls to one device in one thread, and asks after its health while there is nothing else to do."""

    def __init__(self, name: DeviceName, health: Callable[[], Health], post: Post, health_every_s: float) -> None:
        self.name = name
        self._health, self._post, self._every_s = health, post, health_every_s
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
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
        work = job.work

        def timed() -> AnyEvent:
            try:
                return work()
            finally:
                timer.cancel()

        self._jobs.put(Job(timed, job.ticket))

    def _run(self) -> None:
        self._look()
        while True:
            try:
                job = self._jobs.get(timeout=self._every_s)
            except queue.Empty:
                self._look()
                continue
            if job is None:
                return
            failed = self._do(job)
            if failed:
                self._look()

    def _do(self, job: Job) -> bool:
        started = time.monotonic()
        try:
            event = job.work()
        except DeviceFault as fault:
            event = DeviceFailed(job.ticket.order, self.name, fault.reason, str(fault))
        except (KioskError, OSError, ValueError, RuntimeError, LookupError, TypeError, AttributeError) as error:
            # A defect of ours must not end the worker: the order is answered, and the log says where to look.
            logger().error("worker_defect", device=self.name, error=repr(error))
            event = DeviceFailed(job.ticket.order, self.name, "failed", f"{type(error).__name__}: {error}")
        counted = job.ticket.answer(event)
        elapsed_ms = int((time.monotonic() - started) * 1000)
        logger().debug("job", device=self.name, kind=type(event).__name__, duration_ms=elapsed_ms)
        return counted and isinstance(event, DeviceFailed)

    def _look(self) -> None:
        try:
            health = self._health()
        except DeviceFault as fault:
            health = Failed(fault.reason, str(fault))
        except (KioskError, OSError, ValueError, RuntimeError, LookupError, TypeError, AttributeError) as error:
            logger().error("health_defect", device=self.name, error=repr(error))
            health = Failed("failed", repr(error))
        if type(health) is not type(self._known) or getattr(health, "reason", "") != getattr(self._known, "reason", ""):
            self._post(HealthChanged(self.name, health))
        self._known = health
