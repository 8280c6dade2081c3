"""The holder's picture from EF.DG2, made small by a process of its own (``portrait_child``) that a hostile image cannot leave.

That process gives back pixels, not a file: their number is checked and they are packed here, so that no decoder of the
kiosk itself ever meets a byte that a card chose. It is started before the card is read, and is ready when the image comes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from itertools import product
from typing import Self

from PIL import Image

from hardware.card.images import face_images
from hardware.card.portrait_child import HEAD, HEIGHT_MAX_PX, INPUT_MAX_BYTES, WIDTH_MAX_PX
from hardware.sandbox import Sandbox, SandboxFault
from kiosk.domain.faults import ProtocolError

_log = logging.getLogger(__name__)

PORTRAIT_MAX_BYTES = 12_000
_SHRUNK, _QUALITIES = (1, 2, 4), (85, 75, 60, 45, 30)
CHILD = "hardware.card.portrait_child"
_BYTES_PER_PIXEL = 3
_ANSWER_MAX_BYTES = HEAD.size + WIDTH_MAX_PX * HEIGHT_MAX_PX * _BYTES_PER_PIXEL
LIMIT_S = 6.0
"""For one picture, the start of the decoder included where it is not over yet."""


class Undecodable(ProtocolError):
    """No picture came of an image. The citizen is read nevertheless: a picture proves nothing."""


class Decoder:
    """One process for one picture. Starting it takes no time; it is ended by ``close`` whatever it does.

    ``filtered``: whether the kernel's filter of system calls stood around the picture, or limits alone; None before.
    """

    def __init__(self) -> None:
        self.filtered: bool | None = None
        self._process = Sandbox(CHILD)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def portrait_of(self, dg2: bytes, limit_s: float = LIMIT_S) -> bytes:
        """Return the newest face of EF.DG2 as a JPEG of 240 × 320 pixels and 12000 bytes at most. Undecodable."""
        try:
            image = face_images(dg2)[0]
        except ProtocolError as error:
            raise Undecodable(f"EF.DG2: {error}") from error
        return packed(*self.pixels_of(image.data, limit_s))

    def pixels_of(self, image: bytes, limit_s: float = LIMIT_S) -> tuple[int, int, bytes]:
        """Return width, height and RGB rows of an image, scaled down. Undecodable."""
        if len(image) > INPUT_MAX_BYTES:
            raise Undecodable(f"an image of {len(image)} bytes")
        try:
            answer = self._process.ask(image, _ANSWER_MAX_BYTES, limit_s)
        except SandboxFault as fault:
            raise Undecodable(f"no picture: {fault}") from None
        if len(answer) < HEAD.size:
            raise Undecodable(f"the decoder gave {len(answer)} bytes")
        mark, width, height = HEAD.unpack_from(answer)
        pixels = answer[HEAD.size :]
        fits = 0 < width <= WIDTH_MAX_PX and 0 < height <= HEIGHT_MAX_PX
        if not fits or len(pixels) != width * height * _BYTES_PER_PIXEL or mark not in {b"S", b"L"}:
            raise Undecodable(f"the decoder gave {len(pixels)} bytes as {width} x {height} pixels")
        self.filtered = mark == b"S"
        return width, height, pixels

    def close(self) -> None:
        """End the process."""
        self._process.close()


@contextmanager
def portraits() -> Iterator[Callable[[bytes], bytes] | None]:
    """Have a decoder ready meanwhile. What it gives makes a portrait of EF.DG2, or b"", which the log tells; it never raises.

    None where no process can be started.
    """
    try:
        decoder = Decoder()
    except OSError as error:
        _log.warning("no portrait, the decoder cannot be started: %s", error.strerror)
        yield None
        return
    with decoder:
        yield partial(_portrait_or_nothing, decoder)


def _portrait_or_nothing(decoder: Decoder, dg2: bytes) -> bytes:
    try:
        portrait = decoder.portrait_of(dg2)
    except Undecodable as error:
        _log.warning("no portrait: %s", error)
        return b""
    if not decoder.filtered:
        _log.warning("the portrait's decoder was held by limits alone: no seccomp filter on this kernel or processor")
    return portrait


def packed(width: int, height: int, pixels: bytes) -> bytes:
    """Return pixels as a JPEG that is small enough. Undecodable where none is."""
    picture = Image.frombytes("RGB", (width, height), pixels)
    for shrunk, quality in product(_SHRUNK, _QUALITIES):
        file = BytesIO()
        picture.reduce(shrunk).save(file, "JPEG", quality=quality)
        if len(file.getvalue()) <= PORTRAIT_MAX_BYTES:
            return file.getvalue()
    raise Undecodable(f"{width} x {height} pixels of noise")
