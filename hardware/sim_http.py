"""The HTTP side of a simulated device on the network: a real server on loopback, and every way an answer fails on the way.

One ``Door`` serves one stretch of power. It is bound from the start, so that nobody else takes the port while the power is
off, and refuses connections until it is opened.
"""

from __future__ import annotations

import random
import select
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

from msgspec import Struct

from hardware.sim_faults import LineControls, Spoilt
from hardware.sim_life import Life, PowerCut
from hardware.sim_sockets import cut

LOOPBACK = "127.0.0.1"
CONNECTIONS_AT_MOST = 32
BODY_BYTES_AT_MOST = 65_536
IDLE_S = 30.0
"""A client that neither sends nor takes anything for so long is hung up on."""
HANG_S = 600.0
LOOK_S = 0.1
LINGER_S = 2.0
LINGER_READS = 64
NOISE_BYTES = 200


class Reply(Struct, frozen=True):
    """What goes back by HTTP: status and body, and what becomes of them on the way."""

    status: int = 200
    body: bytes = b""
    spoilt: Spoilt | None = None


class Door(ThreadingHTTPServer):
    """Where requests to ``path`` come in. ``answer`` works on one of them and raises PowerCut."""

    daemon_threads = True
    request_queue_size = CONNECTIONS_AT_MOST

    def __init__(
        self, port: int, path: str, life: Life, controls: LineControls, answer: Callable[[bytes], Reply]
    ) -> None:
        super().__init__((LOOPBACK, port), Exchange, bind_and_activate=False)
        self.path = path
        self.life, self.controls, self.answer = life, controls, answer
        self._lock, self._visitors = Lock(), set[socket.socket]()
        self._shut = False
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((LOOPBACK, port))

    @property
    def port(self) -> int:
        """The port it is bound to."""
        return int(self.socket.getsockname()[1])

    def serve(self, opened: Callable[[], None]) -> None:
        """Listen, say so, and let everybody in until it is shut. Raises PowerCut if it is shut already."""
        with self.life.step():
            self.server_activate()
            opened()
        while not self._shut:
            with suppress(OSError, ValueError):  # shut between the two lines
                self.handle_request()

    def shut(self) -> None:
        """Listen no more and cut every connection. The power is off by then."""
        self._shut = True
        cut(self.socket)
        with self._lock:
            self.socket.close()
            for visitor in self._visitors:
                cut(visitor)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve one connection in a thread of its own; hang up on one too many."""
        with self._lock:
            welcome = not self._shut and len(self._visitors) < CONNECTIONS_AT_MOST
            if welcome:
                self._visitors.add(request)
        if welcome:
            super().process_request(request, client_address)
        else:
            super().shutdown_request(request)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that is over."""
        with self._lock:
            self._visitors.discard(request)
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - as the library calls it
        """Let a mistake of ours be seen; that clients go away is no mistake."""
        error = sys.exception()
        if error and not isinstance(error, OSError):
            raise error


class Exchange(BaseHTTPRequestHandler):
    """One connection: requests and their answers, one after another."""

    server: Door
    protocol_version = "HTTP/1.1"
    timeout = IDLE_S

    def handle(self) -> None:
        """Serve the connection until either side has had enough or the power is cut."""
        with suppress(OSError, PowerCut):
            super().handle()

    def finish(self) -> None:
        """Let go of the connection, which may be cut by now."""
        with suppress(OSError):
            super().finish()

    def do_POST(self) -> None:
        """Take a message and send what becomes of the answer."""
        if self.path != self.server.path:
            self._refuse(HTTPStatus.NOT_FOUND)
        elif self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        elif not self.headers.get("Content-Length", "").isdecimal():
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif int(self.headers["Content-Length"]) > BODY_BYTES_AT_MOST:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._take(int(self.headers["Content-Length"]))

    def do_GET(self) -> None:
        """Refuse: messages are posted."""
        self._refuse(HTTPStatus.METHOD_NOT_ALLOWED)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the library calls it
        """Say nothing: the bench asks for the state."""

    def _take(self, length: int) -> None:
        raw = self.rfile.read(length)
        if len(raw) < length:
            self.close_connection = True
            return
        if self._silent():
            self.server.controls.lose_request()
            self._hang()
            return
        reply = self.server.answer(raw)
        self.server.life.pause(self.server.controls.faults.late_s)
        if self._silent():
            self._hang()
        else:
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        spoilt = reply.spoilt
        how = spoilt.how if spoilt else None
        body = spoilt.raw if spoilt and how == "garbage" else reply.body
        raw = self._head(reply.status, len(body)) + body
        if how == "double":
            raw += raw
        elif how == "noise":
            raw = random.Random(len(raw)).randbytes(NOISE_BYTES)  # noqa: S311 - repeatable noise, no secret
        elif how == "half" and spoilt:
            raw = raw[: spoilt.number]
        if how == "hangs":
            self._hang()
            return
        if how != "lost":
            self.connection.sendall(raw)
        if how in {"lost", "half", "noise"}:
            self._hang_up()

    def _head(self, status: int, length: int) -> bytes:
        lines = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            f"Date: {self.date_time_string()}",
            *(["Content-Type: application/json"] if length else []),
            f"Content-Length: {length}",
            "Connection: close" if self.close_connection else "Connection: keep-alive",
        ]
        return "\r\n".join([*lines, "", ""]).encode("ascii")

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer without taking the message, and let its rest come: a reset would take the answer away again."""
        self.close_connection = True
        self.connection.sendall(self._head(status, 0))
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(LINGER_S)
        for _ in range(LINGER_READS):
            if not self.connection.recv(BODY_BYTES_AT_MOST):
                return

    def _silent(self) -> bool:
        return self.server.controls.faults.silent

    def _hang(self) -> None:
        """Never answer: until the client goes away, or nearly for ever."""
        self.close_connection = True
        end = time.monotonic() + HANG_S
        while time.monotonic() < end and not self.server.life.over:
            ready, _, _ = select.select([self.connection], [], [], LOOK_S)
            if ready:
                return

    def _hang_up(self) -> None:
        self.close_connection = True
        cut(self.connection)
