"""The control socket: JSON lines on a Unix socket; every line is answered by one line."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from hardware.sim_sockets import close, listen_at

Do = Callable[[dict[str, Any]], dict[str, Any]]


class ControlSocket:
    """Listens at ``path``; each client's lines are handed to ``do`` one after another."""

    def __init__(self, path: Path, do: Do) -> None:
        self._path, self._do = path, do
        self._server: socket.socket | None = None

    def start(self) -> None:
        """Listen."""
        self._server = listen_at(self._path, 8)
        threading.Thread(target=self._accept, name="bench-control", daemon=True).start()

    def stop(self) -> None:
        """Listen no more."""
        server, self._server = self._server, None
        close(server)
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while (server := self._server) is not None:
            try:
                client, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            for line in client.makefile(encoding="utf-8", errors="replace"):
                client.sendall(json.dumps(self._answer(line), ensure_ascii=False).encode() + b"\n")

    def _answer(self, line: str) -> dict[str, Any]:
        try:
            command = json.loads(line)
        except ValueError as error:
            return {"ok": False, "error": f"no JSON: {error}"}
        if not isinstance(command, dict):
            return {"ok": False, "error": 'expected a JSON object such as {"device": "card", "do": "insert"}'}
        try:
            return self._do(command)
        except (OSError, ValueError, TypeError, LookupError) as error:
            return {"ok": False, "error": f"{type(error).__name__}: {error}"}


def ask(path: Path, command: dict[str, Any], timeout_s: float = 30.0) -> dict[str, Any]:
    """Send one command to a control socket and return its answer. OSError where nobody listens."""
    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(timeout_s)
        wire.connect(str(path))
        wire.sendall(json.dumps(command).encode() + b"\n")
        answer: dict[str, Any] = json.loads(wire.makefile(encoding="utf-8").readline())
        return answer
