"""A host that speaks CCNET byte by byte to a simulated validator, knowing nothing of the driver."""

from __future__ import annotations

import os
import select
import time

WAIT_S = 1.0


def crc(data: bytes) -> bytes:
    """Return the check sum by the table of nibbles that the manuals print."""
    register = 0
    for byte in data:
        register = (register >> 4) ^ (((register ^ byte) & 0xF) * 0x1081)
        register = (register >> 4) ^ (((register ^ (byte >> 4)) & 0xF) * 0x1081)
    return register.to_bytes(2, "little")


def frame(command: int, data: bytes = b"") -> bytes:
    """Return one frame of the host."""
    head = bytes((2, 3, 6 + len(data), command)) + data
    return head + crc(head)


ACK = frame(0)


class RawHost:
    """Opens the port and exchanges whole frames."""

    def __init__(self, port) -> None:
        self._end = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)

    def close(self) -> None:
        os.close(self._end)

    def send(self, data: bytes) -> None:
        os.write(self._end, data)

    def hear(self, wait_s: float = WAIT_S) -> bytes:
        """Return one answer, b"" when none came in time."""
        heard, end = b"", time.monotonic() + wait_s
        while (left := end - time.monotonic()) > 0:
            if not select.select([self._end], [], [], left)[0]:
                break
            heard += os.read(self._end, 512)
            if len(heard) >= 3 and len(heard) >= heard[2]:
                return heard
        return heard

    def ask(self, command: int, data: bytes = b"") -> bytes:
        """Return command byte and data of the answer to one order, its check sum verified."""
        self.send(frame(command, data))
        heard = self.hear()
        assert heard[:2] == b"\x02\x03"
        assert heard[2] == len(heard)
        assert crc(heard[:-2]) == heard[-2:]
        return heard[3:-2]

    def poll(self) -> bytes:
        """Poll and acknowledge what is told, as a host must."""
        told = self.ask(0x33)
        self.send(ACK)
        return told

    def poll_until(self, state: int, *, acknowledge: bool = True) -> bytes:
        """Poll until the validator tells this state, which is acknowledged unless otherwise said; what it tells before is always."""
        end = time.monotonic() + 5
        told = b""
        while time.monotonic() < end:
            told = self.ask(0x33)
            if told[0] != state or acknowledge:
                self.send(ACK)
            if told[0] == state:
                return told
            time.sleep(0.005)
        raise AssertionError(f"never told {state:02X}, last {told.hex()}")

    def enable(self, accepts: int = 0x7F, escrows: int = 0x7F) -> None:
        """Switch on, reset, wait, enable bill types."""
        self.ask(0x30)
        self.poll_until(0x19)
        assert self.ask(0x34, accepts.to_bytes(3, "big") + escrows.to_bytes(3, "big")) == b"\x00"
