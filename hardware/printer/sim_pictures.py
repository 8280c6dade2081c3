"""The simulated printer's pictures: raster bands, column graphics, stored graphics, QR codes.

Source: Epson ESC/POS reference: GS v 0, ESC *, GS ( L / GS 8 L functions 50 and 112, GS ( k functions 165 to 181.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import qrcode
from PIL import Image
from qrcode.exceptions import DataOverflowError

from hardware.printer.sim_machine import RASTER, Machine
from hardware.printer.sim_orders import at_line_start, order

# ESC * m → (dots high, columns' width in dots, rows' height in dots) at 203 dpi
COLUMN_MODES: Final = {0: (8, 2, 3), 1: (8, 1, 3), 32: (24, 2, 1), 33: (24, 1, 1)}
QR_LEVELS: Final = {48: 1, 49: 0, 50: 3, 51: 2}  # GS ( k level → the qrcode library's constants for L, M, Q, H
STORE_HEADER_BYTES: Final = 10
MOST_STORED_BYTES: Final = 512 * 1024
PIECE_BYTES: Final = 4096


def stretched(row: int, dots: int, times: int) -> int:
    """Make every dot of a row ``times`` wide."""
    return row if times == 1 else int("".join(bit * times for bit in f"{row:0{dots}b}"), 2)


@order(RASTER)
def _raster(machine: Machine) -> None:
    mode, stride, height = machine.byte(), machine.word(), machine.word()
    if mode & 0x0F > 3 or not stride or not height:
        machine.count_unknown(RASTER, 5)
        return
    wide, high = 1 + (mode & 1), 1 + (mode >> 1 & 1)
    if not at_line_start(machine, "GS v 0"):
        _discard(machine, stride * height)
        return

    def rows() -> Iterator[int]:
        for _ in range(height):
            row = stretched(int.from_bytes(machine.take(stride), "big"), stride * 8, wide)
            yield from [row] * high

    machine.print_picture(rows(), stride * 8 * wide)


@order(b"\x1b*")
def _columns(machine: Machine) -> None:
    mode, columns = machine.byte(), machine.word()
    if mode not in COLUMN_MODES:
        machine.count_unknown(b"\x1b*", 3)
        return
    high, wide_times, high_times = COLUMN_MODES[mode]
    if not columns:
        return
    data = machine.take(columns * high // 8)
    standing = Image.frombytes("1", (high, columns), data).transpose(Image.Transpose.TRANSPOSE)
    cell = standing.resize((columns * wide_times, high * high_times), Image.Resampling.NEAREST)
    room = machine.style.area(machine.width_dots) - machine.line.cursor_dots
    if room > 0:
        machine.line.add(cell.crop((0, 0, min(room, cell.width), cell.height)))


@order(b"\x1d(L")
def _graphics(machine: Machine) -> None:
    _graphics_block(machine, machine.word())


@order(b"\x1d8L")
def _large_graphics(machine: Machine) -> None:
    _graphics_block(machine, int.from_bytes(machine.take(4), "little"))


def _graphics_block(machine: Machine, size: int) -> None:
    if not STORE_HEADER_BYTES <= size <= MOST_STORED_BYTES and size != 2:
        machine.count_unknown(b"\x1d(L", 2 + size)
        _discard(machine, size)
        return
    block = machine.take(size)
    if block[1] in {2, 50}:
        if at_line_start(machine, "GS ( L 50"):
            machine.print_picture(machine.picture, machine.picture_dots)
            machine.picture, machine.picture_dots = [], 0
    elif block[1] == 112 and block[2] == 48:
        _store(machine, block)
    else:
        machine.count_unknown(b"\x1d(L", 2 + size)


def _store(machine: Machine, block: bytes) -> None:
    wide, high = max(1, block[3]), max(1, block[4])
    dots, height = int.from_bytes(block[6:8], "little"), int.from_bytes(block[8:10], "little")
    stride = (dots + 7) // 8
    machine.picture_dots = dots * wide
    machine.picture = []
    for start in range(STORE_HEADER_BYTES, STORE_HEADER_BYTES + stride * height, stride):
        row = int.from_bytes(block[start : start + stride], "big") >> (stride * 8 - dots)
        machine.picture += [stretched(row, dots, wide)] * high


@order(b"\x1d(k")
def _symbol(machine: Machine) -> None:
    size = machine.word()
    block = machine.take(size)
    name, value = {67: ("module", 2), 69: ("level", 2), 80: ("data", 3)}.get(block[1] if size > 2 else 0, ("", 0))
    if size < 3 or block[0] != 49 or block[1] not in {65, 67, 69, 80, 81}:
        machine.count_unknown(b"\x1d(k", 2 + size)
    elif block[1] == 65 and block[2] != 50:
        machine.ignored["GS ( k 165: only QR model 2"] += 1
    elif name:
        machine.symbol[name] = block[value:] if name == "data" else block[value]
    elif block[1] == 81 and at_line_start(machine, "GS ( k 181"):
        _print_qr(machine)


def _print_qr(machine: Machine) -> None:
    level, data, module = machine.symbol["level"], machine.symbol["data"], machine.symbol["module"]
    if level not in QR_LEVELS or not isinstance(data, bytes) or not isinstance(module, int) or not 1 <= module <= 16:
        machine.ignored["GS ( k 181: nothing to print"] += 1
        return
    code = qrcode.QRCode(error_correction=QR_LEVELS[level], box_size=1, border=0)
    try:
        code.add_data(data, optimize=0)
        code.make(fit=True)
    except (DataOverflowError, ValueError):
        machine.ignored["GS ( k 181: too much data"] += 1
        return
    lines = [int("".join("01"[bool(dark)] for dark in line), 2) for line in code.get_matrix()]
    rows = [stretched(line, len(lines), module) for line in lines for _ in range(module)]
    machine.print_picture(rows, len(lines) * module)


@order(b"\x1dk")
def _barcode(machine: Machine) -> None:
    kind = machine.byte()
    if kind >= 65:
        machine.take(machine.byte())
    else:
        while machine.byte():
            pass
    machine.ignored["GS k: bar codes are not drawn"] += 1


def _discard(machine: Machine, count: int) -> None:
    while count > 0:
        piece = min(count, PIECE_BYTES)
        machine.take(piece)
        count -= piece
