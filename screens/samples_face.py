"""A drawn face for the samples: nobody's, in the size and form in which the card's reader gives one."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

WIDTH_PX, HEIGHT_PX = 240, 320
_OVER = 3
_GROUND, _SKIN, _SHADE, _HAIR, _SCARF, _COAT = "#DDE4EA", "#E6BE9C", "#C99A78", "#4A3A32", "#7A2E45", "#33485E"


@cache
def face() -> bytes:
    """Return a portrait as JPEG."""
    sheet = Image.new("RGB", (WIDTH_PX * _OVER, HEIGHT_PX * _OVER), _GROUND)
    pen = ImageDraw.Draw(sheet)

    def disc(left: int, top: int, right: int, bottom: int, colour: str) -> None:
        pen.ellipse([side * _OVER for side in (left, top, right, bottom)], fill=colour)

    disc(10, 235, 230, 480, _COAT)
    disc(58, 38, 182, 210, _HAIR)
    pen.rectangle([side * _OVER for side in (98, 190, 142, 250)], fill=_SHADE)
    disc(76, 225, 164, 275, _SCARF)
    disc(68, 62, 172, 218, _SKIN)
    pen.chord([side * _OVER for side in (62, 44, 178, 150)], 180, 360, fill=_HAIR)
    for x in (98, 142):
        disc(x - 9, 132, x + 9, 143, "#FFFFFF")
        disc(x - 5, 132, x + 5, 143, _HAIR)
        pen.arc([side * _OVER for side in (x - 14, 116, x + 14, 136)], 200, 340, fill=_HAIR, width=3 * _OVER)
    pen.line([side * _OVER for side in (120, 140, 116, 170, 124, 172)], fill=_SHADE, width=3 * _OVER)
    pen.arc([side * _OVER for side in (100, 168, 140, 194)], 25, 155, fill="#A65A52", width=4 * _OVER)
    file = BytesIO()
    sheet.reduce(_OVER).save(file, "JPEG", quality=85)
    return file.getvalue()
