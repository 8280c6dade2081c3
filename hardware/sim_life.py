"""One stretch of power of a simulated device, from switching on to the cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition


class PowerCut(Exception):
    """The mains are gone: whoever works for the device drops everything."""


class Life:
    """All threads of one stretch of power wait and act through it, so that none of them outlives a cut."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._over = False

    @property
    def over(self) -> bool:
        """True once the power is cut; it never comes back to this life."""
        return self._over

    def pause(self, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Wait so long, or until something is so; say whether it is. Raises PowerCut."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or until(), max(0.0, seconds))
            if self._over:
                raise PowerCut
            return until()

    @contextmanager
    def step(self) -> Iterator[None]:
        """Do something that a power cut does not tear: it is done whole, or PowerCut is raised before it."""
        with self._changed:
            if self._over:
                raise PowerCut
            yield

    def wake(self) -> None:
        """Let everybody who waits look again."""
        with self._changed:
            self._changed.notify_all()

    def end(self) -> None:
        """Cut the power: waits for the step under way, then nothing happens any more."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
