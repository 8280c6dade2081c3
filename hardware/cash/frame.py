"""Frames of CCNET (CashCode): pure, no port, no clock.

    02 | 03 | LNG | data (the first byte is a command, a state, ACK 00 or NAK FF) | CRC low | CRC high

LNG counts the whole frame; 0 is a long one, whose two-byte length (high byte first) follows the first data byte. The CRC is
CRC-16/KERMIT over everything before it. 03 is the address of a bill validator.
"""

from __future__ import annotations

from msgspec import Struct

from hardware.checksum import crc16_kermit

SYNC, ADDRESS = 0x02, 0x03
SHORTEST, LONGEST = 6, 255
LONG_HEAD, LONG_MOST = 6, 1024


class Damaged(Struct, frozen=True):
    """A frame arrived to its end, and its CRC was wrong: the validator is asked to tell it again."""


def encode_frame(data: bytes) -> bytes:
    """Return the frame that carries 1 to 250 bytes."""
    head = bytes((SYNC, ADDRESS, len(data) + SHORTEST - 1)) + data
    return head + crc16_kermit(head).to_bytes(2, "little")


class FrameDecoder:
    """Takes bytes in any pieces and returns the data of whole frames. Never raises; keeps at most one unfinished frame."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def feed(self, data: bytes) -> list[bytes | Damaged]:
        """Return what has become whole. After a wrong CRC it looks for a frame in what that one seemed to be."""
        self._kept += data
        found: list[bytes | Damaged] = []
        while (size := self._size()) is not None and len(self._kept) >= size:
            frame = bytes(self._kept[:size])
            if crc16_kermit(frame[:-2]).to_bytes(2, "little") == frame[-2:]:
                found.append(frame[3:4] + frame[6:-2] if frame[2] == 0 else frame[3:-2])
                del self._kept[:size]
            else:
                found.append(Damaged())
                del self._kept[0]
        return found

    @property
    def unfinished(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._kept)

    def clear(self) -> None:
        """Drop an unfinished frame: nothing follows it."""
        self._kept.clear()

    def _size(self) -> int | None:
        """Drop what can be no frame's beginning; return how long the frame at the front is, None if that is not known yet."""
        while self._kept:
            size = self._size_here()
            if size != 0:
                return size
            del self._kept[0]
        return None

    def _size_here(self) -> int | None:
        kept = self._kept
        if kept[0] != SYNC or (len(kept) > 1 and kept[1] != ADDRESS):
            return 0
        if len(kept) < 3:
            return None
        if kept[2]:
            return kept[2] if kept[2] >= SHORTEST else 0
        if len(kept) < LONG_HEAD:
            return None
        size = int.from_bytes(kept[4:6], "big")
        return size if LONG_HEAD + 2 <= size <= LONG_MOST else 0
