"""The serial link on a real pseudo-terminal, against a peer that does what each test says."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.terminal.apdu import Apdu
from hardware.terminal.link import SerialLink
from hardware.terminal.links import QUEUE_LIMIT
from kiosk.domain.faults import DeviceAbsent, DeviceSilent, ProtocolError
from tests.hardware.terminal.peer import ACK, NAK, Peer, frame

ENQUIRY = Apdu(0x0501)
YES = Apdu(0x8000)
WAIT = "04 FF 01 0E"


def soon(seconds: float = 5.0) -> float:
    return time.monotonic() + seconds


@pytest.fixture
def link(peer: Peer) -> Iterator[SerialLink]:
    link = opened(peer, t2_s=5.0)
    yield link
    link.close()


def opened(peer: Peer, t1_s: float = 0.1, t2_s: float = 0.15) -> SerialLink:
    link = SerialLink(peer.port, 115200, t1_s, t2_s)
    link.open()
    return link


def test_a_frame_is_sent_once_and_acknowledged(peer, link):
    """A frame that is acknowledged is sent exactly once."""
    with peer.playing(lambda: peer.hear("05 01 00")):
        link.send(ENQUIRY, soon())
    assert peer.quiet(0.05)


def test_a_frame_is_acknowledged_before_anybody_looks(peer, link):
    """A frame of the terminal is acknowledged and handed over."""
    with peer.playing(lambda: peer.say(WAIT)):
        assert link.receive(soon()) == Apdu(0x04FF, b"\x0e")


def test_nak_makes_it_send_again(peer, link):
    """A frame refused with NAK is repeated, byte for byte."""

    def script() -> None:
        first = peer.take()
        peer.write(NAK)
        assert peer.hear() == first

    with peer.playing(script):
        link.send(ENQUIRY, soon())


def test_three_naks_are_the_end(peer, link):
    """A frame is repeated twice at most, then it is a fault."""

    def script() -> None:
        for _ in range(3):
            peer.take()
            peer.write(NAK)

    with peer.playing(script), pytest.raises(ProtocolError, match="sent 3 times"):
        link.send(ENQUIRY, soon())
    assert peer.quiet(0.05)


def test_silence_makes_it_send_again_twice(peer):
    """Without an ACK a frame is repeated after T2, twice at most, then the terminal is silent."""
    link = opened(peer)

    def script() -> None:
        assert len({peer.take() for _ in range(3)}) == 1

    started = time.monotonic()
    with peer.playing(script), pytest.raises(DeviceSilent, match="sent 3 times"):
        link.send(ENQUIRY, soon())
    assert 0.45 <= time.monotonic() - started < 3
    assert peer.quiet(0.05)
    link.close()


def test_until_ends_the_wait_for_an_ack(peer, link):
    """The caller's moment ends the wait before T2 does."""
    with pytest.raises(DeviceSilent, match="not acknowledged in time"):
        link.send(ENQUIRY, soon(0.05))


def test_a_lost_ack_makes_a_duplicate_that_is_dropped(peer, link):
    """A repeated frame is acknowledged each time and handed over once."""
    with peer.playing(lambda: [peer.say(WAIT) for _ in range(3)]):
        assert link.receive(soon()) == Apdu(0x04FF, b"\x0e")
        assert link.receive(soon(0.3)) is None


def test_the_same_frame_after_our_answer_is_new(peer, link):
    """Two equal lines of a receipt are two lines: what we send in between tells them from a repeat."""

    def script() -> None:
        for _ in range(2):
            peer.tell("06 D1 01 00")

    with peer.playing(script):
        for _ in range(2):
            assert link.receive(soon()) == Apdu(0x06D1, b"\0")
            link.send(YES, soon())


def test_a_response_stands_for_its_lost_ack(peer):
    """When the ACK of a command is lost and its answer comes, the command is not sent again."""
    link = opened(peer, t2_s=0.2)

    def script() -> None:
        peer.take()
        peer.say("80 00 00")
        assert peer.quiet(0.5)

    with peer.playing(script):
        link.send(ENQUIRY, soon())
        assert link.receive(soon()) == YES
    link.close()


def test_a_gap_in_a_frame_is_refused(peer, link):
    """A frame that stops for T1 is refused with NAK; its repeat is taken."""
    whole = frame(WAIT)

    def script() -> None:
        peer.write(whole[:5])
        assert peer.read(1) == NAK
        peer.write(whole)
        assert peer.read(1) == ACK

    with peer.playing(script):
        assert link.receive(soon()) == Apdu(0x04FF, b"\x0e")


def test_a_wrong_crc_is_refused(peer, link):
    """A frame with a wrong CRC is refused with NAK at once; its repeat is taken."""
    whole = frame(WAIT)

    def script() -> None:
        peer.write(whole[:-1] + bytes([whole[-1] ^ 1]))
        assert peer.read(1) == NAK
        peer.write(whole)
        assert peer.read(1) == ACK

    with peer.playing(script):
        assert link.receive(soon()) == Apdu(0x04FF, b"\x0e")


def test_a_wrong_length_is_refused(peer, link):
    """A frame whose APDU is not as long as it says is not formally correct: NAK."""

    def script() -> None:
        peer.write(frame("04 FF 02 0E"))
        assert peer.read(1) == NAK

    with peer.playing(script):
        assert link.receive(soon(0.3)) is None


@pytest.mark.parametrize("stray", ["15 03 69", "06", "10", "10 69", "00 FF 10 03"])
def test_strays_before_a_frame_are_dropped(peer, link, stray):
    """Bytes left over on the line do not harm the frame behind them."""
    peer.write(bytes.fromhex(stray) + frame(WAIT))
    assert link.receive(soon()) == Apdu(0x04FF, b"\x0e")
    assert peer.read(1) == ACK


def test_an_ack_nobody_waits_for_is_no_ack(peer):
    """A stray 06 before we send does not acknowledge what we send later."""
    link = opened(peer)
    peer.write(ACK)
    assert link.receive(soon(0.1)) is None

    def script() -> None:
        peer.take()
        peer.hear()

    with peer.playing(script):
        link.send(ENQUIRY, soon())
    link.close()


@pytest.mark.parametrize("at", range(1, 25))
def test_split_and_joined_at_every_offset(peer, link, at):
    """ACK, answer and next frame arrive in any pieces, and nothing is lost or doubled."""
    stream = ACK + frame("80 00 00") + frame("04 FF 01 10")

    def script() -> None:
        peer.take()
        peer.write(stream[:at])
        time.sleep(0.005)
        peer.write(stream[at:])
        assert peer.read(2) == ACK + ACK

    with peer.playing(script):
        link.send(ENQUIRY, soon())
        assert link.receive(soon()) == YES
        assert link.receive(soon()) == Apdu(0x04FF, b"\x10")


def test_a_frame_that_crosses_ours_is_kept(peer, link):
    """A frame that comes while we wait for our ACK is acknowledged at once and handed over later."""

    def script() -> None:
        peer.take()
        peer.say(WAIT)
        peer.write(ACK)

    with peer.playing(script):
        link.send(ENQUIRY, soon())
        assert link.receive(soon()) == Apdu(0x04FF, b"\x0e")


def test_what_queued_up_is_gathered(peer, link):
    """Everything said while nobody read is acknowledged and returned in order, repeats once."""
    peer.write(frame(WAIT) * 3 + frame("06 1E 01 6C"))
    assert [apdu.encode().hex(" ").upper() for apdu in link.gather()] == [WAIT, "06 1E 01 6C"]
    assert peer.read(4) == ACK * 4
    assert link.gather() == []


def test_what_is_posted_is_repeated_and_then_let_go(peer):
    """A posted frame is repeated while others are received, and its loss is no fault."""
    link = opened(peer)

    def script() -> None:
        for _ in range(3):
            peer.take()

    with peer.playing(script):
        link.post(Apdu(0x06B0))
        assert link.receive(soon(1.0)) is None
    link.close()


def test_silence_is_waited_for_and_no_longer(peer, link):
    """Without a frame ``receive`` returns nothing at its moment."""
    started = time.monotonic()
    assert link.receive(soon(0.1)) is None
    assert 0.1 <= time.monotonic() - started < 1


def test_endless_noise_does_not_hold_it(peer, link):
    """A line that never stops talking nonsense does not keep ``receive`` beyond its moment."""
    ends = soon(0.5)

    def script() -> None:
        while time.monotonic() < ends:
            peer.write(b"\x55" * 64)
            time.sleep(0.005)

    with peer.playing(script):
        assert link.receive(soon(0.2)) is None
        assert time.monotonic() < ends


def test_babbling_is_a_fault(peer, link):
    """More unasked frames than anybody could mean are a fault, and the line is closed."""

    def script() -> None:
        for number in range(QUEUE_LIMIT + 1):
            peer.say(f"04 FF 01 {number % 2:02X}")

    def pump() -> None:
        while True:
            link._pump(soon())

    with peer.playing(script), pytest.raises(ProtocolError, match="nobody asked for"):
        pump()
    assert not link.is_open


def test_a_dead_line_is_absent(peer, link):
    """When the other end goes away the port is closed at once, and every further call says absent."""
    peer.unplug()
    with pytest.raises(DeviceAbsent, match="was lost"):
        link.receive(soon())
    assert not link.is_open
    with pytest.raises(DeviceAbsent, match="not open"):
        link.send(ENQUIRY, soon())


def test_no_port_is_absent(tmp_path):
    """A port that does not exist is an absent device."""
    with pytest.raises(DeviceAbsent, match="cannot be opened"):
        SerialLink(str(tmp_path / "none"), 115200, 0.2, 5.0).open()


def test_the_port_is_ours_alone(peer, link):
    """A second opening of the same port is refused while it is open."""
    with pytest.raises(DeviceAbsent, match="cannot be opened"):
        opened(peer)


def test_opening_throws_old_bytes_away(peer):
    """What was on the line before it was opened is not taken for an answer."""
    peer.write(frame("80 00 00"))
    link = opened(peer)
    assert link.receive(soon(0.1)) is None
    link.close()


def test_no_descriptor_is_left(peer):
    """Opening and closing, also after a loss, leaves no descriptor behind."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        opened(peer).close()
    lost = opened(peer)
    peer.unplug()
    with pytest.raises(DeviceAbsent):
        lost.receive(soon())
    assert len(list(Path("/proc/self/fd").iterdir())) == before - 2
