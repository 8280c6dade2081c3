"""Command and response APDUs, and T=0."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card.apdu import Command, Response, UnexpectedStatus, expect_ok, over_t0, status_name
from kiosk.domain.faults import ProtocolError

# The cases of ISO/IEC 7816-3, 12.1.3; the first are commands printed in ICAO Doc 9303-11, appendices D and G.
CASES = [
    ("1", Command(0x00A4000C), "00A4000C"),
    ("2S", Command(0x00840000, le=8), "0084000008"),
    ("2S, 256", Command(0x00B09C00, le=256), "00B09C0000"),
    ("2E", Command(0x00B00000, le=257), "00B00000000101"),
    ("2E, 65536", Command(0x00B00000, le=65536), "00B00000000000"),
    ("3S", Command(0x00A4020C, b"\x01\x1e"), "00A4020C02011E"),
    ("3E", Command(0x00D60000, bytes(256)), "00D60000000100" + "00" * 256),
    ("4S", Command(0x10860000, b"\x7c\x00", 256), "10860000027C0000"),
    ("4E", Command(0x00CB3FFF, b"\x5c\x00", 300), "00CB3FFF0000025C00012C"),
]


@pytest.mark.parametrize(("command", "frame"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_every_case_has_its_bytes(command: Command, frame: str):
    """A command of each case is these bytes, and these bytes are that command."""
    assert command.to_bytes().hex().upper() == frame
    assert Command.from_bytes(bytes.fromhex(frame)) == command


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 0xFFFFFFFF), st.binary(max_size=600), st.one_of(st.none(), st.integers(1, 65536))
)  # fmt: skip
def test_a_command_survives_the_wire(header: int, data: bytes, le: int | None):
    """Any command is the same after encoding and decoding."""
    command = Command(header, data, le)
    assert Command.from_bytes(command.to_bytes()) == command


@pytest.mark.parametrize(
    "frame", ["", "00A404", "00A4040C05A000", "00A4040C0000", "00A4040C000003A0", "00A4040C02011E0000"]
)
def test_lengths_that_do_not_fit_are_a_protocol_error(frame: str):
    """A command cut off, or with too much behind it, is a ProtocolError."""
    with pytest.raises(ProtocolError):
        Command.from_bytes(bytes.fromhex(frame))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40))
def test_garbage_is_decoded_or_a_protocol_error(frame: bytes):
    """No bytes make the decoders fail in any other way than by ProtocolError."""
    for decode in (Command.from_bytes, Response.from_bytes):
        try:
            assert decode(frame).to_bytes()
        except ProtocolError:
            continue


@pytest.mark.parametrize("frame", ["", "90", "1234", "00009000"[:6]])
def test_a_response_ends_in_a_status_word(frame: str):
    """Anything that does not end in 6xxx or 9xxx is a ProtocolError, not a status."""
    with pytest.raises(ProtocolError):
        Response.from_bytes(bytes.fromhex(frame))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (0x6A82, "not found"),
        (0x63C2, "2 tries left"),
        (0x6110, "16 bytes still"),
        (0x6C5F, "wrong Le, 95"),
        (0x6FFF, "unnamed"),
    ],
)
def test_status_words_have_names(status: int, words: str):
    """A technician reads a status word in words."""
    assert words in status_name(status)
    with pytest.raises(UnexpectedStatus, match=words):
        expect_ok(Response(b"", status), "READ")


def test_t0_fetches_the_data_that_waits():
    """Over T=0 a command with data goes without Le, and 61xx is followed by GET RESPONSE until all is there."""
    sent: list[str] = []
    answers = iter(["6103", "0102036102", "04059000"])

    def card(command: Command) -> Response:
        sent.append(command.to_bytes().hex().upper())
        return Response.from_bytes(bytes.fromhex(next(answers)))

    assert over_t0(card)(Command(0x10860000, b"\x7c\x00", 256)) == Response(b"\x01\x02\x03\x04\x05", 0x9000)
    assert sent == ["10860000027C00", "00C0000003", "00C0000002"]


def test_t0_takes_the_le_that_the_card_names():
    """Over T=0 a 6Cxx is answered with the same command and the Le that the card named."""
    sent: list[str] = []
    answers = iter(["6C02", "AABB9000"])

    def card(command: Command) -> Response:
        sent.append(command.to_bytes().hex().upper())
        return Response.from_bytes(bytes.fromhex(next(answers)))

    assert over_t0(card)(Command(0x00B09C00, le=4)).data == b"\xaa\xbb"
    assert sent == ["00B09C0004", "00B09C0002"]


def test_t0_data_without_end_is_a_protocol_error():
    """A card that always has more to fetch does not hold the reader for ever."""
    with pytest.raises(ProtocolError):
        over_t0(lambda _: Response(b"\x00", 0x6101))(Command(0x00B00000, le=1))
