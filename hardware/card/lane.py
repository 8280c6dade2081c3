"""A thread of its own for calls that may never return. Smart card calls have no time-out: a hung card blocks them for good."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from kiosk.domain.faults import DeviceSilent

T = TypeVar("T")
_LOOK_S = 0.25
"""A step may begin while the one before is waited for: so often it is looked whether that makes it late earlier."""


class Lane:
    """Runs calls one after the other in one thread. A call that is late is given up, and the lane with it."""

    def __init__(self, name: str) -> None:
        self.lost, self.ended = False, False
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def stuck(self) -> bool:
        """Whether the call that was given up has still not come back."""
        return self.lost and self._thread.is_alive()

    def call(self, work: Callable[[], T], limit_s: float, doing: str) -> T:
        """Return what the call returns, or raise what it raises. DeviceSilent when it is late or the lane is lost already."""
        late_at = time.monotonic() + limit_s
        return self.supervise(work, lambda: late_at, lambda: doing)

    def supervise(self, work: Callable[[], T], late_at: Callable[[], float], doing: Callable[[], str]) -> T:
        """Likewise, for work of many steps that says itself when its step in hand is late (monotonic), and what it is doing."""
        if self.lost or self.ended:
            raise DeviceSilent(
                f"{doing()}: {'the reader was closed' if self.ended else 'an earlier call has not come back'}"
            )
        answer: queue.SimpleQueue[tuple[T, None] | tuple[None, Exception]] = queue.SimpleQueue()

        def run() -> None:
            try:
                answer.put((work(), None))
            except Exception as error:  # noqa: BLE001 - it is raised again in the caller's thread
                answer.put((None, error))

        self._work.put(run)
        began = time.monotonic()
        while True:
            try:
                result, error = answer.get(timeout=max(0.0, min(_LOOK_S, late_at() - time.monotonic())))
                break
            except queue.Empty:
                if late_at() <= time.monotonic():  # else it has gone on to another step meanwhile
                    self.lost = True
                    raise DeviceSilent(
                        f"{doing()}: no answer, {time.monotonic() - began:.1f} s after the beginning"
                    ) from None
        if error is not None:
            try:
                raise error
            finally:
                del error  # its traceback holds this frame: the two would keep what the call had in hand
        return result  # type: ignore[return-value]  # the pair is checked together, which the type checker cannot

    def run(self, work: Callable[[], None], wait_s: float) -> bool:
        """Run a call after the one in hand, whenever that returns. Wait for it at most so long; say whether it came back."""
        if self.ended:
            return False
        done = threading.Event()

        def run() -> None:
            work()
            done.set()

        self._work.put(run)
        return done.wait(wait_s)

    def end(self, last: Callable[[], None], wait_s: float = 0.0) -> None:
        """Run one last call after the one in hand, whenever that returns, and let the thread go. Wait for it at most so long."""
        self.ended = True
        self._work.put(last)
        self._work.put(None)
        self._thread.join(wait_s)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()
            del work  # nothing of a call is kept until the next
