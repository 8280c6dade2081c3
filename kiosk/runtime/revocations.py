"""The revocation list of technicians' cards: fetched from the centre now and then while nobody is served, kept by the card reader."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from kiosk.domain.faults import CentralRefused, CentralUnreachable, DeviceFault
from kiosk.domain.health import Failed, Health
from kiosk.log import logger, place_of

EVERY_S = 3600.0
AGAIN_S = 600.0
"""After a list that could not be had, or that was not taken."""


class Source(Protocol):
    """The central system, as far as it is needed here. Raises CentralUnreachable or CentralRefused."""

    def health(self) -> Health:
        """Say whether the central system answers."""
        ...

    def revocations(self, known: str) -> tuple[bytes, str] | None:
        """Return the newest list and its tag; None: there is no other than the one with this tag."""
        ...


class Revocations:
    """Asks after the centre's health in the centre's own thread, and for a newer list when it is time.

    ``serving`` says whether somebody is at the kiosk: then it waits. ``keep`` is the card reader's ``renew_revocations``.
    What is kept gets replaced there alone, and only by something better; whatever goes wrong here, it stays.
    """

    def __init__(
        self, central: Source, keep: Callable[[bytes], str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.serving: Callable[[], bool] = lambda: True
        self._central, self._keep, self._clock = central, keep, clock
        self._tag, self._next_s = "", clock()

    def look(self) -> Health:
        """Say how the centre is; where it answers and it is time, fetch the list."""
        health = self._central.health()
        if not isinstance(health, Failed) and self._clock() >= self._next_s and not self.serving():
            self._next_s = self._clock() + (EVERY_S if self.fetch() else AGAIN_S)
        return health

    def fetch(self) -> bool:
        """Fetch the newest list and have it kept; False where that has to be tried again soon. Never raises."""
        try:
            found = self._central.revocations(self._tag)
            if found is None:
                return True
            problem = self._keep(found[0])
        except (CentralUnreachable, CentralRefused, DeviceFault) as fault:
            logger().warning("revocations_not_fetched", error=place_of(fault))
            return False
        except Exception as defect:  # noqa: BLE001 - the centre's health is asked in this thread too, and must go on
            logger().error("revocations_defect", error=place_of(defect))
            return False
        if problem:
            logger().error("revocations_refused", evidence=problem)
            return False
        self._tag = found[1]
        return True
