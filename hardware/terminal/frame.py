"""Serial frames of ZVT (PA00P016 rev 04, chapter 3): pure, no port, no clock.

    10 02 | APDU, each 10 doubled | 10 03 | CRC low | CRC high

The CRC is CRC-16/KERMIT (reflected 1021, init 0; "123456789" gives 2189) over the APDU without doubling, and 03.
Between frames the two single bytes ACK 06 and NAK 15 mean something; every other byte there is a stray.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from msgspec import Struct

from hardware.checksum import crc16_kermit
from hardware.terminal.apdu import MAX_APDU_BYTES

ACK, NAK = 0x06, 0x15
DLE, STX, ETX = 0x10, 0x02, 0x03


_WHOLE = re.compile(rb"([^\x10]*+)\x10\x02((?:[^\x10]++|\x10\x10)*+)\x10\x03(..)", re.DOTALL)
"""Strays, and a frame in which nothing is odd: nearly all there is on a line, so it is cut out at once."""


def encode_frame(apdu: bytes) -> bytes:
    """Return the frame that carries an APDU."""
    crc = crc16_kermit(apdu + bytes([ETX])).to_bytes(2, "little")
    return bytes([DLE, STX]) + apdu.replace(b"\x10", b"\x10\x10") + bytes([DLE, ETX]) + crc


class Frame(Struct, frozen=True):
    """A frame whose CRC was right. Its bytes may hold card data, so that it never shows them."""

    apdu: bytes

    def __repr__(self) -> str:
        return "Frame()"


class Control(Enum):
    """A single byte between frames."""

    ACK = ACK
    NAK = NAK


@dataclass(frozen=True)
class Damaged:
    """A frame arrived to its end, and its CRC was wrong."""


_CONTROLS = {control.value: control for control in Control}
Token = Frame | Control | Damaged


class _State(Enum):
    BETWEEN = auto()
    BODY = auto()
    CHECKSUM = auto()
    BROKEN = auto()
    """Within a frame that cannot come right any more; waits for silence or for the next 10 02."""
    REFUSED = auto()
    """After a wrong CRC that was reported: what follows may be the rest of that frame, so 06 and 15 mean nothing."""


class FrameDecoder:
    """Cuts a stream of bytes into tokens, in whatever pieces it comes. Never raises, keeps at most one frame."""

    def __init__(self) -> None:
        self._state = _State.BETWEEN
        self._unread = bytearray()
        self._body = bytearray()

    @property
    def unfinished(self) -> bool:
        """True while the bytes so far cannot be the end of something: silence now would be a fault (T1)."""
        return self._state is not _State.BETWEEN or bool(self._unread)

    def silence(self) -> bool:
        """Take note that no byte came for T1. True: a frame broke off there and wants a NAK."""
        broke_off = self._state in (_State.BODY, _State.CHECKSUM, _State.BROKEN)
        self._state = _State.BETWEEN
        self._unread.clear()
        self._body.clear()
        return broke_off

    def feed(self, data: bytes) -> list[Token]:
        """Take bytes, return what they completed."""
        self._unread += data
        tokens: list[Token] = []
        while self._cut_whole(tokens) or self._advance(tokens):
            pass
        return tokens

    def _cut_whole(self, tokens: list[Token]) -> bool:
        """Cut out the good frames that stand whole in what is unread; False if none does, or something odd comes first."""
        if self._state is not _State.BETWEEN:
            return False
        at = 0
        while (whole := _WHOLE.match(self._unread, at)) is not None:
            strays, body, crc = whole.groups()
            if b"\x10" in body:
                body = body.replace(b"\x10\x10", b"\x10")
            if len(body) > MAX_APDU_BYTES or crc16_kermit(body + b"\x03") != int.from_bytes(crc, "little"):
                break
            tokens.extend(_CONTROLS[byte] for byte in strays if byte in _CONTROLS)
            tokens.append(Frame(body))
            at = whole.end()
        del self._unread[:at]
        return at > 0

    def _advance(self, tokens: list[Token]) -> bool:
        """Take one step; False when more bytes are needed for the next."""
        if self._state is _State.CHECKSUM:
            return self._check(tokens)
        at = self._unread.find(DLE)
        plain = self._take(len(self._unread) if at < 0 else at)
        if self._state is _State.BETWEEN:
            tokens.extend(_CONTROLS[byte] for byte in plain if byte in _CONTROLS)
        elif self._state is _State.BODY:
            self._grow(plain)
        if len(self._unread) < 2:
            return False
        self._escape(self._unread[1])
        return True

    def _escape(self, follower: int) -> None:
        """Act on 10 and the byte after it."""
        if follower == STX:
            # Also inside a frame: the one before lost its end, and the sender has begun anew.
            self._take(2)
            self._body.clear()
            self._state = _State.BODY
        elif self._state is not _State.BODY:
            self._take(1)
        elif follower == DLE:
            self._take(2)
            self._grow(b"\x10")
        elif follower == ETX:
            self._take(2)
            self._state = _State.CHECKSUM
        else:
            self._take(1)
            self._state = _State.BROKEN

    def _check(self, tokens: list[Token]) -> bool:
        if len(self._unread) < 2:
            return False
        expected = crc16_kermit(bytes(self._body) + bytes([ETX]))
        if int.from_bytes(self._unread[:2], "little") == expected:
            self._take(2)
            self._state = _State.BETWEEN
            tokens.append(Frame(bytes(self._body)))
        else:
            # The two bytes stay: if the frame lost its end, they may be the beginning of the next.
            self._state = _State.REFUSED
            tokens.append(Damaged())
        self._body.clear()
        return True

    def _grow(self, data: bytes) -> None:
        self._body += data
        if len(self._body) > MAX_APDU_BYTES:
            self._body.clear()
            self._state = _State.BROKEN

    def _take(self, count: int) -> bytes:
        taken = bytes(self._unread[:count])
        del self._unread[:count]
        return taken
