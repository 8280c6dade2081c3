"""The wire between a kiosk and the central system, with faults: an HTTP/1.1 relay on a port that stays the same."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping
from typing import Literal, NamedTuple

Mode = Literal["pass", "hang", "lose_answer", "drip"]
MESSAGE_BYTES_AT_MOST = 1 << 21
DRIP_S = 0.05


class Canned(NamedTuple):
    """An answer that the wire gives itself, in place of the centre."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def to_bytes(self) -> bytes:
        """The answer as it is sent."""
        headers = {"Content-Type": "application/json", "Content-Length": str(len(self.body)), **self.headers}
        lines = [f"HTTP/1.1 {self.status} -", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        return "\r\n".join(lines).encode() + self.body


class Wire:
    """Relays calls to ``upstream`` (host, port); every wait ends at ``stop``."""

    def __init__(self, upstream: tuple[str, int]) -> None:
        self.upstream = upstream
        self.calls: list[str] = []
        """Every request line's method and path, in order, whatever became of it."""
        self._mode: Mode = "pass"
        self._canned: dict[str, Canned] = {}
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._released = threading.Event()
        self.port = 0

    def up(self) -> None:
        """Accept connections and relay faithfully, on the same port as before."""
        self._released.set()
        self._mode, self._canned = "pass", {}
        if self._listener is None:
            self._released = threading.Event()
            self._listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
            self.port = self._listener.getsockname()[1]
            self._spawn(self._accept, self._listener)

    def down(self) -> None:
        """Refuse connections; those that are open break."""
        self._released.set()
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        """End everything within a second or two."""
        self.down()
        for thread in self._threads:
            thread.join(3)
        self._threads.clear()

    def behave(self, mode: Mode) -> None:
        """``hang``: take calls and never answer. ``lose_answer``: the centre does it, nobody hears. ``drip``: byte by byte."""
        self._released.set()
        self._released = threading.Event()
        self._mode = mode

    def answer(self, path: str, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Answer calls of a path in the centre's place."""
        self._canned[path] = Canned(status, headers or {}, body)

    def _spawn(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, name="wire", daemon=True)  # type: ignore[arg-type]
        self._threads = [each for each in self._threads if each.is_alive()]
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(client)
            self._spawn(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        try:
            client.settimeout(30)
            while request := read_message(client):
                if not self._relay(client, request):
                    return
        except OSError:
            return
        finally:
            with self._lock:
                self._open.discard(client)
            client.close()

    def _relay(self, client: socket.socket, request: bytes) -> bool:
        method, path, _ = request.split(b" ", 2)
        self.calls.append(f"{method.decode()} {path.decode()}")
        canned = self._canned.get(path.decode())
        if canned is not None:
            client.sendall(canned.to_bytes())
            return True
        if self._mode == "hang":
            self._released.wait(30)
            return False
        with socket.create_connection(self.upstream, timeout=10) as centre:
            centre.sendall(request)
            answer = read_message(centre)
        if self._mode == "lose_answer":
            return False
        if self._mode == "drip":
            return self._drip(client, answer)
        client.sendall(answer)
        return True

    def _drip(self, client: socket.socket, answer: bytes) -> bool:
        released = self._released
        for byte in answer:
            client.sendall(bytes([byte]))
            if released.wait(DRIP_S):
                return False
        return True


def read_message(wire: socket.socket) -> bytes:
    """Return one HTTP message with its body (by Content-Length); b"" at the end of the connection."""
    message = b""
    while b"\r\n\r\n" not in message:
        piece = wire.recv(65536)
        if not piece or len(message) > MESSAGE_BYTES_AT_MOST:
            return b""
        message += piece
    head, _, _ = message.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(message) < len(head) + 4 + length:
        piece = wire.recv(65536)
        if not piece:
            return b""
        message += piece
    return message
