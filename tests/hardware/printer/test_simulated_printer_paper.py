"""What the simulated printer puts on paper, command by command."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hardware.printer.sim_host import CUT, INIT, Host, band, box, ink, piece, printer_and_host


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with printer_and_host(tmp_path) as host:
        yield host


def test_raster_band_dots(host: Host) -> None:
    """A GS v 0 band draws exactly its dots, most significant bit left, one row below the other."""
    rows = [random.Random(y).randbytes(72) for y in range(24)]
    wanted = {(x, y) for y, row in enumerate(rows) for x in range(576) if row[x // 8] >> (7 - x % 8) & 1}
    paper = host.print(INIT + band(rows))
    assert (paper.mode, paper.size) == ("1", (576, 24))
    assert ink(paper) == wanted


def test_bands_join_without_gap(host: Host) -> None:
    """Two bands one after the other make one picture without a row between them."""
    assert host.print(band([b"\xff"] * 24) + band([b"\xff"] * 24)).size == (576, 48)


@pytest.mark.parametrize(("mode", "size"), [(0, (8, 2)), (1, (16, 2)), (2, (8, 4)), (3, (16, 4)), (48, (8, 2))])
def test_raster_modes(host: Host, mode: int, size: tuple[int, int]) -> None:
    """GS v 0 m doubles width (1), height (2) or both (3)."""
    paper = host.print(b"\x1dv0" + bytes((mode, 1, 0, 2, 0)) + b"\xff\xff")
    assert box(paper) == (0, 0, *size)


def test_raster_wider_than_the_paper(host: Host) -> None:
    """Dots right of the printing area are lost, and the next row begins at the left again."""
    assert ink(host.print(band([b"\x00" * 72 + b"\xff\xff", b"\x80" + b"\x00" * 73]))) == {(0, 1)}


def test_raster_follows_alignment_and_margin(host: Host) -> None:
    """ESC a, GS L and GS W place a raster picture."""
    assert box(host.print(b"\x1ba\x01" + band([b"\xff\xff"]))) == (280, 0, 296, 1)
    assert box(host.print(b"\x1ba\x02" + band([b"\xff\xff"]))) == (560, 0, 576, 1)
    assert box(host.print(INIT + b"\x1dL\x64\x00\x1dW\x64\x00\x1ba\x02" + band([b"\xff\xff"]))) == (184, 0, 200, 1)


def test_raster_in_the_middle_of_a_line(host: Host) -> None:
    """GS v 0 is without effect while there is text in the print buffer, as the manual says, and that is counted."""
    assert host.print(b"abc" + band([b"\xff" * 72] * 24) + b"\n").height == 30
    assert "GS v 0: not at the beginning of a line" in host.printer.do({"do": "state"})["ignored"]


def test_column_graphics(host: Host) -> None:
    """ESC * 33 puts 24-dot columns into the line, top bit first."""
    paper = host.print(b"\x1b*\x21\x02\x00" + b"\x80\x00\x01" + b"\x00\x80\x00" + b"\n")
    assert ink(paper) == {(0, 0), (0, 23), (1, 8)}


def test_column_graphics_low_density(host: Host) -> None:
    """ESC * 0 draws dots two wide and three high."""
    assert ink(host.print(b"\x1b*\x00\x01\x00\x80\n")) == {(x, y) for x in range(2) for y in range(3)}


def test_feeds(host: Host) -> None:
    """LF feeds the line spacing, ESC 3 sets it, ESC 2 restores it, ESC d counts lines, ESC J dots."""
    assert host.print(b"\n").height == 30
    assert host.print(b"\x1b3\x28\n\n").height == 80
    assert host.print(b"\x1b2\n").height == 30
    assert host.print(b"\x1bd\x04").height == 120
    assert host.print(b"\x1bJ\x07").height == 7


def test_line_is_never_lower_than_its_letters(host: Host) -> None:
    """A line spacing below the height of the letters does not print lines over each other."""
    assert host.print(b"\x1b3\x00A\nB\n").height == 48


def test_cut_with_feed(host: Host) -> None:
    """GS V 66 n feeds n dots and cuts."""
    host.write(band([b"\xff"] * 10) + b"\x1dVB\x28")
    host.settle()
    row = host.printer.ledger()[0]
    assert (row["rows"], row["height_mm"], row["cut"], row["cut_kind"]) == (50, 6.25, True, "partial")


def test_each_cut_ends_a_piece(host: Host) -> None:
    """Every cut makes one file and one ledger row with the file's hash; a cut of no paper makes none."""
    host.write(band([b"\xff"] * 3) + CUT + b"\x1dV\x01" + band([b"\x0f"] * 5) + b"\x1dV\x31")
    host.settle()
    ledger = host.printer.ledger()
    assert [(row["paper"], row["rows"], row["cut_kind"]) for row in ledger] == [
        ("paper-0001.png", 3, "full"),
        ("paper-0002.png", 5, "partial"),
    ]
    for row in ledger:
        assert hashlib.sha256((host.printer.folder / row["paper"]).read_bytes()).hexdigest() == row["sha256"]


def test_uncut_rest_is_visible(host: Host) -> None:
    """The paper not yet cut can be seen in paper-current.png."""
    host.write(band([b"\xff"] * 9))
    host.settle()
    answer = host.printer.do({"do": "current"})
    assert answer["ok"]
    assert Path(answer["paper"]).name == "paper-current.png"
    assert Path(answer["paper"]).exists()
    assert host.printer.do({"do": "state"})["uncut_rows"] == 9
    assert host.printer.ledger() == []


def test_paper_survives_the_power(host: Host) -> None:
    """Pieces, numbering and the uncut rest of the paper are still there after the printer was off."""
    host.print(band([b"\xff"] * 4))
    host.write(band([b"\xaa"] * 6))
    host.settle()
    host.printer.stop()
    host.printer.start()
    again = Host(host.printer)
    try:
        again.write(band([b"\x55"] * 6) + CUT)
        again.settle()
    finally:
        again.close()
    assert [row["rows"] for row in host.printer.ledger()] == [4, 12]
    paper = piece(host.printer)
    assert ink(paper) == {(x + (y >= 6), y) for x in range(0, 8, 2) for y in range(12)}


def test_cut_through_the_print(tmp_path: Path) -> None:
    """With the distance of a real cutter, a cut without feed leaves the last print on the roll, GS V 66 does not."""
    with printer_and_host(tmp_path, cutter_mm=10.0) as host:
        assert host.print(band([b"\xff"] * 100)).height == 100
        host.write(b"\x1dVB\x00")
        host.settle()
        assert [len(ink(piece(host.printer, n))) for n in (0, 1)] == [20 * 8, 80 * 8]


def test_native_qr(host: Host) -> None:
    """GS ( k stores and prints a QR code of modules as large as asked, placed by ESC a."""
    text = "https://kiosk.az/r/Ə-1".encode()
    setup = b"\x1d(k\x04\x001A2\x00" + b"\x1d(k\x03\x001C\x06" + b"\x1d(k\x03\x001E1"
    store = b"\x1d(k" + (len(text) + 3).to_bytes(2, "little") + b"1P0" + text
    left, top, right, bottom = box(host.print(b"\x1ba\x01" + setup + store + b"\x1d(k\x03\x001Q0"))
    assert (right - left, left) == (bottom - top, 576 - right)
    assert (right - left) % 6 == 0
    if shutil.which("zbarimg"):
        assert host.printer.ledger()[0]["qr"] == ["https://kiosk.az/r/Ə-1"]


def test_unknown_commands_are_counted(host: Host) -> None:
    """A command that the printer does not have is counted byte by byte, never swallowed in silence."""
    host.write(b"\x1b\x7f\x01" + b"\x1d(Z\x02\x00ab" + b"\x1f")
    host.settle()
    state = host.printer.do({"do": "state"})
    assert state["unknown"] == {"1b 7f": 2, "01": 1, "1d 28 5a": 7, "1f": 1}
    assert state["unknown_bytes"] == 11


def test_nul_is_ignored(host: Host) -> None:
    """NUL bytes do nothing: they may flush a command that was cut short."""
    assert host.print(b"\x00" * 5000 + band([b"\xff"])).size == (576, 1)
    assert host.printer.do({"do": "state"})["unknown_bytes"] == 0


def test_crash_inside_a_band(host: Host) -> None:
    """After half a band the printer waits for the rest: NULs end it and ESC @ starts anew."""
    host.write(band([b"\xff" * 72] * 24)[:500])
    host.write(b"\x00" * 2048 + INIT)
    paper = host.print(band([b"\xf0"] * 2))
    assert paper.height == 26
    assert {y for _, y in ink(paper)} == {*range(7), 24, 25}


def test_bar_code_is_swallowed_and_counted(host: Host) -> None:
    """GS k in both forms does not print its data as text."""
    assert host.print(b"\x1dk\x04ABC\x00" + b"\x1dk\x49\x05{BABC" + band([b"\xff"])).height == 1
    assert host.printer.do({"do": "state"})["ignored"] == {"GS k: bar codes are not drawn": 2}


def test_pieces_are_written_before_the_answer(host: Host) -> None:
    """When the printer says that the cut is done, the piece is in the folder."""
    for number in range(1, 4):
        host.print(band([b"\xff"] * number))
        assert (host.printer.folder / f"paper-{number:04}.png").exists()
