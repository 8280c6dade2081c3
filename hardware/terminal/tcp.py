"""The TCP link of ZVT (PA00P016 rev 04, chapter 4): APDUs as they are, without frame, check sum and acknowledgement.

TCP repeats and orders by itself; what it cannot do is find back into step. An APDU that stops in its middle for ``stall_s``,
or one that cannot be one, therefore closes the connection; the next ``open`` begins anew, as the manual asks for after T3.
"""

from __future__ import annotations

import contextlib
import logging
import select
import socket
import time

from hardware.terminal.apdu import Apdu, ApduStream, decode_apdu
from hardware.terminal.links import Receiving
from kiosk.domain.faults import DeviceAbsent, ProtocolError

_log = logging.getLogger(__name__)

READ_BYTES = 4096
WRITE_LIMIT_S = 3.0


class TcpLink(Receiving):
    """One connection to one terminal, as ``links.Link``. Raises DeviceAbsent and ProtocolError; both leave it closed."""

    def __init__(self, address: tuple[str, int], connect_s: float, stall_s: float) -> None:
        super().__init__()
        self._address, self._connect_s, self._stall_s = address, connect_s, stall_s
        self._name = f"{address[0]} port {address[1]}"
        self._socket: socket.socket | None = None
        self._stream = ApduStream()
        self._last_byte_at = 0.0

    @property
    def is_open(self) -> bool:
        """True from ``open`` until ``close`` or the connection's end."""
        return self._socket is not None

    def open(self) -> None:
        """Connect."""
        self.close()
        try:
            self._socket = socket.create_connection(self._address, self._connect_s)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.settimeout(WRITE_LIMIT_S)
        except OSError as error:
            raise DeviceAbsent(f"{self._name} cannot be reached: {error}") from error

    def close(self) -> None:
        """Disconnect and forget what was under way."""
        connection, self._socket = self._socket, None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._stream = ApduStream()
        self._received.clear()

    def send(self, apdu: Apdu, until: float) -> None:  # noqa: ARG002 - there is nothing to wait for
        """Send a command or response."""
        self.post(apdu)

    def post(self, apdu: Apdu) -> None:
        """Send likewise."""
        _log.debug("terminal <- %r", apdu)
        try:
            self._opened().sendall(apdu.encode())
        except (OSError, ValueError) as error:
            raise self._lost(error) from error

    def give_up_posting(self) -> None:
        """Nothing is repeated here."""

    def gather(self) -> list[Apdu]:
        """Take in everything that has queued up, to the end of an APDU that is just arriving, and return it."""
        while self._readable(0.0) or self._stream.unfinished:
            self._pump(time.monotonic() + self._stall_s)
        return self._all_received()

    def _pump(self, until: float) -> None:
        """Wait for bytes, for the end of patience with half an APDU, or ``until``, whichever comes first."""
        ends = min(until, self._last_byte_at + self._stall_s) if self._stream.unfinished else until
        if self._readable(max(0.0, ends - time.monotonic())):
            self._take(self._read())
        elif self._stream.unfinished and time.monotonic() >= self._last_byte_at + self._stall_s:
            raise self._out_of_step("stopped in the middle of an APDU")

    def _take(self, data: bytes) -> None:
        self._last_byte_at = time.monotonic()
        for raw in self._stream.feed(data):
            apdu = decode_apdu(raw)
            _log.debug("terminal -> %r", apdu)
            self._keep(apdu)
        if self._stream.broken:
            raise self._out_of_step("sent what is no APDU")

    def _out_of_step(self, what: str) -> ProtocolError:
        self.close()
        return ProtocolError(f"the terminal {what}")

    def _readable(self, wait_s: float) -> bool:
        try:
            return bool(select.select([self._opened()], [], [], wait_s)[0])
        except (OSError, ValueError) as error:
            raise self._lost(error) from error

    def _read(self) -> bytes:
        try:
            data = self._opened().recv(READ_BYTES)
        except (OSError, ValueError) as error:
            raise self._lost(error) from error
        if not data:
            raise self._lost("the terminal hung up")
        return data

    def _opened(self) -> socket.socket:
        if self._socket is None:
            raise DeviceAbsent(f"{self._name} is not connected")
        return self._socket

    def _lost(self, why: object) -> DeviceAbsent:
        self.close()
        return DeviceAbsent(f"{self._name} was lost: {why}")
