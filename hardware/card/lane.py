"""A thread of its own for calls that may never return. Smart card calls have no time-out: a hung card blocks them for good."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from kiosk.domain.faults import DeviceSilent

T = TypeVar("T")


class Lane:
    """Runs calls one after the other in one thread. A call that is late is given up, and the lane with it."""

    def __init__(self, name: str) -> None:
        self.lost = False
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def stuck(self) -> bool:
        """Whether the call that was given up has still not come back."""
        return self.lost and self._thread.is_alive()

    def call(self, work: Callable[[], T], limit_s: float, doing: str) -> T:
        """Return what the call returns, or raise what it raises. DeviceSilent when it is late or the lane is lost already."""
        if self.lost:
            raise DeviceSilent(f"{doing}: an earlier call has not come back")
        answer: queue.SimpleQueue[tuple[T, None] | tuple[None, Exception]] = queue.SimpleQueue()

        def run() -> None:
            try:
                answer.put((work(), None))
            except Exception as error:  # noqa: BLE001 - it is raised again in the caller's thread
                answer.put((None, error))

        self._work.put(run)
        try:
            result, error = answer.get(timeout=max(0.0, limit_s))
        except queue.Empty:
            self.lost = True
            raise DeviceSilent(f"{doing}: no answer within {limit_s:.1f} s") from None
        if error is not None:
            try:
                raise error
            finally:
                del error  # its traceback holds this frame: the two would keep what the call had in hand
        return result  # type: ignore[return-value]  # the pair is checked together, which the type checker cannot

    def end(self, last: Callable[[], None], wait_s: float = 0.0) -> None:
        """Run one last call after the one in hand, whenever that returns, and let the thread go. Wait for it at most so long."""
        self._work.put(last)
        self._work.put(None)
        self._thread.join(wait_s)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()
            del work  # nothing of a call is kept until the next
