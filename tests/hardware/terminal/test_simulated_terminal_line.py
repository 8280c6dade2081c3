"""The simulated terminal keeps the link layer: ACK, NAK, T1, T2, repeats, duplicates; and makes the line as bad as it is told."""

from __future__ import annotations

import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardware.terminal.sim_frame import Receiver, Signal, wrap
from tests.hardware.terminal.register import (
    ACK,
    NAK,
    OK,
    PAY_240,
    REGISTER,
    REPEAT,
    Register,
    framed,
    outcomes,
    terminal_in,
)

STATUS = "05 01 03 00 00 00"
READY = "06 0F 09 F0 F0 F5 31 2E 30 2E 30 00"


def test_bad_crc(register):
    """A frame with a wrong CRC is answered with NAK, its repeat with ACK."""
    frame = framed(bytes.fromhex(STATUS))
    register.put(frame[:-1] + bytes([frame[-1] ^ 1]))
    assert register.byte() == NAK[0]
    assert register.talk(STATUS) == [OK, READY]


def test_unfinished_frame(register):
    """A frame that stops in the middle is answered with NAK after T1."""
    began = time.monotonic()
    register.put(framed(bytes.fromhex(STATUS))[:7])
    assert register.byte() == NAK[0]
    assert time.monotonic() - began >= 0.1
    assert register.talk(STATUS) == [OK, READY]


def test_bytes_one_by_one(register):
    """A frame may come byte by byte."""
    for byte in framed(bytes.fromhex(STATUS)):
        register.put(bytes([byte]))
        assert register.byte(0.002) in {None, ACK[0]}
    assert register.follow() == [OK, READY]


def test_stray_bytes(register):
    """Bytes before a frame that belong to nothing are dropped."""
    register.put(b"\x00\xff\x10\x42\x7f")
    assert register.talk(STATUS) == [OK, READY]


def test_doubled_dle(register):
    """An amount full of 10 arrives as it was meant."""
    register.put(bytes.fromhex("10 02 06 01 0A 04 00 00 00 00 10 10 10 10 49 09 44 10 03 65 CB"))
    assert register.byte() == ACK[0]
    heard = register.follow()
    assert heard[1][9:].startswith("27 00 04 00 00 00 00 10 10")


def test_repeat_after_nak(register):
    """A NAK makes the terminal send the same frame again, at once."""
    register.say(STATUS)
    assert register.frame(answer=NAK) == OK
    assert register.frame() == OK
    assert register.follow() == [READY]


def test_three_sends(register, device):
    """A frame that is never acknowledged is sent three times, T2 apart, and then the terminal gives up."""
    register.say(STATUS)
    assert [register.frame(answer=b"") for _ in range(3)] == [OK] * 3
    assert register.frame(wait_s=0.5) is None
    assert register.talk(STATUS) == [OK, READY]


def test_our_ack_lost(register, device):
    """When the terminal's ACK gets lost, the repeated command is acknowledged and not done twice."""
    device.do({"do": "lose_acks", "n": 1})
    register.put(framed(bytes.fromhex(PAY_240)))
    assert register.frame(answer=b"") == OK
    register.put(framed(bytes.fromhex(PAY_240)))
    assert register.byte() == ACK[0]
    assert register.follow()[-1] == "06 0F 00"
    assert outcomes(device) == ["stored"]


def test_their_ack_lost(register, device):
    """When the register's ACK gets lost but its answer comes, the frame is repeated and the answer counts."""
    register.say(PAY_240)
    assert register.frame() == OK
    assert device.wait_until("held")
    device.do({"do": "lose_acks", "n": 1, "side": "register"})
    status = register.frame()
    register.put(framed(bytes.fromhex(OK)))
    assert register.byte() == ACK[0]
    assert register.frame() == status
    assert register.follow() == ["06 0F 00"]
    assert outcomes(device) == ["stored"]


def test_same_command_again(register):
    """An equal command after the end of the one before is a new one."""
    assert register.talk(STATUS) == register.talk(STATUS) == [OK, READY]
    assert register.talk("0F F1 00") == register.talk("0F F1 00") == ["84 83 00"]


def test_response_out_of_place(register):
    """A response that nothing asked for is acknowledged and ignored."""
    register.say(OK)
    assert register.talk(STATUS) == [OK, READY]


def test_silent(register, device):
    """A silent terminal answers nothing until it is normal again, and then remembers nothing of what was said."""
    device.do({"do": "silent"})
    register.put(framed(bytes.fromhex(PAY_240)))
    assert register.byte(0.2) is None
    device.do({"do": "normal"})
    assert register.talk(STATUS) == [OK, READY]
    assert device.ledger() == []


def test_mute_and_then_silent(register, device):
    """A message can be swallowed and the line go dead with it."""
    device.do({"do": "mute_after", "message": "06 0F", "then": "silent"})
    register.wait_s = 1.0
    assert register.talk(PAY_240)[-1][:5] == "04 0F"
    assert device.do({"do": "state"})["silent"] is True
    assert outcomes(device) == ["stored"]
    device.do({"do": "normal"})
    assert device.wait_until("idle")
    assert register.talk(REPEAT)[-1] == "06 0F 00"


def test_garbage(register, device):
    """Garbage is said as told, byte by byte, and the terminal goes on."""
    assert device.do({"do": "garbage", "bytes": "DE AD 10 02"}) == {"ok": True}
    assert [register.byte() for _ in range(4)] == [0xDE, 0xAD, 0x10, 0x02]
    device.do({"do": "garbage", "bytes": 5})
    assert all(register.byte() is not None for _ in range(5))
    assert register.talk(STATUS) == [OK, READY]


def test_noise(register, device):
    """With noise on the line stray bytes stand before each frame."""
    device.do({"do": "noise", "bytes": 3})
    register.say(STATUS)
    assert register.frame() == OK
    assert not register.raw_frames[0].startswith("06")
    assert register.follow() == [READY]


def test_late(register, device):
    """A late terminal acknowledges at once and answers later."""
    device.do({"do": "late", "ms": 150})
    register.say(STATUS)
    began = time.monotonic()
    assert register.frame() == OK
    assert time.monotonic() - began >= 0.12


def test_half_a_frame(register, device):
    """Half a frame is repeated whole after a NAK."""
    device.do({"do": "half", "n": 1})
    register.say(STATUS)
    assert register.frame(wait_s=0.05) is None
    register.put(NAK)
    assert register.frame() == OK


def test_corrupt_frame(register, device):
    """A corrupted frame differs from the good one that follows the NAK by its CRC."""
    device.do({"do": "corrupt", "n": 1})
    register.say(STATUS)
    bad = bytes(byte for _ in range(9) if (byte := register.byte()) is not None)
    register.put(NAK)
    assert register.frame() == OK
    good = framed(bytes.fromhex(OK))
    assert (bad[:-1], bad[-1]) == (good[:-1], good[-1] ^ 1)


def test_doubled_frame(register, device):
    """A doubled frame comes twice, byte for byte."""
    device.do({"do": "double", "n": 1})
    register.say(STATUS)
    assert register.frame(answer=b"") == OK
    assert register.frame() == OK
    assert register.follow() == [READY]


def test_line_survives_its_users(register, device, tmp_path):
    """The line stays up when a register closes it and another opens it."""
    register.talk(STATUS)
    other = Register(tmp_path / "line")
    assert other.talk(REGISTER)[0] == OK
    other.close()
    assert register.talk(STATUS) == [OK, READY]


def test_unplug_and_plug(register, device, tmp_path):
    """An unplugged line is gone by name and hung up; a plugged one is new under the same name."""
    device.do({"do": "unplug"})
    assert not os.path.lexists(tmp_path / "line")
    with pytest.raises(OSError, match=r"Input/output|closed"):
        _read_until_hung_up(register)
    device.do({"do": "plug"})
    fresh = Register(tmp_path / "line")
    assert fresh.talk(STATUS) == [OK, READY]
    fresh.close()


def _read_until_hung_up(register: Register) -> None:
    if not os.read(register.fd, 1):
        raise OSError("closed")


def test_pace(tmp_path):
    """At 9600 baud a byte takes eleven bits' time."""
    device = terminal_in(tmp_path, baud=9600)
    register = Register(tmp_path / "line")
    began = time.monotonic()
    register.talk(REGISTER)
    sent = sum((len(frame) + 1) // 3 for frame in register.raw_frames)
    assert time.monotonic() - began >= sent * 11 / 9600
    register.close()
    device.stop()


def test_stop_is_quick_and_can_be_repeated(tmp_path):
    """Stop ends within a second, may be called twice, and takes the line away; the control still answers."""
    device = terminal_in(tmp_path)
    began = time.monotonic()
    device.stop()
    device.stop()
    assert time.monotonic() - began < 1.0
    assert not os.path.lexists(tmp_path / "line")
    assert device.do({"do": "unplug"}) == {"ok": False, "error": "the terminal is off"}
    assert device.do({"do": "state"})["phase"] == "off"


@pytest.mark.parametrize(
    "command",
    [{}, {"do": 7}, {"do": "dance"}, {"do": "decline", "code": "zz"}, {"do": "decline", "code": "00"}, {"do": "late", "ms": -1},
     {"do": "mute_after"}, {"do": "mute_after", "message": "04"}, {"do": "garbage", "bytes": "zz"}, {"do": "next_receipt", "number": 0},
     {"do": "lose_acks", "side": "left"}, {"do": "approve", "delay_s": "soon"}, {"do": "wrong_amount", "currency": "XXX"}],
)  # fmt: skip
def test_mistaken_commands(device, command):
    """A mistaken command of the bench is refused with a reason."""
    said = device.do(command)
    assert said["ok"] is False
    assert said["error"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=4), st.binary(max_size=8), st.integers(1, 7))
def test_receiver_finds_frames(apdus, junk, piece):
    """Any APDUs are found again, in pieces of any size, after any stray bytes that end outside a frame."""
    stray = junk.replace(b"\x10", b"").replace(b"\x06", b"").replace(b"\x15", b"")
    line = stray + b"".join(framed(apdu) for apdu in apdus)
    receiver = Receiver()
    found = [event for at in range(0, len(line), piece) for event in receiver.feed(line[at : at + piece])]
    assert found == apdus
    assert [wrap(apdu) for apdu in apdus] == [framed(apdu) for apdu in apdus]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_receiver_survives_anything(noise):
    """After any noise and a pause of T1 the next good frame is found."""
    receiver = Receiver()
    assert all(isinstance(event, bytes | Signal) for event in receiver.feed(noise))
    receiver.reset()
    assert receiver.feed(framed(b"\x80\x00\x00")) == [b"\x80\x00\x00"]
