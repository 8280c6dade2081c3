"""A terminal that does exactly what a test tells it to, on a real TCP socket. It knows HTTP and JSON and nothing else.

Its HTTP is written out by hand, so that it can be as wrong as a test needs it.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from hardware.nexo.settings import NexoSettings, NexoTimings

PATIENCE_S = 20.0

TIMINGS = NexoTimings(
    connect_timeout_s=5, health_limit_s=2.7, enquiry_limit_s=10, pay_limit_s=30, abort_limit_s=5, abort_again_s=0.2,
    reversal_limit_s=10, batch_limit_s=10, recovery_limit_s=20, retry_first_s=0.02, retry_longest_s=0.1, not_found_pause_s=0.05,
)  # fmt: skip
"""Long enough for a busy machine; a test that waits for one of them to pass is ``IMPATIENT``."""

IMPATIENT = NexoTimings(
    connect_timeout_s=5, health_limit_s=1.5, enquiry_limit_s=1.0, pay_limit_s=1.5, abort_limit_s=1.0, abort_again_s=0.2,
    reversal_limit_s=1.0, batch_limit_s=1.0, recovery_limit_s=2.0, retry_first_s=0.05, retry_longest_s=0.2,
    not_found_pause_s=0.05,
)  # fmt: skip

Message = dict[str, Any]
Action = Callable[[Message, socket.socket], None]


class Peer:
    """Hears requests, each in a thread of its own, and does for each what was set down for its category.

    ``heard`` holds the bodies in order. A request that no action was set down for is answered with HTTP status 501.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._listener, self._tls = socket.create_server(("127.0.0.1", 0)), tls
        self.address = f"http{'s' if tls else ''}://127.0.0.1:{self._listener.getsockname()[1]}/nexo"
        self.heard: list[Message] = []
        self.raw: list[bytes] = []
        self.ended = threading.Event()
        self._actions: dict[str, list[Action]] = defaultdict(list)
        self._always: dict[str, Action] = {}
        self._news = threading.Condition()
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()

    def on(self, category: str, *actions: Action) -> None:
        """Do these for the next requests of a category, one each."""
        self._actions[category] += actions

    def always(self, category: str, action: Action) -> None:
        """Do this for every request of a category that nothing else was set down for."""
        self._always[category] = action

    def of(self, category: str) -> list[Message]:
        """Return the requests of a category heard so far."""
        with self._news:
            return [each for each in self.heard if category_of(each) == category]

    def wait_for(self, category: str, count: int = 1) -> None:
        """Wait until so many requests of a category have been heard."""
        until = time.monotonic() + PATIENCE_S
        with self._news:
            while sum(category_of(each) == category for each in self.heard) < count:
                assert self._news.wait(until - time.monotonic()), f"no {category} came; heard {len(self.heard)}"

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE_S)
        with contextlib.ExitStack() as stack:
            stack.enter_context(connection)
            stack.enter_context(contextlib.suppress(OSError))
            if self._tls:
                connection = stack.enter_context(self._tls.wrap_socket(connection, server_side=True))
            body = read_request(connection)
            request = json.loads(body)["SaleToPOIRequest"]
            category = category_of(request)
            with self._news:
                self.heard.append(request)
                self.raw.append(body)
                queue = self._actions[category]
                action = queue.pop(0) if queue else self._always.get(category, status_line(501))
                self._news.notify_all()
            action(request, connection)

    def stop_listening(self) -> None:
        """Refuse connections from now on."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def close(self) -> None:
        self.ended.set()
        self.stop_listening()
        for thread in self._threads:
            thread.join(2 * PATIENCE_S)
            assert not thread.is_alive()


def category_of(request: Message) -> str:
    category: str = request["MessageHeader"]["MessageCategory"]
    return category


def read_request(connection: socket.socket) -> bytes:
    """Read one POST with a Content-Length and return its body."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += received(connection)
    head, _, body = got.partition(b"\r\n\r\n")
    lines = head.decode("ascii").split("\r\n")
    assert lines[0] == "POST /nexo HTTP/1.1", lines[0]
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    assert headers["content-type"] == "application/json"
    while len(body) < int(headers["content-length"]):
        body += received(connection)
    return body


def received(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("closed")
    return data


def http(body: bytes, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def raw(data: bytes) -> Action:
    """Send these bytes and hang up."""

    def act(_: Message, connection: socket.socket) -> None:
        connection.sendall(data)

    return act


def status_line(code: int) -> Action:
    return raw(http(b"{}", f"{code} Whatever"))


def answer(make: Callable[[Message], Message]) -> Action:
    """Answer with what ``make`` returns for the request."""

    def act(request: Message, connection: socket.socket) -> None:
        connection.sendall(http(json.dumps({"SaleToPOIResponse": make(request)}).encode()))

    return act


def silent(peer: Peer) -> Action:
    """Say nothing until the test is over or the other side hangs up."""

    def act(_: Message, connection: socket.socket) -> None:
        connection.settimeout(0.05)
        while not peer.ended.is_set():
            with contextlib.suppress(TimeoutError):
                if not connection.recv(1):
                    return

    return act


def dripping(peer: Peer, data: bytes) -> Action:
    """Send a byte at a time, for ever."""

    def act(_: Message, connection: socket.socket) -> None:
        for at in range(1 << 30):
            connection.sendall(data[at % len(data) :][:1])
            if peer.ended.wait(0.02):
                return

    return act


def settings_for(peer: Peer, timings: NexoTimings = TIMINGS, **more: Any) -> NexoSettings:
    return NexoSettings(**{"port": peer.address, "sale_id": "KIOSK-1", "poi_id": "V400m-1", "timings": timings, **more})
