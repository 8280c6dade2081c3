"""ZVT over TCP: APDUs in any pieces, no acknowledgements, and a connection that is opened anew rather than trusted."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hardware.terminal.apdu import Apdu, ApduStream
from hardware.terminal.driver import ZvtTerminal
from hardware.terminal.settings import TerminalSettings
from hardware.terminal.tcp import TcpLink
from kiosk.domain.faults import DeviceAbsent, DeviceSilent, ProtocolError
from kiosk.domain.health import Failed, Ready
from kiosk.domain.payment import Approved, Unresolved
from tests.hardware.terminal import frames
from tests.hardware.terminal.bench import OURS, SALE, Bench
from tests.hardware.terminal.peer import IMPATIENT, TIMINGS
from tests.hardware.terminal.scripts import AUTHORISATION, ENQUIRY, YES, status

PATIENCE_S = 5.0
REGISTERED = ("80 00 00", "06 0F 0A 19 00 29 29 00 10 06 49 09 44")


class TcpPeer:
    """A terminal on the network that says what it is told, once for each connection; it reads whole APDUs and knows no more."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(PATIENCE_S)
        self.port = f"tcp://127.0.0.1:{self.server.getsockname()[1]}"
        self.connection: socket.socket | None = None

    def accept(self) -> None:
        self.hang_up()
        self.connection, _ = self.server.accept()
        self.connection.settimeout(PATIENCE_S)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _exactly(self, count: int) -> bytes:
        assert self.connection is not None
        got = b""
        while len(got) < count:
            piece = self.connection.recv(count - len(got))
            assert piece, "the kiosk hung up"
            got += piece
        return got

    def hear(self, starts_with: str) -> None:
        head = self._exactly(3)
        apdu = (head + self._exactly(head[2])).hex(" ").upper()
        assert apdu.startswith(starts_with), apdu

    def say(self, *apdus: str, piece: int = 0) -> None:
        """Send it all at once, or in pieces of so many bytes."""
        assert self.connection is not None
        raw = bytes.fromhex("".join(apdus))
        for start in range(0, len(raw), piece or len(raw)):
            self.connection.sendall(raw[start : start + (piece or len(raw))])

    def see_hung_up(self) -> None:
        assert self.connection is not None
        assert self.connection.recv(1) == b""

    def close(self) -> None:
        self.hang_up()
        self.server.close()


@pytest.fixture
def peer() -> Iterator[TcpPeer]:
    peer = TcpPeer()
    yield peer
    peer.close()


@pytest.fixture
def zvt(peer: TcpPeer) -> Iterator[ZvtTerminal]:
    zvt = ZvtTerminal(TerminalSettings(port=peer.port, timings=replace(TIMINGS, stall_s=0.5)))
    yield zvt
    zvt.close()


class Playing(threading.Thread):
    """Plays a script beside the test; its failure is the test's."""

    def __init__(self, script) -> None:
        super().__init__(daemon=True)
        self._script, self._failure = script, None
        self.start()

    def run(self) -> None:
        try:
            self._script()
        except BaseException as failure:  # noqa: BLE001 - handed over to the test's thread
            self._failure = failure

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.join(4 * PATIENCE_S)
        assert not self.is_alive()
        if self._failure:
            raise self._failure


@given(st.lists(st.binary(max_size=600), max_size=6), st.data())
@settings(max_examples=100, deadline=None)
def test_any_pieces_give_the_same_apdus(contents, data):
    """However the network cuts or joins them, the same APDUs come out, short and long ones."""
    apdus = [Apdu(0x06D1, content).encode() for content in contents]
    line = b"".join(apdus)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(line)), max_size=8)))
    stream, found = ApduStream(), []
    for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True):
        found += stream.feed(line[start:end])
    assert found == apdus
    assert not stream.unfinished


def test_a_greeting_is_dropped():
    """What some terminals send at first, a count and a line of text, is not taken for an APDU."""
    greeting = b'\x00\x00\x00\x3e"VER|APP|1.2.3|TERMINAL|READY"'
    assert ApduStream().feed(greeting + b"\x80\x00\x00") == [b"\x80\x00\x00"]


def test_out_of_step_is_said_and_nothing_is_read_from_then_on():
    """Behind the first APDU, what cannot be one ends the reading: a text may hold what looks like a completion."""
    stream = ApduStream()
    assert stream.feed(b"\x80\x00\x00\x41\x06\x0f\x00") == [b"\x80\x00\x00"]
    assert stream.broken
    assert stream.feed(b"\x06\x0f\x00") == []
    assert not stream.unfinished


@pytest.mark.parametrize("piece", [0, 1, 2, 7])
def test_a_payment_in_any_pieces(peer, zvt, piece):
    """A payment is the same whether its APDUs come byte by byte or several in one segment."""

    def script() -> None:
        peer.accept()
        peer.hear("06 00")
        peer.say(*REGISTERED, piece=piece)
        peer.hear(YES)
        peer.hear(AUTHORISATION)
        peer.say(YES, frames.INSERT_CARD, frames.PLEASE_WAIT, status(), piece=piece)
        peer.hear(YES)
        peer.hear(YES)
        peer.hear(YES)
        peer.say(frames.PRINT_BLOCK, "06 D1 02 81 41", "06 0F 00", piece=piece)
        for _ in range(3):
            peer.hear(YES)

    with Playing(script):
        assert isinstance(zvt.pay(SALE, "A-1", lambda _: None), Approved)
        assert isinstance(zvt.settle("A-1"), Approved)


def register(peer) -> None:
    """Be called and register the kiosk."""
    peer.accept()
    peer.hear("06 00")
    peer.say(*REGISTERED)
    peer.hear(YES)


def be_well(peer) -> None:
    """Answer an enquiry: ready."""
    peer.hear(ENQUIRY)
    peer.say(YES, "06 0F 01 00")
    peer.hear(YES)


def test_t3_closes_and_opens_anew(peer):
    """A command that is not answered within T3 costs the connection; the next question is asked over a new one."""
    zvt = ZvtTerminal(TerminalSettings(port=peer.port, timings=IMPATIENT))

    def script() -> None:
        peer.accept()
        peer.hear("06 00")
        peer.see_hung_up()
        register(peer)
        be_well(peer)

    with Playing(script):
        silent = zvt.health()
        assert isinstance(silent, Failed)
        assert silent.reason == DeviceSilent.reason
        assert isinstance(zvt.health(), Ready)
    zvt.close()


@pytest.mark.parametrize(
    ("said", "reason"),
    [("80 00", ProtocolError.reason), ("80 00 00 41 42", ProtocolError.reason), (None, DeviceAbsent.reason)],
    ids=["half an APDU", "no APDU", "hung up"],
)
def test_a_connection_that_fails_is_opened_anew(peer, zvt, said, reason):
    """A terminal that stops in an APDU, says what is none, or hangs up is told as that, and asked again over a new connection."""

    def script() -> None:
        peer.accept()
        peer.hear("06 00")
        if said is None:
            peer.hang_up()
        else:
            peer.say(said)
            peer.see_hung_up()
        register(peer)
        be_well(peer)

    with Playing(script):
        failed = zvt.health()
        assert isinstance(failed, Failed)
        assert failed.reason == reason
        assert isinstance(zvt.health(), Ready)


def test_out_of_step_in_a_payment_is_unresolved(peer, zvt):
    """A stream that loses step while money moves leaves the payment unresolved, whatever completions stand in the noise."""

    def script() -> None:
        register(peer)
        peer.hear(AUTHORISATION)
        peer.say(YES, "41 42", status(), "06 0F 00")

    with Playing(script):
        assert isinstance(zvt.pay(SALE, "A-1", lambda _: None), Unresolved)


def test_a_terminal_that_babbles(peer, zvt):
    """APDUs without end that nobody asked for cost the connection, not the memory."""
    link = TcpLink(("127.0.0.1", int(peer.port.rpartition(":")[2])), 1.0, 1.0)
    link.open()
    peer.accept()
    peer.say("04 FF 01 0E" * 5000)
    with pytest.raises(ProtocolError, match="nobody asked for"):
        link.gather()
    assert not link.is_open


@pytest.mark.parametrize(
    ("port", "address"),
    [
        ("tcp://192.0.2.7:20007", ("192.0.2.7", 20007)), ("tcp://terminal", ("terminal", 20007)),
        ("tcp://[2001:db8::7]:5577", ("2001:db8::7", 5577)), ("/dev/terminal", None),
    ],
)  # fmt: skip
def test_the_port_names_host_and_port(port, address):
    """A port that begins with tcp:// is an address, with ZVT's port number if none is given; any other is a device."""
    assert TerminalSettings(port=port).address == address


@pytest.mark.parametrize(
    "port", ["tcp://", "tcp://:20007", "tcp://a:b", "tcp://a:0", "tcp://a:99999", "tcp://a/b", "tcp://u@a:1"]
)
def test_a_port_that_is_no_address_is_refused(port):
    """A mistake in the address is found when the settings are read."""
    with pytest.raises(ValueError, match="expected a device name or tcp://"):
        TerminalSettings(port=port)


@pytest.mark.parametrize(
    "fault", [{"do": "noise", "bytes": 3}, {"do": "half", "n": 2}, {"do": "garbage", "bytes": 200}]
)
def test_a_broken_stream_never_lies(tmp_path, fault):
    """Noise and halves that TCP itself would never make end in what the terminal's ledger says, or in doubt."""
    bench = Bench(tmp_path, "tcp")
    before = bench.driver.last_transaction()
    assert bench.sim.do(fault)["ok"]
    outcome = bench.pay()
    if isinstance(outcome, Approved):
        outcome = bench.driver.settle("A-1")
    bench.do("normal")
    if isinstance(outcome, Unresolved):
        outcome = bench.driver.outcome_of("A-1", SALE, before)
    assert isinstance(outcome, Approved) == (bench.taken() == SALE.minor)
    bench.close()


def test_a_slow_network(tmp_path):
    """A terminal whose bytes come four at a time is understood."""
    bench = Bench(tmp_path, "tcp", baud=20_000)
    bench.driver.last_transaction()
    assert isinstance(bench.pay(), Approved)
    assert isinstance(bench.driver.settle("A-1"), Approved)
    assert bench.taken() == SALE.minor
    bench.close()


def test_another_kiosk_takes_the_place(tmp_path):
    """A kiosk that comes up again while its old connection still stands is heard, and the sale nobody settled goes back."""
    bench = Bench(tmp_path, "tcp")
    before = bench.driver.last_transaction()
    assert isinstance(bench.pay(), Approved)
    again = ZvtTerminal(TerminalSettings(port=bench.sim.port, delivery_timeout_s=1, timings=OURS))
    assert not isinstance(again.outcome_of("A-1", SALE, before), Approved | Unresolved)
    assert bench.taken() == 0
    assert isinstance(bench.driver.settle("A-1"), Unresolved)
    again.close()
    bench.close()
