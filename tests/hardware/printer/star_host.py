"""The host's side of the line for the tests of the simulated Star printer: raw bytes, every wait bounded."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from hardware.printer.sim_star import SimulatedStarPrinter
from tests.hardware.printer.sim_host import Host, piece

WAIT_S = 5.0
INIT = b"\x1b@"
CUT = b"\x1bd\x02"
STATUS_ON = b"\x1b\x1ea\x01"
ASK = b"\x1b\x06\x01"
ENTER, QUIT = b"\x1b*rA", b"\x1b*rB"
GOOD = bytes.fromhex("230600000000000000")
FRAME_BYTES = 9


class StarHost(Host):
    """Talks Star: automatic status frames instead of DLE."""

    def frame(self, timeout_s: float = WAIT_S) -> bytes:
        """Read one automatic status; empty when none came in time."""
        return self.read(FRAME_BYTES, timeout_s)

    def frame_with(self, index: int, mask: int, value: int) -> bytes:
        """Read automatic statuses until byte ``index`` has ``value`` under ``mask``."""
        end_s = time.monotonic() + WAIT_S
        while (left_s := end_s - time.monotonic()) > 0:
            frame = self.frame(left_s)
            if len(frame) == FRAME_BYTES and frame[index] & mask == value:
                return frame
        raise AssertionError(f"no status with byte {index} & {mask:02x} = {value:02x}")

    def settle(self) -> None:
        """Wait until everything sent before is done: ESC GS ETX, the print-end counter."""
        self.write(b"\x1b\x1d\x03\x01\x07\x09")
        got = b""
        end_s = time.monotonic() + WAIT_S
        while b"\x1b\x1d\x03\x01\x07\x09" not in got and time.monotonic() < end_s:
            got += self.read(8, 0.2)
        assert b"\x1b\x1d\x03\x01\x07\x09" in got

    def print(self, data: bytes) -> Image.Image:
        """Print, cut, wait; give the piece of paper."""
        self.write(data + CUT)
        self.settle()
        return piece(self.printer)


def row(*dots: int, stride: int = 72) -> bytes:
    """Make a row of a picture with these dots black."""
    value = sum(1 << (stride * 8 - 1 - dot) for dot in dots)
    return value.to_bytes(stride, "big")


def raster(rows: list[bytes], *settings: bytes) -> bytes:
    """Make a raster document that prints these rows and stays in raster mode."""
    lines = b"".join(b"b" + len(line).to_bytes(2, "little") + line for line in rows)
    return ENTER + b"".join(b"\x1b*r" + setting + b"\x00" for setting in settings) + lines


@contextmanager
def star_and_host(folder: Path, **options: object) -> Iterator[StarHost]:
    """Start a simulated Star printer and open its line."""
    printer = SimulatedStarPrinter(folder / "printer", folder / "tty", **options)  # type: ignore[arg-type]
    printer.start()
    host = StarHost(printer)
    try:
        yield host
    finally:
        host.close()
        printer.stop()
