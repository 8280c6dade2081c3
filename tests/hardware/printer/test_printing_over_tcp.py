"""The driver and a printer on the network: what is said of a paper is what lies in the tray, as on a serial line."""

from __future__ import annotations

import re
import socket
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hardware.printer.encode import Encoder
from hardware.printer.profiles import PROFILES
from hardware.printer.transport import Line
from kiosk.domain.faults import DeviceAbsent
from kiosk.domain.health import Failed, Ready
from kiosk.domain.receipt import NotStarted, Partial, Printed, Unverified
from tests.hardware.printer.samples import PAPERS, PAYMENT, SHORT
from tests.hardware.printer.test_printing_over_the_wire import the_next_paper_is_clean
from tests.hardware.printer.wire import Wire, is_exactly, wire


def another_host(wired: Wire) -> socket.socket:
    """Connect beside the driver."""
    parts = urlsplit(wired.settings["port"])
    return socket.create_connection((parts.hostname, parts.port), 3)


@pytest.mark.parametrize("name", sorted(PAPERS))
@pytest.mark.parametrize(("model", "profile"), [("epson", "generic-80"), ("clone", "clone-80")])
def test_what_comes_out_is_the_layout(tmp_path: Path, model: str, profile: str, name: str) -> None:
    """Each paper is printed dot for dot as it was laid out, and cut once."""
    with wire(tmp_path, model, network=True, profile=profile) as wired:
        assert wired.driver.print(PAPERS[name]) == Printed()
        (paper,) = wired.papers()
        assert is_exactly(paper, wired, PAPERS[name])


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        ("paper_out", "paper_out"),
        ("cover_open", "cover_open"),
        ("silent", "silent"),
        ("frozen", "silent"),
        ("unplug", "lost"),
    ],
)
def test_a_fault_before(tmp_path: Path, happens: str, reason: str) -> None:
    """A printer that cannot print is asked first: nothing is printed, and the reason is told."""
    with wire(tmp_path, network=True) as wired:
        wired.do(happens)
        assert wired.driver.print(PAYMENT) == NotStarted(reason)
        assert wired.do("state")["uncut_rows"] == 0


@pytest.mark.parametrize(
    ("happens", "reason", "ends"),
    [
        ("paper_out", "paper_out", "paper_in"),
        ("cover_open", "cover_open", "cover_close"),
        ("break", "mechanical", "normal"),
        ("unplug", "lost", "plug"),
        ("power_off", "", "power_on"),
        ("power_cycle", "", "power_on"),
    ],
)
def test_a_fault_in_the_middle(tmp_path: Path, happens: str, reason: str, ends: str) -> None:
    """A paper that broke off is Partial with its reason; once the fault is gone, the next paper starts clean."""
    with wire(tmp_path, network=True) as wired:
        printing = wired.begin(PAYMENT)
        wired.do(happens)
        outcome = printing.result(30)
        assert isinstance(outcome, Partial)
        assert outcome.reason == (reason or outcome.reason)
        wired.do(ends)
        the_next_paper_is_clean(wired)


def test_a_crash_inside_a_band(tmp_path: Path) -> None:
    """A printer left waiting for the rest of a band by a connection that broke is brought back, and the torn paper is cut off."""
    with wire(tmp_path, network=True) as wired:
        encoder = Encoder(PROFILES["generic-80"])
        encoder.image(wired.driver.picture(PAYMENT))
        with another_host(wired) as host:
            host.sendall(encoder.commands[0] + encoder.commands[1] + max(encoder.commands, key=len)[:700])
        assert isinstance(wired.driver.health(), Ready)
        assert len(wired.papers()) == 1
        the_next_paper_is_clean(wired)


def test_nothing_on_its_way_is_lost_by_closing(tmp_path: Path) -> None:
    """A paper that nobody acknowledges is whole although the driver lets go of the line right after it."""
    with wire(tmp_path, "tx_only", network=True, profile="tx-only") as wired:
        assert wired.driver.print(PAYMENT) == Unverified("unconfirmed")
        wired.driver.close()
        wired.until(lambda state: state["pieces"] == 1)
        assert is_exactly(wired.papers()[0], wired, PAYMENT)


def test_gone_and_back_while_idle(tmp_path: Path) -> None:
    """A printer that closed the connection, as printers do after a minute of silence, is connected to again at the next call."""
    with wire(tmp_path, network=True) as wired:
        assert wired.driver.print(SHORT) == Printed()
        wired.do("unplug")
        health = wired.driver.health()
        assert isinstance(health, Failed)
        assert health.reason == "absent"
        wired.do("plug")
        assert isinstance(wired.driver.health(), Ready)
        wired.do("unplug")
        wired.do("plug")
        assert wired.driver.print(SHORT) == Printed()


def test_a_printer_that_serves_another_host(tmp_path: Path) -> None:
    """While another host holds the printer, nothing is printed; when it has let go, the next paper is whole."""
    with wire(tmp_path, network=True) as wired:
        with another_host(wired) as host:
            host.sendall(b"\x10\x04\x01")
            assert host.recv(1) == b"\x12"
            assert wired.driver.print(SHORT) == NotStarted("silent")
        wired.driver.close()
        the_next_paper_is_clean(wired)


def test_the_knife_moves_once(tmp_path: Path) -> None:
    """TCP has check sums, so the cut is said once; a serial line has none, so it is said twice."""
    with wire(tmp_path, network=True) as wired:
        wired.driver.print(SHORT)
        assert wired.do("state")["cuts"] == 1
    with wire(tmp_path / "serial") as wired:
        wired.driver.print(SHORT)
        assert wired.do("state")["cuts"] == 2


@pytest.mark.parametrize(
    "port",
    [
        "tcp://",
        "tcp://:9100",
        "tcp://127.0.0.1:99999",
        "tcp://127.0.0.1:x",
        "tcp://a@127.0.0.1:9",
        "tcp://[::1",
        "tcp://127.0.0.1:9/x",
    ],
)
def test_an_address_that_is_none(port: str) -> None:
    """An address with a mistake is an absent device, named in the evidence, and nothing else escapes."""
    with pytest.raises(DeviceAbsent, match=re.escape(port)):
        Line.open(port)


def test_nobody_listens() -> None:
    """A port where nobody listens is absent at once, by its number or by its host's name."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for host in ("127.0.0.1", "localhost"):
        with pytest.raises(DeviceAbsent, match="refused"):
            Line.open(f"tcp://{host}:{port}")


def test_a_host_that_does_not_answer() -> None:
    """A printer whose queue of connections is full does not hold health beyond its time."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf:
        port, begun_s = deaf.getsockname()[1], time.monotonic()
        held = []
        try:
            with pytest.raises(DeviceAbsent, match="timed out"):
                held.extend(Line.open(f"tcp://127.0.0.1:{port}") for _ in range(8))
            assert time.monotonic() - begun_s < 3
        finally:
            for line in held:
                line.close()


def test_a_reset_is_a_lost_line() -> None:
    """A connection reset by the printer is told by the next step, whether it reads or writes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = Line.open(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        accepted, _ = server.accept()
        accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes((1, 0, 0, 0, 0, 0, 0, 0)))
        accepted.close()
        with pytest.raises(DeviceAbsent):
            all(line.step(b"x", 0.05) for _ in range(20))
        line.close()


def test_steps_are_bounded_and_can_be_woken() -> None:
    """A peer that takes nothing and says nothing does not hold a step, nor does closing wait for it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = Line.open(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        while line.step(bytes(1 << 16), 0.05)[0]:
            pass
        assert line.step(b"more", 0.05) == (0, b"")
        waker = threading.Timer(0.05, line.wake)
        waker.start()
        begun_s = time.monotonic()
        assert line.step(b"", 5.0) == (0, b"")
        line.close(abandon=True)
        assert time.monotonic() - begun_s < 3
        waker.join(5)
