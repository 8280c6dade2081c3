"""The simulated Star printer's commands of line mode, as a table from command to what it does.

Source: Star Line Mode Command Specifications, "Standard Command Details"; Star TSP700 programmer's manual, line mode.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from PIL import Image

from hardware.printer.sim_machine import Machine
from hardware.printer.sim_pictures import stretched
from hardware.printer.sim_star_ear import RECORD_SEPARATOR
from hardware.printer.sim_star_machine import LINE_ROWS, StarMachine
from hardware.printer.sim_text import CELLS

Order = Callable[[StarMachine], None]
_Order = TypeVar("_Order", bound=Order)
ORDERS: dict[bytes, Callable[[Machine], None]] = {}
PARAMETERS: dict[bytes, int] = {}
"""How many bytes follow each order's name, for the ear; data that follows these is told by `sim_star_ear.SIZED`."""
ROWS_PER_MM: Final = 8
THREE_MM_ROWS: Final = 24
STRIP_ROWS: Final = 24
# Commands with nothing to see on paper, by the number of their parameters: drawers, buzzer, countries, widths, speed.
WITHOUT_EFFECT: Final = {
    0: (b"\x00", b"\r", b"\x04", b"\x05", b"\x07", b"\x18", b"\x19", b"\x1a", b"\x1c", b"\x1bM", b"\x1bP", b"\x1b:", b"\x1b6", b"\x1b7", b"\x1bp", b"\x1bq"),
    1: (b"\x1bR", b"\x1b/", b"\x1b ", b"\x1bl", b"\x1bQ", b"\x1bC", b"\x1bN", b"\x1b$", b"\x1b_", b"\x1b\x1eF", b"\x1b\x1ed", b"\x1b\x1er", b"\x1b\x1eC"),
    2: (b"\x1b\x07", b"\x1b\x1dP", b"\x1b\x1cp", b"\x1bt", b"\x1bs"),
    3: (b"\x1b\x1d\x07", b"\x1b\x1d\x19\x11", b"\x1b\x1d\x19\x12"),
}  # fmt: skip


def order(name: bytes, parameters: int = 0) -> Callable[[_Order], _Order]:
    """Enter a function in the table, with the number of bytes that it takes."""

    def enter(function: _Order) -> _Order:
        def checked(machine: Machine) -> None:
            if isinstance(machine, StarMachine):
                function(machine)

        ORDERS[name] = checked
        PARAMETERS[name] = parameters
        return function

    return enter


def choice(n: int) -> int:
    """Read a parameter that may be a number or its digit."""
    return n - 48 if 48 <= n <= 57 else n


@order(b"\n")
def _line_feed(machine: StarMachine) -> None:
    machine.feed(machine.style.spacing_rows)


@order(b"\t")
def _tab(machine: StarMachine) -> None:
    cell_dots = CELLS[machine.style.font][0]
    here = machine.line.cursor_dots
    there = next((stop * cell_dots for stop in machine.style.tabs if stop * cell_dots > here), here)
    machine.line.text += "\t"
    machine.line.cursor_dots = min(there, machine.width_dots)


@order(b"\x1b@")
def _initialise(machine: StarMachine) -> None:
    if machine.line:
        machine.feed(machine.style.spacing_rows)
    machine.set_back()


@order(b"\x1b\x1da", 1)
def _align(machine: StarMachine) -> None:
    n = choice(machine.byte())
    if n <= 2 and not machine.line:
        machine.style.align = n


@order(b"\x1b\x1dt", 1)
def _table(machine: StarMachine) -> None:
    n = machine.byte()
    if n in machine.model.tables:
        machine.style.codec = machine.model.tables[n]
    else:
        machine.ignored[f"ESC GS t {n}: no such table"] += 1


def _flag(name: str, value: bool | int) -> Order:
    def change(machine: StarMachine) -> None:
        setattr(machine.style, name, value)

    return change


order(b"\x1bE")(_flag("bold", True))
order(b"\x1bF")(_flag("bold", False))
order(b"\x1b4")(_flag("inverse", True))
order(b"\x1b5")(_flag("inverse", False))
order(b"\x0f")(_flag("upside_down", True))
order(b"\x12")(_flag("upside_down", False))
order(b"\x0e")(_flag("width_times", 2))
order(b"\x14")(_flag("width_times", 1))
order(b"\x1b\x0e")(_flag("height_times", 2))
order(b"\x1b\x14")(_flag("height_times", 1))
order(b"\x1b0")(_flag("spacing_rows", THREE_MM_ROWS))


@order(b"\x1b-", 1)
def _underline(machine: StarMachine) -> None:
    machine.style.underline_rows = 2 * (choice(machine.byte()) & 1)


@order(b"\x1bW", 1)
def _wide(machine: StarMachine) -> None:
    machine.style.width_times = 1 + min(choice(machine.byte()), 5)


@order(b"\x1bh", 1)
def _high(machine: StarMachine) -> None:
    machine.style.height_times = 1 + min(choice(machine.byte()), 5)


@order(b"\x1bi", 2)
def _size(machine: StarMachine) -> None:
    machine.style.height_times = 1 + min(choice(machine.byte()), 5)
    machine.style.width_times = 1 + min(choice(machine.byte()), 5)


@order(b"\x1bz", 1)
def _spacing(machine: StarMachine) -> None:
    machine.style.spacing_rows = LINE_ROWS if choice(machine.byte()) & 1 else THREE_MM_ROWS


@order(b"\x1ba", 1)
def _feed_lines(machine: StarMachine) -> None:
    machine.feed(machine.byte() * machine.style.spacing_rows)


@order(b"\x1bJ", 1)
def _feed_quarters(machine: StarMachine) -> None:
    machine.feed(machine.byte() * ROWS_PER_MM // 4)


@order(b"\x1bI", 1)
def _feed_eighths(machine: StarMachine) -> None:
    machine.feed(machine.byte() * ROWS_PER_MM // 8)


@order(b"\x1b\x1dA", 2)
def _go_to(machine: StarMachine) -> None:
    dots = machine.word()
    if dots <= machine.width_dots:
        machine.line.cursor_dots = dots


@order(b"\x1b\x1dR", 2)
def _go_by(machine: StarMachine) -> None:
    dots = int.from_bytes(machine.take(2), "little", signed=True) + machine.line.cursor_dots
    if 0 <= dots <= machine.width_dots:
        machine.line.cursor_dots = dots


@order(b"\x1bd", 1)
def _cut(machine: StarMachine) -> None:
    n = choice(machine.byte())
    if n > 3:
        machine.count_unknown(b"\x1bd", 1)
        return
    if machine.line:
        machine.feed(machine.style.spacing_rows)
    if n & 2:
        machine.print_rows([0] * machine.mechanism.paper.gap_rows)
    machine.cut("partial" if n & 1 else "full")


@order(b"\x1b\x1dS")
def _picture(machine: StarMachine) -> None:
    """Print a picture of rows; its tone byte and its colour byte must be 1 and 0."""
    tone, stride, height, colour = machine.byte(), machine.word(), machine.word(), machine.byte()
    if tone != 1 or colour or not stride or not height:
        machine.count_unknown(b"\x1b\x1dS", 6)
        return
    rows = (int.from_bytes(machine.take(stride), "big") for _ in range(height))
    machine.print_picture(rows, stride * 8)


@order(b"\x1bX")
@order(b"\x1bL")
def _columns(machine: StarMachine) -> None:
    _add(machine, machine.take(machine.word() * 3), STRIP_ROWS)


@order(b"\x1bK")
def _coarse_columns(machine: StarMachine) -> None:
    _add(machine, machine.take(machine.word()), 8)


def _add(machine: StarMachine, data: bytes, high: int) -> None:
    columns = len(data) * 8 // high
    room = machine.width_dots - machine.line.cursor_dots
    if not columns or room <= 0:
        return
    standing = Image.frombytes("1", (high, columns), data).transpose(Image.Transpose.TRANSPOSE)
    times = STRIP_ROWS // high
    cell = standing.resize((columns * (2 if times > 1 else 1), STRIP_ROWS), Image.Resampling.NEAREST)
    machine.line.add(cell.crop((0, 0, min(room, cell.width), cell.height)))


@order(b"\x1bk")
def _strip(machine: StarMachine) -> None:
    """Print a strip of 24 rows, each ``n1`` bytes wide."""
    stride, _ = machine.take(2)
    data = machine.take(stride * STRIP_ROWS)
    if not stride:
        return
    rows = [int.from_bytes(data[start : start + stride], "big") for start in range(0, len(data), stride)]
    machine.print_picture((stretched(row, stride * 8, 1) for row in rows), stride * 8)


@order(b"\x1bD")
def _tab_stops(machine: StarMachine) -> None:
    stops: list[int] = []
    while stop := machine.byte():
        stops.append(stop)
    machine.style.tabs = tuple(sorted(stops))


@order(b"\x1bb")
def _barcode(machine: StarMachine) -> None:
    machine.take(4)
    while machine.byte() != RECORD_SEPARATOR:
        pass
    machine.ignored["ESC b: bar codes are not drawn"] += 1


def _without_effect(name: bytes, parameters: int) -> Order:
    def swallow(machine: StarMachine) -> None:
        machine.take(parameters)
        machine.ignored[f"{name.hex(' ')}: no effect on paper"] += 1

    return swallow


for _count, _names in WITHOUT_EFFECT.items():
    for _name in _names:
        order(_name, _count)(_without_effect(_name, _count))
