"""The watchdog: tells systemd that the kiosk lives, only if the screen's loop and the runner both do (sd_notify(3)).

A ping from a thread of its own proves nothing, so each ping first goes through the Kivy loop; where one of them hangs,
no ping is sent, and systemd restarts the kiosk.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

Pulse = Callable[[Callable[[], None]], None]
"""Runs a function in some loop, soon."""


def notify(message: str) -> None:
    """Send one message to systemd; nothing happens where there is none."""
    path = os.environ.get("NOTIFY_SOCKET")
    if not path:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.connect("\0" + path[1:] if path.startswith("@") else path)
        wire.sendall(message.encode())


class Watchdog:
    """Pings at a third of the time systemd allows (WATCHDOG_USEC), each time through every loop it is given."""

    def __init__(self, *pulses: Pulse) -> None:
        self._pulses = pulses
        self._stop = threading.Event()
        self.period_s = int(os.environ.get("WATCHDOG_USEC", "0")) / 1_000_000 / 3

    def start(self) -> None:
        """Begin, if systemd watches."""
        if self.period_s > 0:
            threading.Thread(target=self._run, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """End."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(self.period_s):
            self.ping()

    def ping(self) -> None:
        """Send a pulse through all loops, one after another; systemd hears of it only if all of them turn."""

        def through(rest: tuple[Pulse, ...]) -> None:
            if rest:
                rest[0](lambda: through(rest[1:]))
            else:
                notify("WATCHDOG=1")

        through(self._pulses)
