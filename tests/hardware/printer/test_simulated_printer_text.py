"""What the simulated printer makes of text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hardware.printer.sim_host import INIT, Host, box, ink, printer_and_host


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with printer_and_host(tmp_path) as host:
        yield host


def text_of(host: Host) -> str:
    return str(host.printer.ledger()[-1]["text"])


@pytest.mark.parametrize(
    ("table", "codec", "text"),
    [(13, "cp857", "ğ ı İ ş ç ö ü"), (48, "cp1254", "ğ ı İ ş"), (17, "cp866", "Спасибо"), (46, "cp1251", "Спасибо")],
)
def test_code_pages(host: Host, table: int, codec: str, text: str) -> None:
    """ESC t chooses the page by Epson's number: Turkish 13 and 48, Cyrillic 17 and 46."""
    host.print(b"\x1bt" + bytes((table,)) + text.encode(codec) + b"\n")
    assert text_of(host) == text + "\n"


def test_default_code_page(host: Host) -> None:
    """Before any ESC t, and again after ESC @, the page is PC437."""
    host.print(b"\x80\n\x1bt\x11\x80\n" + INIT + b"\x80\n")
    assert text_of(host) == "Ç\nА\nÇ\n"


def test_unknown_code_page(host: Host) -> None:
    """A table number that the printer does not have changes nothing and is noted."""
    host.print(b"\x1bt\x63\x80\n")
    assert text_of(host) == "Ç\n"
    assert "ESC t 99: no such table" in host.printer.do({"do": "state"})["ignored"]


def test_columns(host: Host) -> None:
    """576 dots hold 48 characters of font A and 64 of font B; the next one goes to a new line."""
    assert host.print(b"M" * 48 + b"\n").height == 30
    assert host.print(b"M" * 49 + b"\n").height == 60
    assert host.print(b"\x1bM\x01" + b"M" * 64 + b"\n").height == 30
    assert host.print(b"\x1bM\x01" + b"M" * 65 + b"\n").height == 60


def test_character_cells(host: Host) -> None:
    """A letter stays in its cell of 12 by 24 dots, and GS ! multiplies the cell."""
    left, top, right, bottom = box(host.print(b"  M\n"))
    assert (24 <= left < right <= 36, 0 <= top < bottom <= 24) == (True, True)
    assert host.print(b"\x1d!\x12" + b"M" * 24 + b"\n").height == 72


def test_large_letters_are_the_small_ones_magnified(host: Host) -> None:
    """GS ! 11h draws every dot of a letter as two by two."""
    small = ink(host.print(b"\x1b3\x00M\n"))
    large = ink(host.print(b"\x1d!\x11M\n"))
    assert large == {(2 * x + dx, 2 * y + dy) for x, y in small for dx in (0, 1) for dy in (0, 1)}


def test_print_mode(host: Host) -> None:
    """ESC ! 30h doubles width and height, ESC ! 0 takes everything back."""
    plain = ink(host.print(b"\x1b3\x00M\n"))
    double = ink(host.print(b"\x1b!\x30M\n"))
    assert len(double) == 4 * len(plain)
    assert ink(host.print(b"\x1b!\x00M\n")) == plain


@pytest.mark.parametrize("on", [b"\x1bE\x01", b"\x1bG\x01", b"\x1b!\x08"])
def test_bold(host: Host, on: bytes) -> None:
    """Emphasised and double-strike letters contain the plain letter and more ink."""
    plain = ink(host.print(b"M\n"))
    assert ink(host.print(on + b"M\n")) > plain


def test_underline(host: Host) -> None:
    """ESC - 2 draws two rows under letters and spaces alike."""
    dots = ink(host.print(b"\x1b-\x02   \x1b-\x00\n"))
    assert dots == {(x, y) for x in range(36) for y in (22, 23)}


def test_inverse(host: Host) -> None:
    """GS B 1 prints white on black: what was ink is paper and the other way round."""
    plain = ink(host.print(b"\x1b3\x00M\n"))
    cell = {(x, y) for x in range(12) for y in range(24)}
    assert plain
    assert ink(host.print(b"\x1dB\x01M\n")) == cell - plain


def test_upside_down(host: Host) -> None:
    """ESC { 1 turns the line by half a circle."""
    plain = ink(host.print(b"\x1b3\x00F\n"))
    assert ink(host.print(b"\x1b{\x01F\n")) == {(575 - x, 23 - y) for x, y in plain}


@pytest.mark.parametrize(("n", "left"), [(0, 0), (1, 282), (2, 564), (49, 282)])
def test_alignment(host: Host, n: int, left: int) -> None:
    """ESC a places the line left, in the middle or right."""
    first = box(host.print(b"\x1dB\x01\x1ba" + bytes((n,)) + b" \n"))[0]
    assert first == left


def test_alignment_within_a_line(host: Host) -> None:
    """ESC a in the middle of a line is ignored, as the manual says."""
    assert box(host.print(b"\x1dB\x01 \x1ba\x02\n"))[0] == 0


def test_tabulator_and_position(host: Host) -> None:
    """HT goes to every eighth column, ESC $ to a dot, GS L moves all of it."""
    assert box(host.print(b"\x1dB\x01\t \n"))[0] == 96
    assert box(host.print(b"\x1b$\x2c\x01 \n"))[0] == 300
    assert box(host.print(b"\x1dL\x0a\x00\x1b$\x2c\x01 \n"))[0] == 310


def test_carriage_return_is_ignored(host: Host) -> None:
    """CR neither feeds nor goes back."""
    assert host.print(b"a\r\nb\r\n").height == 60
    assert text_of(host) == "a\nb\n"


def test_clone_numbers_its_pages_otherwise(tmp_path: Path) -> None:
    """The cheap printer has Turkish as page 61, and its ESC M forgets the page."""
    with printer_and_host(tmp_path, model="clone") as host:
        host.print(b"\x1bt\x3d\x8d\n\x1bM\x00\x8d\n")
        assert text_of(host) == "ı\nì\n"
