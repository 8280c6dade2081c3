"""The icons: one colour (white, tinted where it is used), one stroke width, on a grid of 100 units."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from kivy.graphics.texture import Texture

from screens.pen import Pen


def _back(pen: Pen) -> None:
    pen.line((84, 50), (18, 50))
    pen.line((44, 22), (16, 50), (44, 78))


def _next(pen: Pen) -> None:
    pen.line((16, 50), (82, 50))
    pen.line((56, 22), (84, 50), (56, 78))


def _cancel(pen: Pen) -> None:
    pen.line((22, 22), (78, 78))
    pen.line((78, 22), (22, 78))


def _check(pen: Pen) -> None:
    pen.line((14, 54), (40, 78), (86, 26), width=11)


def _erase(pen: Pen) -> None:
    pen.outline((6, 50), (32, 20), (94, 20), (94, 80), (32, 80))
    pen.line((50, 37), (76, 63))
    pen.line((76, 37), (50, 63))


def _info(pen: Pen) -> None:
    pen.ring(50, 50, 42)
    pen.disc(50, 30, 6)
    pen.line((50, 47), (50, 72), width=9)


def _warning(pen: Pen) -> None:
    pen.outline((50, 12), (93, 86), (7, 86))
    pen.line((50, 40), (50, 60), width=9)
    pen.disc(50, 73, 5.5)


def _bolt(pen: Pen) -> None:
    pen.shape((58, 4), (16, 56), (46, 56), (40, 96), (84, 42), (54, 42))
    pen.outline((58, 6), (18, 56), (46, 56), (40, 94), (82, 42), (54, 42), width=5)


def _house(pen: Pen) -> None:
    pen.line((8, 50), (50, 12), (92, 50))
    pen.line((20, 42), (20, 88), (80, 88), (80, 42))
    pen.line((41, 86), (41, 62), (59, 62), (59, 86), width=7)


def _car(pen: Pen) -> None:
    pen.line((20, 46), (30, 22), (70, 22), (80, 46))
    pen.box(8, 44, 84, 34, 9, None, 8, "#FFFFFF")
    pen.disc(26, 61, 6)
    pen.disc(74, 61, 6)
    pen.line((20, 80), (20, 90), width=10)
    pen.line((80, 80), (80, 90), width=10)


def _document(pen: Pen) -> None:
    pen.outline((20, 8), (62, 8), (82, 28), (82, 92), (20, 92))
    for y in (46, 60, 74):
        pen.line((36, y), (66, y), width=6)


def _drop(pen: Pen) -> None:
    pen.arc(50, 60, 30, -28, 208)
    pen.line((23.5, 46), (50, 8), (76.5, 46))


def _flame(pen: Pen) -> None:
    pen.arc(50, 62, 30, -30, 180)
    pen.line((20, 62), (26, 42), (40, 28), (44, 8), (64, 24), (76, 47))
    pen.arc(50, 74, 11, -180, 0, width=7)


def _card(pen: Pen) -> None:
    pen.box(6, 20, 88, 60, 8, None, 8, "#FFFFFF")
    pen.box(20, 40, 20, 18, 4)
    pen.line((54, 44), (80, 44), width=6)
    pen.line((54, 58), (72, 58), width=6)


def _note(pen: Pen) -> None:
    pen.box(4, 26, 92, 48, 5, None, 8, "#FFFFFF")
    pen.disc(50, 50, 11)


def _terminal(pen: Pen) -> None:
    pen.box(22, 6, 56, 88, 9, None, 8, "#FFFFFF")
    pen.box(34, 19, 32, 20, 3)
    for y in (52, 64, 76):
        for x in (38, 50, 62):
            pen.disc(x, y, 4)


def _printer(pen: Pen) -> None:
    pen.line((28, 34), (28, 8), (72, 8), (72, 34))
    pen.line((26, 74), (10, 74), (10, 36), (90, 36), (90, 74), (74, 74))
    pen.box(26, 56, 48, 38, 2, None, 8, "#FFFFFF")


def _network(pen: Pen) -> None:
    for radius in (22, 42, 62):
        pen.arc(50, 80, radius, -135, -45)
    pen.disc(50, 80, 8)


def _plug(pen: Pen) -> None:
    pen.line((34, 8), (34, 30))
    pen.line((66, 8), (66, 30))
    pen.outline((20, 32), (80, 32), (80, 46), (66, 66), (34, 66), (20, 46))
    pen.line((50, 66), (50, 94))


def _door(pen: Pen) -> None:
    pen.line((8, 92), (92, 92))
    pen.line((22, 92), (22, 8), (78, 8), (78, 92))
    pen.disc(64, 52, 6)


def _clock(pen: Pen) -> None:
    pen.ring(50, 50, 42)
    pen.line((50, 24), (50, 52), (70, 62))


def _wrench(pen: Pen) -> None:
    pen.line((18, 82), (58, 42), width=17)
    pen.disc(66, 34, 26)
    pen.cut((66, 34), (82, 2), (98, 18))
    pen.disc(70, 30, 11, None)


def _person(pen: Pen) -> None:
    pen.ring(50, 30, 20)
    pen.arc(50, 94, 38, -180, 0)


def _people(pen: Pen) -> None:
    pen.ring(34, 28, 17)
    pen.arc(34, 88, 31, -180, 0)
    pen.ring(76, 48, 12)
    pen.arc(78, 90, 21, -120, 0)


def _hand(pen: Pen) -> None:
    pen.ring(50, 50, 42)
    pen.line((28, 50), (72, 50), width=12)


def _left(pen: Pen) -> None:
    pen.line((62, 16), (30, 50), (62, 84), width=11)


def _right(pen: Pen) -> None:
    pen.line((38, 16), (70, 50), (38, 84), width=11)


ICONS: dict[str, Callable[[Pen], None]] = {
    "back": _back,
    "next": _next,
    "cancel": _cancel,
    "check": _check,
    "erase": _erase,
    "info": _info,
    "warning": _warning,
    "bolt": _bolt,
    "house": _house,
    "car": _car,
    "document": _document,
    "drop": _drop,
    "flame": _flame,
    "card": _card,
    "terminal": _terminal,
    "note": _note,
    "printer": _printer,
    "network": _network,
    "plug": _plug,
    "door": _door,
    "clock": _clock,
    "wrench": _wrench,
    "person": _person,
    "people": _people,
    "hand": _hand,
    "left": _left,
    "right": _right,
}


@lru_cache(maxsize=128)
def icon(name: str, px: int) -> Texture:
    """Return an icon ``px`` pixels wide, white; an unknown name is a document, so a new service needs no new icon."""
    pen = Pen(px)
    ICONS.get(name, _document)(pen)
    return pen.texture()
