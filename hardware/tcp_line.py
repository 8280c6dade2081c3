"""A bad network between a driver and a device on TCP: passes bytes on, and does one fault at one byte, the same at every run.

    driver ── TCP ── TcpLine ── TCP ── simulator

TCP has check sums and a sequence: no byte is lost or changed alone. What it cannot hide is a connection that breaks or falls
silent, at any byte. The driver's configuration names the line's `port` instead of the device's address.
"""

from __future__ import annotations

import select
import socket
import struct
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

from msgspec import Struct

from hardware.line import Direction, Fault, FaultyLine

LOOPBACK = "127.0.0.1"
CHUNK_BYTES = 4096
MOST_UNREAD = 256
LOOK_S = 0.02
PATIENCE_S = 30.0
STOP_S = 5.0
NO_TIME = struct.pack("ii", 1, 0)
"""SO_LINGER: closing drops what has not been sent, and sends RST (socket(7) of the Linux manual)."""
HUNG_UP, RESET = Fault("cut", "to_kiosk", 0), Fault("reset", "to_kiosk", 0, 0.0)
"""How a connection ends that one of its sides has ended."""


class Way(Struct):
    """One direction of a connection; ``stalled_until_s``: it rests in the sender's buffer until then."""

    source: socket.socket
    sink: socket.socket
    direction: Direction
    stalled_until_s: float = 0.0


class TcpLine(FaultyLine):
    """Passes bytes between ``port``, the address that the driver connects to, and ``target``, the device's (``tcp://host:port``).

    Every connection is passed on by itself, so the device decides whether it takes two. Faults (`hardware.line.Fault`):

    delay  all that follows in this direction comes ``seconds`` later     cut    the connection is closed there, for both (FIN)
    half   nothing passes any more, and ``seconds`` later it is closed    reset  it is broken there for the driver (RST), and
                                                                          for the device ``seconds`` later
    """

    def __init__(self, target: str) -> None:
        super().__init__()
        parts = urlsplit(target)
        self._target = parts.hostname or LOOPBACK, parts.port or 0
        self._server = socket.create_server((LOOPBACK, 0))
        self.port = f"tcp://{LOOPBACK}:{self._server.getsockname()[1]}"
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Lay the line."""
        self._begin(threading.Thread(target=self._run, name="tcp-line", daemon=True))

    def stop(self) -> None:
        """Take it away: every connection is closed."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(STOP_S)
        self._server.close()

    def _begin(self, thread: threading.Thread) -> None:
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]
        thread.start()

    def _run(self) -> None:
        while not self._stopping.is_set():
            if select.select([self._server], [], [], LOOK_S)[0]:
                kiosk, _ = self._server.accept()
                self._begin(threading.Thread(target=self._serve, args=(kiosk,), name="tcp-line pair", daemon=True))

    def _serve(self, kiosk: socket.socket) -> None:
        with kiosk, suppress(OSError), socket.create_connection(self._target, PATIENCE_S) as device:
            try:
                ended = self._carry(kiosk, device)
            except OSError:  # one side was reset: so is the other
                ended = RESET
            self._end(ended, kiosk, device)

    def _end(self, fault: Fault, kiosk: socket.socket, device: socket.socket) -> None:
        if fault.kind == "reset":
            for end in (kiosk, device):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_TIME)
            kiosk.close()
        if fault.kind != "cut":
            self._stopping.wait(fault.seconds)
        if fault.kind != "reset":
            for end in (kiosk, device):
                drop_unread(end)

    def _carry(self, kiosk: socket.socket, device: socket.socket) -> Fault:
        """Pass bytes until one side hangs up or a fault ends it. Returns how it ends. OSError: one side was reset."""
        for end in (kiosk, device):
            end.settimeout(PATIENCE_S)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ways = Way(kiosk, device, "to_device"), Way(device, kiosk, "to_kiosk")
        while not self._stopping.is_set():
            now_s = time.monotonic()
            flowing = [way for way in ways if way.stalled_until_s <= now_s]
            ready = select.select([way.source for way in flowing], [], [], LOOK_S)[0]
            for way in flowing:
                if way.source in ready and (ended := self._pass_on(way)):
                    return ended
        return HUNG_UP

    def _pass_on(self, way: Way) -> Fault | None:
        """Pass on what stands before the fault; at the fault, begin it. Returns what ends the connection."""
        clean = self._undisturbed(way.direction, CHUNK_BYTES)
        if clean:
            data = way.source.recv(clean)
            self._passed[way.direction] += len(data)
            way.sink.sendall(data)
            return None if data else HUNG_UP
        fault, self._fault = self._fault, None
        if fault is not None and fault.kind == "delay":
            way.stalled_until_s = time.monotonic() + fault.seconds
            return None
        return fault


def drop_unread(end: socket.socket) -> None:
    """Take what has come and was not passed on: closing over it would send RST where FIN is meant."""
    end.setblocking(False)
    with suppress(OSError):
        any(not end.recv(CHUNK_BYTES) for _ in range(MOST_UNREAD))
