"""Serial frames: golden bytes, any pieces, any noise."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.checksum import crc16_kermit
from hardware.terminal.apdu import MAX_APDU_BYTES
from hardware.terminal.frame import Control, Damaged, Frame, FrameDecoder, encode_frame
from tests.hardware.terminal.frames import SERIAL, apdu_in
from tests.hardware.terminal.peer import crc_bit_by_bit
from tests.hardware.terminal.traffic import damaged, recorded


@pytest.mark.parametrize("name", SERIAL)
def test_golden_encoded(name):
    """An APDU becomes exactly the bytes that were seen on real lines."""
    assert encode_frame(apdu_in(SERIAL[name])).hex(" ").upper() == SERIAL[name]


@pytest.mark.parametrize("name", SERIAL)
def test_golden_decoded(name):
    """The bytes of a real line become exactly their APDU."""
    assert FrameDecoder().feed(bytes.fromhex(SERIAL[name])) == [Frame(apdu_in(SERIAL[name]))]


def test_check_value():
    """The CRC is CRC-16/KERMIT by its published check value."""
    assert crc16_kermit(b"123456789") == 0x2189


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_crc_agrees_with_the_drawing(data):
    """The CRC is the one that the shift register of the manual computes."""
    assert crc16_kermit(data) == crc_bit_by_bit(data)


@given(st.lists(st.binary(max_size=60), max_size=5), st.data())
@settings(max_examples=150, deadline=None)
def test_round_trip_in_any_pieces(apdus, data):
    """Whatever is encoded is decoded again, however the line cuts or joins it."""
    line = b"".join(encode_frame(apdu) for apdu in apdus)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(line)), max_size=8)))
    decoder, tokens = FrameDecoder(), []
    for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True):
        tokens += decoder.feed(line[start:end])
    assert tokens == [Frame(apdu) for apdu in apdus]


@given(st.lists(st.binary(max_size=80), max_size=8), st.booleans())
@settings(max_examples=200, deadline=None)
def test_fuzz_never_raises_and_comes_back(noise, quiet):
    """No noise raises, and after noise and a silence the next frame is read."""
    decoder = FrameDecoder()
    for piece in noise:
        decoder.feed(piece)
        if quiet:
            decoder.silence()
    decoder.silence()
    good = encode_frame(b"\x80\x00\x00")
    assert decoder.feed(good) == [Frame(b"\x80\x00\x00")]


@given(st.binary(max_size=80))
@settings(max_examples=200, deadline=None)
def test_resynchronises_within_one_frame(noise):
    """Even without a silence noise costs at most one good frame."""
    good = encode_frame(b"\x80\x00\x00")
    assert Frame(b"\x80\x00\x00") in FrameDecoder().feed(noise + good + good)


def test_controls_only_between_frames():
    """06 and 15 are ACK and NAK between frames, and bytes like any other inside."""
    inside = b"\x06\x15\x00"
    tokens = FrameDecoder().feed(b"\x06" + encode_frame(inside) + b"\x15")
    assert tokens == [Control.ACK, Frame(inside), Control.NAK]


def test_strays_are_dropped():
    """Bytes that are neither a frame nor ACK nor NAK leave no trace."""
    assert FrameDecoder().feed(b"\x15\x03\x69\x10\x69" + bytes.fromhex(SERIAL["abort"])) == [
        Control.NAK,
        Frame(b"\x06\xb0\x00"),
    ]


@pytest.mark.parametrize("at", range(2, 19))
def test_any_flipped_byte_is_noticed(at):
    """A frame with one byte changed never passes as good, and the next one does."""
    raw = bytearray.fromhex(SERIAL["authorise 2.40"])
    raw[at] ^= 0x40
    decoder = FrameDecoder()
    assert not any(isinstance(token, Frame) for token in decoder.feed(bytes(raw)))
    assert Frame(b"\x06\xb0\x00") in decoder.feed(bytes.fromhex(SERIAL["abort"]) * 2)


def test_crc_error_is_said_once():
    """A whole frame with a wrong CRC is reported once, and the silence after it asks for nothing more."""
    decoder = FrameDecoder()
    assert decoder.feed(bytes.fromhex("10 02 80 00 00 10 03 F5 1E")) == [Damaged()]
    assert decoder.unfinished
    assert not decoder.silence()


@pytest.mark.parametrize("length", range(2, 9))
def test_broken_off_wants_a_nak(length):
    """A frame that stops before its end is noticed by the silence after it."""
    decoder = FrameDecoder()
    assert decoder.feed(bytes.fromhex(SERIAL["positive response"])[:length]) == []
    assert decoder.unfinished
    assert decoder.silence()
    assert not decoder.unfinished


def test_memory_is_bounded():
    """A frame that never ends does not fill the memory."""
    decoder = FrameDecoder()
    decoder.feed(b"\x10\x02")
    for _ in range(40):
        decoder.feed(bytes([0x41]) * 8192)
    assert len(decoder._body) + len(decoder._unread) <= MAX_APDU_BYTES + 8192
    assert decoder.silence()


def test_pieces_make_no_difference():
    """A damaged line gives the same tokens whole, in single bytes, and in pieces of any size between."""
    line = damaged(recorded(60_000))
    whole = FrameDecoder().feed(line)
    assert sum(isinstance(token, Frame) for token in whole) > 100
    for size in (1, 7, 300):
        decoder, tokens = FrameDecoder(), []
        for start in range(0, len(line), size):
            tokens += decoder.feed(line[start : start + size])
        assert tokens == whole, size


def test_a_frame_does_not_show_its_bytes():
    """The repr of a frame holds nothing of its content."""
    assert "41" not in repr(Frame(b"AAAA"))
