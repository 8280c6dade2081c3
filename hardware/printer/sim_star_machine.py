"""The simulated Star printer's command interpreter: Star Line Mode, and the raster mode within it.

Source: Star Line Mode Command Specifications. It shares paper, mechanism and characters with the ESC/POS printer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hardware.printer.sim_machine import FIRST_PRINTABLE, Machine
from hardware.printer.sim_star_ear import CAN, ENQ, RESET, STATUS
from hardware.printer.sim_star_presenter import StarPresenter
from hardware.printer.sim_star_status import StarSensors, automatic_status, enquiry_status, paper_status
from hardware.printer.sim_text import Style

RASTER_DATA = b"raster "
DATA_NAMES = (b"b", b"k")
# In raster mode text and its settings mean nothing; status, presenter, drawer and cancel do not depend on the mode.
IN_RASTER = (
    RASTER_DATA,
    b"\x1b*r",
    b"\x1b\x0c",
    b"\x1b\x1e",
    b"\x1b\x1d\x03",
    b"\x1b\x16",
    b"\x1b\x06",
    b"\x17",
    b"\x18",
    b"\x04",
    b"\x05",
)
DETECTS = "tup900"
LINE_ROWS = 32  # 4 mm


IMAGE_ROWS = 1600  # 200 mm; how much the image buffer of a real printer holds is not published


class RasterMode:
    """What ESC * r A sets back: modes as in ESC * r E and F (None: the default), margins in dots, rows not printed yet.

    ``page_rows`` 0 is the continuous mode; at first a page is as long as the image buffer.
    """

    def __init__(self) -> None:
        self.end_mode: int | None = None
        self.feed_mode: int | None = None
        self.page_rows = IMAGE_ROWS
        self.left_dots = 0
        self.right_dots = 0
        self.clear()

    def clear(self) -> None:
        """Forget the image buffer (ESC * r C)."""
        self.rows: list[int] = []
        self.open_row = 0
        self.height = 0

    def __bool__(self) -> bool:
        return bool(self.rows or self.open_row or self.height)


class StarMachine(Machine):
    """One interpreter; ``raster`` is None in line mode. ``forgotten`` is called at each reset: the ear begins anew too."""

    forgotten: Callable[[], None] = staticmethod(lambda: None)

    def initialise(self) -> None:
        """Set everything to what it is after power-on."""
        super().initialise()
        self.raster: RasterMode | None = None
        self._cancelled = False
        self.counter = self.print_ends = 0
        self.document_ended = False
        self.set_back()

    def set_back(self) -> None:
        """Set style and line back (ESC @): status, counters and raster settings stay."""
        self.style = Style(spacing_rows=LINE_ROWS)
        self.line.clear()

    @property
    def sensors(self) -> StarSensors:
        """What the printer feels now."""
        sensors = self.mechanism.sensors
        return sensors if isinstance(sensors, StarSensors) else StarSensors()

    @property
    def presenter(self) -> StarPresenter | None:
        """The presenter, where there is one."""
        presenter = self.mechanism.presenter
        return presenter if isinstance(presenter, StarPresenter) and self.model.presents else None

    def _obey(self) -> None:
        first = self.take(1)
        self.ready()
        if self.raster is not None:
            self._obey_in_raster(first)
        elif first[0] >= FIRST_PRINTABLE:
            self.print_character(first)
        else:
            self._find_order(first)

    def _obey_in_raster(self, first: bytes) -> None:
        name = RASTER_DATA + first if first in DATA_NAMES else first
        everything, self.orders = self.orders, {n: o for n, o in self.orders.items() if n.startswith(IN_RASTER)}
        try:
            self._find_order(name)
        finally:
            self.orders = everything

    def number(self) -> int:
        """Take a decimal number of ASCII digits that ends with NUL; 0 when it is none."""
        digits = bytearray()
        while (digit := self.byte()) and len(digits) < 255:
            digits.append(digit)
        return int(digits) if digits.isdigit() else 0

    def print_rows(self, rows: Iterable[int]) -> None:
        """Print rows; the first of a sheet shows in the presenter."""
        for index, row in enumerate(rows):
            if not index:
                self._supply()
            self.mechanism.row(row, self._epoch)
        self.mechanism.rest()

    def _supply(self) -> None:
        with self.inbox.bell:
            if self.presenter:
                self.presenter.supply()
                self.feel_presenter()

    def cut(self, kind: str) -> None:
        """Cut; with a presenter always fully."""
        super().cut("full" if self.presenter else kind)
        self.feel_presenter()

    def feel_presenter(self) -> None:
        """Take the presenter's position over into the status, which tells the host of a change."""
        with self.inbox.bell:
            position = self.presenter.position if self.presenter else 0
            if position != self.sensors.paper_position:
                self.mechanism.change(paper_position=position)  # type: ignore[arg-type]

    def end_document(self) -> None:
        """Count the document that ended and say so (ETB)."""
        with self.inbox.bell:
            self.counter += 1
            self.document_ended = True
            if self.auto_items:
                self.send_status()

    def forget_counter(self) -> None:
        """Set the counter of documents back; nothing is sent (ESC RS E)."""
        self.counter, self.document_ended = 0, False

    def send_status(self) -> None:
        """Send the automatic status; the flag of ETB is gone once it was sent."""
        with self.inbox.bell:
            self.send(self.status())
            self.document_ended = False
            self._reported = self.status()

    def status(self) -> bytes:
        """Give the automatic status as it is now."""
        return automatic_status(
            self.sensors, self.counter, document_ended=self.document_ended, detects=self.model.name == DETECTS
        )

    def report_change(self) -> None:
        """Send the automatic status, where it is on, if it is not what was sent last."""
        if self.auto_items and self.status() != self._reported:
            self.send_status()

    def report_from_now(self, items: int) -> None:
        """Turn the automatic status on or off (ESC RS a n). That it is on is not itself reported."""
        with self.inbox.bell:
            self.auto_items = items
            self._reported = self.status()

    def answer_now(self, command: bytes) -> None:
        """Obey a real-time command the moment it is heard."""
        if command == RESET:
            self.reset()
        elif command == CAN:
            self.cancel()
        elif command == STATUS:
            self.send_status()
        else:
            empty = len(self.inbox) <= 1  # the request itself is in the buffer by now
            byte = enquiry_status(self.sensors, buffer_empty=empty) if command == ENQ else paper_status(self.sensors)
            self.send(bytes((byte,)))

    def cancel(self) -> None:
        """Forget buffer, line, picture, settings and counters (CAN). From any thread."""
        with self.inbox.bell:
            self._cancelled = True
            self.forget_counter()
            if self.presenter:
                self.presenter.counts = [0, 0]
            self.inbox.clear()

    def _forget(self) -> None:
        with self.inbox.bell:
            super()._forget()
            if self._cancelled:
                self._cancelled = False
                self.raster = None
                self.set_back()

    def reset(self) -> None:
        """Start anew as after a power cut: buffer, settings and errors without a cause are gone. From any thread."""
        self.power_up()
        self.mechanism.recover()
        self.forgotten()
