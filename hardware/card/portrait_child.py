"""The picture decoder's own process: an image in at standard input, pixels out at standard output, and nothing else.

``python -I -m hardware.card.portrait_child``. Out: how it was shut in (``S`` by the kernel's filter too, ``L`` by limits alone), width,
height (two bytes each), then RGB rows. With anything wrong nothing is written, and the exit status is not 0.

Before the first byte of the image is read the process gives up what it does not need (``hardware.sandbox_child``).
"""

from __future__ import annotations

import struct
import sys
from io import BytesIO
from typing import NoReturn

from PIL import Image, Jpeg2KImagePlugin, JpegImagePlugin, MpoImagePlugin, TiffImagePlugin  # noqa: F401 - imported while there is an open()

from hardware.sandbox_child import shut_in

WIDTH_MAX_PX, HEIGHT_MAX_PX = 240, 320
PIXELS_MAX = 4_000_000
INPUT_MAX_BYTES = 1 << 20
HEAD = struct.Struct(">cHH")

_JPEG = b"\xff\xd8\xff"


def thumbnail(data: bytes) -> Image.Image:
    """Decode JPEG or JPEG 2000 and scale it down. Whatever Pillow raises; ValueError for too many pixels."""
    image = (JpegImagePlugin.JpegImageFile if data.startswith(_JPEG) else Jpeg2KImagePlugin.Jpeg2KImageFile)(
        BytesIO(data)
    )
    width, height = image.size
    if not 0 < width * height <= PIXELS_MAX:
        raise ValueError(f"{width} x {height} pixels")
    image.draft("RGB", (WIDTH_MAX_PX, HEIGHT_MAX_PX))
    small = image.convert("RGB")
    small.thumbnail((WIDTH_MAX_PX, HEIGHT_MAX_PX))
    return small


def warm_up() -> None:
    """Use both decoders once, so that nothing has to be loaded any more."""
    for form in ("JPEG", "JPEG2000"):
        file = BytesIO()
        Image.new("RGB", (16, 16)).save(file, form)
        thumbnail(file.getvalue())


def main() -> NoReturn:
    """Decode one image."""
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX // 2  # Pillow refuses above twice this
    Image.preinit()
    warm_up()
    mark = b"S" if shut_in() else b"L"
    small = thumbnail(sys.stdin.buffer.read(INPUT_MAX_BYTES))
    sys.stdout.buffer.write(HEAD.pack(mark, *small.size) + small.tobytes())
    sys.stdout.buffer.flush()
    raise SystemExit(0)


if __name__ == "__main__":
    main()
