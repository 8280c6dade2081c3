"""The host's side of the line for the tests of the simulated printer: raw bytes, every wait bounded."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from hardware.printer.simulator import SimulatedPrinter

WAIT_S = 3.0
INIT = b"\x1b@"
CUT = b"\x1dV\x00"


class Host:
    """Opens the printer's link and talks in bytes."""

    def __init__(self, printer: SimulatedPrinter) -> None:
        self.printer = printer
        self.fd = os.open(printer.link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self._jobs = 0

    def close(self) -> None:
        os.close(self.fd)

    def write(self, data: bytes) -> None:
        """Write everything within the time allowed."""
        end_s = time.monotonic() + WAIT_S
        while data:
            left_s = end_s - time.monotonic()
            assert left_s > 0, f"{len(data)} bytes not taken"
            if select.select([], [self.fd], [], left_s)[1]:
                data = data[os.write(self.fd, data) :]

    def push(self, data: bytes) -> int:
        """Write as much as goes without waiting; give the number of bytes."""
        sent = 0
        while sent < len(data) and select.select([], [self.fd], [], 0.2)[1]:
            sent += os.write(self.fd, data[sent : sent + 1000])
        return sent

    def read(self, count: int, timeout_s: float = WAIT_S) -> bytes:
        """Read up to ``count`` bytes; fewer only when the time is over."""
        got, end_s = b"", time.monotonic() + timeout_s
        while len(got) < count and (left_s := end_s - time.monotonic()) > 0:
            if select.select([self.fd], [], [], left_s)[0]:
                got += os.read(self.fd, count - len(got))
        return got

    def ask(self, question: bytes, count: int = 1) -> bytes:
        """Write a question and read an answer of ``count`` bytes."""
        self.write(question)
        return self.read(count)

    def status(self) -> str:
        """Ask DLE EOT 1 to 4, one after the other; give the four bytes in hex."""
        return b"".join(self.ask(bytes((0x10, 0x04, n))) for n in (1, 2, 3, 4)).hex(" ")

    def until(self, least_rows: int = 0, **wanted: object) -> None:
        """Wait until the printer's state has these values and at least so many uncut rows."""
        end_s = time.monotonic() + WAIT_S
        while time.monotonic() < end_s:
            state = self.printer.do({"do": "state"})
            if state["uncut_rows"] >= least_rows and all(state[name] == value for name, value in wanted.items()):
                return
            time.sleep(0.002)  # the state is the bench's view: nothing tells of its changes
        raise AssertionError(f"{least_rows} rows, {wanted} never came, at last {state}")

    def settle(self) -> None:
        """Wait until the printer has printed everything sent before (GS ( H, or GS r where that is not known)."""
        self._jobs += 1
        if self.printer.do({"do": "state"})["model"] == "clone":
            assert self.ask(b"\x1dr\x01") == b"\x00"
            return
        mark = b"%04d" % self._jobs
        assert self.ask(b"\x1d(H\x06\x0000" + mark, 7) == b"\x37\x22" + mark + b"\x00"

    def print(self, data: bytes) -> Image.Image:
        """Print, cut, wait; give the piece of paper (1-bit: 0 = black)."""
        self.write(data + CUT)
        self.settle()
        return piece(self.printer)


def piece(printer: SimulatedPrinter, number: int = -1) -> Image.Image:
    """Open one of the printer's pieces of paper; the last by default."""
    with Image.open(printer.folder / printer.ledger()[number]["paper"]) as image:
        image.load()
        return image


def ink(image: Image.Image) -> set[tuple[int, int]]:
    """Give the black dots as (x, y)."""
    width = image.width
    return {(i % width, i // width) for i, dot in enumerate(image.convert("L").tobytes()) if dot == 0}


def box(image: Image.Image) -> tuple[int, int, int, int]:
    """Give the bounding box of the ink as (left, top, right, bottom), right and bottom exclusive."""
    found = image.convert("L").point(lambda dot: 255 - dot).getbbox()
    assert found is not None, "blank paper"
    return found


def band(rows: list[bytes]) -> bytes:
    """Make a GS v 0 command of rows of equal length."""
    size = len(rows[0]).to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return b"\x1dv0\x00" + size + b"".join(rows)


@contextmanager
def printer_and_host(folder: Path, **options: object) -> Iterator[Host]:
    """Start a simulated printer and open its line."""
    printer = SimulatedPrinter(folder / "printer", folder / "tty", **options)
    printer.start()
    host = Host(printer)
    try:
        yield host
    finally:
        host.close()
        printer.stop()
