"""A simulated network printer's socket: the same end of a line as `hardware.sim_line.Line`, over TCP on this machine."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from hardware.sim_line import Mouth


class NetworkLine(Mouth):
    """Listens where ``link`` (``tcp://host:port``, port 0: any) says and serves one host at a time, as printers do.

    ``address`` is where it listens.
    """

    def __init__(self, link: str) -> None:
        super().__init__()
        self.address = link
        self._reading = threading.Lock()
        self._listener: socket.socket | None = None
        self._host: socket.socket | None = None
        self._wake = os.eventfd(0, os.EFD_NONBLOCK)

    @property
    def plugged(self) -> bool:
        """True while it listens."""
        return self._listener is not None

    def plug(self) -> None:
        """Listen; from the second time on at the same address."""
        with self._lock:
            if self._listener is not None:
                return
            parts = urlsplit(self.address)
            listener = socket.create_server((parts.hostname or "127.0.0.1", parts.port or 0), backlog=1)
            listener.setblocking(False)
            host, port = listener.getsockname()[:2]
            self.address, self._listener = f"tcp://{host}:{port}", listener

    def unplug(self) -> None:
        """Close everything: who is connected hangs up, and nobody can connect."""
        with self._lock:
            listener, host = self._listener, self._host
            self._listener = self._host = None
        os.eventfd_write(self._wake, 1)
        with self._reading:
            for each in (host, listener):
                if each is not None:
                    each.close()
            with contextlib.suppress(BlockingIOError):
                os.eventfd_read(self._wake)

    def read(self, most_bytes: int, timeout_s: float, wanted: Callable[[], bool]) -> bytes:
        """Wait for bytes from the host; b"" when none came in time, nobody is connected or nobody wants them by then."""
        with self._reading:
            source = self._host or self._listener
            if source is None:
                return b""
            ready = select.select([source.fileno(), self._wake], [], [], timeout_s)[0]
            if ready != [source.fileno()] or not wanted():
                return b""
            return self._received(source, most_bytes) if source is self._host else self._accepted()

    def _accepted(self) -> bytes:
        with self._lock, contextlib.suppress(OSError):
            if self._listener is not None:
                self._host, _ = self._listener.accept()
                self._host.setblocking(False)
                self._host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return b""

    def _received(self, host: socket.socket, most_bytes: int) -> bytes:
        data = b""
        with contextlib.suppress(OSError):
            data = host.recv(most_bytes)
        if not data:  # it has closed
            with self._lock:
                self._host = None
            host.close()
        return data

    def _out(self) -> int | None:
        return self._host.fileno() if self._host else None
