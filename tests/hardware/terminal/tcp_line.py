"""A network between a driver and a terminal on TCP that does one fault at one byte: what TCP itself cannot hide."""

from __future__ import annotations

import select
import socket
import threading
import time
from contextlib import suppress

from hardware.line import Direction, Fault

LOOK_S = 0.02
LOOPBACK = "127.0.0.1"


class TcpLine:
    """Passes bytes between ``port`` and the terminal's. As ``hardware.line.Line``; of its faults it knows cut, half and delay.

    cut    the connection breaks there, for both      half   it goes silent there, and breaks ``seconds`` later
    delay  from there on everything comes ``seconds`` later
    """

    def __init__(self, target: int) -> None:
        self._target, self._fault = target, None
        self._passed = {"to_device": 0, "to_kiosk": 0}
        self._server = socket.create_server((LOOPBACK, 0))
        self.port = self._server.getsockname()[1]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tcp-line", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(5)
        self._server.close()

    def arm(self, fault: Fault) -> None:
        self._passed = {"to_device": 0, "to_kiosk": 0}
        self._fault: Fault | None = fault

    @property
    def fired(self) -> bool:
        return self._fault is None

    @property
    def passed(self) -> dict[str, int]:
        return dict(self._passed)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if select.select([self._server], [], [], LOOK_S)[0]:
                kiosk, _ = self._server.accept()
                with kiosk, suppress(OSError), socket.create_connection((LOOPBACK, self._target), 2) as device:
                    self._join(kiosk, device)

    def _join(self, kiosk: socket.socket, device: socket.socket) -> None:
        """Pass bytes until one side hangs up, a fault ends it, or another register calls (the terminal hears the newest)."""
        ways: dict[socket.socket, tuple[socket.socket, Direction]]
        ways = {kiosk: (device, "to_device"), device: (kiosk, "to_kiosk")}
        while not self._stopping.is_set():
            ready = select.select([*ways, self._server], [], [], LOOK_S)[0]
            for end in ready:
                if end is self._server:
                    return
                other, direction = ways[end]
                data = end.recv(512)
                if not data or not self._pass_on(data, other, direction):
                    return

    def _pass_on(self, data: bytes, other: socket.socket, direction: Direction) -> bool:
        """Pass a piece on; False if the connection is over."""
        fault, at = self._fault, self._passed[direction]
        self._passed[direction] += len(data)
        if fault is None or fault.direction != direction or not at <= fault.offset < at + len(data):
            other.sendall(data)
            return True
        self._fault = None
        other.sendall(data[: fault.offset - at])
        time.sleep(0 if fault.kind == "cut" else fault.seconds)
        if fault.kind != "delay":
            return False
        other.sendall(data[fault.offset - at :])
        return True
