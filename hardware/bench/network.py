"""The network between kiosk and central system: a TCP forwarder that can be cut, hang, or answer rubbish."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any

from hardware.sim_sockets import close, cut

RUBBISH = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{"id": "?", \xff'
CHUNK_BYTES = 65536
IDLE_S = 120.0


class SimulatedNetwork:
    """Forwards loopback connections to the central system. ``do``: cut, restore, hang, rubbish, state."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._mode = "up"
        self._server: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._counts = {"connections": 0, "refused": 0}
        self.port = 0

    def start(self) -> None:
        """Listen on a free loopback port; the same one again after a stop."""
        if self._server is not None:
            return
        self._server = socket.create_server(("127.0.0.1", self.port))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._server,), name="sim-network", daemon=True).start()

    def stop(self) -> None:
        """Hang up everything."""
        server, self._server = self._server, None
        close(server)
        self._hang_up()

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Cut the line, restore it, let it hang, or let it answer rubbish."""
        word = command.get("do")
        modes = {"cut": "cut", "restore": "up", "hang": "hang", "rubbish": "rubbish"}
        if word == "state":
            return {"ok": True, "mode": self._mode, **self._counts}
        if word not in modes:
            return {"ok": False, "error": f"a network cannot {word!r}; it can {', '.join(modes)}, state"}
        self._mode = modes[str(word)]
        self._hang_up()
        return {"ok": True}

    def ledger(self) -> list[dict[str, Any]]:
        """Return how many connections came and how many were refused."""
        return [dict(self._counts)]

    def _hang_up(self) -> None:
        for each in tuple(self._open):
            cut(each)

    def _accept(self, server: socket.socket) -> None:
        while self._server is server:
            try:
                client, _ = server.accept()
            except OSError:
                return
            self._counts["connections"] += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self._open.add(client)
        client.settimeout(IDLE_S)
        with suppress(OSError), client:
            if self._mode == "cut":
                self._counts["refused"] += 1
            elif self._mode == "hang":
                while client.recv(CHUNK_BYTES):
                    pass
            elif self._mode == "rubbish":
                client.recv(CHUNK_BYTES)
                client.sendall(RUBBISH)
            else:
                self._forward(client)
        self._open.discard(client)

    def _forward(self, client: socket.socket) -> None:
        with socket.create_connection(self._target, timeout=5) as server:
            server.settimeout(IDLE_S)
            self._open.add(server)
            back = threading.Thread(target=pump, args=(server, client), daemon=True)
            back.start()
            pump(client, server)
            back.join(IDLE_S)
            self._open.discard(server)


def pump(source: socket.socket, sink: socket.socket) -> None:
    """Carry bytes until the source ends, then tell the sink so."""
    with suppress(OSError):
        while data := source.recv(CHUNK_BYTES):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
