"""The serial frame, seen from the terminal (PA00P016 rev. 04, 3.1 to 3.3).

``10 02 | APDU, each 10 doubled | 10 03 | CRC low | CRC high``

The CRC is CRC-16/KERMIT (reflected polynomial 8408, start 0) over the APDU before doubling and one 03.
"""

from __future__ import annotations

from enum import Enum

DLE, STX, ETX, ACK, NAK = 0x10, 0x02, 0x03, 0x06, 0x15
LONGEST_APDU = 5 + 0xFFFF


class Signal(Enum):
    """What can come in besides a good frame: one acknowledging byte, or a frame that is no good."""

    ACK = "ack"
    NAK = "nak"
    BROKEN = "broken"


Event = bytes | Signal


def checksum(data: bytes) -> int:
    """Give the CRC-16/KERMIT of the data."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x8408 if value & 1 else 0)
    return value


def wrap(apdu: bytes) -> bytes:
    """Make the frame that carries this APDU."""
    doubled = apdu.replace(bytes([DLE]), bytes([DLE, DLE]))
    crc = checksum(apdu + bytes([ETX]))
    return bytes([DLE, STX]) + doubled + bytes([DLE, ETX]) + crc.to_bytes(2, "little")


class Receiver:
    """Turns the bytes of a line, in pieces of any size, into good APDUs and signals. Stray bytes between frames are dropped."""

    def __init__(self) -> None:
        self._step = self._outside
        self._apdu = bytearray()
        self._crc_low = 0

    @property
    def mid_frame(self) -> bool:
        """Whether a frame has begun and not ended: T1 runs."""
        return self._step != self._outside

    def reset(self) -> None:
        """Forget an unfinished frame."""
        self._step = self._outside

    def feed(self, data: bytes) -> list[Event]:
        """Take in bytes; give what they completed, in order."""
        return [event for byte in data if (event := self._step(byte)) is not None]

    def _outside(self, byte: int) -> Event | None:
        if byte == DLE:
            self._step = self._begun
        return {ACK: Signal.ACK, NAK: Signal.NAK}.get(byte)

    def _begun(self, byte: int) -> Event | None:
        if byte == STX:
            self._apdu.clear()
            self._step = self._inside
        elif byte != DLE:
            self._step = self._outside
            return self._outside(byte)
        return None

    def _inside(self, byte: int) -> Event | None:
        if byte == DLE:
            self._step = self._escaped
            return None
        return self._append(byte)

    def _escaped(self, byte: int) -> Event | None:
        if byte == DLE:
            self._step = self._inside
            return self._append(DLE)
        if byte == ETX:
            self._step = self._crc_first
            return None
        if byte == STX:
            self._apdu.clear()
            self._step = self._inside
            return None
        return self._broken()

    def _append(self, byte: int) -> Event | None:
        self._apdu.append(byte)
        return self._broken() if len(self._apdu) > LONGEST_APDU else None

    def _crc_first(self, byte: int) -> Event | None:
        self._crc_low = byte
        self._step = self._crc_last
        return None

    def _crc_last(self, byte: int) -> Event | None:
        self.reset()
        good = checksum(bytes(self._apdu) + bytes([ETX])) == (byte << 8 | self._crc_low)
        return bytes(self._apdu) if good else Signal.BROKEN

    def _broken(self) -> Event:
        self.reset()
        return Signal.BROKEN
