"""Pictures as ESC/POS, byte for byte as the command reference has it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.printer import encode as encoding
from hardware.printer.commands import RESYNC, acknowledgement_request
from hardware.printer.encode import (
    LINE_EMPTY,
    Encoder,
    encode,
    orders,
    windows,
    without_phantoms,
)
from hardware.printer.layout import lay_out
from hardware.printer.profiles import PROFILES, Profile
from hardware.printer.windows import WINDOW_BYTES
from tests.hardware.printer.samples import PAPERS

EPSON, CLONE, MUTE = PROFILES["generic-80"], PROFILES["clone-80"], PROFILES["tx-only"]
REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")
"""DLE EOT, DLE ENQ, DLE DC4."""
PLAIN = Profile(acknowledges="nothing", feeds=False, trims=False)


def picture(rows: int, *dots: tuple[int, int], width: int = 576) -> Image.Image:
    """Return white paper with single dots of ink."""
    paper = Image.new("1", (width, rows), 1)
    for dot in dots:
        paper.putpixel(dot, 0)
    return paper


def commands(paper: Image.Image, profile: Profile = EPSON) -> list[str]:
    encoder = Encoder(profile)
    encoder.image(paper)
    return [command.hex(" ") for command in encoder.commands]


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        (orders(EPSON).start, "1b 40 1d 50 cb cb 1d 61 0e"),
        (orders(CLONE).start, "1b 40"),
        (orders(EPSON).cut, "1b 64 01 " * 6 + "1d 56 00"),
        (orders(Profile(acknowledges="nothing", cuts="PART")).cut, "1b 64 01 " * 6 + "1d 56 01"),
        (orders(EPSON).cut_again, "1b 64 00 1d 56 00"),
        (acknowledgement_request(EPSON, "0147"), "1d 28 48 06 00 30 30 30 31 34 37"),
        (acknowledgement_request(CLONE, "0147"), "1d 72 01"),
        (acknowledgement_request(MUTE, "0147"), ""),
    ],
)
def test_commands(sent: bytes, wanted: str) -> None:
    """Commands are the reference's, byte for byte."""
    assert sent.hex(" ") == wanted


def test_one_dot() -> None:
    """The leftmost dot of a row is the highest bit, ink is 1, and the band is as narrow as its ink."""
    assert commands(picture(1, (0, 0))) == ["1d 76 30 00 01 00 01 00 80"]
    assert commands(picture(1, (9, 0))) == ["1d 76 30 00 02 00 01 00 00 40"]


def test_the_right_margin_is_kept_where_the_printer_wants_it() -> None:
    """For a printer that takes no narrow bands each row has all 72 bytes."""
    assert commands(picture(1, (0, 0)), PLAIN) == ["1d 76 30 00 48 00 01 00 80" + " 00" * 71]


def test_blank_rows_are_fed() -> None:
    """Blank rows before, between and after ink are fed, 255 at most in one command."""
    paper = picture(410, (0, 5), (0, 30))
    dot = "1d 76 30 00 01 00 01 00 80"
    assert commands(paper) == ["1b 4a 05", dot, "1b 4a 18", dot, "1b 4a ff", "1b 4a 7c"]


def test_blank_rows_are_sent_where_feeding_is_ignored() -> None:
    """For a clone, blank paper is one byte of blank raster for each row; without narrow bands it is whole rows."""
    assert commands(picture(3), CLONE) == ["1d 76 30 00 01 00 03 00 00 00 00"]
    assert commands(picture(2), PLAIN) == ["1d 76 30 00 48 00 02 00" + " 00" * 144]


def test_a_band_has_24_rows_at_most() -> None:
    """Ink without a break is cut into bands of 24 rows; a few blank rows inside do not break it."""
    line = [(0, row) for row in range(30) if row not in (3, 4)]
    heights = [command.split()[6] for command in commands(picture(30, *line))]
    assert heights == ["18", "06"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([0x00, 0x01, 0x04, 0x05, 0x10, 0x14, 0x44, 0x45, 0x50, 0x54]), max_size=60).map(bytes))
def test_no_phantom_survives(data: bytes) -> None:
    """After the flip no real-time command is left, the length is the same, and one dot changed for each pair."""
    clean = without_phantoms(data)
    assert REAL_TIME.search(clean) is None
    assert len(clean) == len(data)
    changed = sum((one ^ other).bit_count() for one, other in zip(data, clean, strict=True))
    assert changed == len(REAL_TIME.findall(data))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), profile=st.sampled_from([EPSON, CLONE, PLAIN]))
def test_windows_hold_no_phantom_at_all(data: st.DataObject, profile: Profile) -> None:
    """Not even the seam of two rows or two commands gives a real-time command, whatever the picture."""
    rows = data.draw(st.integers(1, 60))
    raster = data.draw(st.binary(min_size=rows * 6, max_size=rows * 6))
    mixed = bytes(byte if byte & 0x20 else b"\x10\x04\x05\x14\x01\xff"[byte % 6] for byte in raster)
    for window in encode(Image.frombytes("1", (48, rows), mixed), profile):
        assert REAL_TIME.search(window) is None


@pytest.mark.parametrize("profile", [*PROFILES.values(), PLAIN])
@pytest.mark.parametrize("name", sorted(PAPERS))
def test_windows_are_small(name: str, profile: Profile) -> None:
    """No window is above 2 KB with its acknowledgement request, and the last one ends with the cut."""
    sent = encode(lay_out(PAPERS[name]), profile)
    assert max(len(window + acknowledgement_request(profile, "0000")) for window in sent) <= WINDOW_BYTES
    assert sent[-1].endswith(orders(profile).cut)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=40), max_size=30))
def test_windows_end_where_commands_do(parts: list[bytes]) -> None:
    """Packing tears no command and loses none, and each window first empties the line."""
    whole = windows(parts, limit=64)
    assert all(window.startswith(LINE_EMPTY) for window in whole)
    packed = [window.removeprefix(LINE_EMPTY) for window in whole]
    assert b"".join(packed) == b"".join(parts)
    ends = {sum(map(len, parts[:count])) for count in range(len(parts) + 1)}
    assert {sum(map(len, packed[: count + 1])) for count in range(len(packed))} <= ends
    assert all(len(window) <= 64 for window in whole)


def test_a_command_longer_than_a_window_is_refused() -> None:
    """What cannot be acknowledged in time is not sent."""
    with pytest.raises(ValueError, match="65 bytes"):
        windows([bytes(65)], limit=64)


def test_the_resync_completes_any_band() -> None:
    """The NULs are at least the longest band's payload."""
    assert max(len(command) // 3 for command in commands(picture(24, (575, 0), (575, 23)))) < len(RESYNC)


def test_the_library_leaves_nothing_behind(tmp_path: Path) -> None:
    """Importing the encoder leaves no file in the temporary folder."""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    code = f"import {encoding.__name__}"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=30)
    assert list(tmp_path.iterdir()) == []
