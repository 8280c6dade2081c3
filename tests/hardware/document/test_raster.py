"""A document becomes dots, in a process that a hostile one cannot leave."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from io import BytesIO
from pathlib import Path

import pytest

from hardware import sandbox
from hardware.document import raster
from hardware.document.raster import Page, Unprintable, a4_px, black_and_white, rasterise
from hardware.document.raster_bounds import INPUT_MAX_BYTES, PAGES_MAX
from hardware.sandbox import Sandbox, SandboxFault
from tests.hardware.document.papers import ADDRESS, blank, certificate

LIMIT_S = 60.0
KPM216 = (1648, 2338)


def test_a4_in_dots():
    """A4 is as many dots as the PWG registers for it at 300 dots per inch."""
    assert a4_px(300) == (2480, 3508)
    assert a4_px(203) == (1678, 2374)


@pytest.mark.parametrize("language", ["az", "ru", "en"])
def test_the_code_of_a_certificate_can_be_read_from_its_dots(language, tmp_path):
    """What a thermal head of 203 dots per inch burns of the centre's own certificate still holds its whole sealed code."""
    if shutil.which("zbarimg") is None:
        pytest.skip("zbarimg (Debian package zbar-tools) is not installed")
    (page,) = rasterise(certificate(language), *KPM216, LIMIT_S)
    black_and_white(page).save(tmp_path / "page.png")
    command = ["zbarimg", "--quiet", "--raw", "--nodbus", str(tmp_path / "page.png")]
    read = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
    assert read.split() == [ADDRESS]


def test_letters_are_black_on_white_at_the_place_where_they_stand():
    """The page is upright and positive: a black bar at the head, white margins, and most of it white."""
    (page,) = rasterise(certificate(), *KPM216, LIMIT_S)
    assert (page.width, page.height, len(page.pixels)) == (*KPM216, 1648 * 2338)
    picture = black_and_white(page)
    assert picture.getpixel((800, 145)) == 0
    assert picture.getpixel((800, 20)) == picture.getpixel((20, 1000)) == picture.getpixel((800, 2320)) == 255
    assert 0.01 < picture.histogram()[0] / (1648 * 2338) < 0.2


def test_a_page_of_another_shape_is_neither_stretched_nor_cut():
    """A page across is made smaller and stands in the middle of the sheet."""
    (page,) = rasterise(blank(1, 842, 595), 400, 566, LIMIT_S)
    assert len(page.pixels) == 400 * 566


def test_ten_pages_are_printed_and_eleven_are_refused():
    """A document may have ten pages."""
    assert len(rasterise(blank(PAGES_MAX), 100, 141, LIMIT_S)) == PAGES_MAX
    with pytest.raises(Unprintable, match="more than 10"):
        rasterise(blank(PAGES_MAX + 1), 100, 141, LIMIT_S)


HOSTILE = {
    "nothing": b"",
    "no PDF": b"%PDF-1.7\n" + bytes(500),
    "cut off": certificate()[:5000],
    "without its table": certificate()[:-3000],
    "no page": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF",
    "too many bytes": certificate() + bytes(INPUT_MAX_BYTES),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_whole_document_is_refused_with_a_reason(name):
    """Damage is told as a reason, and nothing but Unprintable is ever raised."""
    with pytest.raises(Unprintable, match=r"\w+ \w+"):
        rasterise(HOSTILE[name], 400, 566, LIMIT_S)


def test_a_locked_document_is_refused_as_such():
    """A document behind a password is told apart from a damaged one."""
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    pen = Canvas(out, encrypt="secret")
    pen.showPage()
    pen.save()
    with pytest.raises(Unprintable, match="password"):
        rasterise(out.getvalue(), 400, 566, LIMIT_S)


def test_more_dots_than_there_is_memory_for_are_refused():
    """Ten pages at 300 dots per inch are more than a kiosk keeps in memory."""
    with pytest.raises(Unprintable, match="too large"):
        rasterise(blank(10), 2480, 3508, LIMIT_S)
    with pytest.raises(Unprintable, match="no page"):
        rasterise(blank(), 100_000, 10, LIMIT_S)


class Taken(Sandbox):
    """A rasteriser that does something else: ``program``."""

    program = ""

    def __init__(self, _module):
        self._child = subprocess.Popen(
            [sandbox.sys.executable, "-I", "-c", self.program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )


@pytest.mark.parametrize(
    "said", ["b'S\\x01' + bytes(99)", "b'S\\x00'", "b'X\\x01' + bytes(100)", "b'S\\x01' + bytes(1 << 24)", "b''"]
)
def test_a_rasteriser_that_was_taken_over_gives_no_page(said, monkeypatch):
    """Whatever comes in the place of pixels is refused, and no more of it is taken than pages have."""
    program = f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write({said})"
    monkeypatch.setattr(raster, "Sandbox", type("Liar", (Taken,), {"program": program}))
    with pytest.raises(Unprintable):
        rasterise(blank(), 10, 10, LIMIT_S)


def test_a_rasteriser_that_does_not_end_is_ended():
    """A process in an endless loop is given up at the limit and is gone after."""
    with Sandbox(raster.CHILD) as process:
        process._child.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(SandboxFault, match="too long"):
            process.ask(blank(), 100, 0.3)
    assert time.monotonic() - began < 30
    assert process._child.returncode == -signal.SIGKILL


def test_nothing_is_written_anywhere(tmp_path, monkeypatch):
    """A document and its pages leave no file: the temporary folder stays empty and nothing is open afterwards."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = len(list(Path("/proc/self/fd").iterdir()))
    rasterise(certificate(), 400, 566, LIMIT_S)
    assert list(tmp_path.iterdir()) == []
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_without_a_process_there_is_no_page(monkeypatch):
    """A machine that can start no process says so."""
    monkeypatch.setattr(sandbox.sys, "executable", "/no/such/python")
    with pytest.raises(Unprintable, match="no process"):
        rasterise(blank(), 10, 10, LIMIT_S)


def test_a_page_is_burnt_dark_enough():
    """Grey from 150 down is a dot: on thermal paper fine strokes become thinner."""
    assert black_and_white(Page(2, 1, bytes((149, 150)))).tobytes() == b"\x40"
