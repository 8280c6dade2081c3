"""A terminal that does exactly what a test tells it to, on a real pseudo-terminal. It knows frames and nothing else.

Its CRC is computed bit by bit as the manual draws it, so that it cannot share a mistake with the driver's.
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
import tty
from collections.abc import Callable, Iterator

from hardware.terminal.settings import TerminalSettings, TerminalTimings

ACK, NAK = b"\x06", b"\x15"
PATIENCE_S = 5.0

TIMINGS = TerminalTimings(
    t1_s=0.1, t2_s=1.5, t3_s=2.0, t4_s=4.0, health_limit_s=2.0, enquiry_limit_s=4.0, pay_limit_s=8.0, settle_limit_s=8.0,
    recovery_limit_s=8.0, retry_first_s=0.05, retry_longest_s=0.2,
)  # fmt: skip
"""Long enough for a busy machine; a test that waits for one of them to pass is ``IMPATIENT``."""

IMPATIENT = TerminalTimings(
    t1_s=0.1, t2_s=0.2, t3_s=0.3, t4_s=0.4, health_limit_s=0.4, enquiry_limit_s=0.9, pay_limit_s=2.0, settle_limit_s=2.0,
    recovery_limit_s=1.0, retry_first_s=0.05, retry_longest_s=0.2,
)  # fmt: skip


def crc_bit_by_bit(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)
    return crc


def frame(apdu: str) -> bytes:
    raw = bytes.fromhex(apdu)
    crc = crc_bit_by_bit(raw + b"\x03")
    return b"\x10\x02" + raw.replace(b"\x10", b"\x10\x10") + b"\x10\x03" + bytes([crc & 0xFF, crc >> 8])


class Peer:
    """The far end of the wire. Every wait ends within ``PATIENCE_S`` by an AssertionError."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._master)
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)

    def write(self, data: bytes) -> None:
        os.write(self._master, data)

    def read(self, count: int) -> bytes:
        got, until = b"", time.monotonic() + PATIENCE_S
        while len(got) < count:
            ready = select.select([self._master], [], [], max(0.0, until - time.monotonic()))[0]
            assert ready, f"expected {count} bytes, got {got.hex(' ')}"
            got += os.read(self._master, count - len(got))
        return got

    def quiet(self, seconds: float) -> bool:
        return not select.select([self._master], [], [], seconds)[0]

    def take(self) -> str:
        """Read one frame, say nothing, return its APDU in hex."""
        raw = self.read(2)
        assert raw == b"\x10\x02", raw.hex(" ")
        apdu = b""
        while True:
            byte = self.read(1)
            if byte == b"\x10":
                byte = self.read(1)
                if byte == b"\x03":
                    break
            apdu += byte
        assert int.from_bytes(self.read(2), "little") == crc_bit_by_bit(apdu + b"\x03")
        return apdu.hex(" ").upper()

    def hear(self, starts_with: str = "") -> str:
        """Read one frame, acknowledge it, return its APDU."""
        apdu = self.take()
        assert apdu.startswith(starts_with), apdu
        self.write(ACK)
        return apdu

    def say(self, apdu: str) -> None:
        """Send one frame and see it acknowledged."""
        self.write(frame(apdu))
        assert self.read(1) == ACK

    def tell(self, apdu: str) -> None:
        """Send one command and hear it answered with 80 00 00."""
        self.say(apdu)
        self.hear("80 00 00")

    def unplug(self) -> None:
        for end in (self._master, self._slave):
            with contextlib.suppress(OSError):
                os.close(end)
        self._master = self._slave = -1

    close = unplug

    @contextlib.contextmanager
    def playing(self, script: Callable[[], None]) -> Iterator[None]:
        """Play a script in a thread beside the body; its failure is the test's failure."""
        failures: list[BaseException] = []

        def play() -> None:
            try:
                script()
            except BaseException as failure:  # noqa: BLE001 - handed over to the test's thread
                failures.append(failure)

        thread = threading.Thread(target=play)
        thread.start()
        try:
            yield
        finally:
            thread.join(4 * PATIENCE_S)
            if failures:
                raise failures[0]
        assert not thread.is_alive()


def settings_for(peer: Peer, timings: TerminalTimings = TIMINGS) -> TerminalSettings:
    return TerminalSettings(port=peer.port, timings=timings)
