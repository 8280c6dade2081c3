"""APDUs of ZVT (PA00P016 rev 04, chapter 2; PA00P015 rev 13.08, chapter 1): pure.

    CLASS INSTR LEN data          LEN 00..FE
    CLASS INSTR FF lo hi data     LEN 0..65535

A response has CCRC APRC in place of CLASS INSTR: 80 00 and 84 00 say yes, any other 84 xx says no.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.domain.faults import ProtocolError

MAX_APDU_BYTES = 5 + 0xFFFF
"""CLASS INSTR FF lo hi and 65,535 bytes of data: the longest APDU there is."""


@dataclass(frozen=True)
class Apdu:
    """One command or response. It shows its command and length only: the data may be a card's."""

    command: int
    data: bytes = field(default=b"", repr=False)

    def __repr__(self) -> str:
        return f"Apdu({self.command >> 8:02X} {self.command & 0xFF:02X}, {len(self.data)} bytes)"

    def encode(self) -> bytes:
        """Return the bytes. ValueError above 65,535 bytes of data."""
        size = len(self.data)
        if size > 0xFFFF:
            raise ValueError(f"an APDU holds at most 65535 bytes, not {size}")
        length = bytes([size]) if size < 0xFF else b"\xff" + size.to_bytes(2, "little")
        return self.command.to_bytes(2, "big") + length + self.data


def decode_apdu(raw: bytes) -> Apdu:
    """Read an APDU. ProtocolError if its length is not what it says; the message holds no data."""
    if len(raw) < 3:
        raise ProtocolError(f"an APDU has at least 3 bytes, got {len(raw)}")
    start, size = 3, raw[2]
    if size == 0xFF:
        start, size = 5, int.from_bytes(raw[3:5], "little")
    if len(raw) != start + size:
        raise ProtocolError(f"APDU {raw[0]:02X} {raw[1]:02X}: expected {start + size} bytes, got {len(raw)}")
    return Apdu(int.from_bytes(raw[:2], "big"), raw[start:])


def is_well_formed(raw: bytes) -> bool:
    """Say whether the length an APDU states is the length it has."""
    if len(raw) < 3:
        return False
    if raw[2] == 0xFF:
        return len(raw) >= 5 and len(raw) == 5 + int.from_bytes(raw[3:5], "little")
    return len(raw) == 3 + raw[2]


CLASSES = frozenset({0x04, 0x05, 0x06, 0x08, 0x0F, 0x80, 0x84})
"""What a terminal says begins with one of these."""


class ApduStream:
    """Cuts a TCP stream into APDUs, in whatever pieces it comes. Never raises, keeps at most one APDU.

    Nothing but its length says where an APDU ends. What comes before the first one (some terminals greet with a line of
    text) is dropped; an APDU of an impossible class later means that both sides have lost step. From then on it is
    ``broken`` and reads nothing: within a text, what looks like a completion would be taken for one.
    """

    def __init__(self) -> None:
        self._unread = bytearray()
        self._in_step = False
        self.broken = False

    @property
    def unfinished(self) -> bool:
        """True while the rest of an APDU is missing."""
        return bool(self._unread)

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes, return the APDUs that they completed."""
        self._unread += data
        found, at = [], 0
        while not self.broken and (at := self._begin(at)) < len(self._unread):
            end = self._end(at)
            if end is None or end > len(self._unread):
                break
            found.append(bytes(self._unread[at:end]))
            self._in_step, at = True, end
        del self._unread[: len(self._unread) if self.broken else at]
        return found

    def _begin(self, at: int) -> int:
        """Return where the next APDU begins."""
        while at < len(self._unread) and self._unread[at] not in CLASSES:
            if self._in_step:
                self.broken = True
                return at
            at += 1
        return at

    def _end(self, at: int) -> int | None:
        head = self._unread[at : at + 5]
        if len(head) < 3 or (head[2] == 0xFF and len(head) < 5):
            return None
        return at + (5 + int.from_bytes(head[3:5], "little") if head[2] == 0xFF else 3 + head[2])
