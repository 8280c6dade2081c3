"""The validator's side of CCNET frames: ``02 03 LNG CMD [data] CRClo CRChi``. Shares no code with the driver.

LNG counts the whole frame. CRC: polynomial x16+x12+x5+1, bit-reversed, start 0, over everything before it, low byte first.
"""

from __future__ import annotations

from msgspec import Struct

SYNC, ADDRESS = 0x02, 0x03
SHORTEST, LONGEST = 6, 250


class Order(Struct, frozen=True):
    """What the host asks: command byte and data; ``whole`` False: the check sum was wrong."""

    command: int
    data: bytes = b""
    whole: bool = True


def check_sum(data: bytes) -> bytes:
    """Return the two bytes of the check sum, by long division, one bit at a time."""
    register = 0
    for byte in data:
        for bit in range(8):
            carry = (register ^ (byte >> bit)) & 1
            register = (register >> 1) ^ (0x8408 if carry else 0)
    return bytes((register & 0xFF, register >> 8))


def answer(state: int, data: bytes = b"") -> bytes:
    """Return one frame that tells a state, an ACK or a NAK."""
    return facts(bytes((state,)) + data)


def facts(data: bytes) -> bytes:
    """Return one frame of bare data: what was asked for (identification, table of notes, status) is told without a command byte."""
    head = bytes((SYNC, ADDRESS, SHORTEST - 1 + len(data))) + data
    return head + check_sum(head)


class Ear:
    """Finds the host's frames in what comes in, in whatever pieces it comes."""

    def __init__(self) -> None:
        self._heard = bytearray()

    def hear(self, data: bytes) -> list[Order]:
        """Take in bytes and return the frames that are complete. What can be no frame is dropped."""
        self._heard += data
        orders = []
        while len(self._heard) >= SHORTEST:
            size = self._heard[2]
            if self._heard[0] != SYNC or self._heard[1] != ADDRESS or not SHORTEST <= size <= LONGEST:
                del self._heard[0]
                continue
            if len(self._heard) < size:
                break
            frame = bytes(self._heard[:size])
            orders.append(Order(frame[3], frame[4:-2], whole=check_sum(frame[:-2]) == frame[-2:]))
            del self._heard[: size if orders[-1].whole else 1]
        return orders

    def forget(self) -> None:
        """Drop an unfinished frame: the host has fallen silent."""
        self._heard.clear()
