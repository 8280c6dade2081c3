"""The simulated printer's command interpreter: takes bytes from the inbox, moves the mechanism, answers the host.

Commands: Epson ESC/POS reference, standard mode. What a handler needs is here; the handlers are tables of functions
over this class (`sim_orders`, `sim_pictures`, `sim_replies`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from hardware.printer.sim_inbox import DLE, ClearedError, EndedError, Inbox
from hardware.printer.sim_mechanism import Mechanism
from hardware.printer.sim_model import Model
from hardware.printer.sim_sensors import auto_status, offline_cause, watched
from hardware.printer.sim_text import Line, Style, draw

FIRST_PRINTABLE = 0x20
LINE_FEED = 0x0A
RASTER = b"\x1dv0"
# How many bytes follow DLE DC4 fn in the buffer.
DLE_DC4_LENGTHS = {1: 2, 2: 2, 3: 5, 7: 1, 8: 7}


class Machine:
    """One interpreter. ``run`` is the body of its thread; ``send`` gives bytes to the host.

    ``unknown`` counts bytes of commands that this printer does not have, by command; ``ignored`` counts commands that
    it has and did not execute, because the manual says so or because they have no effect on paper.
    """

    def __init__(self, model: Model, inbox: Inbox, mechanism: Mechanism, send: Callable[[bytes], None]) -> None:
        self.model = model
        self.inbox = inbox
        self.mechanism = mechanism
        self.send = send
        self.unknown: Counter[str] = Counter()
        self.ignored: Counter[str] = Counter()
        self.width_dots = mechanism.paper.width_dots
        self.line = Line()
        self.orders: Mapping[bytes, Callable[[Machine], None]] = {}
        self._epoch = inbox.epoch
        self._last = b""
        self._cold = False
        self.initialise()
        mechanism.noticed = self.report_change

    def initialise(self) -> None:
        """Set everything to what it is after power-on (ESC @)."""
        self.style = Style()
        self.line.clear()
        self.auto_items = 0
        self.offline_response = 0
        self.symbol: dict[str, int | bytes] = {"module": 3, "level": 48, "data": b""}
        self.picture: list[int] = []
        self.picture_dots = 0
        self.units_per_inch = self.mechanism.paper.dots_per_inch
        self._reported = b""
        self._was_offline = self.mechanism.sensors.offline

    def power_up(self) -> None:
        """Forget the buffer, the line and every setting, as when the mains come back. From any thread."""
        with self.inbox.bell:
            self._cold = True
            self.auto_items = self.offline_response = 0
            self.inbox.clear()

    def run(self) -> None:
        """Obey until the inbox ends."""
        while True:
            try:
                self._obey()
            except ClearedError:
                self._forget()
            except EndedError:
                return

    def _forget(self) -> None:
        with self.inbox.bell:
            self._epoch = self.inbox.epoch
            self.line.clear()
            self.mechanism.rest()
            if self._cold:
                self._cold = False
                self.initialise()

    def _obey(self) -> None:
        first = self.take(1)
        self.ready()
        if first[0] >= FIRST_PRINTABLE:
            self._last = b""
            self.print_character(first)
        elif first[0] == DLE:
            self._skip_real_time()
        else:
            self._find_order(first)

    def _find_order(self, name: bytes) -> None:
        while name not in self.orders:
            if not any(known.startswith(name) for known in self.orders):
                self.count_unknown(name)
                return
            name += self.take(1)
        previous, self._last = self._last, name
        if name == b"\n" and previous == RASTER and self.model.eats_line_feed_after_raster:
            return
        self.orders[name](self)

    def _skip_real_time(self) -> None:
        kind = self.byte()
        if kind == 0x04:
            n = self.byte()
            self.take(1 if n in {7, 8, 18} else 0)
        elif kind == 0x05:
            self.byte()
        elif kind == 0x14 and (fn := self.byte()) in DLE_DC4_LENGTHS:
            self.take(DLE_DC4_LENGTHS[fn])
        else:
            self.count_unknown(bytes((DLE, kind)))

    def take(self, count: int) -> bytes:
        """Take the next bytes of the command, waiting for them without end as printers do."""
        return self.inbox.take(count, self._epoch)

    def byte(self) -> int:
        """Take one parameter."""
        return self.take(1)[0]

    def word(self) -> int:
        """Take a parameter of two bytes, low byte first."""
        return int.from_bytes(self.take(2), "little")

    def count_unknown(self, name: bytes, extra_bytes: int = 0) -> None:
        """Note bytes that mean nothing to this printer."""
        self.unknown[name.hex(" ")] += len(name) + extra_bytes

    def ready(self) -> None:
        """Wait until the printer is online."""
        self.mechanism.ready(self._epoch)

    def print_character(self, code: bytes) -> None:
        """Put a character into the line; a full line is printed first."""
        cell = draw(code.decode(self.style.codec, "replace"), self.style)
        if self.line.cursor_dots + cell.width > self.style.area(self.width_dots):
            self.feed(self.style.spacing_rows)
        self.line.text += code.decode(self.style.codec, "replace")
        self.line.add(cell, self.style.space_dots * self.style.width_times)

    def feed(self, least_rows: int) -> None:
        """Print the line, if any, and move the paper by ``least_rows`` or the line's height, whichever is more."""
        rows = self.line.rows(self.style, self.width_dots) if self.line else []
        if self.line.text:
            self.mechanism.paper.text += self.line.text + "\n"
        self.line.clear()
        self.print_rows(rows + [0] * (least_rows - len(rows)))

    def print_rows(self, rows: Iterable[int]) -> None:
        """Print rows of the paper's width, one by one."""
        for row in rows:
            self.mechanism.row(row, self._epoch)
        self.mechanism.rest()

    def print_picture(self, rows: Iterable[int], dots: int) -> None:
        """Print rows of ``dots`` bits within the printing area; what lies outside it is lost."""
        area = self.style.area(self.width_dots)
        start = self.style.margin_dots + (area - min(area, dots)) * self.style.align // 2
        shift = self.width_dots - start - dots
        mask = ((1 << area) - 1) << (self.width_dots - self.style.margin_dots - area)
        self.print_rows((row << shift if shift >= 0 else row >> -shift) & mask for row in rows)

    def cut(self, kind: str) -> None:
        """Cut here, or notice that the cutter cannot."""
        before = self.mechanism.paper.pieces
        self.mechanism.cut(kind, self._epoch)
        if self.model.presents and self.mechanism.paper.pieces > before:
            self.mechanism.presenter.receive(before + 1)

    def report_change(self) -> None:
        """Send what the host asked to be told without asking: automatic status and offline response."""
        sensors = self.mechanism.sensors
        if self.auto_items:
            status = auto_status(sensors)
            news = watched(self.auto_items, status)
            if news != self._reported:
                self._reported = news
                self.send(status)
        if sensors.offline and not self._was_offline and self.offline_response:
            self.send(b"\x37\x23" + (offline_cause(sensors) if self.offline_response == 2 else b"") + b"\x00")
        self._was_offline = sensors.offline

    def report_from_now(self, items: int) -> None:
        """Turn automatic status on for these items (GS a n) and send it once, or off with 0."""
        with self.inbox.bell:
            self.auto_items = items
            if items:
                status = auto_status(self.mechanism.sensors)
                self._reported = watched(items, status)
                self.send(status)
