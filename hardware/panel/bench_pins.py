"""gpiozero's mock pins with a wire: each level comes from, and goes to, the simulated panel over a Unix socket.

One JSON object a line: ``{"pin": 17, "level": 0}`` in both directions. This side asks for nothing; on connecting, the
simulated panel sends the level of every sensor. The wire is opened again by itself when it breaks.
"""

from __future__ import annotations

import json
import socket
import threading
from contextlib import suppress
from typing import Any

from gpiozero.pins.mock import MockFactory, MockPin

RETRY_S = 0.2
CONNECT_S = 2.0


class WiredPin(MockPin):  # type: ignore[misc]
    """A mock pin that tells the wire when the program changes it, and whose level is the wire's, whatever the pull."""

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        self.factory.drive(self)

    def _change_state(self, value: Any) -> bool:
        changed = bool(super()._change_state(value))
        if changed and self.function == "output":
            self.factory.tell(self.info.name, int(bool(value)))
        return changed


class BenchFactory(MockFactory):  # type: ignore[misc]
    """A pin factory whose pins hang on the simulated panel. ``connected`` says whether the wire stands."""

    def __init__(self, path: str) -> None:
        super().__init__(pin_class=WiredPin)
        self._path = path
        self._socket: socket.socket | None = None
        self._levels: dict[str, int] = {}
        self._closing = threading.Event()
        self._first = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bench-pins", daemon=True)
        self._thread.start()
        self._first.wait(CONNECT_S)

    @property
    def connected(self) -> bool:
        """Say whether the wire to the simulated panel stands."""
        return self._socket is not None

    def tell(self, name: str, level: int) -> None:
        """Send an output's level to the simulated panel; lost if the wire is down, as on a cut cable."""
        wire = self._socket
        if wire is not None:
            with suppress(OSError):
                wire.sendall(json.dumps({"pin": int(name.removeprefix("GPIO")), "level": level}).encode() + b"\n")

    def drive(self, pin: WiredPin) -> None:
        """Give an input the level that the wire has, if it has one."""
        level = self._levels.get(pin.info.name)
        if level is not None and pin.function == "input":
            pin.drive_high() if level else pin.drive_low()

    def _run(self) -> None:
        while not self._closing.is_set():
            with suppress(OSError):
                self._serve()
            self._socket = None
            self._closing.wait(RETRY_S)

    def _serve(self) -> None:
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(CONNECT_S)
            wire.connect(self._path)
            wire.settimeout(None)
            self._socket = wire
            for line in wire.makefile():
                message = json.loads(line)
                if "pin" not in message:
                    self._first.set()
                    continue
                name = f"GPIO{message['pin']}"
                self._levels[name] = message["level"]
                for pin in tuple(self.pins.values()):
                    if pin.info.name == name:
                        self.drive(pin)

    def close(self) -> None:
        """End the wire and release the pins."""
        self._closing.set()
        wire = self._socket
        if wire is not None:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
        self._thread.join(1)
        super().close()
