"""The illustrations: what to do with card, terminal and paper, in the theme's own colours."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from kivy.graphics.texture import Texture

from screens import theme as t
from screens.pen import Pen

WIDTH, HEIGHT = 120.0, 100.0
"""The grid of a picture; all of them have one shape."""
STEEL, STEEL_DARK, GLASS = "#CBD3D6", "#8FA0A7", "#BFE0DF"


def _ground(pen: Pen) -> None:
    pen.disc(60, 50, 49, t.TINT)


def _id_card(pen: Pen, x: float, y: float, scale: float = 1.0, *, digits: bool = False, chip: bool = True) -> None:
    def at(a: float) -> float:
        return a * scale

    pen.box(x, y, at(54), at(34), at(3.5), t.SURFACE, at(1.2), t.PRIMARY)
    pen.box(x + at(1), y + at(3.5), at(52), at(4), 0, t.PRIMARY)
    if chip:
        pen.box(x + at(5), y + at(12), at(10), at(8), at(1.5), t.SAFFRON, at(0.7), t.WARN)
        pen.line((x + at(5), y + at(16)), (x + at(15), y + at(16)), width=at(0.7), colour=t.WARN)
    for row, length in enumerate((24, 18, 21)):
        top = y + at(13.5 + 4 * row)
        pen.line((x + at(21), top), (x + at(21 + length), top), width=at(1.5), colour=STEEL_DARK)
    if digits:
        pen.box(x + at(25), y + at(24.5), at(26), at(7.5), at(2), t.WARN_TINT, at(1), t.STOP)
        for index in range(6):
            pen.disc(x + at(29 + 3.6 * index), y + at(28.2), at(1.1), t.INK)


def _arrow_down(pen: Pen, x: float, y: float, colour: str = t.STOP) -> None:
    pen.line((x, y), (x, y + 15), width=4, colour=colour)
    pen.line((x - 7, y + 9), (x, y + 16), (x + 7, y + 9), width=4, colour=colour)


def _arrow_up(pen: Pen, x: float, y: float, colour: str = t.STOP) -> None:
    pen.line((x, y), (x, y + 15), width=4, colour=colour)
    pen.line((x - 7, y + 7), (x, y), (x + 7, y + 7), width=4, colour=colour)


def _slot(pen: Pen) -> None:
    """Draw the reader's front, over whatever went in."""
    pen.box(18, 62, 84, 26, 5, t.PRIMARY)
    pen.box(28, 62, 64, 4.5, 2, t.DEEP)
    pen.disc(92, 77, 2.6, t.SAFFRON)


def _upright_card(pen: Pen, y: float) -> None:
    """Draw the card standing, chip down, as it goes in."""
    pen.box(43, y, 34, 50, 3.5, t.SURFACE, 1.2, t.PRIMARY)
    pen.box(55, y + 36, 10, 9, 1.5, t.SAFFRON, 0.7, t.WARN)
    pen.box(48, y + 6, 11, 13, 2, t.TINT)
    pen.disc(53.5, y + 10.5, 2.6, STEEL_DARK)
    pen.arc(53.5, y + 19, 4, -180, 0, width=1.6, colour=STEEL_DARK)
    for row in (8, 13, 18):
        pen.line((63, y + row), (72, y + row), width=1.4, colour=STEEL_DARK)


def _card_insert(pen: Pen) -> None:
    _ground(pen)
    _upright_card(pen, 10)
    _slot(pen)
    _arrow_down(pen, 96, 26)


def _card_inside(pen: Pen) -> None:
    _ground(pen)
    _upright_card(pen, 30)
    _slot(pen)
    for radius in (9, 16, 23):
        pen.arc(60, 26, radius, -140, -40, width=2.6, colour=t.PRIMARY)


def _card_take(pen: Pen) -> None:
    _ground(pen)
    _upright_card(pen, 10)
    _slot(pen)
    _arrow_up(pen, 96, 26, t.GOOD)


def _card_digits(pen: Pen) -> None:
    _ground(pen)
    _id_card(pen, 15, 22, 1.66, digits=True)


def _card_no_chip(pen: Pen) -> None:
    _ground(pen)
    _id_card(pen, 15, 22, 1.66, chip=False)


def _terminal(pen: Pen, *, lit: str = "", tick: bool = False) -> None:
    pen.box(38, 6, 44, 76, 7, t.PRIMARY)
    pen.box(44, 13, 32, 22, 3, GLASS)
    for row in range(4):
        for column in range(3):
            colour = t.SAFFRON if lit == "keys" else STEEL
            pen.box(45 + 11 * column, 41 + 9.4 * row, 8, 6.4, 1.6, colour)
    if tick:
        pen.line((53, 24), (58, 29), (67, 18), width=3.4, colour=t.GOOD)
    elif lit == "keys":
        for index in range(4):
            pen.disc(51 + 6 * index, 24, 2, t.INK)
    else:
        pen.line((50, 21), (70, 21), width=2.2, colour=t.PRIMARY)
        pen.line((50, 27), (63, 27), width=2.2, colour=t.PRIMARY)


def _bank_card(pen: Pen, y: float) -> None:
    pen.box(45, y, 30, 30, 3, t.SAFFRON, 1, t.WARN)
    pen.box(56, y + 4, 8, 7, 1.5, t.SURFACE)
    pen.line((50, y + 20), (70, y + 20), width=2, colour=t.WARN)


def _terminal_insert(pen: Pen) -> None:
    _ground(pen)
    _bank_card(pen, 68)
    _terminal(pen)
    pen.box(43, 77, 34, 3, 1.5, t.DEEP)
    _arrow_up(pen, 96, 70)


def _terminal_pin(pen: Pen) -> None:
    _ground(pen)
    _bank_card(pen, 66)
    _terminal(pen, lit="keys")


def _terminal_wait(pen: Pen) -> None:
    _ground(pen)
    _bank_card(pen, 66)
    _terminal(pen)
    for radius in (8, 15, 22):
        pen.arc(84, 26, radius, -50, 50, width=2.6, colour=t.PRIMARY)


def _terminal_take(pen: Pen) -> None:
    _ground(pen)
    _bank_card(pen, 69)
    _terminal(pen, tick=True)
    pen.box(43, 77, 34, 3, 1.5, t.DEEP)
    _arrow_down(pen, 96, 72, t.GOOD)


def _cash(pen: Pen) -> None:
    _ground(pen)
    pen.box(36, 6, 48, 40, 7, t.PRIMARY)
    pen.box(42, 34, 36, 5, 2, t.DEEP)
    pen.box(45, 38, 30, 42, 2, t.SAFFRON, 1, t.WARN)
    pen.disc(60, 62, 7, t.WARN)
    _arrow_up(pen, 96, 60)


def _receipt(pen: Pen, x: float, y: float, height: float) -> None:
    points = [(x, y), (x + 40, y), (x + 40, y + height)]
    teeth = [(x + 40 - 5 * i, y + height - (3 if i % 2 else 0)) for i in range(9)]
    pen.shape(*points, *teeth, colour=t.SURFACE)
    pen.outline(*points, *teeth, width=1.2, colour=t.PRIMARY)
    for row in range(int((height - 14) // 6)):
        pen.line((x + 7, y + 9 + 6 * row), (x + 33 - 8 * (row % 2), y + 9 + 6 * row), width=1.6, colour=STEEL_DARK)


def _printing(pen: Pen) -> None:
    _ground(pen)
    _receipt(pen, 40, 36, 50)
    pen.box(20, 14, 80, 28, 6, t.PRIMARY)
    pen.box(32, 35, 56, 4, 2, t.DEEP)
    pen.disc(90, 24, 2.6, t.SAFFRON)


def _done(pen: Pen) -> None:
    pen.disc(60, 50, 49, t.GOOD_TINT)
    _receipt(pen, 40, 12, 70)
    pen.disc(82, 70, 19, t.GOOD)
    pen.line((73, 71), (80, 78), (92, 63), width=4.6, colour=t.SURFACE)


def _returned(pen: Pen) -> None:
    pen.disc(60, 50, 49, t.GOOD_TINT)
    pen.box(26, 34, 68, 38, 5, t.SURFACE, 1.6, t.PRIMARY)
    pen.disc(60, 53, 10, t.TINT)
    pen.ring(60, 53, 10, 1.6, t.PRIMARY)
    pen.arc(60, 46, 34, -150, -30, width=4, colour=t.GOOD)
    pen.line((28, 16), (30, 29), (43, 26), width=4, colour=t.GOOD)


def _checking(pen: Pen) -> None:
    pen.disc(60, 50, 49, t.WARN_TINT)
    _receipt(pen, 34, 14, 66)
    pen.disc(76, 58, 17, t.SURFACE)
    pen.ring(76, 58, 16, 4.4, t.PRIMARY)
    pen.line((88, 70), (100, 82), width=7, colour=t.PRIMARY)
    pen.disc(70, 58, 2, t.PRIMARY)
    pen.disc(76, 58, 2, t.PRIMARY)
    pen.disc(82, 58, 2, t.PRIMARY)


def _sending(pen: Pen) -> None:
    _ground(pen)
    pen.shape((60, 18), (100, 40), (20, 40), colour=t.PRIMARY)
    for x in (30, 46, 66, 82):
        pen.box(x - 1, 44, 9, 28, 1, t.PRIMARY)
    pen.box(22, 74, 76, 7, 1.5, t.PRIMARY)
    pen.disc(60, 32, 4, t.SAFFRON)


def _sorry(pen: Pen) -> None:
    pen.disc(60, 50, 49, t.STOP_TINT)
    pen.ring(60, 50, 27, 5, t.STOP)
    pen.line((60, 35), (60, 53), width=5.4, colour=t.STOP)
    pen.disc(60, 64, 3.6, t.STOP)


def _resting(pen: Pen) -> None:
    _ground(pen)
    pen.line((60, 10), (34, 38), width=2.4, colour=STEEL_DARK)
    pen.line((60, 10), (86, 38), width=2.4, colour=STEEL_DARK)
    pen.disc(60, 10, 3.4, t.PRIMARY)
    pen.box(22, 38, 76, 40, 5, t.PRIMARY)
    pen.line((48, 58), (72, 58), width=5, colour=t.SURFACE)


def _waiting(pen: Pen) -> None:
    _ground(pen)
    pen.disc(60, 50, 33, t.SURFACE)
    pen.ring(60, 50, 33, 4.6, t.PRIMARY)
    pen.line((60, 28), (60, 51), (75, 60), width=4.6, colour=t.PRIMARY)
    pen.disc(60, 51, 3.4, t.SAFFRON)


def _technician(pen: Pen) -> None:
    _ground(pen)
    pen.box(30, 16, 50, 68, 4, t.PRIMARY)
    pen.box(36, 22, 38, 56, 2, t.SURFACE)
    pen.ring(55, 42, 9, 4, t.PRIMARY)
    pen.box(51, 48, 8, 20, 2, t.PRIMARY)
    pen.disc(86, 50, 4, t.SAFFRON)


PICTURES: dict[str, Callable[[Pen], None]] = {
    "card-insert": _card_insert,
    "card-inside": _card_inside,
    "card-take": _card_take,
    "card-digits": _card_digits,
    "card-no-chip": _card_no_chip,
    "terminal-insert": _terminal_insert,
    "terminal-pin": _terminal_pin,
    "terminal-wait": _terminal_wait,
    "terminal-take": _terminal_take,
    "cash": _cash,
    "printing": _printing,
    "done": _done,
    "returned": _returned,
    "checking": _checking,
    "sending": _sending,
    "sorry": _sorry,
    "resting": _resting,
    "waiting": _waiting,
    "technician": _technician,
}


@lru_cache(maxsize=8)
def picture(name: str, px: int) -> Texture:
    """Return an illustration ``px`` pixels wide."""
    pen = Pen(px, WIDTH, HEIGHT)
    PICTURES[name](pen)
    return pen.texture()


@lru_cache(maxsize=2)
def lattice(px: int, ground: str, line: str) -> Texture:
    """Return one tile of a shebeke, the lattice of eight-pointed stars; it repeats without a seam."""
    pen = Pen(px)
    pen.box(-1, -1, 102, 102, 0, ground)
    for x, y in ((0, 0), (100, 0), (0, 100), (100, 100), (50, 50)):
        for far in (35.36, 17.0):
            pen.outline(*_star(x, y, far), width=1.5, colour=line)
    texture = pen.texture()
    texture.wrap = "repeat"
    return texture


def _star(x: float, y: float, far: float) -> list[tuple[float, float]]:
    """Return the sixteen corners of an eight-pointed star: two squares laid over each other."""
    near = far * math.cos(math.pi / 4) / math.cos(math.pi / 8)
    turns = ((math.pi / 8 * corner, near if corner % 2 else far) for corner in range(16))
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle, radius in turns]
