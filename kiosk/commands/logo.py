"""The logo on papers: ``config/receipts/logo.png``, black and white, as wide as the narrowest print head at most."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kiosk.domain.faults import ConfigError
from kiosk.domain.receipt import Picture
from kiosk.runtime.forms import Form

WIDEST, HIGHEST = 360, 240
"""In dots: the narrowest head (58 mm, 180 dpi), and 30 mm of paper."""


def read_logo(folder: Path, forms: Iterable[Form]) -> Picture | None:
    """Read the logo where any form has a block for it. ConfigError says what is wrong with the file."""
    if not any(block.name == "logo" for form in forms for block in form.blocks):
        return None
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - a kiosk without a logo does not wait for it

    path = folder / "logo.png"
    try:
        with Image.open(path, formats=["PNG"]) as image:
            if image.mode != "1":
                raise ConfigError([f"{path}: is no picture of black and white alone; expected a PNG of 1 bit a dot"])
            if not (image.width <= WIDEST and image.height <= HIGHEST):
                size = f"{image.width} x {image.height}"
                raise ConfigError([f"{path}: is {size} dots; expected at most {WIDEST} x {HIGHEST}"])
            return Picture(image.width, image.height, image.tobytes())
    except FileNotFoundError:
        raise ConfigError([f"{path}: there is no such file, and a form has a block for it"]) from None
    except (OSError, UnidentifiedImageError, SyntaxError) as error:
        raise ConfigError([f"{path}: cannot be read as a PNG: {error}"]) from None
