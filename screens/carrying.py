"""What is carried away without paper: a code as a QR to photograph, and in large groups to write down.

The QR holds the reference alone: nothing of a person, nothing that a stranger who sees the photograph could use.
"""

from __future__ import annotations

from functools import lru_cache

import qrcode
from kivy.graphics.texture import Texture
from PIL import Image

from screens import theme as t
from screens.area import Area
from screens.screen import Screen
from screens.widgets import Picture

QUIET_MODULES = 2
"""The white margin drawn around a QR; the white card it lies on gives the rest of the four (ISO/IEC 18004, 5.3.8)."""


GROUPS_ON_TWO_LINES = 4


def place_code(screen: Screen, area: Area, code: str) -> None:
    """Draw the code's QR on a white card, as large as it goes, and the code below it."""
    theme = screen.theme
    inner = screen.under(area).inset(theme.u(4))
    words, room = inner.cut_bottom(theme.u(22), theme.u(1))
    side = int(min(room.width, room.height))
    square = room.middle(side, side)
    screen.put(Picture(square, "carry-qr", qr_texture(code, side), screen.text("carry-qr")))
    screen.plain(words, "carry-code", spaced(code), "title", bold=True, ground=t.SURFACE, align="center", lines=2)


def spaced(code: str) -> str:
    """Return a code with its dashes set wide, so that its groups are seen at a glance, and on two lines if it is long."""
    groups = code.split("-")
    if len(groups) < GROUPS_ON_TWO_LINES:
        return " - ".join(groups)
    first = (len(groups) + 1) // 2
    return " - ".join(groups[:first]) + " -\n" + " - ".join(groups[first:])


@lru_cache(maxsize=2)
def qr_texture(data: str, px: int) -> Texture:
    """Return a QR in error correction M, at most ``px`` pixels wide, of whole pixels per module."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET_MODULES, box_size=1)
    code.add_data(data)
    rows = code.get_matrix()
    picture = Image.new("L", (len(rows), len(rows)), 255)
    picture.putdata([0 if dark else 255 for row in rows for dark in row])
    side = max(1, px // len(rows)) * len(rows)
    grown = picture.resize((side, side), Image.Resampling.NEAREST).convert("RGBA")
    texture = Texture.create(size=grown.size, colorfmt="rgba")
    texture.mag_filter = texture.min_filter = "nearest"
    texture.blit_buffer(grown.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture
