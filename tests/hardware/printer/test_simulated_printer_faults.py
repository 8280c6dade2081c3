"""How the simulated printer fails, and how it goes on."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hardware.printer.sim_host import CUT, INIT, Host, band, ink, piece, printer_and_host

ENQ_1, ENQ_2 = b"\x10\x05\x01", b"\x10\x05\x02"
CLEAR_BUFFER = bytes.fromhex("10140801031401060208")
JOB = b"\x1d(H\x06\x0000"
TALL = band([b"\xff"] * 400)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with printer_and_host(tmp_path) as host:
        yield host


def test_paper_ends_in_the_middle_and_printing_goes_on(host: Host) -> None:
    """At paper end printing stops at that row and says so; after a refill the rest comes by itself, whole."""
    host.printer.do({"do": "paper_out_after", "rows": 150})
    host.write(TALL + CUT + JOB + b"0001")
    host.until(paper_end=True)
    assert host.status() == "1a 32 12 72"
    assert host.printer.do({"do": "state"})["uncut_rows"] == 150
    assert host.read(1, 0.1) == b""
    host.printer.do({"do": "paper_in"})
    assert host.read(7) == b"\x37\x220001\x00"
    assert len(ink(piece(host.printer))) == 400 * 8


def test_cover_opened_in_print(host: Host) -> None:
    """A cover opened while printing is an error that ends by itself when the cover is closed."""
    host.printer.do({"do": "slow", "mm_per_s": 100})
    host.write(TALL + JOB + b"0001")
    host.until(least_rows=1)
    host.printer.do({"do": "cover_open"})
    assert host.status() == "1a 56 52 12"
    rows = host.printer.do({"do": "state"})["uncut_rows"]
    assert rows < 400
    assert host.read(1, 0.1) == b""
    assert host.printer.do({"do": "state"})["uncut_rows"] == rows
    host.printer.do({"do": "slow", "mm_per_s": None})
    host.printer.do({"do": "cover_close"})
    assert host.read(7) == b"\x37\x220001\x00"
    assert host.status() == "12 12 12 12"


def test_overheated_head(host: Host) -> None:
    """A hot head stops the printing until it has cooled."""
    host.printer.do({"do": "overheat"})
    host.write(TALL + JOB + b"0001")
    assert host.status() == "1a 52 52 12"
    assert host.printer.do({"do": "state"})["uncut_rows"] == 0
    host.printer.do({"do": "cool"})
    assert host.read(7) == b"\x37\x220001\x00"


def jam(host: Host) -> None:
    host.printer.do({"do": "cutter_jam"})
    assert host.status() == "12 12 12 12"
    host.write(band([b"\xff"] * 5) + CUT + JOB + b"0001")
    host.until(cutter_error=True)
    assert host.status() == "1a 52 1a 12"


def test_cutter_jam_recovered_by_clearing(host: Host) -> None:
    """A failed cut stops the printer until the jam is removed and DLE ENQ 2 forgets what was to come."""
    jam(host)
    host.printer.do({"do": "clear"})
    assert host.status() == "1a 52 1a 12"
    host.write(ENQ_2)
    host.until(offline=False, buffered_bytes=0)
    assert host.read(1, 0.1) == b""
    host.settle()
    assert host.printer.ledger() == []
    assert host.printer.do({"do": "state"})["uncut_rows"] == 5


def test_cutter_jam_recovered_by_trying_again(host: Host) -> None:
    """After the jam is removed DLE ENQ 1 makes the printer cut and go on."""
    jam(host)
    host.printer.do({"do": "clear"})
    host.write(ENQ_1)
    assert host.read(7) == b"\x37\x220001\x00"
    assert [row["rows"] for row in host.printer.ledger()] == [5]


def test_cutter_still_jammed(host: Host) -> None:
    """DLE ENQ does not remove what jams the cutter."""
    jam(host)
    host.write(ENQ_1)
    assert host.status() == "1a 52 1a 12"
    host.write(ENQ_2)
    assert host.status() == "1a 52 1a 12"


def test_enq_does_nothing_at_paper_end(host: Host) -> None:
    """DLE ENQ 2 acts on recoverable errors only: at paper end the rest stays and is printed after the refill."""
    host.printer.do({"do": "paper_out"})
    host.write(TALL + JOB + b"0001")
    host.write(ENQ_2)
    assert host.status() == "1a 32 12 72"
    host.printer.do({"do": "paper_in"})
    assert host.read(7) == b"\x37\x220001\x00"


def test_clear_buffer_at_paper_end(host: Host) -> None:
    """DLE DC4 8 forgets what was to be printed, answers 37 25 00 and leaves the settings."""
    host.write(b"\x1ba\x02")
    host.settle()
    host.printer.do({"do": "paper_out"})
    host.write(TALL + JOB + b"0001")
    assert host.ask(CLEAR_BUFFER, 3) == b"\x37\x25\x00"
    host.printer.do({"do": "paper_in"})
    assert ink(host.print(band([b"\xff"]))) == {(x, 0) for x in range(568, 576)}


def test_clear_buffer_inside_a_band(host: Host) -> None:
    """DLE DC4 8 ends a picture of which the rest never came."""
    host.write(TALL[:100])
    host.until(uncut_rows=92)
    assert host.ask(CLEAR_BUFFER, 3) == b"\x37\x25\x00"
    host.write(b"A\n")
    host.settle()
    assert host.printer.do({"do": "state"})["uncut_rows"] == 92 + 30


def test_full_buffer_stops_the_host(host: Host) -> None:
    """A stopped printer takes a buffer full, then the host's writes stand still; nothing is lost."""
    host.printer.do({"do": "paper_out"})
    data = band([bytes((y % 255 + 1,)) * 72 for y in range(1000)]) + CUT
    sent = host.push(data)
    assert 4096 <= sent < len(data)
    assert host.printer.do({"do": "state"})["buffered_bytes"] <= 4096 + 64
    host.printer.do({"do": "paper_in"})
    host.write(data[sent:])
    host.settle()
    assert piece(host.printer).tobytes() == bytes(255 - (y % 255 + 1) for y in range(1000) for _ in range(72))


def test_question_with_a_full_buffer(host: Host) -> None:
    """A question gets through when the buffer is full to the brim."""
    host.printer.do({"do": "paper_out"})
    host.write(b"\x00" * 4097)
    host.until(buffered_bytes=4096)
    assert host.status() == "1a 32 12 72"


def test_power_cycle_forgets_the_buffer(host: Host) -> None:
    """A power cycle loses what was buffered, the settings and the rest of a picture, but not the paper."""
    host.printer.do({"do": "paper_out_after", "rows": 7})
    host.write(b"\x1ba\x02" + TALL + JOB + b"0001")
    host.until(paper_end=True)
    host.printer.do({"do": "power_cycle"})
    host.printer.do({"do": "paper_in"})
    assert host.read(1, 0.1) == b""
    assert ink(host.print(band([b"\xff"]))) == {(x, y) for y in range(7) for x in range(568, 576)} | {
        (x, 7) for x in range(8)
    }


def test_power_off(host: Host) -> None:
    """Without power there is no answer; with power again there is."""
    host.printer.do({"do": "power_off"})
    host.write(b"\x10\x04\x01")
    assert host.read(1, 0.2) == b""
    host.printer.do({"do": "power_on"})
    assert host.read(1) == b"\x12"


def test_silent(host: Host) -> None:
    """A silent printer prints and does not answer, until it is normal."""
    host.printer.do({"do": "silent"})
    host.write(b"\x10\x04\x01" + band([b"\xff"]) + CUT)
    host.until(pieces=1)
    assert host.read(1, 0.1) == b""
    host.printer.do({"do": "normal"})
    assert host.status() == "12 12 12 12"


def test_frozen(host: Host) -> None:
    """A frozen printer takes nothing."""
    host.printer.do({"do": "frozen"})
    host.until(frozen=True)
    assert host.read(1, 0.2) == b""
    host.write(b"\x10\x04\x01")
    assert host.read(1, 0.2) == b""
    host.printer.do({"do": "normal"})
    assert host.read(1) == b"\x12"


def test_garbage(host: Host) -> None:
    """Garbage reaches the host as it is."""
    assert host.printer.do({"do": "garbage", "bytes": "00ff1013"}) == {"ok": True}
    assert host.read(4) == b"\x00\xff\x10\x13"


def test_unplug_and_plug(host: Host) -> None:
    """Pulling the cable hangs up the line and takes the link away; plugging it makes a new line under the same name."""
    host.printer.do({"do": "unplug"})
    assert not host.printer.link.is_symlink()
    with pytest.raises(OSError, match="Input/output"):
        os.write(host.fd, b"x")
    host.printer.do({"do": "plug"})
    again = Host(host.printer)
    assert again.status() == "12 12 12 12"
    again.close()


def test_line_stays_between_two_openings(host: Host) -> None:
    """Closing and opening the line again loses nothing that the printer has."""
    host.write(INIT + TALL[:1000])
    host.close()
    again = Host(host.printer)
    host.fd = os.dup(again.fd)
    again.write(TALL[1000:] + CUT)
    again.settle()
    assert host.printer.ledger()[0]["rows"] == 400
    again.close()


def test_speed(tmp_path: Path) -> None:
    """Paper moves at the speed of the motor, data at that of the line."""
    with printer_and_host(tmp_path, mm_per_s=100.0) as host:
        start_s = time.monotonic()
        host.write(band([b"\xff"] * 240))
        host.settle()
        assert 0.25 <= time.monotonic() - start_s < 1.5
    with printer_and_host(tmp_path / "slow line", baud=19200) as host:
        start_s = time.monotonic()
        host.write(band([b"\xff" * 72] * 10))
        host.settle()
        assert 0.3 <= time.monotonic() - start_s < 1.5


def test_condition_survives_the_power(host: Host) -> None:
    """Missing paper is still missing when the printer comes back."""
    host.printer.do({"do": "paper_out"})
    host.printer.stop()
    host.printer.start()
    again = Host(host.printer)
    assert again.status() == "1a 32 12 72"
    again.close()


def test_start_and_stop_are_idempotent(host: Host) -> None:
    """Starting twice is starting once, and stopping ends within a second."""
    host.printer.start()
    start_s = time.monotonic()
    host.printer.stop()
    host.printer.stop()
    assert time.monotonic() - start_s < 1


@pytest.mark.parametrize(
    "command",
    [
        {},
        {"do": "dance"},
        {"do": "garbage"},
        {"do": "garbage", "bytes": "xyz"},
        {"do": "slow", "mm_per_s": -1},
        {"do": "paper_out_after", "rows": 0},
        {"do": "paper_out_after", "rows": "many"},
    ],
)
def test_wrong_commands_of_the_bench(host: Host, command: dict[str, object]) -> None:
    """A command that cannot be obeyed is answered with its reason and changes nothing."""
    answer = host.printer.do(command)
    assert answer["ok"] is False
    assert answer["error"]
    assert host.status() == "12 12 12 12"
