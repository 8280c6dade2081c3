"""What a kiosk does by itself while nobody is at it: the ends of the devices' days, the revocation list, its word to the centre."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from kiosk.domain.health import DeviceName, Health
from kiosk.runtime.heartbeat import Heartbeat
from kiosk.runtime.nightly import Nightly
from kiosk.runtime.revocations import Revocations


class Errands(Struct, frozen=True):
    """Each runs in the thread of the device or line it needs, when that is asked after its health."""

    nightly: tuple[Nightly, ...]
    revocations: Revocations
    heartbeat: Heartbeat

    def know(self, serving: Callable[[], bool], devices: Callable[[], Mapping[DeviceName, Health]]) -> None:
        """Tell them how to learn whether somebody is at the kiosk, and what is known of its devices."""
        for each in self.nightly:
            each.serving = serving
        self.revocations.serving = self.heartbeat.serving = serving
        self.heartbeat.devices = devices
