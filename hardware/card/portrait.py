"""The holder's picture from EF.DG2, made small by a process of its own (``portrait_child``) that a hostile image cannot leave.

That process gives back pixels, not a file: their number is checked and they are packed here, so that no decoder of the
kiosk itself ever meets a byte that a card chose. It is started before the card is read, and is ready when the image comes.
"""

from __future__ import annotations

import logging
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Self

from PIL import Image

from hardware.card.images import face_images
from hardware.card.portrait_child import HEAD, HEIGHT_MAX_PX, INPUT_MAX_BYTES, WIDTH_MAX_PX
from kiosk.domain.faults import ProtocolError

_log = logging.getLogger(__name__)

PORTRAIT_MAX_BYTES = 12_000
_SHRUNK, _QUALITIES = (1, 2, 4), (85, 75, 60, 45, 30)
_CHILD = Path(__file__).with_name("portrait_child.py")
_BYTES_PER_PIXEL = 3
_ANSWER_MAX_BYTES = HEAD.size + WIDTH_MAX_PX * HEIGHT_MAX_PX * _BYTES_PER_PIXEL
_PIECE_BYTES = 65536
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
        self._child = subprocess.Popen(
            [sys.executable, "-I", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            start_new_session=True,
            bufsize=0,
        )

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
        answer = self._exchange(image, time.monotonic() + limit_s)
        if len(answer) < HEAD.size:
            raise Undecodable(f"the decoder ended without a picture, {self._end()}")
        mark, width, height = HEAD.unpack_from(answer)
        pixels = answer[HEAD.size :]
        fits = 0 < width <= WIDTH_MAX_PX and 0 < height <= HEIGHT_MAX_PX
        if not fits or len(pixels) != width * height * _BYTES_PER_PIXEL or mark not in {b"S", b"L"}:
            raise Undecodable(f"the decoder gave {len(pixels)} bytes as {width} x {height} pixels")
        self.filtered = mark == b"S"
        return width, height, pixels

    def close(self) -> None:
        """End the process."""
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()
        self._child.wait()

    def _end(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(1.0)
        status = self._child.poll()
        return "still running" if status is None else f"signal {-status}" if status < 0 else f"status {status}"

    def _exchange(self, image: bytes, deadline: float) -> bytes:
        """Write and read side by side until the answer's end; no more than an answer may have is ever taken."""
        child_in, child_out = self._child.stdin, self._child.stdout
        if child_in is None or child_out is None or child_in.closed:
            raise Undecodable("a decoder takes one picture")
        left, answer = memoryview(image), b""
        os.set_blocking(child_in.fileno(), False)
        with selectors.DefaultSelector() as ready:
            ready.register(child_in, selectors.EVENT_WRITE)
            ready.register(child_out, selectors.EVENT_READ)
            while (wait_s := deadline - time.monotonic()) > 0:
                for key, _ in ready.select(wait_s):
                    if key.fileobj is child_in:
                        left = _written(child_in.fileno(), left)
                        if not left:
                            ready.unregister(child_in)
                            child_in.close()
                        continue
                    piece = os.read(child_out.fileno(), _PIECE_BYTES)
                    answer += piece
                    if not piece or len(answer) > _ANSWER_MAX_BYTES:
                        return answer
        raise Undecodable("the decoder took too long")


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


def _written(pipe: int, data: memoryview) -> memoryview:
    """Write what the pipe takes; return the rest, nothing where nobody reads any more."""
    try:
        return data[os.write(pipe, data) :]
    except BlockingIOError:
        return data
    except BrokenPipeError:
        return data[:0]


def packed(width: int, height: int, pixels: bytes) -> bytes:
    """Return pixels as a JPEG that is small enough. Undecodable where none is."""
    picture = Image.frombytes("RGB", (width, height), pixels)
    for shrunk, quality in product(_SHRUNK, _QUALITIES):
        file = BytesIO()
        picture.reduce(shrunk).save(file, "JPEG", quality=quality)
        if len(file.getvalue()) <= PORTRAIT_MAX_BYTES:
            return file.getvalue()
    raise Undecodable(f"{width} x {height} pixels of noise")
