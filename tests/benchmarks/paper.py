"""Receipts: drawn, encoded, their bytes on the wire, and printed to the end through a pseudo-terminal."""

from __future__ import annotations

import io
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import cast

from escpos.printer import Dummy
from msgspec.structs import replace
from PIL import Image

from hardware.line import Fault, Line
from hardware.printer.commands import acknowledgement_request
from hardware.printer.driver import EscposPrinter, PrinterSettings, open_driver
from hardware.printer.encode import encode
from hardware.printer.layout import lay_out
from hardware.printer.profiles import PROFILES
from hardware.printer.simulator import SimulatedPrinter
from hardware.printer.text_encode import encode as encode_letters
from kiosk.domain.receipt import Gap, Printed, Rule
from tests.benchmarks.measure import Row, median, percentile, timed_ms
from tests.hardware.printer.samples import PAYMENT

DRAWN, PRINTED, TRIES = 40, 10, 3
BAUD, BITS_PER_BYTE = 115200, 10
SLOW_BAUDS = (9600, 19200)
NO_FAULT = Fault("drop", "to_device", 1 << 30)
PROFILE = PROFILES["generic-80"]
LONG = replace(PAYMENT, lines=(*PAYMENT.lines, Rule(), Gap(4)))
"""A payment's receipt of 35 lines."""


def measure() -> list[Row]:
    """Return how long a long receipt takes from its lines to bytes, and to the cut."""
    lay_out(LONG)  # the typeface is loaded once in a kiosk's life
    drawn = timed_ms(lambda: lay_out(LONG), DRAWN)
    picture = lay_out(LONG)
    encoded = timed_ms(lambda: encode(picture, PROFILE), DRAWN)
    both = [one + other for one, other in zip(drawn, encoded, strict=True)]
    lines = len(LONG.lines)
    return [
        Row(f"receipt: {lines} lines drawn and encoded, median", median(both), "ms", 60),
        Row("receipt: drawn alone, median", median(drawn), "ms"),
        Row("receipt: drawn and encoded, p95", percentile(both, 95), "ms"),
        Row(
            "receipt: printed and confirmed through a pty, median",
            median(printed_ms()),
            "ms",
            note="printer without inertia",
        ),
        Row("receipt: bytes on the wire, share of python-escpos' own picture", share(picture), "%", 50),
        Row(
            "receipt: from order to acknowledged cut at 115200 baud, above the line's time",
            above_line_percent(),
            "%",
            5,
            note="drawing included",
        ),
        *in_letters(picture),
    ]


def in_letters(picture: Image.Image) -> list[Row]:
    """Return what the printer's own letters save on slow lines: bytes, and seconds from order to acknowledged cut."""
    head = 576
    letters, dots = on_wire(encode_letters(LONG, PROFILE, head)[1]), on_wire(encode(picture, PROFILE))
    rows = [
        Row("receipt in letters: bytes on the wire", letters, "B"),
        Row("receipt in letters: share of the picture's bytes", 100 * letters / dots, "%", 20),
    ]
    for baud in SLOW_BAUDS:
        needed_s = letters * BITS_PER_BYTE / baud
        rows.append(
            Row(
                f"receipt in letters: from order to acknowledged cut at {baud} baud",
                printed_s(baud),
                "s",
                1.25 * needed_s,
                note=f"its bytes need {needed_s:.1f} s, the picture's {dots * BITS_PER_BYTE / baud:.1f} s",
            )
        )
    return rows


def printed_s(baud: int) -> float:
    """Print once in letters on a line of this speed; return the seconds it took."""
    with tempfile.TemporaryDirectory(prefix="kb-") as name:
        folder = Path(name)
        printer = SimulatedPrinter(folder / "printer", folder / "port", baud=baud)
        printer.start()
        driver = cast("EscposPrinter", open_driver(PrinterSettings(port=str(folder / "port"), baudrate=baud)))
        try:
            return timed_ms(lambda: check(driver), 1)[0] / 1000
        finally:
            driver.close()
            printer.stop()


def on_wire(windows: list[bytes]) -> int:
    """Return the bytes of a paper, acknowledgement requests included."""
    return sum(len(window + acknowledgement_request(PROFILE, "0000")) for window in windows)


def share(picture: Image.Image) -> float:
    """Return our bytes, acknowledgement requests included, in percent of what the library's own image path sends."""
    theirs = Dummy()
    with redirect_stdout(io.StringIO()):  # it complains there about each picture
        theirs.image(picture)
        theirs.cut()
    return 100 * on_wire(encode(picture, PROFILE)) / len(theirs.output)


def above_line_percent() -> float:
    """Print at 115200 baud; return by how much the best of three took longer than its bytes need on the line."""
    with tempfile.TemporaryDirectory(prefix="kb-") as name:
        folder = Path(name)
        printer = SimulatedPrinter(folder / "printer", folder / "device", baud=BAUD)
        printer.start()
        line = Line(folder / "port", folder / "device")
        line.start()
        driver = cast("EscposPrinter", open_driver(PrinterSettings(port=str(folder / "port"), baudrate=BAUD)))
        try:
            check(driver)
            line.arm(NO_FAULT)  # counts from now on
            took_ms = timed_ms(lambda: check(driver), TRIES)
            needed_ms = line.passed["to_device"] / TRIES * BITS_PER_BYTE / BAUD * 1000
        finally:
            driver.close()
            line.stop()
            printer.stop()
        return 100 * (min(took_ms) / needed_ms - 1)


def printed_ms() -> list[float]:
    """Print whole receipts with the real driver on a simulated printer that burns as fast as it is told."""
    with tempfile.TemporaryDirectory(prefix="kb-") as name:
        folder = Path(name)
        printer = SimulatedPrinter(folder / "printer", folder / "port")
        printer.start()
        driver = cast("EscposPrinter", open_driver(PrinterSettings(port=str(folder / "port"))))
        try:
            return timed_ms(lambda: check(driver), PRINTED)
        finally:
            driver.close()
            printer.stop()


def check(driver: EscposPrinter) -> None:
    """Print once. TypeError if it did not come out whole."""
    outcome = driver.print(LONG)
    if not isinstance(outcome, Printed):
        raise TypeError(f"not printed: {outcome}")
