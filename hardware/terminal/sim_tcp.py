"""The terminal on the network: it listens on loopback, for one register at a time (PA00P016 rev. 04, chapter 4).

APDUs come and go as they are: no frame, no ACK, no repeat. A register that connects anew takes the place of the one before.
"""

from __future__ import annotations

import socket
from contextlib import suppress

from hardware.terminal.sim_controls import Controls
from hardware.terminal.sim_link import Link, LinkLost, is_response
from hardware.terminal.sim_times import Timings
from hardware.terminal.sim_wire import Wire

LOOPBACK = "127.0.0.1"


class TcpWire(Wire):
    """A listening port and at most one connection. ``port`` 0: any free one, and the same again after ``unplug``."""

    def __init__(self, port: int, baud: int | None = None) -> None:
        super().__init__(baud)
        self.port = port
        self.connections = 0
        self._server: socket.socket | None = None
        self._register: socket.socket | None = None

    @property
    def plugged(self) -> bool:
        """Whether anybody can connect."""
        return self._server is not None

    @property
    def connected(self) -> bool:
        """Whether a register is there."""
        return self._register is not None

    def plug(self) -> None:
        """Listen."""
        if self._server is None:
            self._server = socket.create_server((LOOPBACK, self.port))
            self._server.setblocking(False)
            self.port = self._server.getsockname()[1]

    def unplug(self) -> None:
        """Hang up and listen no more."""
        self.power_lost()
        if self._server is not None:
            self._server.close()
            self._server = None

    def power_lost(self) -> None:
        """Hang up: the terminal has forgotten its connections."""
        if self._register is not None:
            self._register.close()
            self._register = None

    def _watched(self) -> list[int]:
        return [each.fileno() for each in (self._server, self._register) if each is not None]

    def _receive(self) -> bytes:
        self._accept()
        if self._register is None:
            return b""
        try:
            data = self._register.recv(4096)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self.power_lost()
        return data

    def _accept(self) -> None:
        if self._server is None:
            return
        with suppress(BlockingIOError, OSError):
            register, _ = self._server.accept()
            self.power_lost()
            register.setblocking(False)
            register.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._register = register
            self.connections += 1

    def _push(self, data: bytes) -> None:
        if self._register is not None:
            with suppress(BlockingIOError, OSError):
                self._register.sendall(data)


class StreamLink(Link):
    """Carries APDUs over one TCP wire. Of the line's faults it knows those that TCP leaves possible: silence, lateness, halves, noise."""

    def __init__(self, wire: TcpWire, controls: Controls, timings: Timings) -> None:
        self._tcp = wire
        super().__init__(wire, controls, timings)

    def forget(self) -> None:
        """Lose everything that is kept in memory, as at a power cut or with a new register."""
        super().forget()
        self._unread = bytearray()
        self._connection = self._tcp.connections

    def send(self, apdu: bytes, *, final: bool = False) -> None:
        """Send one APDU. Raises LinkLost when no register is there."""
        if not is_response(apdu):
            self._begin_command(final=final)
        faults = self._controls.faults
        muted = faults.take_mute(apdu[:2])
        if faults.late_s:
            self.wire.sleep(faults.late_s)
        if not self._tcp.connected:
            raise LinkLost(apdu[:2].hex(" "))
        if not muted and not faults.silent:
            whole = apdu[: len(apdu) // 2] if faults.take("half") else apdu
            self.wire.write(faults.noise(faults.noise_bytes) + whole)

    def _pump(self, deadline: float) -> None:
        data = self.wire.read(deadline)
        if self._connection != self._tcp.connections:
            self.forget()
        if self._controls.faults.silent:
            self._unread.clear()
            return
        self._unread += data
        while (size := self._size()) is not None and len(self._unread) >= size:
            self._inbox.append(bytes(self._unread[:size]))
            del self._unread[:size]

    def _size(self) -> int | None:
        """Say how long the APDU is that begins what is unread; None if that cannot be told yet."""
        if len(self._unread) < 3:
            return None
        if self._unread[2] < 0xFF:
            return 3 + self._unread[2]
        return 5 + int.from_bytes(self._unread[3:5], "little") if len(self._unread) >= 5 else None
