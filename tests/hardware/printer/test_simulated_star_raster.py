"""What the simulated Star printer puts on paper: raster mode dot by dot, pictures and text of line mode."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hardware.printer.sim_host import ink, piece
from tests.hardware.printer.star_host import CUT, ENTER, QUIT, StarHost, row, star_and_host
from tests.hardware.printer.star_host import raster as paged

END = b"\x1b\x0c\x04"
CONTINUOUS = b"\x1b*rP0\x00"
FEED = b"\x1b\x0c\x00"


def raster(rows: list[bytes], *settings: bytes) -> bytes:
    """Make a raster document without page length."""
    return paged(rows, b"P0", *settings)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[StarHost]:
    with star_and_host(tmp_path, model="tup500") as host:
        yield host


def dots(host: StarHost, data: bytes) -> set[tuple[int, int]]:
    """Print a document that cuts by itself; give its dots."""
    host.write(data)
    host.settle()
    return ink(piece(host.printer))


def test_rows_are_dots(host: StarHost) -> None:
    """Each 'b' is one row, its first bit the leftmost dot."""
    assert dots(host, raster([row(0, 575), row(1), row()], b"E37") + END + QUIT) == {(0, 0), (575, 0), (1, 1)}


def test_rows_end_where_the_paper_ends(host: StarHost) -> None:
    """Short rows are white on the right; what is too long is lost."""
    assert dots(host, raster([b"\x80", row(575) + b"\xff"]) + END + QUIT) == {(0, 0), (575, 1)}


def test_data_without_feed_is_added(host: StarHost) -> None:
    """'k' stays on its row, where the next data is added."""
    data = ENTER + CONTINUOUS + b"k\x01\x00\x80" + b"b\x01\x00\x01" + END + QUIT
    assert dots(host, data) == {(0, 0), (7, 0)}


def test_move_down(host: StarHost) -> None:
    """ESC * r Y n NUL leaves n rows white."""
    data = raster([row(0)]) + b"\x1b*rY10\x00" + b"b\x01\x00\x80" + END + QUIT
    assert dots(host, data) == {(0, 0), (0, 11)}


def test_margins(host: StarHost) -> None:
    """ESC * r m l and m r leave n x 8 dots white on the left and on the right."""
    data = raster([b"\xff" * 72], b"ml2", b"mr1") + END + QUIT
    assert {x for x, _ in dots(host, data)} == set(range(16, 568))


def test_entering_sets_margins_back(host: StarHost) -> None:
    """Entering raster mode forgets the margins of the last time."""
    host.write(raster([row(0)], b"ml2") + END + QUIT)
    assert dots(host, raster([row(0)]) + END + QUIT) == {(0, 0)}


@pytest.mark.parametrize(("mode", "pieces"), [(b"E1", 0), (b"E2", 0), (b"E3", 0), (b"E9", 1), (b"E37", 1), (b"E0", 1)])
def test_end_of_document(host: StarHost, mode: bytes, pieces: int) -> None:
    """ESC * r E says whether the end of a document cuts; 0 is the default, which does."""
    host.write(raster([row(0)], mode) + END + QUIT)
    host.settle()
    assert len(host.printer.ledger()) == pieces


def test_end_of_page(host: StarHost) -> None:
    """ESC * r F and ESC FF NUL end a page, E and ESC FF EOT the document."""
    host.write(raster([row(0)], b"F1", b"E37") + FEED + b"b\x01\x00\x80" + END + QUIT)
    host.settle()
    assert len(host.printer.ledger()) == 1
    assert ink(piece(host.printer)) == {(0, 0), (0, 1)}


def test_page_length(host: StarHost) -> None:
    """A page of ESC * r P n rows is fed to its end before the cut."""
    host.write(raster([row(0)], b"P100") + END + QUIT)
    host.settle()
    assert host.printer.ledger()[-1]["rows"] == 100


def test_page_at_first(host: StarHost) -> None:
    """Without ESC * r P a page is as long as the image buffer: 200 mm here."""
    host.write(paged([row(0)]) + END + QUIT)
    host.settle()
    assert host.printer.ledger()[-1]["height_mm"] == 200


def test_leaving_ends_a_document(host: StarHost) -> None:
    """ESC * r B with data not yet ended cuts as E says, and only then."""
    host.write(raster([row(0)]) + QUIT)
    host.settle()
    assert len(host.printer.ledger()) == 1
    host.write(ENTER + QUIT)
    host.settle()
    assert len(host.printer.ledger()) == 1


def test_clearing(host: StarHost) -> None:
    """ESC * r C forgets rows that are not printed yet."""
    data = raster([row(5)]) + b"\x1b*rC" + b"b\x01\x00\x80" + END + QUIT
    assert dots(host, data) == {(0, 0)}


def test_cancel_leaves_raster_mode(host: StarHost) -> None:
    """CAN forgets the picture and is back in line mode."""
    host.write(raster([row(5)]))
    host.until(raster=True, buffered_bytes=0)
    host.write(b"\x18")
    host.settle()
    assert host.printer.do({"do": "state"})["raster"] is False
    assert host.printer.do({"do": "state"})["uncut_rows"] == 0


def test_long_picture(host: StarHost) -> None:
    """A picture of any length comes out whole."""
    picture = [row(y % 576) for y in range(2000)]
    assert dots(host, raster(picture) + END + QUIT) == {(y % 576, y) for y in range(2000)}


def test_text_means_nothing_in_raster_mode(host: StarHost) -> None:
    """Text and ESC @ in raster mode are counted as unknown, and the mode stays."""
    host.write(ENTER + b"TEXT\n\x1b@")
    host.settle()
    state = host.printer.do({"do": "state"})
    assert state["raster"] is True
    assert state["unknown_bytes"] > 0


def test_data_left_over_waits(host: StarHost) -> None:
    """A row that was cut short swallows what comes next, as a real printer does."""
    host.write(ENTER + CONTINUOUS + b"b\x48\x00" + b"\xff" * 70)
    host.write(b"\x00" * 2 + END + QUIT)
    host.settle()
    assert len(ink(piece(host.printer))) == 560


def test_discard(host: StarHost) -> None:
    """ESC * r N n NUL drops n bytes."""
    assert dots(host, ENTER + CONTINUOUS + b"\x1b*rN3\x00" + b"b\x09\x09" + b"b\x01\x00\x80" + END + QUIT) == {(0, 0)}


def test_picture_of_line_mode(host: StarHost) -> None:
    """ESC GS S 1 prints rows without raster mode."""
    host.write(b"\x1b\x1dS\x01\x01\x00\x02\x00\x00\x80\x01" + CUT)
    host.settle()
    assert ink(piece(host.printer)) == {(0, 0), (7, 1)}


def test_column_picture(host: StarHost) -> None:
    """ESC X prints columns of 24 dots, three bytes each, top first."""
    host.write(b"\x1bX\x02\x00" + b"\x80\x00\x01" + b"\x00\x80\x00" + b"\n" + CUT)
    host.settle()
    assert ink(piece(host.printer)) == {(0, 0), (0, 23), (1, 8)}


def test_text(host: StarHost) -> None:
    """Text goes on paper and into the ledger, in the table that ESC GS t chose."""
    host.write(b"\x1b@\x1b\x1dt\x0a" + "Привет".encode("cp866") + b"\n" + CUT)
    host.settle()
    assert host.printer.ledger()[-1]["text"] == "Привет\n"


def test_feeds(host: StarHost) -> None:
    """LF feeds 4 mm, ESC a n so many lines, ESC J n quarters, ESC I n eighths of a millimetre."""
    host.write(b"\n\x1ba\x02\x1bJ\x04\x1bI\x08")
    host.settle()
    assert host.printer.do({"do": "state"})["uncut_rows"] == 32 + 64 + 8 + 8


def test_drawer_and_buzzer_do_nothing(host: StarHost) -> None:
    """BEL, FS, SUB, EM and their settings leave no trace on paper and no unknown bytes."""
    host.write(b"\x07\x1c\x1a\x19\x1b\x07\x14\x14")
    host.settle()
    state = host.printer.do({"do": "state"})
    assert (state["unknown_bytes"], state["uncut_rows"]) == (0, 0)
