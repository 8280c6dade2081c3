"""The simulated printer's commands for text, paper and position, as a table from command to what it does.

Source: Epson ESC/POS reference, standard mode; one motion unit is one dot until GS P says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hardware.printer.sim_machine import Machine
from hardware.printer.sim_text import CELLS, DEFAULT_SPACING_ROWS

Order = Callable[[Machine], None]
_Order = TypeVar("_Order", bound=Order)
ORDERS: dict[bytes, Order] = {}
# Commands with nothing to see on paper, by the number of their parameters.
WITHOUT_EFFECT = {
    0: (b"\x1bS", b"\x1c.", b"\x1c&"),
    1: tuple(
        b"\x1bR \x1b= \x1bc3 \x1bc4 \x1bc5 \x1br \x1bV \x1b% \x1b? \x1bU \x1cC \x1dh \x1dw \x1dH \x1df \x1db".split(
            b" "
        )
    ),
    2: (b"\x1cp", b"\x1cS"),
    3: (b"\x1bp",),
}


def order(name: bytes) -> Callable[[_Order], _Order]:
    """Enter a function in the table."""

    def enter(function: _Order) -> _Order:
        ORDERS[name] = function
        return function

    return enter


def at_line_start(machine: Machine, name: str) -> bool:
    """Say whether the line is empty; where it must be and is not, the command is ignored."""
    if machine.line:
        machine.ignored[f"{name}: not at the beginning of a line"] += 1
        return False
    return True


@order(b"\x00")
@order(b"\r")
def _nothing(_machine: Machine) -> None:
    pass


@order(b"\n")
def _line_feed(machine: Machine) -> None:
    machine.feed(machine.style.spacing_rows)


@order(b"\t")
def _tab(machine: Machine) -> None:
    cell_dots = CELLS[machine.style.font][0] * machine.style.width_times + machine.style.space_dots
    here = machine.line.cursor_dots
    there = next((stop * cell_dots for stop in machine.style.tabs if stop * cell_dots > here), here)
    if there <= machine.style.area(machine.width_dots):
        machine.line.text += "\t"
        machine.line.cursor_dots = there


@order(b"\x1b@")
def _initialise(machine: Machine) -> None:
    machine.initialise()


@order(b"\x1ba")
def _align(machine: Machine) -> None:
    n = machine.byte() & 0x0F
    if n <= 2 and at_line_start(machine, "ESC a"):
        machine.style.align = n


@order(b"\x1bt")
def _table(machine: Machine) -> None:
    n = machine.byte()
    if n in machine.model.tables:
        machine.style.codec = machine.model.tables[n]
    else:
        machine.ignored[f"ESC t {n}: no such table"] += 1


@order(b"\x1bE")
@order(b"\x1bG")
def _bold(machine: Machine) -> None:
    machine.style.bold = bool(machine.byte() & 1)


@order(b"\x1b-")
def _underline(machine: Machine) -> None:
    machine.style.underline_rows = min(machine.byte() & 0x0F, 2)


@order(b"\x1b{")
def _upside_down(machine: Machine) -> None:
    n = machine.byte()
    if at_line_start(machine, "ESC {"):
        machine.style.upside_down = bool(n & 1)


@order(b"\x1dB")
def _inverse(machine: Machine) -> None:
    machine.style.inverse = bool(machine.byte() & 1)


@order(b"\x1bM")
def _font(machine: Machine) -> None:
    machine.style.font = machine.byte() & 1
    if machine.model.font_choice_resets_table:
        machine.style.codec = machine.model.tables[0]


@order(b"\x1b!")
def _mode(machine: Machine) -> None:
    n, style = machine.byte(), machine.style
    style.font = n & 1
    style.bold = bool(n & 0x08)
    style.height_times = 2 if n & 0x10 else 1
    style.width_times = 2 if n & 0x20 else 1
    style.underline_rows = 1 if n & 0x80 else 0


@order(b"\x1d!")
def _size(machine: Machine) -> None:
    n = machine.byte()
    machine.style.width_times = (n >> 4 & 7) + 1
    machine.style.height_times = (n & 7) + 1


@order(b"\x1b ")
def _space(machine: Machine) -> None:
    machine.style.space_dots = machine.byte()


@order(b"\x1b2")
def _default_spacing(machine: Machine) -> None:
    machine.style.spacing_rows = DEFAULT_SPACING_ROWS


@order(b"\x1b3")
def _spacing(machine: Machine) -> None:
    machine.style.spacing_rows = machine.byte()


@order(b"\x1bD")
def _tab_stops(machine: Machine) -> None:
    stops: list[int] = []
    while (stop := machine.byte()) and (not stops or stop > stops[-1]):
        stops.append(stop)
    machine.style.tabs = tuple(stops)


@order(b"\x1b$")
def _go_to(machine: Machine) -> None:
    dots = machine.word()
    if dots <= machine.style.area(machine.width_dots):
        machine.line.cursor_dots = dots


@order(b"\x1b\\")
def _go_by(machine: Machine) -> None:
    dots = int.from_bytes(machine.take(2), "little", signed=True) + machine.line.cursor_dots
    if 0 <= dots <= machine.style.area(machine.width_dots):
        machine.line.cursor_dots = dots


@order(b"\x1dL")
def _margin(machine: Machine) -> None:
    dots = machine.word()
    if at_line_start(machine, "GS L"):
        machine.style.margin_dots = min(dots, machine.width_dots)


@order(b"\x1dW")
def _area(machine: Machine) -> None:
    dots = machine.word()
    if at_line_start(machine, "GS W"):
        machine.style.area_dots = dots


@order(b"\x1bd")
def _feed_lines(machine: Machine) -> None:
    machine.feed(machine.byte() * machine.style.spacing_rows)


@order(b"\x1bJ")
def _feed_rows(machine: Machine) -> None:
    n = machine.byte()
    if machine.model.feeds_dots:
        machine.feed(round(n * machine.mechanism.paper.dots_per_inch / machine.units_per_inch))
    else:
        machine.ignored["ESC J: not on this model"] += 1


@order(b"\x1dP")
def _motion_units(machine: Machine) -> None:
    _, vertical = machine.take(2)
    machine.units_per_inch = vertical or machine.mechanism.paper.dots_per_inch


@order(b"\x1bi")
@order(b"\x1bm")
def _cut_now(machine: Machine) -> None:
    if at_line_start(machine, "ESC i"):
        machine.cut("partial")


@order(b"\x1dV")
def _cut(machine: Machine) -> None:
    m = machine.byte()
    with_feed = m in {65, 66}
    rows = machine.byte() if with_feed or m in {97, 98, 103, 104} else 0
    if m not in {0, 1, 48, 49, 65, 66}:
        machine.count_unknown(bytes((0x1D, 0x56, m)), int(m in {97, 98, 103, 104}))
    elif with_feed and not machine.model.cuts_with_feed:
        machine.ignored["GS V 65/66: not on this model"] += 1
    elif at_line_start(machine, "GS V"):
        if with_feed:
            machine.print_rows([0] * (machine.mechanism.paper.gap_rows + rows))
        machine.cut("full" if m in {0, 48, 65} else "partial")


def _without_effect(name: bytes, parameters: int) -> Order:
    def swallow(machine: Machine) -> None:
        machine.take(parameters)
        machine.ignored[f"{name.hex(' ')}: no effect on paper"] += 1

    return swallow


ORDERS |= {name: _without_effect(name, count) for count, names in WITHOUT_EFFECT.items() for name in names}
