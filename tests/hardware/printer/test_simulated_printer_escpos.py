"""What the simulated printer makes of bytes that another project encoded: python-escpos."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from escpos.printer import Dummy
from PIL import Image, ImageDraw

from tests.hardware.printer.sim_host import Host, box, ink, piece, printer_and_host

needs_zbar = pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is not installed")
URL = "https://kiosk.az/r/2026-000123?k=Zm9v"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with printer_and_host(tmp_path) as host:
        yield host


@pytest.fixture
def encoder() -> Any:
    return Dummy(profile="TM-T88V")


def shape() -> Image.Image:
    image = Image.new("1", (200, 50), 1)
    pen = ImageDraw.Draw(image)
    pen.ellipse((3, 2, 150, 47), outline=0, width=3)
    pen.line((0, 49, 199, 0), fill=0)
    return image


def test_text(host: Host, encoder: Any) -> None:
    """Turkish and Russian letters arrive through the code pages that python-escpos chooses."""
    encoder.set(align="center", bold=True, double_width=True, double_height=True)
    encoder.text("Ağalı kəndi\n")
    encoder.set_with_default()
    encoder.text("Müştəri: Şahin İbiş\nСпасибо\n")
    encoder.cut()
    host.write(encoder.output)
    host.settle()
    # python-escpos has no page with ə: it writes a question mark (field note 1.2)
    assert host.printer.ledger()[0]["text"] == "Ağalı k?ndi\nMüşt?ri: Şahin İbiş\nСпасибо\n"
    assert host.printer.do({"do": "state"})["unknown_bytes"] == 0


@pytest.mark.parametrize("way", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_image(host: Host, encoder: Any, way: str) -> None:
    """All three ways to send an image draw the same dots."""
    encoder.image(shape(), impl=way)
    encoder.cut()
    host.write(encoder.output)
    host.settle()
    assert ink(piece(host.printer)) == ink(shape())


def test_tall_image(host: Host, encoder: Any) -> None:
    """An image higher than one fragment is drawn without a seam."""
    image = Image.linear_gradient("L").resize((64, 1500)).point(lambda grey: 255 * (grey // 16 % 2)).convert("1")
    encoder.image(image, impl="bitImageRaster")
    host.write(encoder.output)
    host.write(b"\x1dV\x00")
    host.settle()
    assert ink(piece(host.printer)) == ink(image)


@needs_zbar
@pytest.mark.parametrize("native", [True, False])
def test_qr(host: Host, encoder: Any, native: bool) -> None:
    """A QR code, drawn by the printer or sent as a picture, is read by zbar."""
    encoder.qr(URL, native=native, size=5)
    encoder.cut()
    host.write(encoder.output)
    host.settle()
    assert host.printer.ledger()[0]["qr"] == [URL]


@needs_zbar
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_native_qr_levels(host: Host, encoder: Any, level: int) -> None:
    """Every error correction level gives a readable code, none smaller than the one before."""
    encoder.qr(URL, native=True, size=4, ec=level)
    encoder.cut()
    host.write(encoder.output)
    host.settle()
    assert host.printer.ledger()[0]["qr"] == [URL]
    left, _, right, _ = box(piece(host.printer))
    assert right - left == 4 * {0: 29, 1: 29, 2: 33, 3: 37}[level]


def test_cut_and_drawer(host: Host, encoder: Any) -> None:
    """Cut with python-escpos' own feed of six lines; the pulse for a drawer leaves no trace on paper."""
    encoder.cashdraw(2)
    encoder.text("x\n")
    encoder.cut(mode="PART")
    host.write(encoder.output)
    host.settle()
    row = host.printer.ledger()[0]
    assert (row["rows"], row["cut_kind"]) == (30 + 6 * 30, "partial")
