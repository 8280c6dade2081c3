"""What the simulated Star printer's presenter does, and what happens to it on the bench."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.bench.bench import Bench, make_printer
from hardware.card.virtual_reader import VirtualReader
from hardware.printer.sim_star import SimulatedStarPrinter
from tests.hardware.printer.sim_host import ink, piece
from tests.hardware.printer.star_host import ASK, CUT, GOOD, QUIT, STATUS_ON, StarHost, raster, row, star_and_host

POSITION = 8
RETRACT = b"\x1b\x160\x00"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[StarHost]:
    with star_and_host(tmp_path) as host:
        yield host


def position(host: StarHost, value: int) -> bytes:
    """Wait for the status with this paper position (0 to 7) in bits 3 to 1."""
    return host.frame_with(POSITION, 0x0E, value << 1)


def present(host: StarHost) -> None:
    """Print a sheet and wait until it can be pulled out."""
    host.write(STATUS_ON + b"sheet\n" + CUT)
    position(host, 1)
    position(host, 3)


def test_sheet_is_presented(host: StarHost) -> None:
    """A sheet shows in the loop, then in the mouth, with the presenter's paper detector on."""
    host.write(STATUS_ON + b"sheet\n" + CUT)
    assert position(host, 1)[6] == 0x02
    assert position(host, 3)[6] == 0x02
    assert host.printer.do({"do": "state"})["held_out"]


def test_sheet_is_taken(host: StarHost) -> None:
    """A sheet pulled out is told as taken, then the presenter is empty."""
    present(host)
    assert host.printer.do({"do": "take"}) == {"ok": True}
    assert position(host, 7)[6] == 0x00
    assert position(host, 0) == GOOD
    assert host.printer.do({"do": "state"})["fates"] == {1: "taken"}


def test_nothing_to_take(host: StarHost) -> None:
    """Nobody can pull out what is not there."""
    assert not host.printer.do({"do": "take"})["ok"]


def test_sheet_is_retracted(host: StarHost) -> None:
    """ESC SYN 0 0 draws the sheet in; that is told, then the presenter is empty."""
    present(host)
    host.write(RETRACT)
    position(host, 6)
    position(host, 0)
    assert host.printer.do({"do": "state"})["fates"] == {1: "retracted"}


def test_retracting_nothing(host: StarHost) -> None:
    """ESC SYN 0 0 without a sheet does nothing."""
    host.write(RETRACT + STATUS_ON)
    host.until(automatic_status=True)
    assert host.ask(ASK, 9) == GOOD


def test_sheet_is_retracted_by_itself(host: StarHost) -> None:
    """ESC SYN 1 n recovers a sheet that nobody takes after n half seconds."""
    host.write(b"\x1b\x161\x01")
    present(host)
    position(host, 6)
    assert host.printer.do({"do": "state"})["fates"] == {1: "retracted"}


def test_time_of_recovery_counts_from_the_next_sheet(host: StarHost) -> None:
    """ESC SYN 1 n does not touch a sheet that is out already."""
    present(host)
    host.write(b"\x1b\x161\x01")
    assert host.frame(1.0) == b""


def test_sheets_are_counted(host: StarHost) -> None:
    """ESC SYN 3 tells the sheets pulled out (0) and recovered (1); ESC SYN 4 forgets one of them."""
    host.write(b"sheet\n" + CUT)
    host.until(held_out=True)
    host.printer.do({"do": "take"})
    assert host.ask(b"\x1b\x163\x00", 8) == b"\x1b\x163\x00\x00\x00\x00\x01"
    assert host.ask(b"\x1b\x163\x01", 8) == b"\x1b\x163\x01\x00\x00\x00\x00"
    assert host.ask(b"\x1b\x164\x00\x1b\x163\x00", 8) == b"\x1b\x163\x00\x00\x00\x00\x00"


def test_jam_in_the_presenter(host: StarHost) -> None:
    """A jam stops the printer, keeps the sheet, and ends when somebody removes it."""
    present(host)
    host.printer.do({"do": "presenter_jam"})
    assert host.frame_with(4, 0x04, 0x04)[2] & 0x08
    host.printer.do({"do": "clear"})
    frame = host.frame_with(4, 0x04, 0x00)
    assert (frame[2], frame[POSITION]) == (0, 0)
    assert host.printer.do({"do": "state"})["fates"] == {1: "removed"}


def test_printer_without_presenter(tmp_path: Path) -> None:
    """A printer without a presenter cuts, says position 0 and takes no notice of presenter commands."""
    with star_and_host(tmp_path, model="tsp700") as host:
        host.write(b"sheet\n\x1bd\x03" + RETRACT + b"\x1b\x163\x00")
        host.until(pieces=1, buffered_bytes=0)
        assert host.printer.ledger()[-1]["cut_kind"] == "partial"
        assert host.ask(ASK, 9) == GOOD


def test_presenter_cuts_fully(host: StarHost) -> None:
    """With a presenter a partial cut is a full one."""
    host.write(b"sheet\n\x1bd\x03")
    host.until(pieces=1)
    assert host.printer.ledger()[-1]["cut_kind"] == "full"


def test_cutter_jam(host: StarHost) -> None:
    """A jammed cutter is told at the cut; after clearing, opening and closing the cover the cut is made."""
    host.write(STATUS_ON)
    host.until(automatic_status=True)
    host.printer.do({"do": "cutter_jam"})
    host.write(b"sheet\n" + CUT)
    host.frame_with(3, 0x08, 0x08)
    assert host.printer.ledger() == []
    host.printer.do({"do": "clear"})
    host.printer.do({"do": "cover_open"})
    host.printer.do({"do": "cover_close"})
    position(host, 3)
    assert len(host.printer.ledger()) == 1


def test_paper_ends_in_a_picture(host: StarHost) -> None:
    """Paper that ends within a picture is told; new paper takes the rest."""
    host.write(STATUS_ON)
    host.printer.do({"do": "paper_out_after", "rows": 300})
    host.write(raster([row(y % 576) for y in range(600)], b"P0") + b"\x1b\x0c\x04" + QUIT)
    host.frame_with(5, 0x08, 0x08)
    assert host.printer.do({"do": "state"})["uncut_rows"] == 300
    host.printer.do({"do": "paper_in"})
    position(host, 3)
    assert ink(piece(host.printer)) == {(y % 576, y) for y in range(600)}


def test_power_blip(host: StarHost) -> None:
    """A power cut forgets buffer, settings and count; the printed rows stay on the paper."""
    host.write(STATUS_ON + b"first\n\x17")
    host.frame_with(2, 0x02, 0x02)
    host.printer.do({"do": "paper_out"})
    host.write(b"never\n" * 10)
    host.until(buffered_bytes=59)
    host.printer.do({"do": "power_cycle"})
    host.printer.do({"do": "paper_in"})
    host.until(automatic_status=False, buffered_bytes=0, counter=0, uncut_rows=32)


def test_power_comes_back_with_a_sheet_in_the_mouth(host: StarHost) -> None:
    """At its start the presenter throws out what is in it."""
    present(host)
    host.printer.do({"do": "power_cycle"})
    state = host.printer.do({"do": "state"})
    assert (state["paper_position"], state["fates"]) == (0, {1: "dropped"})


def test_no_wire_back(tmp_path: Path) -> None:
    """A printer without a wire back prints and says nothing."""
    with star_and_host(tmp_path, model="star_tx_only") as host:
        host.write(STATUS_ON + ASK + b"sheet\n" + CUT)
        host.until(pieces=1)
        assert host.read(1, 0.2) == b""


def test_garbage(host: StarHost) -> None:
    """The bench can put any bytes on the wire."""
    host.printer.do({"do": "garbage", "bytes": "23 ff 05"})
    assert host.read(3) == b"\x23\xff\x05"


def test_slow_paper(host: StarHost) -> None:
    """With a slow motor the end of a document is told only after its last row."""
    host.printer.do({"do": "slow", "mm_per_s": 100})
    host.write(STATUS_ON + b"\x1bJ\x50\x17")
    host.frame_with(2, 0x02, 0x02)
    assert host.printer.do({"do": "state"})["uncut_rows"] == 160


def test_over_a_network(tmp_path: Path) -> None:
    """The same printer listens on TCP where its link says so."""
    printer = SimulatedStarPrinter(tmp_path / "printer", "tcp://127.0.0.1:0")
    printer.start()
    try:
        host, _, port = printer.port.removeprefix("tcp://").rpartition(":")
        with socket.create_connection((host, int(port)), timeout=5) as wire:
            wire.settimeout(5)
            wire.sendall(ASK)
            got = b""
            while len(got) < 9:
                got += wire.recv(9 - len(got))
        assert got == GOOD
    finally:
        printer.stop()


def test_bench_has_it(tmp_path: Path) -> None:
    """The bench puts the printer that was asked for behind its printer port."""
    bench = Bench(tmp_path, quick=True, reader=VirtualReader(tmp_path / "reader"), printer="tup900")
    bench.start_without_reader()
    try:
        assert bench.do({"device": "printer", "do": "state"})["model"] == "tup900"
    finally:
        bench.stop()


def test_bench_refuses_unknown_printers(tmp_path: Path) -> None:
    """A printer that nobody simulates is refused by name."""
    with pytest.raises(ValueError, match="no printer 'hp'"):
        make_printer(tmp_path, tmp_path / "port", "hp")
