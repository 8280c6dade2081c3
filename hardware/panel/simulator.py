"""The simulated panel: what stands at the other end of the GPIO pins. Speaks bench_pins' line protocol on a Unix socket.

Sensors keep their positions in ``folder/panel.json`` and outlive a restart; lamps are remembered as last driven.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from hardware.sim_sockets import close, listen_at

DOOR, PRESENCE, MAINS = 17, 27, 22
LAMPS = {5: "card", 6: "terminal", 13: "printer"}
ORDERS = {
    "open": ("door", True),
    "close": ("door", False),
    "come": ("presence", True),
    "leave": ("presence", False),
    "cut": ("mains", False),
    "restore": ("mains", True),
}


class SimulatedPanel:
    """Door, presence, mains and lamps. ``do``: open, close (door), come, leave (presence), cut, restore (mains), state."""

    def __init__(self, folder: Path, path: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file, self._path = folder / "panel.json", path
        self._state = {"door": False, "presence": False, "mains": True}
        if self._file.exists():
            self._state |= json.loads(self._file.read_text())
        self._lamps: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._server: socket.socket | None = None
        self._client: socket.socket | None = None

    def start(self) -> None:
        """Listen for the kiosk's pins."""
        if self._server is not None:
            return
        self._server = listen_at(self._path, 1)
        threading.Thread(target=self._serve, args=(self._server,), name="sim-panel", daemon=True).start()

    def stop(self) -> None:
        """Hang up."""
        server, self._server = self._server, None
        for each in (self._client, server):
            close(each)
        self._client = None
        self._path.unlink(missing_ok=True)

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Move a switch, or tell the state."""
        word = command.get("do")
        if word == "state":
            return {"ok": True, **self._state, "lamps": self.lamps()}
        if word not in ORDERS:
            return {"ok": False, "error": f"a panel cannot {word!r}; it can {', '.join(ORDERS)}, state"}
        name, value = ORDERS[word]
        with self._lock:
            self._state[name] = value
            self._file.write_text(json.dumps(self._state))
            self._send(self._level(name))
        return {"ok": True}

    def lamps(self) -> dict[str, int]:
        """Return each lamp's level as last driven."""
        return {
            name: next((row["level"] for row in reversed(self._lamps) if row["lamp"] == name), 0)
            for name in LAMPS.values()
        }

    def ledger(self) -> list[dict[str, Any]]:
        """Return every change of a lamp: lamp, level, at_s (monotonic)."""
        return list(self._lamps)

    def _level(self, name: str) -> dict[str, int]:
        """Electrical levels: door switch and mains relay close to ground, the presence sensor drives high."""
        if name == "door":
            return {"pin": DOOR, "level": int(self._state["door"])}
        if name == "mains":
            return {"pin": MAINS, "level": int(not self._state["mains"])}
        return {"pin": PRESENCE, "level": int(self._state["presence"])}

    def _send(self, message: dict[str, Any]) -> None:
        if self._client is not None:
            with suppress(OSError):
                self._client.sendall(json.dumps(message).encode() + b"\n")

    def _serve(self, server: socket.socket) -> None:
        while self._server is server:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with self._lock:
                self._client = client
                for name in self._state:
                    self._send(self._level(name))
                self._send({"ready": True})
            with suppress(OSError, ValueError):
                for line in client.makefile():
                    message = json.loads(line)
                    lamp = LAMPS.get(message["pin"], str(message["pin"]))
                    self._lamps.append({"lamp": lamp, "level": message["level"], "at_s": time.monotonic()})
            with self._lock:
                self._client = None
            client.close()
