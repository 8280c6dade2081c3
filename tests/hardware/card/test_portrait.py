"""The holder's picture, decoded in a process of its own that a hostile image cannot leave."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from hardware import sandbox
from hardware.card import portrait, portrait_child
from hardware.card.images import face_images
from hardware.card.portrait import PORTRAIT_MAX_BYTES, Decoder, Undecodable, portraits
from hardware.card.sim_photo import face_group
from tests.hardware.card.test_images import dg2, extensible


def picture(form: str = "JPEG", size: tuple[int, int] = (480, 640), mode: str = "RGB", **options: object) -> bytes:
    """An image with something in it: a dark head on a light ground."""
    image = Image.new("RGB", size, "white")
    image.paste(Image.new("RGB", (size[0] // 2, size[1] // 2)), (size[0] // 4, size[1] // 4))
    file = BytesIO()
    image.convert(mode).save(file, form, **options)
    return file.getvalue()


def codestream() -> bytes:
    """JPEG 2000 without its file."""
    return picture("JPEG2000", no_jp2=True)


def decoded(image: bytes, limit_s: float = 30.0) -> Image.Image:
    with Decoder() as decoder:
        return Image.frombytes("RGB", (answer := decoder.pixels_of(image, limit_s))[:2], answer[2])


def refused(image: bytes, limit_s: float = 30.0) -> str:
    with Decoder() as decoder, pytest.raises(Undecodable) as error:
        decoder.pixels_of(image, limit_s)
    return str(error.value)


@pytest.mark.parametrize(
    "image",
    [
        picture(),
        picture("JPEG2000"),
        codestream(),
        picture(mode="L"),
        picture("JPEG2000", mode="L"),
        picture(mode="CMYK"),
    ],
    ids=["JPEG", "JP2", "J2K", "grey JPEG", "grey JP2", "CMYK"],
)
def test_every_kind_comes_out_small_and_in_colour(image: bytes):
    """Whatever the card stores, there are 240 x 320 pixels at most, light where it was light and dark where it was dark."""
    small = decoded(image)
    assert small.size == (240, 320)
    assert sum(small.getpixel((5, 5))) > 600
    assert sum(small.getpixel((120, 160))) < 150


def test_the_shape_of_a_face_is_kept():
    """A picture that is wider, or smaller than the space, is neither stretched nor enlarged."""
    assert decoded(picture(size=(640, 320))).size == (240, 120)
    assert decoded(picture(size=(90, 120))).size == (90, 120)


@pytest.mark.parametrize("photo", ["jpeg", "jpeg2000"])
def test_a_portrait_is_a_small_jpeg_of_the_kiosk_itself(photo: str):
    """EF.DG2 of 12 kB and more becomes one JPEG of 12000 bytes at most, with nothing of the card's file in it."""
    content = face_group("AA0000001", "F", photo, 20_000)
    with Decoder() as decoder:
        found = decoder.portrait_of(content, 30.0)
    assert len(found) <= PORTRAIT_MAX_BYTES
    assert Image.open(BytesIO(found)).format == "JPEG"
    assert face_images(content)[0].data[:200] not in found


def test_noise_is_made_small_too():
    """A picture that does not compress loses detail until it fits."""
    noise = Image.effect_noise((240, 320), 200).convert("RGB")
    assert len(portrait.packed(240, 320, noise.tobytes())) <= PORTRAIT_MAX_BYTES


def test_the_newer_encoding_is_decoded_as_well():
    """A face by ISO/IEC 39794-5 becomes a portrait like any other."""
    with Decoder() as decoder:
        assert decoder.portrait_of(dg2(extensible(picture())), 30.0)


def huge() -> bytes:
    """A JPEG of a few kilobytes that says 65000 x 65000 pixels."""
    image = bytearray(picture(size=(16, 16)))
    place = image.index(b"\xff\xc0")
    image[place + 5 : place + 9] = (65000).to_bytes(2, "big") * 2
    return bytes(image)


def huge_2000() -> bytes:
    """A codestream whose SIZ marker says 60000 x 60000 pixels."""
    image = bytearray(codestream())
    place = image.index(b"\xff\x51")
    image[place + 6 : place + 14] = (60000).to_bytes(4, "big") * 2
    return bytes(image)


HOSTILE = {
    "nothing": b"",
    "no image": b"\xff\xd8\xff" + bytes(100),
    "cut off": picture()[:300],
    "cut off JP2": picture("JPEG2000")[:200],
    "a PNG": picture("PNG"),
    "a TIFF": picture("TIFF"),
    "a billion pixels": huge(),
    "a billion pixels of JPEG 2000": huge_2000(),
    "more bytes than are read": picture() + bytes(portrait_child.INPUT_MAX_BYTES),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_of_a_face_gives_none(name: str):
    """Damage, another format, or dimensions that nobody has memory for: no pixels, and never more than one kind of error."""
    assert refused(HOSTILE[name])


def test_a_decoder_that_does_not_end_is_ended():
    """A process that is stopped, as a decoder in an endless loop would be, is given up at the limit and is gone after."""
    with Decoder() as decoder:
        decoder._process._child.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(Undecodable):
            decoder.pixels_of(picture(), 0.3)
    assert time.monotonic() - began < 20
    assert decoder._process._child.returncode == -9


def test_a_decoder_takes_one_picture():
    """The next card never meets a process that has seen another one's bytes."""
    with Decoder() as decoder:
        decoder.pixels_of(picture(), 30.0)
        with pytest.raises(Undecodable):
            decoder.pixels_of(picture(), 30.0)


LIES = {
    "too large": "HEAD.pack(b'S', 4000, 4000) + bytes(100)",
    "too few": "HEAD.pack(b'S', 100, 100) + bytes(100)",
    "no size": "HEAD.pack(b'S', 0, 0)",
    "another mark": "HEAD.pack(b'X', 1, 1) + bytes(3)",
    "without end": "HEAD.pack(b'S', 1, 1) + bytes(1 << 24)",
    "nothing": "b''",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_decoder_that_was_taken_over_gives_no_picture(lie: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whatever comes back in the place of pixels is refused, and no more of it is taken than a picture has."""
    script = tmp_path / "child.py"
    script.write_text(
        "import struct, sys\nHEAD = struct.Struct('>cHH')\nsys.stdin.buffer.read()\n"
        f"sys.stdout.buffer.write({LIES[lie]})\n"
    )
    monkeypatch.setattr(portrait, "CHILD", "liar")
    command = [sys.executable, str(script)]
    popen = subprocess.Popen
    monkeypatch.setattr(sandbox.subprocess, "Popen", lambda _, **options: popen(command, **options))
    assert refused(picture())


def test_a_picture_that_cannot_be_decoded_is_told_and_costs_nothing_else(caplog: pytest.LogCaptureFixture):
    """In the place of a portrait there is nothing, and the log says why, without a byte of the picture."""
    with caplog.at_level(logging.WARNING), portraits() as make:
        assert make is not None
        assert make(dg2(extensible(picture()[:300]))) == b""
    assert "no portrait" in caplog.text
    with portraits() as make:
        assert make is not None
        assert make(b"\x75\x00") == b""


def test_where_no_process_can_be_started_there_is_no_portrait(monkeypatch: pytest.MonkeyPatch):
    """A machine without memory for the decoder still reads cards."""
    monkeypatch.setattr(sandbox.sys, "executable", "/no/such/python")
    with portraits() as make:
        assert make is None
