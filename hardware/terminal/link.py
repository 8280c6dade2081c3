"""The serial link of ZVT (PA00P016 rev 04, 3.2-3.5): frames go out and come in; each is acknowledged, repeated, never doubled.

* Every good frame is answered with ACK at once, before anybody looks at it; every damaged one, and one that stops for
  T1, with NAK.
* A frame of ours that is not acknowledged within T2, or refused with NAK, is repeated at most twice.
* A repeat of the last frame (its ACK was lost) is acknowledged and dropped. What we send in between makes it new.
* ACK is looked for only while one is owed to us: elsewhere 06 is a stray byte, or the first byte of a command.

Nothing is read between two calls: what has queued up is taken in at the next. 8 data bits, no parity, 2 stop bits. The
port is opened exclusively; RTS and DTR are never set (a pseudo-terminal has none and says ENOTTY, and some boards reset).
"""

from __future__ import annotations

import contextlib
import logging
import select
import termios
import time
from dataclasses import dataclass

import serial

from hardware.terminal.apdu import Apdu, decode_apdu, is_well_formed
from hardware.terminal.frame import ACK, NAK, Control, Damaged, Frame, FrameDecoder, Token, encode_frame
from hardware.terminal.links import Receiving
from kiosk.domain.faults import DeviceAbsent, DeviceFault, DeviceSilent, ProtocolError

_log = logging.getLogger(__name__)

REPEATS = 2
WRITE_LIMIT_S = 3.0

_LINE_FAULTS = (OSError, termios.error, ValueError, TypeError)
"""What pyserial raises when a port goes away; the last two when it was closed by another thread meanwhile."""


@dataclass
class _Outgoing:
    """A frame of ours that is not acknowledged yet."""

    frame: bytes
    name: str
    repeats_left: int
    due: float
    needed: bool
    answers: bool
    refused: bool = False


class SerialLink(Receiving):
    """One serial line to one terminal, as ``links.Link``."""

    def __init__(self, port: str, baudrate: int, t1_s: float, t2_s: float) -> None:
        super().__init__()
        self._port, self._baudrate, self._t1_s, self._t2_s = port, baudrate, t1_s, t2_s
        self._serial: serial.Serial | None = None
        self._decoder = FrameDecoder()
        self._last_received: bytes | None = None
        self._outgoing: _Outgoing | None = None
        self._last_byte_at = 0.0

    @property
    def is_open(self) -> bool:
        """True from ``open`` until ``close`` or the line's death."""
        return self._serial is not None

    def open(self) -> None:
        """Open the port, empty. DeviceAbsent if it is not there or somebody else has it."""
        self.close()
        try:
            self._serial = serial.Serial(
                self._port, self._baudrate, stopbits=serial.STOPBITS_TWO,
                timeout=0, write_timeout=WRITE_LIMIT_S, exclusive=True,
            )  # fmt: skip
        except _LINE_FAULTS as error:
            raise DeviceAbsent(f"{self._port} cannot be opened: {error}") from error
        self._forget()

    def close(self) -> None:
        """Close the port and forget what was under way."""
        port, self._serial = self._serial, None
        if port is not None:
            with contextlib.suppress(*_LINE_FAULTS):
                port.close()
        self._forget()

    def send(self, apdu: Apdu, until: float) -> None:
        """Send a command or response and wait for its ACK."""
        self._send(apdu, needed=True)
        while self._outgoing is not None:
            if time.monotonic() >= until:
                self._outgoing = None
                raise DeviceSilent(f"{apdu!r} was not acknowledged in time")
            self._pump(until)

    def post(self, apdu: Apdu) -> None:
        """Send without waiting: it is repeated while others are received, and given up if it is never acknowledged."""
        self._send(apdu, needed=False)

    def _send(self, apdu: Apdu, *, needed: bool) -> None:
        frame = encode_frame(apdu.encode())
        _log.debug("terminal <- %r", apdu)
        self._write(frame)
        answers = apdu.command >> 8 in (0x80, 0x84)
        self._outgoing = _Outgoing(frame, repr(apdu), REPEATS, time.monotonic() + self._t2_s, needed, answers)
        self._last_received = None

    def give_up_posting(self) -> None:
        """Stop repeating what was posted."""
        self._outgoing = None

    def gather(self) -> list[Apdu]:
        """Take in everything that has queued up, to the end of a frame that is just arriving, and return it."""
        until = time.monotonic() + self._t2_s
        while time.monotonic() < until and (self._readable(0.0) or self._decoder.unfinished):
            self._pump(until)
        return self._all_received()

    def _pump(self, until: float) -> None:
        """Wait for bytes, T1, T2 or ``until``, whichever comes first, and do what it calls for."""
        now = time.monotonic()
        ends = [until]
        if self._decoder.unfinished:
            ends.append(self._last_byte_at + self._t1_s)
        if self._outgoing is not None:
            ends.append(self._outgoing.due)
        if self._readable(max(0.0, min(ends) - now)):
            for token in self._decoder.feed(self._read()):
                self._take(token)
            self._last_byte_at = time.monotonic()
            return
        now = time.monotonic()
        if self._decoder.unfinished and now >= self._last_byte_at + self._t1_s and self._decoder.silence():
            _log.debug("terminal -> a frame that broke off")
            self._write(bytes([NAK]))
        if self._outgoing is not None and now >= self._outgoing.due:
            self._repeat()

    def _take(self, token: Token) -> None:
        if isinstance(token, Frame):
            self._take_frame(token.apdu)
        elif isinstance(token, Damaged):
            _log.debug("terminal -> a damaged frame")
            self._write(bytes([NAK]))
        elif self._outgoing is not None:
            if token is Control.ACK:
                self._outgoing = None
            else:
                self._outgoing.refused = True
                self._repeat()

    def _take_frame(self, raw: bytes) -> None:
        if not is_well_formed(raw):
            _log.debug("terminal -> a frame whose length is wrong")
            self._write(bytes([NAK]))
            return
        self._write(bytes([ACK]))
        if raw == self._last_received:
            _log.debug("terminal -> a repeat")
            return
        self._last_received = raw
        apdu = decode_apdu(raw)
        _log.debug("terminal -> %r", apdu)
        if apdu.command >> 8 in (0x80, 0x84):
            # A response proves that the command arrived: to repeat it now for its lost ACK could do it twice.
            self._outgoing = None
        elif self._outgoing is not None and self._outgoing.answers:
            # It goes on, so it has our answer: repeated for its lost ACK, it would be taken for the answer to this.
            self._outgoing = None
        self._keep(apdu)

    def _repeat(self) -> None:
        outgoing = self._outgoing
        if outgoing is None:
            return
        if outgoing.repeats_left == 0:
            self._outgoing = None
            if not outgoing.needed:
                return
            fault: type[DeviceFault] = ProtocolError if outgoing.refused else DeviceSilent
            raise fault(f"{outgoing.name} was not acknowledged, sent {REPEATS + 1} times")
        outgoing.repeats_left -= 1
        outgoing.due = time.monotonic() + self._t2_s
        _log.debug("terminal <- %s again", outgoing.name)
        self._write(outgoing.frame)

    def _opened(self) -> serial.Serial:
        if self._serial is None:
            raise DeviceAbsent(f"{self._port} is not open")
        return self._serial

    def _readable(self, wait_s: float) -> bool:
        try:
            return bool(select.select([self._opened().fileno()], [], [], wait_s)[0])
        except _LINE_FAULTS as error:
            raise self._lost(error) from error

    def _read(self) -> bytes:
        try:
            return bytes(self._opened().read(4096))
        except _LINE_FAULTS as error:
            raise self._lost(error) from error

    def _write(self, data: bytes) -> None:
        try:
            self._opened().write(data)
        except _LINE_FAULTS as error:
            raise self._lost(error) from error

    def _lost(self, error: Exception) -> DeviceAbsent:
        self.close()
        return DeviceAbsent(f"{self._port} was lost: {error}")

    def _forget(self) -> None:
        self._decoder = FrameDecoder()
        self._received.clear()
        self._last_received = None
        self._outgoing = None
