"""APDUs of ZVT (PA00P016 rev 04, chapter 2; PA00P015 rev 13.08, chapter 1): pure.

    CLASS INSTR LEN data          LEN 00..FE
    CLASS INSTR FF lo hi data     LEN 0..65535

A response has CCRC APRC in place of CLASS INSTR: 80 00 and 84 00 say yes, any other 84 xx says no.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.domain.faults import ProtocolError


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
