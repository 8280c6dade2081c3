"""The kiosk's regular word to the centre about itself: at each change, and every few minutes. Never queued: only the newest counts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Protocol

from kiosk.domain.faults import CentralRefused, CentralUnreachable
from kiosk.domain.health import DeviceName, Failed, Health
from kiosk.domain.receipt import Supply
from kiosk.log import logger

EVERY_S = 300.0
LEAST_S = 30.0
"""Between two words at least: a device that comes and goes must not fill the line."""
STEP_MM = 1000
"""Paper that was printed is a change when it is a metre more."""

Told = tuple[tuple[tuple[str, str, str], ...], int, bool]
"""What a change is judged by: devices, metres printed, near end."""


class Centre(Protocol):
    """The centre, as the heartbeat uses it."""

    def health(self) -> Health:
        """Say whether it answers."""
        ...

    def report(self, version: str, devices: Mapping[DeviceName, Health], supply: Supply) -> None:
        """Tell it how this kiosk is."""
        ...


class Heartbeat:
    """Asks after the centre's health in the centre's own thread, and there, while nobody is at the kiosk, tells it ours.

    ``devices`` gives what the kiosk knows of its devices, ``serving`` says whether somebody is at the kiosk. ``ask``: how
    the centre is asked after its health, where there is more to it than that.
    """

    def __init__(
        self,
        centre: Centre,
        supply: Callable[[], Supply],
        version: str,
        ask: Callable[[], Health] | None = None,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.serving: Callable[[], bool] = lambda: True
        self.devices: Callable[[], Mapping[DeviceName, Health]] = dict
        self._ask = ask or centre.health
        self._centre, self._supply, self._version, self._clock_s = centre, supply, version, clock_s
        self._told: Told | None = None
        self._told_s = -EVERY_S

    def look(self) -> Health:
        """Say how the centre is; where it answers and nobody waits, tell it how we are, if there is news or it is time."""
        health = self._ask()
        if not isinstance(health, Failed) and not self.serving():
            self._tell()
        return health

    def _tell(self) -> None:
        devices, supply, now_s = self.devices(), self._supply(), self._clock_s()
        told = summary(devices, supply)
        since_s = now_s - self._told_s
        if since_s < LEAST_S or (told == self._told and since_s < EVERY_S):
            return
        self._told_s = now_s  # also where it fails: the next try has time
        try:
            self._centre.report(self._version, devices, supply)
        except (CentralUnreachable, CentralRefused) as fault:
            logger().info("health_not_told", error=type(fault).__name__)
            return
        self._told = told


def summary(devices: Mapping[DeviceName, Health], supply: Supply) -> Told:
    """Return what must change for the centre to be told before its time."""
    states = tuple(sorted((name, type(each).__name__, getattr(each, "reason", "")) for name, each in devices.items()))
    return states, supply.printed_mm // STEP_MM, supply.near_end
