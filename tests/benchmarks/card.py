"""The ID card: PACE and EF.DG1 through pyscard, pcscd and the virtual reader."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hardware.card.driver import CardSettings, open_driver
from hardware.card.simulator import SimulatedCardReader
from hardware.card.virtual_reader import VirtualReader
from kiosk.domain.citizen import Citizen
from kiosk.domain.secret import Secret
from tests.benchmarks.measure import Row, median, percentile, timed_ms

READS = 25


def measure() -> list[Row]:
    """Return how long reading a citizen takes, from the digits to the name."""
    with tempfile.TemporaryDirectory(prefix="kb-") as name, VirtualReader(Path(name) / "r") as reader:
        os.environ["PCSCLITE_CSOCK_NAME"] = str(reader.socket_path)
        card = SimulatedCardReader(Path(name) / "card", reader.port)
        card.start()
        card.do({"do": "insert", "card": "aygun"})
        driver = open_driver(CardSettings())
        driver.wait_for_card(5)
        took = timed_ms(lambda: _read(driver), READS)
        driver.close()
        card.stop()
    return [
        Row("card: PACE + EF.DG1 through pcscd, median", median(took), "ms", note="simulated chip in the same process"),
        Row("card: PACE + EF.DG1 through pcscd, p95", percentile(took, 95), "ms"),
    ]


def _read(driver: object) -> None:
    found = driver.read_citizen(Secret("123456"))  # type: ignore[attr-defined]
    if not isinstance(found, Citizen):
        raise TypeError(found)
