"""All kinds of paper in all languages on all widths: as somebody has looked at them and found them good."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import ImageOps

from hardware.printer.layout import HEADS
from tests.hardware.printer.all_papers import KNOWN, SEALED, digest, pictures


def test_papers_look_as_they_did(tmp_path: Path) -> None:
    """Each picture is the accepted one, dot for dot; changed ones are drawn for comparison and accepted by all_papers."""
    known, drawn = json.loads(KNOWN.read_text("utf-8")), pictures()
    changed = sorted(name for name in drawn if known.get(name) != digest(drawn[name]))
    for name in changed:
        drawn[name].save(tmp_path / f"{name}.png")
    assert not changed, f"look at {tmp_path}, then: python -m tests.hardware.printer.all_papers FOLDER --accept"
    assert set(known) == set(drawn)


@pytest.mark.parametrize(("width_mm", "dots_per_inch"), sorted(HEADS))
def test_codes_are_read_on_every_width(tmp_path: Path, width_mm: int, dots_per_inch: int) -> None:
    """A scanner of another make reads the slip's sealed code, letter for letter, from each language's paper."""
    if shutil.which("zbarimg") is None:
        pytest.skip("zbarimg (Debian package zbar-tools) is not installed")
    drawn = pictures()
    for language in ("az", "ru", "en"):
        path = tmp_path / f"{language}.png"
        ImageOps.expand(drawn[f"slip-{language}-{width_mm}mm-{dots_per_inch}dpi"].convert("L"), 16, 255).save(path)
        read = subprocess.run(
            ["zbarimg", "-q", "--raw", "--nodbus", path], capture_output=True, timeout=20, check=False
        )
        assert read.stdout.decode().strip() == SEALED
