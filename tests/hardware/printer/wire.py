"""A printer on a pseudo-terminal with the real driver at the near end, for tests of both together."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

from hardware.printer.driver import EscposPrinter, PrinterSettings, open_driver
from hardware.printer.layout import HEADS
from hardware.printer.sim_star import STAR_MODELS, SimulatedStarPrinter
from hardware.printer.simulator import SimulatedPrinter
from kiosk.domain.receipt import Printed, PrintOutcome, Receipt
from tests.hardware.printer.samples import SHORT

WAIT_S = 10.0
PROFILES_OF = {"epson": "generic-80", "clone": "clone-80", "custom": "custom-80", "tx_only": "tx-only"}
"""Which profile suits a model; each Star has the same one."""
ON_THE_MOVE = 200
"""Rows of paper after which a fault counts as one in the middle."""


class Wire:
    """One printer, one driver, one thread that prints as the crew's does."""

    def __init__(self, folder: Path, model: str, *, network: bool = False, **settings: Any) -> None:
        self.folder = folder / "printer"
        head = {"dots_per_inch": settings.get("dots_per_inch", 203)}
        head["width_dots"] = HEADS[settings.get("width_mm", 80), head["dots_per_inch"]]
        if settings.get("baudrate"):
            head["baud"] = settings["baudrate"]
        link = "tcp://127.0.0.1:0" if network else folder / "port"
        kind = SimulatedStarPrinter if model in STAR_MODELS else SimulatedPrinter
        self.printer = kind(self.folder, link, model=model, **head)
        self.printer.start()
        self.settings = {"port": self.printer.port, **settings}
        self.driver: EscposPrinter = open_driver(PrinterSettings(**self.settings))
        self._crew = ThreadPoolExecutor(1)

    def do(self, name: str, **more: Any) -> dict[str, Any]:
        """Let something happen to the printer."""
        answer = self.printer.do({"do": name, **more})
        assert answer["ok"], answer
        return answer

    def until(self, ready: Callable[[dict[str, Any]], bool]) -> None:
        """Wait until the printer is in a certain state."""
        end_s = time.monotonic() + WAIT_S
        while not ready(state := self.do("state")):
            assert time.monotonic() < end_s, state
            time.sleep(0.005)

    def begin(self, receipt: Receipt) -> Future[PrintOutcome]:
        """Print at a pace at which something can happen, and return when paper is moving."""
        self.do("slow", mm_per_s=300)
        printing = self._crew.submit(self.driver.print, receipt)
        self.until(lambda state: state["uncut_rows"] > ON_THE_MOVE or printing.done())
        assert not printing.done(), printing.result()
        return printing

    def restart(self) -> None:
        """Start the program anew: another driver, which knows nothing."""
        self.driver.close()
        self.driver = open_driver(PrinterSettings(**self.settings))

    def leave(self, sent: bytes) -> None:
        """Send what an earlier program sent, which ended then and there."""
        fd = os.open(self.settings["port"], os.O_RDWR | os.O_NOCTTY)
        try:
            os.write(fd, sent)
        finally:
            os.close(fd)

    def windows(self, receipt: Receipt) -> list[bytes]:
        """Return what is sent for a receipt."""
        return self.driver._windows(receipt)[1]

    def papers(self) -> list[Image.Image]:
        """Return the pieces of paper that were cut off, oldest first."""
        return [Image.open(self.folder / row["paper"]).convert("1") for row in self.printer.ledger() if row["cut"]]

    def close(self) -> None:
        self.driver.cancel()
        self._crew.shutdown()
        self.driver.close()
        self.printer.stop()


@contextmanager
def wire(folder: Path, model: str = "epson", **settings: Any) -> Iterator[Wire]:
    """Connect a printer and a driver; no grace unless a test asks for it, and patience for a printer that is never slow."""
    usual = {"profile": PROFILES_OF.get(model, "star-tup900"), "answer_s": 0.3 if model in STAR_MODELS else 0.2}
    connected = Wire(folder, model, **{**usual, "grace_s": 0.0, "acknowledge_s": 3.0, **settings})
    try:
        yield connected
    finally:
        connected.close()


def differing_dots(paper: Image.Image, picture: Image.Image) -> int:
    """Count the dots in which a paper differs from a picture; whatever hangs over must be blank."""
    whole = Image.new("1", (picture.width, max(paper.height, picture.height)), 255)
    whole.paste(picture, (0, 0))
    other = Image.new("1", whole.size, 255)
    other.paste(paper, (0, 0))
    return ImageChops.difference(whole, other).histogram()[255]


def is_exactly(paper: Image.Image, wired: Wire, receipt: Receipt) -> bool:
    """Whether a paper shows this receipt and nothing else, dot for dot."""
    picture = wired.driver.picture(receipt)
    return paper.width == picture.width and differing_dots(paper, picture) == 0


def the_next_paper_is_clean(wired: Wire) -> None:
    """Print another paper and see that nothing of an earlier one is on it, and that it is the only whole one."""
    assert wired.driver.print(SHORT) == Printed()
    *earlier, last = wired.papers()
    assert is_exactly(last, wired, SHORT)
    assert not any(is_exactly(paper, wired, SHORT) for paper in earlier)
