"""The event loop: it sleeps until there is input, a timer is due or another thread posts, and then draws once.

Kivy's own loop wakes sixty times a second and answers a touch one frame late. This one costs nothing at rest. It leans
on three private names of Kivy 2.3 (``Clock._max_fps``, ``ClockEvent._last_dt``, ``EventLoop.idle``), which a test pins.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from kivy.base import EventLoop, ExceptionManager
from kivy.clock import Clock

from screens.waiter import Waiter

LONGEST_WAIT_S = 1.0
"""Even with nothing to do, one look around a second: a lost wake-up can never freeze the screen for longer."""


class Loop:
    """Runs Kivy's event loop on the thread that calls ``run``; ``post`` and ``stop`` may be called from any thread."""

    def __init__(self, waiter: Waiter) -> None:
        self._waiter = waiter
        self._posted: deque[Callable[[], None]] = deque()
        self._stopping = False
        Clock._max_fps = 0  # noqa: SLF001 - the clock itself must never sleep, and has no other switch

    def post(self, call: Callable[[], None]) -> None:
        """Have ``call`` run soon on the main thread, in the order of posting."""
        self._posted.append(call)
        self._waiter.wake()

    def stop(self) -> None:
        """End ``run``."""
        self._stopping = True
        self._waiter.wake()

    def run(self) -> None:
        """Turn until stopped. An exception in a handler goes to Kivy's exception manager, which keeps the kiosk alive."""
        while not self._stopping and not EventLoop.quit:
            try:
                self.turn(LONGEST_WAIT_S)
            except Exception as error:
                if ExceptionManager.handle_exception(error) == ExceptionManager.RAISE:
                    raise

    def turn(self, longest_wait_s: float = 0.0) -> None:
        """Wait at most so long for something to do, then do it and draw."""
        window = EventLoop.window
        if not self._posted and not window.canvas.needs_redraw:
            wait_s = min(longest_wait_s, _until_next_timer_s())
            if wait_s > 0:
                self._waiter.wait(wait_s)
        window.mainloop()  # takes the input from SDL before it is dispatched, which saves a frame
        self._run_posted()
        EventLoop.idle()

    def settle(self, limit_s: float = 2.0) -> None:
        """Turn until nothing is left to draw or to run, or the limit is over: for pictures and tests."""
        end = time.monotonic() + limit_s
        self.turn()
        while (self._posted or EventLoop.window.canvas.needs_redraw) and time.monotonic() < end:
            self.turn()

    def _run_posted(self) -> None:
        for _ in range(len(self._posted)):
            call = self._posted.popleft()
            try:
                call()
            except Exception as error:
                if ExceptionManager.handle_exception(error) == ExceptionManager.RAISE:
                    raise


def _until_next_timer_s() -> float:
    now = Clock.time()
    due = LONGEST_WAIT_S
    for event in Clock.get_events():
        last_s = event._last_dt  # noqa: SLF001 - the only place that says when an event is due
        due = min(due, last_s + event.timeout - now if event.timeout > 0 else 0.0)
    return max(0.0, due)
