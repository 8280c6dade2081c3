"""The operator's logo: a picture of black and white dots beside the forms, checked before anything is printed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from hardware.printer.layout import lay_out
from kiosk.commands.logo import read_logo
from kiosk.commands.parts import read_forms
from kiosk.domain.faults import ConfigError
from kiosk.domain.receipt import Receipt
from tests.commands.edits import edit

SHIPPED = Path(__file__).parents[2] / "config" / "receipts"


@pytest.fixture
def folder(tmp_path):
    """The shipped forms, the receipt's with a logo at its head."""
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "receipts"))
    edit(folder / "receipt.toml", ("blocks = [", 'blocks = [\n  { name = "logo" },'))
    return folder


def draw(folder, mode="1", size=(120, 40)):
    """Put a logo there: a black frame on white."""
    image = Image.new(mode, size, 1 if mode == "1" else 255)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] - 1, size[1] - 1), outline=0, width=4)
    image.save(folder / "logo.png")
    return image


def read(folder):
    return read_logo(folder, read_forms(folder).values())


def test_it_is_printed_dot_for_dot_in_the_middle(folder):
    """The dots on the paper are those of the file, centred, whatever its width is short of whole bytes."""
    image = draw(folder, size=(121, 40))
    paper = lay_out(Receipt("R", "az", (read(folder),)), 384)
    left = (384 - 121) // 2
    assert paper.crop((left, 0, left + 121, 40)).tobytes() == image.tobytes()
    assert paper.convert("L").crop((0, 0, left, 40)).getextrema() == (255, 255)


def test_without_a_block_for_it_no_file_is_needed():
    """The shipped forms have no logo, and nothing is read."""
    assert read(SHIPPED) is None


@pytest.mark.parametrize(
    ("mode", "size", "told"),
    [
        ("L", (120, 40), "expected a PNG of 1 bit a dot"),
        ("1", (361, 40), "is 361 x 40 dots; expected at most 360 x 240"),
        ("1", (40, 241), "is 40 x 241 dots"),
    ],
)
def test_what_cannot_be_printed_is_told(folder, mode, size, told):
    """Grey, too wide, too high: each is told with the file and what was expected."""
    draw(folder, mode, size)
    with pytest.raises(ConfigError) as error:
        read(folder)
    assert told in error.value.mistakes[0]
    assert "logo.png" in error.value.mistakes[0]


@pytest.mark.parametrize("content", [None, b"", b"GIF89a", b"\x89PNG\r\n\x1a\n broken"])
def test_a_file_that_is_none_is_told(folder, content):
    """A missing, empty, foreign or torn file is a sentence, not a traceback."""
    if content is not None:
        (folder / "logo.png").write_bytes(content)
    with pytest.raises(ConfigError, match="logo"):
        read(folder)
