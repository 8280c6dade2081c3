"""Dots as PWG Raster: its bytes by the specification, and read back by the library that most printers' drivers use."""

from __future__ import annotations

import ctypes
from ctypes.util import find_library

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.document import pwg
from hardware.document.raster import Page, a4_px, black_and_white, rasterise
from tests.hardware.document.papers import certificate


def test_a_line_by_hand():
    """Runs are a count less one and the pixel, literals 257 less their count and the pixels; a single pixel is a run of one."""
    assert pwg.packed(b"\0" * 8) == bytes((7, 0))
    assert pwg.packed(b"\1\2\3\3\3") == bytes((255, 1, 2, 2, 3))
    assert pwg.packed(b"\7") == bytes((0, 7))
    assert pwg.packed(b"\0" * 130) == bytes((127, 0, 1, 0))
    assert pwg.packed(bytes(range(129))) == bytes((129, *range(128), 0, 128))


def test_a_small_document_by_hand():
    """Sync word, header, and a picture of three lines of which the first two are the same."""
    page = Page(3, 3, b"\0\0\xff" * 2 + b"\xff" * 3)
    found = pwg.encode([page], "sgray_8", 300)
    assert found[:13] == b"RaS2PwgRaster"
    head = found[4 : 4 + pwg.HEADER_BYTES]
    words = {at: int.from_bytes(head[at : at + 4], "big") for at in range(256, 516, 4)}
    assert {at: word for at, word in words.items() if word} == {
        276: 300, 280: 300, 340: 1, 352: 595, 356: 842, 372: 3, 376: 3, 384: 8, 388: 8, 392: 3, 400: 18, 420: 1,
        452: 1, 456: 1, 460: 1,
    }  # fmt: skip
    assert head[1732:].rstrip(b"\0") == b"iso_a4_210x297mm"
    assert found[4 + pwg.HEADER_BYTES :] == bytes.fromhex("01 01 00 00 ff 00 02 ff")


def unpacked(line: bytes) -> bytes:
    out, at = b"", 0
    while at < len(line):
        code = line[at]
        out += line[at + 1 : at + 2] * (code + 1) if code < 128 else line[at + 1 : at + 258 - code]
        at += 2 if code < 128 else 258 - code
    return out


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 300)), max_size=6))
def test_every_line_comes_back(runs):
    """Whatever a line is, its code gives it back, and no count is the reserved 128."""
    row = b"".join(bytes((value,)) * count for value, count in runs)
    assert unpacked(pwg.packed(row)) == row


@pytest.mark.parametrize("kind", ["sgray_8", "black_1"])
def test_cups_reads_the_same_dots(kind, tmp_path):
    """CUPS's own reader finds one page of A4 at 300 dots per inch, and in it the very dots of the certificate."""
    name = find_library("cups")
    if name is None:
        pytest.skip("libcups (Debian package libcups2, with cups-ipp-utils) is not installed")
    cups = ctypes.CDLL(name)
    if not hasattr(cups, "cupsRasterOpen"):
        pytest.skip("this libcups reads no raster")
    (page,) = rasterise(certificate(), *a4_px(300))
    file = tmp_path / "page.pwg"
    file.write_bytes(pwg.encode([page], kind, 300))
    cups.cupsRasterOpen.restype = ctypes.c_void_p
    with file.open("rb") as opened:
        raster = ctypes.c_void_p(cups.cupsRasterOpen(opened.fileno(), 0))
        head = ctypes.create_string_buffer(pwg.HEADER_BYTES)
        assert cups.cupsRasterReadHeader2(raster, head) == 1
        width, height = (ctypes.c_uint.from_buffer(head, at).value for at in (372, 376))
        stride = ctypes.c_uint.from_buffer(head, 392).value
        assert (width, height) == (2480, 3508)
        dots = ctypes.create_string_buffer(stride * height)
        assert cups.cupsRasterReadPixels(raster, dots, stride * height) == stride * height
        assert cups.cupsRasterReadHeader2(raster, ctypes.create_string_buffer(pwg.HEADER_BYTES)) == 0
        cups.cupsRasterClose(raster)
    if kind == "sgray_8":
        assert dots.raw == page.pixels
    else:
        assert bytes(byte ^ 0xFF for byte in dots.raw) == black_and_white(page).tobytes()
