"""The simulated Star printer's raster mode: rows of dots, pages, and what happens at the end of each.

Source: Star Line Mode Command Specifications, "Raster Related Command Details".
"""

from __future__ import annotations

from typing import Final

from hardware.printer.sim_star_machine import IMAGE_ROWS, RasterMode, StarMachine
from hardware.printer.sim_star_orders import order

CUT_FEED, FULL, PARTIAL, EJECT = 1, 8, 12, 36
"""ESC * r E / F n: 2 and 3 only feed, 8, 12 and 36 cut, and each of these plus 1 feeds to the knife first."""
FEED_ONLY: Final = {1: False, 2: True, 3: True}
WITHOUT_EFFECT: Final = (b"Q", b"K", b"T", b"D", b"V", b"S", b"e", b"U")


@order(b"\x1b*rA")
def _enter(machine: StarMachine) -> None:
    if machine.raster is None:
        if machine.line:
            machine.feed(machine.style.spacing_rows)
        machine.raster = RasterMode()


@order(b"\x1b*rB")
def _leave(machine: StarMachine) -> None:
    if machine.raster:
        _end(machine, machine.raster.end_mode)
    machine.raster = None


@order(b"\x1b*rR")
def _set_back(machine: StarMachine) -> None:
    if machine.raster is not None:
        machine.raster = RasterMode()


@order(b"\x1b*rC")
def _clear(machine: StarMachine) -> None:
    if machine.raster is not None:
        machine.raster.clear()


@order(b"\x1b*rE")
def _end_mode(machine: StarMachine) -> None:
    mode = _mode(machine)
    if machine.raster is not None:
        machine.raster.end_mode = mode


@order(b"\x1b*rF")
def _feed_mode(machine: StarMachine) -> None:
    mode = _mode(machine)
    if machine.raster is not None:
        machine.raster.feed_mode = mode


def _mode(machine: StarMachine) -> int | None:
    n = machine.number()
    known = n in FEED_ONLY or n in {FULL, FULL + 1, PARTIAL, PARTIAL + 1}
    return n if known or (machine.presenter and n in {EJECT, EJECT + 1}) else None


@order(b"\x1b*rP")
def _page(machine: StarMachine) -> None:
    rows = machine.number()
    if machine.raster is not None:
        machine.raster.page_rows = rows


@order(b"\x1b*rml")
def _left(machine: StarMachine) -> None:
    dots = machine.number() * 8
    if machine.raster is not None and dots + machine.raster.right_dots < machine.width_dots:
        machine.raster.left_dots = dots


@order(b"\x1b*rmr")
def _right(machine: StarMachine) -> None:
    dots = machine.number() * 8
    if machine.raster is not None and dots + machine.raster.left_dots < machine.width_dots:
        machine.raster.right_dots = dots


@order(b"\x1b*rY")
def _down(machine: StarMachine) -> None:
    rows = machine.number()
    if machine.raster is None:
        return
    # What lies beyond the page, or beyond the buffer, is left out.
    length = machine.raster.page_rows or IMAGE_ROWS
    for _ in range(min(rows, length - machine.raster.height % length)):
        _row_down(machine, machine.raster)


@order(b"\x1b*rN")
def _discard(machine: StarMachine) -> None:
    count = machine.number()
    machine.take(min(count, 9999))


@order(b"raster b")
def _data_and_down(machine: StarMachine) -> None:
    _data(machine)
    if machine.raster is not None:
        _row_down(machine, machine.raster)


@order(b"raster k")
def _data(machine: StarMachine) -> None:
    count = machine.word()
    data = machine.take(count)
    raster = machine.raster
    if raster is None or not count:
        return
    shift = machine.width_dots - raster.left_dots - count * 8
    row = int.from_bytes(data, "big")
    row = row << shift if shift >= 0 else row >> -shift
    area = machine.width_dots - raster.left_dots - raster.right_dots
    raster.open_row |= row & ((1 << area) - 1) << raster.right_dots


@order(b"\x1b\x0c\x00")
def _execute_feed(machine: StarMachine) -> None:
    if machine.raster is not None:
        _end(machine, machine.raster.feed_mode)


@order(b"\x1b\x0c\x04")
def _execute_end(machine: StarMachine) -> None:
    if machine.raster is not None:
        _end(machine, machine.raster.end_mode)


def _row_down(machine: StarMachine, raster: RasterMode) -> None:
    raster.rows.append(raster.open_row)
    raster.open_row = 0
    raster.height += 1
    if len(raster.rows) >= IMAGE_ROWS:
        rows, raster.rows = raster.rows, []
        machine.print_rows(rows)


def _end(machine: StarMachine, mode: int | None) -> None:
    """End the page: print what is left, feed to its end, cut as the mode says."""
    raster = machine.raster
    if raster is None:
        return
    if raster.open_row:
        _row_down(machine, raster)
    rest = -raster.height % raster.page_rows if raster.page_rows else 0
    rows = raster.rows + [0] * rest
    raster.clear()
    machine.print_rows(rows)
    n = mode or (EJECT + CUT_FEED if machine.presenter else FULL + CUT_FEED)
    if FEED_ONLY.get(n, bool(n & CUT_FEED)):
        machine.print_rows([0] * machine.mechanism.paper.gap_rows)
    if n not in FEED_ONLY:
        machine.cut("partial" if n & ~CUT_FEED == PARTIAL else "full")


def _without_effect(machine: StarMachine) -> None:
    machine.number()
    machine.ignored["ESC * r: no effect on paper"] += 1


for _name in WITHOUT_EFFECT:
    order(b"\x1b*r" + _name)(_without_effect)
