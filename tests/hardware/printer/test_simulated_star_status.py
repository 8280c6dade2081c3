"""What the simulated Star printer answers, byte by byte (Star Line Mode, appendix 2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hardware.printer.star_host import ASK, GOOD, QUIT, STATUS_ON, StarHost, raster, row, star_and_host


@pytest.fixture
def host(tmp_path: Path) -> Iterator[StarHost]:
    with star_and_host(tmp_path, model="tup500") as host:
        yield host


def test_status_when_asked(host: StarHost) -> None:
    """ESC ACK SOH is answered by nine bytes whose headers say nine bytes and version 3."""
    assert host.ask(ASK, 9) == GOOD


@pytest.mark.parametrize(
    ("fault", "frame"),
    [
        ("near_end", "23 06 00 00 00 04 00 00 00"),
        ("paper_out", "23 06 08 00 00 08 00 00 00"),
        ("cover_open", "23 06 28 00 00 00 00 00 00"),
        ("overheat", "23 06 08 40 00 00 00 00 00"),
        ("break", "23 06 08 20 00 00 00 00 00"),
        ("presenter_jam", "23 06 08 00 04 00 00 00 00"),
    ],
)
def test_change_is_told(host: StarHost, fault: str, frame: str) -> None:
    """With the automatic status on every fault is told at once, in its own bit."""
    host.write(STATUS_ON)
    host.until(automatic_status=True)
    host.printer.do({"do": fault})
    assert host.frame() == bytes.fromhex(frame)


def test_recovery_is_told(host: StarHost) -> None:
    """When the cause has gone, that is told too."""
    host.write(STATUS_ON)
    host.until(automatic_status=True)
    host.printer.do({"do": "cover_open"})
    host.printer.do({"do": "cover_close"})
    assert host.read(18)[9:] == GOOD


def test_status_is_off_at_first(host: StarHost) -> None:
    """Without ESC RS a a change is told to nobody."""
    host.printer.do({"do": "cover_open"})
    assert host.read(1, 0.2) == b""


def test_status_off_again(host: StarHost) -> None:
    """ESC RS a 0 ends the automatic status."""
    host.write(STATUS_ON + b"\x1b\x1ea\x00")
    host.settle()
    host.printer.do({"do": "paper_out"})
    assert host.read(1, 0.2) == b""


def test_switching_on_says_nothing(host: StarHost) -> None:
    """That the automatic status is on now is not itself a status."""
    host.write(STATUS_ON)
    host.until(automatic_status=True)
    assert host.read(1, 0.2) == b""


def test_enquiry(host: StarHost) -> None:
    """ENQ is answered by one byte: 20 with an empty buffer, bit 3 without paper, bit 2 with the cover open."""
    assert host.ask(b"\x05") == b"\x20"
    host.printer.do({"do": "paper_out"})
    host.printer.do({"do": "cover_open"})
    assert host.ask(b"\x05")[0] & ~0x20 == 0x0C


def test_paper_question(host: StarHost) -> None:
    """EOT is answered by one byte: 10, bit 2 near the end, bit 3 without paper, bit 6 with a jam in the presenter."""
    assert host.ask(b"\x04") == b"\x10"
    for fault in ("near_end", "paper_out", "presenter_jam"):
        host.printer.do({"do": fault})
    assert host.ask(b"\x04") == b"\x5c"


def test_questions_are_heard_while_the_printer_waits(host: StarHost) -> None:
    """A real-time request is answered at paper end with print data before it."""
    host.printer.do({"do": "paper_out"})
    host.write(b"text\n" * 10)
    assert host.ask(ASK, 9)[2] & 0x08


def test_requests_in_a_picture_are_dots(host: StarHost) -> None:
    """ENQ, EOT and CAN within a picture are dots, not requests."""
    host.write(raster([b"\x05\x04\x18" * 24], b"P0") + b"\x1b\x0c\x04" + QUIT)
    host.settle()
    assert host.printer.ledger()[-1]["rows"] == 1
    assert host.read(1, 0.2) == b""


def test_requests_between_rows(host: StarHost) -> None:
    """Between two rows of a picture a request is answered and leaves no dot."""
    host.write(raster([row(0)], b"P0"))
    assert host.ask(ASK, 9) == GOOD
    host.until(unknown_bytes=0)


def test_cancel_is_obeyed_at_once(host: StarHost) -> None:
    """CAN forgets what waits in the buffer, even without paper."""
    host.printer.do({"do": "paper_out"})
    host.write(b"never\n" * 10)
    host.until(buffered_bytes=59)
    host.write(b"\x18")
    host.until(buffered_bytes=0)
    host.printer.do({"do": "paper_in"})
    host.settle()
    assert host.printer.do({"do": "state"})["uncut_rows"] == 0


def test_reset_is_obeyed_at_once(host: StarHost) -> None:
    """ESC ACK CAN forgets buffer and settings, even without paper."""
    host.write(STATUS_ON)
    host.until(automatic_status=True)
    host.printer.do({"do": "paper_out"})
    host.write(b"never\n" * 10 + b"\x1b\x06\x18")
    host.until(buffered_bytes=0, automatic_status=False)


def test_end_of_document_is_counted(host: StarHost) -> None:
    """ETB is answered after printing, with its flag and the next count, spread over bits 1-3 and 5-6."""
    host.write(STATUS_ON)
    for count, byte in enumerate((0x02, 0x04, 0x06, 0x08, 0x0A, 0x0C, 0x0E, 0x20), start=1):
        host.write(b"%d\n\x17" % count)
        frame = host.frame_with(2, 0x02, 0x02)
        assert (frame[2], frame[7]) == (0x02, byte)


def test_flag_of_document_goes_when_told(host: StarHost) -> None:
    """The flag of ETB is in one status only; the count stays."""
    host.write(STATUS_ON + b"\x17")
    host.frame_with(2, 0x02, 0x02)
    frame = host.ask(ASK, 9)
    assert (frame[2], frame[7]) == (0x00, 0x02)


def test_counter_starts_anew_after_31(host: StarHost) -> None:
    """The count is 0 again after 31."""
    host.write(STATUS_ON + b"\x17" * 32)
    frames = host.read(9 * 32)
    assert [frame[7] for frame in (frames[i : i + 9] for i in range(0, len(frames), 9))][-2:] == [0x6E, 0x00]


def test_counter_is_set_back(host: StarHost) -> None:
    """ESC RS E 0 sets the count back and tells nobody; CAN does so as well."""
    for command in (b"\x1b\x1eE\x00", b"\x18"):
        host.write(b"\x17")
        host.until(counter=1)
        host.write(command)
        host.until(counter=0)
        assert host.read(1, 0.1) == b""
        assert host.ask(ASK, 9) == GOOD


def test_no_document_end_before_paper(host: StarHost) -> None:
    """At paper end ETB is not executed: its count comes when there is paper."""
    host.write(STATUS_ON)
    host.until(automatic_status=True)
    host.printer.do({"do": "paper_out"})
    host.write(b"text\n\x17")
    assert host.frame()[7] == 0
    host.printer.do({"do": "paper_in"})
    assert host.frame_with(2, 0x02, 0x02)[7] == 0x02


def test_print_end_counter(host: StarHost) -> None:
    """ESC GS ETX 1 prints, counts and echoes its parameters before the count."""
    assert host.ask(b"text\n\x1b\x1d\x03\x01\x05\x06", 8) == b"\x1b\x1d\x03\x01\x05\x06\x01\x00"
    assert host.printer.do({"do": "state"})["uncut_rows"] > 0


def test_no_print_end_counter(tmp_path: Path) -> None:
    """A TUP900 does not know ESC GS ETX."""
    with star_and_host(tmp_path) as host:
        host.write(b"\x1b\x1d\x03\x01\x05\x06")
        host.until(unknown_bytes=6)
        assert host.read(1, 0.1) == b""


def test_identity(host: StarHost) -> None:
    """ESC # * LF NUL tells model and version."""
    answer = host.ask(b"\x1b#*\n\x00", 18)
    assert answer == b"\x1b#*,TUP500Ver1.0\n\x00"


def test_reset_in_its_turn(host: StarHost) -> None:
    """ESC ? LF NUL forgets what stands behind it in the buffer, and every setting."""
    host.write(STATUS_ON)
    host.until(automatic_status=True)
    host.printer.do({"do": "paper_out"})
    host.frame()
    host.write(b"\x1b?\n\x00" + b"never printed\n" * 20)
    host.printer.do({"do": "paper_in"})
    host.until(automatic_status=False, buffered_bytes=0, uncut_rows=0)


def test_raster_mode_does_not_hide_status(host: StarHost) -> None:
    """ETB works in raster mode and after it."""
    host.write(STATUS_ON + raster([row(0)]) + b"\x17" + QUIT + b"\x17")
    assert host.frame_with(2, 0x02, 0x02)[7] == 0x02
    assert host.frame_with(2, 0x02, 0x02)[7] == 0x04
