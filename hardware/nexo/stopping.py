"""Ending a payment under way from another thread: while one thread waits for the payment's answer, this one sends the abort."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from kiosk.domain.faults import DeviceFault

LOOK_EVERY_S = 0.1


class Stopper:
    """Passes a wish to stop on to the terminal until the payment has ended.

    The wish is repeated: an abort that overtakes its payment is forgotten by the terminal. It can charge nobody.
    """

    def __init__(self, wanted: threading.Event, abort: Callable[[], None], again_s: float) -> None:
        self._wanted, self._abort, self._again_s = wanted, abort, again_s
        self._ended = threading.Event()

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Watch while the block runs."""
        threading.Thread(target=self._watch, name="nexo-stopper", daemon=True).start()
        try:
            yield
        finally:
            self._ended.set()

    def _watch(self) -> None:
        rest_s = LOOK_EVERY_S
        while not self._ended.wait(rest_s):
            rest_s = LOOK_EVERY_S
            if self._wanted.is_set():
                with contextlib.suppress(DeviceFault):
                    self._abort()
                rest_s = self._again_s
