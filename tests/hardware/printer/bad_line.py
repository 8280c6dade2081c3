"""A printer behind a bad line: one receipt with one fault, then another citizen's, and what lies in the tray after that."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from msgspec import Struct
from PIL import Image, ImageChops

from hardware.line import Fault, Line
from hardware.printer.driver import EscposPrinter, PrinterSettings, open_driver
from hardware.printer.profiles import ProfileName
from hardware.printer.sim_star import STAR_MODELS, SimulatedStarPrinter
from hardware.printer.simulator import SimulatedPrinter
from hardware.printer.typeface import GRADES
from hardware.tcp_line import TcpLine
from kiosk.domain.receipt import Printed, PrintOutcome, Receipt, Text

FIRST = Receipt("A", "az", (Text("1", size="small"), Text("7", size="small")))
SECOND = Receipt("B", "az", (Text("2", size="small"),))
QUICK = {"grace_s": 0.0, "answer_s": 0.1, "acknowledge_s": 0.3}
TRIES = 4
NO_FAULT = Fault("drop", "to_device", 1 << 30)


class Seen(Struct, frozen=True):
    """What became of the first receipt: the driver's word, whether the fault happened, and what the best paper holds of it.

    ``lines`` of its two that stand there dot for dot; ``whole``: those and nothing else.
    """

    outcome: PrintOutcome
    fired: bool
    lines: int
    whole: bool


def inked(picture: Image.Image) -> bytes:
    """Return a picture's rows from the first with ink to the last: blank paper shows nothing of anybody."""
    box = ImageChops.invert(picture).getbbox()
    return picture.crop((0, box[1], picture.width, box[3])).tobytes() if box else b""


def holds(paper: Image.Image, line: bytes) -> bool:
    """Whether these rows stand somewhere on a paper."""
    rows, stride = paper.tobytes(), paper.width // 8
    found = rows.find(line)
    while found >= 0 and found % stride:
        found = rows.find(line, found + 1)
    return found >= 0


def lines_of(picture: Image.Image) -> list[bytes]:
    """Return the rows of the first receipt's two lines, each of which is sent in a window of its own."""
    pitch = GRADES["small"].pitch
    return [inked(picture.crop((0, top, picture.width, top + pitch))) for top in (0, pitch)]


class World:
    """One printer, one line (serial or TCP), one driver after another; papers as pictures or in letters."""

    def __init__(
        self, folder: Path, model: str, profile: ProfileName, path: Literal["picture", "text"], *, tcp: bool = False
    ) -> None:
        folder.mkdir()
        self.folder, self.profile, self.path = folder / "printer", profile, path
        kind = SimulatedStarPrinter if model in STAR_MODELS else SimulatedPrinter
        self.printer = kind(self.folder, "tcp://127.0.0.1:0" if tcp else folder / "device", model=model)
        self.printer.start()
        self.in_letters: dict[str, Image.Image] = {}
        self.line = TcpLine(self.printer.port) if tcp else Line(folder / "port", folder / "device")
        self.port = self.line.port if isinstance(self.line, TcpLine) else str(folder / "port")
        self.line.start()

    def close(self) -> None:
        self.line.stop()
        self.printer.stop()

    def papers(self) -> list[Image.Image]:
        """Return the pieces of paper, oldest first."""
        names = sorted(self.folder.glob("paper-0*.png"))
        return [Image.open(name).convert("1") for name in names]

    def judge(self, fault: Fault) -> Seen:
        """Judge, and demand that the printer prints again by itself."""
        seen = self.judge_patiently(fault)
        assert seen is not None, (fault, self.printer.do({"do": "state"}))
        return seen

    def judge_patiently(self, fault: Fault) -> Seen | None:
        """Print two receipts, the first with the fault, and hold the driver's words against the papers.

        None when the second did not come out but after the printer had been switched off and on.
        """
        driver = self.driver()
        first, second = self.shown(FIRST, driver), self.shown(SECOND, driver)
        before = len(self.papers())
        try:
            self.line.arm(fault)
            outcome = driver.print(FIRST)
            fired = self.line.fired
            self.line.arm(NO_FAULT)
            stuck = not self.prints(driver)
            if stuck:
                self.printer.do({"do": "power_cycle"})
                assert self.prints(driver), (fault, outcome)
        finally:
            driver.close()
        *others, last = self.papers()[before:]
        assert inked(last) == inked(second), (fault, outcome, "the second paper does not show its receipt alone")
        held = max((sum(holds(paper, line) for line in lines_of(first)) for paper in others), default=0)
        return None if stuck else Seen(outcome, fired, held, any(inked(paper) == inked(first) for paper in others))

    def driver(self) -> EscposPrinter:
        """Start a driver that knows nothing."""
        return open_driver(PrinterSettings(port=self.port, profile=self.profile, path=self.path, **QUICK))

    def shown(self, receipt: Receipt, driver: EscposPrinter) -> Image.Image:
        """Return what a paper should look like: its layout, or in letters what a good line brought once."""
        if self.path == "picture":
            return driver.picture(receipt)
        if receipt.reference not in self.in_letters:
            self.line.arm(NO_FAULT)
            assert driver.print(receipt) == Printed()
            self.in_letters[receipt.reference] = self.papers()[-1]
        return self.in_letters[receipt.reference]

    def prints(self, driver: EscposPrinter) -> bool:
        """Try to print the second receipt; a disturbed printer may need more than one try."""
        for _ in range(TRIES):
            self.whole()
            if driver.print(SECOND) == Printed():
                return True
        return False

    def whole(self) -> None:
        """Wait until a pulled cable is back in its place."""
        end_s = time.monotonic() + 3.0
        while isinstance(self.line, Line) and not Path(self.port).exists() and time.monotonic() < end_s:
            time.sleep(0.01)


@contextmanager
def a_world(
    folder: Path,
    model: str = "epson",
    profile: ProfileName = "generic-80",
    path: Literal["picture", "text"] = "picture",
    *,
    tcp: bool = False,
) -> Iterator[World]:
    """Lay a line to a printer."""
    world = World(folder, model, profile, path, tcp=tcp)
    try:
        yield world
    finally:
        world.close()


def lengths(
    folder: Path,
    model: str = "epson",
    profile: ProfileName = "generic-80",
    path: Literal["picture", "text"] = "picture",
    *,
    tcp: bool = False,
) -> dict[str, int]:
    """Print once on a good line: how many bytes pass in each direction."""
    with a_world(folder, model, profile, path, tcp=tcp) as world:
        driver = world.driver()
        try:
            world.line.arm(NO_FAULT)
            assert driver.print(FIRST) == Printed()
        finally:
            driver.close()
        return world.line.passed
