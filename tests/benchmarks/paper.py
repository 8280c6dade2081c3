"""Receipts: drawn and encoded, and printed to the end through a pseudo-terminal."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast

from msgspec.structs import replace

from hardware.printer.driver import EscposPrinter, PrinterSettings, open_driver
from hardware.printer.encode import encode
from hardware.printer.layout import lay_out
from hardware.printer.profiles import PROFILES
from hardware.printer.simulator import SimulatedPrinter
from kiosk.domain.receipt import Gap, Printed, Rule
from tests.benchmarks.measure import Row, median, percentile, timed_ms
from tests.hardware.printer.samples import PAYMENT

DRAWN, PRINTED = 40, 10
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
    ]


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
