"""The citizen's picture for the screen. Nothing of it is kept: when the screen goes, the face is gone."""

from __future__ import annotations

from io import BytesIO

from kivy.graphics.texture import Texture
from PIL import Image, ImageDraw, ImageOps

_OVER = 4
"""The mask is drawn so many times larger and reduced, so that its corners are soft."""


def portrait(jpeg: bytes, width_px: int, height_px: int, radius_px: int) -> Texture | None:
    """Return a portrait that fills the rectangle, its head rather than its chest, with round corners; None for no picture."""
    try:
        with Image.open(BytesIO(jpeg), formats=("JPEG",)) as image:
            face = ImageOps.fit(
                image.convert("RGB"), (width_px, height_px), Image.Resampling.LANCZOS, centering=(0.5, 0.3)
            )
    except (OSError, ValueError):
        return None
    mask = Image.new("L", (width_px * _OVER, height_px * _OVER))
    corner = (width_px * _OVER - 1, height_px * _OVER - 1)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *corner), radius_px * _OVER, fill=255)
    face.putalpha(mask.reduce(_OVER))
    texture = Texture.create(size=face.size, colorfmt="rgba")
    texture.blit_buffer(face.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture
