"""What the simulated printer answers, byte by byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hardware.printer.sim_host import INIT, Host, band, ink, piece, printer_and_host

PROCESS_ID = b"\x1d(H\x06\x0000"
OFFLINE_RESPONSE = b"\x1d(H\x03\x0010"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with printer_and_host(tmp_path) as host:
        yield host


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("normal", "12 12 12 12"),
        ("near_end", "12 12 12 1e"),
        ("paper_out", "1a 32 12 72"),
        ("cover_open", "1a 16 12 12"),
        ("overheat", "1a 52 52 12"),
        ("break", "1a 52 32 12"),
    ],
)
def test_real_time_status(host: Host, fault: str, status: str) -> None:
    """DLE EOT 1 to 4 say what is wrong, one bit each."""
    assert host.printer.do({"do": fault}) == {"ok": True}
    assert host.status() == status


def test_real_time_status_after_repair(host: Host) -> None:
    """When the cause has gone the status is good again."""
    for fault, cure in [("paper_out", "paper_in"), ("cover_open", "cover_close"), ("overheat", "cool")]:
        host.printer.do({"do": fault})
        host.printer.do({"do": cure})
        assert host.status() == "12 12 12 12"


def test_status_in_turn(host: Host) -> None:
    """GS r 1 answers 00, and 03 near the end of the paper."""
    assert host.ask(b"\x1dr\x01") == b"\x00"
    host.printer.do({"do": "near_end"})
    assert host.ask(b"\x1dr1") == b"\x03"


def test_status_in_turn_waits_for_paper(host: Host) -> None:
    """GS r 1 is not executed at paper end: silence until there is paper."""
    host.printer.do({"do": "paper_out"})
    host.write(b"\x1dr\x01")
    assert host.read(1, 0.2) == b""
    host.printer.do({"do": "paper_in"})
    assert host.read(1) == b"\x00"


@pytest.mark.parametrize(("first", "rest"), [(b"\x1d", b"r\x01"), (b"\x1dr", b"\x01"), (b"\x1d(H\x06", b"\x0000abcd")])
def test_question_begun_before_the_paper_ended(host: Host, first: bytes, rest: bytes) -> None:
    """A question of which the end comes after the paper end is not answered before the refill either."""
    host.write(first)
    assert host.read(1, 0.05) == b""
    host.printer.do({"do": "paper_out"})
    host.write(rest)
    assert host.read(1, 0.1) == b""
    host.printer.do({"do": "paper_in"})
    assert len(host.read(1)) == 1


def test_process_id_after_printing(host: Host) -> None:
    """GS ( H answers with its process id only after the rows before it are on the paper."""
    host.printer.do({"do": "slow", "mm_per_s": 50})
    host.write(band([b"\xff"] * 120) + PROCESS_ID + b"A~ 9")
    assert host.read(7, 0.1) == b""
    assert host.read(7) == b"\x37\x22A~ 9\x00"
    assert host.printer.do({"do": "state"})["uncut_rows"] == 120


def test_process_id_out_of_range(host: Host) -> None:
    """A process id outside 20h to 7Eh is no process id: no answer, counted."""
    host.write(PROCESS_ID + b"ab\x80c")
    host.settle()
    assert host.printer.do({"do": "state"})["unknown"] == {"1d 28 48": 11}


def test_automatic_status(host: Host) -> None:
    """GS a sends four bytes at once and again at each change of what it enables."""
    assert host.ask(b"\x1da\x0e", 4) == bytes.fromhex("10 00 00 0f")
    for fault, status in [
        ("cover_open", "38 00 00 0f"),
        ("cover_close", "10 00 00 0f"),
        ("near_end", "10 00 03 0f"),
        ("paper_out", "18 00 0f 0f"),
        ("paper_in", "10 00 00 0f"),
        ("overheat", "18 40 00 0f"),
        ("cool", "10 00 00 0f"),
        ("break", "18 20 00 0f"),
    ]:
        host.printer.do({"do": fault})
        assert host.read(4).hex(" ") == status, fault


def test_automatic_status_of_enabled_items_only(host: Host) -> None:
    """GS a 8 reports the paper, not the cover."""
    assert len(host.ask(b"\x1da\x08", 4)) == 4
    host.printer.do({"do": "cover_open"})
    host.printer.do({"do": "cover_close"})
    assert host.read(1, 0.1) == b""
    host.printer.do({"do": "near_end"})
    assert host.read(4).hex(" ") == "10 00 03 0f"


@pytest.mark.parametrize("off", ["1d6100", "1b40", "power"])
def test_automatic_status_ends(host: Host, off: str) -> None:
    """GS a 0, ESC @ and a power cycle turn automatic status off."""
    assert len(host.ask(b"\x1da\xff", 4)) == 4
    if off == "power":
        host.printer.do({"do": "power_cycle"})
    else:
        host.write(bytes.fromhex(off))
    host.settle()
    host.printer.do({"do": "cover_open"})
    assert host.read(1, 0.1) == b""


def test_offline_response(host: Host) -> None:
    """GS ( H function 49 makes the printer say that it went offline, with the cause when asked for."""
    host.write(OFFLINE_RESPONSE + b"1")
    host.settle()
    host.printer.do({"do": "paper_out"})
    assert host.read(3) == b"\x37\x23\x00"
    host.printer.do({"do": "paper_in"})
    host.write(OFFLINE_RESPONSE + b"\x02")
    host.settle()
    host.printer.do({"do": "cover_open"})
    assert host.read(4) == b"\x37\x23\x41\x00"


def test_identity(host: Host) -> None:
    """GS I 66 and 67 name maker and model; GS I 1 answers one byte."""
    assert host.ask(b"\x1dIB", 7) == b"\x5fEPSON\x00"
    assert host.ask(b"\x1dIC", 9) == b"\x5fTM-T88V\x00"
    assert host.ask(b"\x1dI\x01") == b"\x20"


def test_question_inside_a_picture(host: Host) -> None:
    """A real-time command inside raster data is executed and drawn."""
    row = b"\x10\x04\x01" + b"\x00" * 5
    host.write(INIT + band([row]))
    assert host.read(1) == b"\x12"
    host.write(b"\x1dV\x00")
    host.settle()
    assert ink(piece(host.printer)) == {(3, 0), (13, 0), (23, 0)}


def test_question_split_over_the_line(host: Host) -> None:
    """A real-time command is understood in whatever pieces it comes."""
    for byte in b"\x10\x10\x04":
        host.write(bytes((byte,)))
        assert host.read(1, 0.05) == b""
    assert host.ask(b"\x04") == b"\x12"


def test_clone(tmp_path: Path) -> None:
    """The cheap printer answers DLE EOT and GS r, and neither GS ( H nor GS a nor GS I nor DLE DC4 8."""
    with printer_and_host(tmp_path, model="clone") as host:
        host.write(PROCESS_ID + b"0001\x1da\xff\x1dIC" + bytes.fromhex("10140801031401060208"))
        assert host.ask(b"\x1dr\x01") == b"\x00"
        assert host.status() == "12 12 12 12"
        assert host.printer.do({"do": "state"})["unknown"] == {"1d 28 48": 11, "1d 61 ff": 3, "1d 49 43": 3}


def test_clone_gaps(tmp_path: Path) -> None:
    """The cheap printer ignores ESC J and GS V 66, and eats the LF after a raster picture."""
    with printer_and_host(tmp_path, model="clone") as host:
        host.write(b"\x1bJ\x20" + b"\x1dVB\x20" + band([b"\xff"]) + b"\n")
        host.settle()
        assert host.printer.ledger() == []
        assert host.printer.do({"do": "state"})["uncut_rows"] == 1
        assert host.print(b"\n").height == 31


def test_printer_without_a_wire_back(tmp_path: Path) -> None:
    """The transmit-only printer prints and says nothing."""
    with printer_and_host(tmp_path, model="tx_only") as host:
        host.write(b"\x10\x04\x01\x1dr\x01" + band([b"\xff"] * 5) + b"\x1dV\x00")
        host.until(pieces=1)
        assert host.read(1, 0.2) == b""
        assert [row["rows"] for row in host.printer.ledger()] == [5]
