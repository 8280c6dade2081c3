"""The codec against published bytes, and against any bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.cash import messages
from hardware.cash.frame import Damaged, FrameDecoder, encode_frame
from hardware.cash.messages import State, Told, parse_identification, parse_table, parse_told
from kiosk.domain.faults import ProtocolError

PUBLISHED = (
    """
02 03 06 33 DA 81|02 03 06 00 C2 82|02 03 06 FF BA 8D|02 03 06 30 41 B3|02 03 06 31 C8 A2|02 03 0B 00 00 00 00 00 00 A8 67
02 03 06 37 FE C7|02 03 06 41 4F D1|02 03 06 35 EC E4|02 03 06 36 77 D6|02 03 0C 34 FF FF FF FF FF FF FE F7
02 03 0C 34 00 00 00 00 00 00 17 0C|02 03 06 10 43 92|02 03 06 14 67 D4|02 03 06 15 EE C5|02 03 06 17 FC E6|02 03 06 19 82 0F
02 03 07 80 01 05 22|02 03 07 80 02 9E 10|02 03 07 81 01 DD 3B|02 03 06 11 CA 83|02 03 06 12 51 B1|02 03 06 13 D8 A0
02 03 06 1A 19 3D|02 03 06 38 09 3F|02 03 07 82 00 3C 00|02 03 07 1C 68 3F 6C|02 03 06 42 D4 E3|02 03 07 47 51 22 F7
02 03 27 46 4C 53 2D 45 55 31 30 2D 36 39 33 36 33 39 30 37 4B 49 34 31 41 53 37 34 38 32 75 ED 8D C8 03 3F 7B 35 DA
""".strip()
    .replace("\n", "|")
    .split("|")
)
MANAT = bytes.fromhex("01415A4E0005415A4E0001415A4E0102415A4E0105415A4E0101415A4E0202415A4E02" + "00" * 85)


@pytest.mark.parametrize("text", PUBLISHED)
def test_published_frames(text):
    """Every published frame is read whole and written again to the byte."""
    raw = bytes.fromhex(text)
    (data,) = FrameDecoder().feed(raw)
    assert encode_frame(data) == raw


def test_azerbaijans_table():
    """The table of the seven notes, in minor units by bill type, and its published check sum."""
    assert parse_table(MANAT, ("AZN",)) == {0: 100, 1: 500, 2: 1000, 3: 2000, 4: 5000, 5: 10000, 6: 20000}
    assert encode_frame(MANAT)[-2:].hex() == "2720"


def test_a_note_that_does_not_exist_is_refused():
    """A table that tells of three manat, or of a decimal point, is not used."""
    for wrong in (b"\x03AZN\x00", b"\x05AZN\x81", b"\x01AZN\x03"):
        with pytest.raises(ProtocolError):
            parse_table(wrong + MANAT[5:], ("AZN",))


def test_a_partial_mask_is_big_endian():
    """Bill types 0 and 9 are bits of the third and second byte, accepted and held alike; all seven give the published order."""
    assert messages.enable((0, 9)).hex() == "34000201000201"
    assert encode_frame(messages.enable(range(7))).hex(" ").upper() == "02 03 0C 34 00 00 7F 00 00 7F DB 6F"


def test_who_a_real_validator_said_it_was():
    """The published identification of a CashCode FLS."""
    (data,) = FrameDecoder().feed(bytes.fromhex(PUBLISHED[-1]))
    told = parse_identification(data)
    assert told.part.startswith("FLS-EU10-")
    assert told.serial


def test_states_and_their_bytes():
    """A state is told with its byte; what is no state is an error."""
    assert parse_told(b"\x80\x01") == Told(State.ESCROW, 1)
    assert str(parse_told(b"\x47\x51")) == "47 51"
    for wrong in (b"", b"\x99"):
        with pytest.raises(ProtocolError):
            parse_told(wrong)


@given(st.lists(st.sampled_from(PUBLISHED), min_size=1, max_size=5), st.binary(max_size=8), st.data())
def test_frames_survive_noise_and_cuts(texts, noise, data):
    """Whatever stood before, and wherever reads are cut, every whole frame is found within the frames that follow."""
    decoder = FrameDecoder()
    decoder.feed(noise)
    decoder.clear()  # what an exchange does before it asks
    stream = b"".join(bytes.fromhex(text) for text in texts)
    cut = data.draw(st.integers(0, len(stream)))
    found = decoder.feed(stream[:cut]) + decoder.feed(stream[cut:])
    assert [encode_frame(each) for each in found] == [bytes.fromhex(text) for text in texts]


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_any_bytes_are_survived(pieces):
    """No bytes raise, and what is kept of them stays small."""
    decoder = FrameDecoder()
    for piece in pieces:
        for found in decoder.feed(piece):
            assert isinstance(found, bytes | Damaged)
    assert len(decoder._kept) <= 1100
