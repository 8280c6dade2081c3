"""What a kiosk does by itself while nobody is at it: the end of the day, the revocation list, its word to the centre."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from kiosk.domain.health import DeviceName, Health
from kiosk.runtime.day_end import DayEnd
from kiosk.runtime.fiscal_day import FiscalDay
from kiosk.runtime.heartbeat import Heartbeat
from kiosk.runtime.revocations import Revocations


class Errands(Struct, frozen=True):
    """Each runs in the thread of the device or line it needs, when that is asked after its health."""

    day_end: DayEnd
    revocations: Revocations
    heartbeat: Heartbeat
    fiscal_day: FiscalDay | None = None

    def know(self, serving: Callable[[], bool], devices: Callable[[], Mapping[DeviceName, Health]]) -> None:
        """Tell them how to learn whether somebody is at the kiosk, and what is known of its devices."""
        self.day_end.serving = self.revocations.serving = self.heartbeat.serving = serving
        if self.fiscal_day is not None:
            self.fiscal_day.serving = serving
        self.heartbeat.devices = devices
