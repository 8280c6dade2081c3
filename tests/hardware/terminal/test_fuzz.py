"""Recorded frames, mutated in every way a line or a hostile terminal could: nothing raises, and the next frame is read again."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import suppress

import pytest

from hardware.terminal import messages
from hardware.terminal.apdu import MAX_APDU_BYTES, Apdu, ApduStream, decode_apdu
from hardware.terminal.bmp import parse_fields
from hardware.terminal.dialogue import answer_to
from hardware.terminal.explain import explain_apdu, explain_frame
from hardware.terminal.frame import Frame, FrameDecoder, encode_frame
from hardware.terminal.printing import Receipts
from kiosk.domain.faults import ProtocolError
from tests.hardware.terminal.traffic import FRAMES, damaged, recorded

BYTES = 700_000
GOOD = encode_frame(b"\x06\x0f\x00")
PARSERS = (
    messages.parse_status_information, messages.parse_intermediate_status, messages.parse_abort_code,
    messages.parse_abort_text, messages.parse_refusal, messages.parse_terminal_status, messages.parse_registered_currency,
    answer_to,
)  # fmt: skip


def slices(line: bytes, seed: int) -> Iterator[bytes]:
    """Cut a line into pieces of any size."""
    dice, start = random.Random(seed), 0
    while start < len(line):
        size = dice.randint(1, 500)
        yield line[start : start + size]
        start += size


def mutated(raw: bytes, dice: random.Random) -> bytes:
    """Return an APDU's data with some bytes changed, lost, doubled or made up."""
    made = bytearray(raw)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(made) + 1)
        match dice.randrange(4):
            case 0:
                made[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del made[at : at + dice.randint(1, 4)]
            case 2:
                made[at:at] = made[at : at + dice.randint(1, 8)]
            case _:
                made[at:at] = dice.randbytes(dice.randint(1, 5))
    return bytes(made)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_damaged_line_costs_one_frame(seed):
    """Wherever damaged traffic breaks off, without any silence at most one good frame is lost, and memory stays bounded."""
    decoder = FrameDecoder()
    fed = 0
    for piece in slices(damaged(recorded(BYTES // 2), seed), seed):
        decoder.feed(piece)
        assert Frame(b"\x06\x0f\x00") in decoder.feed(GOOD + GOOD)
        assert len(decoder._body) + len(decoder._unread) <= MAX_APDU_BYTES
        fed += len(piece)
    assert fed == BYTES // 2


def test_noise_costs_one_frame():
    """Bytes that were never a frame cost no more."""
    dice, decoder = random.Random(3), FrameDecoder()
    for _ in range(2000):
        decoder.feed(bytes(dice.choices(b"\x10\x10\x02\x03\x06\x15\x00A", k=dice.randint(1, 60))))
        assert Frame(b"\x06\x0f\x00") in decoder.feed(GOOD + GOOD)


def test_a_damaged_stream_costs_one_connection():
    """Over TCP damaged traffic never raises and keeps one APDU at most; the connection after it reads again."""
    fed = 0
    for piece in slices(damaged(recorded(BYTES), 5), 5):
        stream = ApduStream()
        for raw in stream.feed(piece):
            assert decode_apdu(raw).encode()
        assert len(stream._unread) <= MAX_APDU_BYTES
        fed += len(piece)
        assert ApduStream().feed(b"\x06\x0f\x00") == [b"\x06\x0f\x00"]
    assert fed == BYTES


def test_mutated_messages_are_read_as_far_as_they_go():
    """A message with a right length and wrong content is read, answered, printed and explained; none of it raises."""
    dice, fed = random.Random(6), 0
    apdus = [token.apdu for each in FRAMES for token in FrameDecoder().feed(each) if isinstance(token, Frame)]
    while fed < BYTES:
        original = decode_apdu(dice.choice(apdus))
        apdu = Apdu(original.command if dice.random() < 0.9 else dice.randrange(0x10000), mutated(original.data, dice))
        raw = apdu.encode()
        fed += len(raw)
        assert decode_apdu(raw) == apdu
        assert [parser(apdu) for parser in PARSERS]
        assert parse_fields(apdu.data).unread <= len(apdu.data)
        receipts = Receipts()
        receipts.take(apdu)
        assert isinstance(receipts.customer(), tuple)
        if dice.random() < 0.2:  # slow, and made of the same parts
            assert json.dumps(explain_apdu(raw))


def test_mutated_frames_are_explained_or_refused():
    """A technician who pastes a damaged frame gets an explanation or an error of ours."""
    dice = random.Random(7)
    for _ in range(3000):
        with suppress(ProtocolError):
            assert json.dumps(explain_frame(mutated(dice.choice(FRAMES), dice)))
