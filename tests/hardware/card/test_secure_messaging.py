"""Secure messaging with AES, against printed and published protected APDUs.

PUBLISHED: session keys and APDUs of BSI's worked example for EAC (terminal authentication after PACE, MSE:Set DST with
the reference DETESTDVDE019; counter 5 and 6), as quoted in the tests of Animamea and of libeac for Java; the ISO 7816-3
cases under the same keys, counter 1 and 2, from the tests of gematik's E-Rezept application.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card.apdu import Command, Response
from hardware.card.secure_messaging import SecureMessaging
from hardware.card.sim_apdu import parse_command
from hardware.card.sim_cipher import SUITES, SessionKeys
from hardware.card.sim_messaging import SecureMessaging as ChipSide
from kiosk.domain.faults import ProtocolError

KS_ENC, KS_MAC = "68406B4162100563D9C901A6154D2901", "73FF268784F72AF833FDC9464049AFC9"
SIX = bytes.fromhex("05060708090A")
SET_DST = Command(0x002281B6, bytes.fromhex("830D44455445535444564445303139"))
SEALED_SIX = "871101496C26D36306679609665A385C54DB37"
ANSWER = SEALED_SIX + "990290008E08B7E9ED2A0C89FB3A9000"


def session(counter: int = 0) -> SecureMessaging:
    return SecureMessaging(bytearray.fromhex(KS_ENC), bytearray.fromhex(KS_MAC), counter)


def response(frame: str) -> Response:
    return Response.from_bytes(bytes.fromhex(frame))


@pytest.mark.parametrize(
    ("command", "counter", "protected"),
    [
        (Command(0x01020304), 0, "0D0203040A8E08D92B4FDDC2BBED8C00"),
        (Command(0x01020304, SIX), 0, "0D0203041D" + SEALED_SIX + "8E08E7AAD918F260D8EF00"),
        (SET_DST, 4, "0C2281B61D871101A7BB8F230FFF9221162AD673B9F319A88E08D8713E9B7A600B4900"),
    ],
    ids=["no data", "data", "BSI"],
)
def test_commands_are_protected_as_published(command: Command, counter: int, protected: str):
    """A protected command is, byte for byte, the published one."""
    assert session(counter).wrap(command).to_bytes().hex().upper() == protected


@pytest.mark.parametrize(
    ("command", "body"),
    [
        (Command(0x01020304, le=127), "97017F8E0871D8E0418DAE20F3"),
        (Command(0x01020304, le=257), "970201018E089F3EDDFBB1D3971D"),
        (Command(0x01020304, SIX, 127), SEALED_SIX + "97017F8E0863D541F262BD445A"),
    ],
    ids=["Le", "extended Le", "data and Le"],
)
def test_data_objects_are_the_published_ones(command: Command, body: str):
    """The published example sends these in extended APDUs where short ones do; the objects and the MAC are the same."""
    assert session().wrap(command).data.hex().upper() == body


def test_a_long_command_becomes_an_extended_one():
    """256 bytes do not fit a short APDU; the extended one is the published one at both ends."""
    protected = session().wrap(Command(0x01020304, bytes(256), 127)).to_bytes().hex().upper()
    assert protected.startswith("0D02030400012287820111013297D4AA774AB26AF8AD539C0A829BCA4D222D3EE2DB100C")
    assert protected.endswith("CA48025D049FCEE497017F8E0856332C83EABDF93C0000")


@pytest.mark.parametrize(
    ("frame", "counter", "plain"),
    [
        ("990290008E08087631D746F872729000", 0, Response(b"", 0x9000)),
        (ANSWER, 0, Response(SIX, 0x9000)),
        ("990290008E08C8488F79FEF386C79000", 5, Response(b"", 0x9000)),
    ],
    ids=["status", "data", "BSI"],
)
def test_responses_are_opened_as_published(frame: str, counter: int, plain: Response):
    """A published protected response opens to the published data and status."""
    assert session(counter).unwrap(response(frame)) == plain


def test_with_an_odd_instruction_encrypted_data_stand_in_85():
    """Doc 9303-11, 9.8.4: no padding indicator before them, there and back; an even instruction takes no such answer."""
    keys = SessionKeys(bytes.fromhex(KS_ENC), bytes.fromhex(KS_MAC))
    chip, talk = ChipSide(SUITES["AES-128"], keys), session()
    sent = talk.wrap(Command(0x00B10000, bytes.fromhex("54028000"), 200))
    assert sent.data[:2].hex() == "8510"
    got = chip.unwrap(parse_command(sent.to_bytes()))
    assert (got.data.hex(), got.le) == ("54028000", 200)
    assert talk.unwrap(Response.from_bytes(chip.wrap(bytes.fromhex("5302AABB"), 0x9000))).data.hex() == "5302aabb"
    chip.unwrap(parse_command(talk.wrap(Command(0x00B10000, bytes.fromhex("54028000"), 200)).to_bytes()))
    answer = chip.wrap(bytes.fromhex("5302AABB"), 0x9000)
    even = session(3)
    with pytest.raises(ProtocolError):
        even.unwrap(Response.from_bytes(answer))


@pytest.mark.parametrize("bit", range(0, len(ANSWER) * 4, 7))
def test_no_changed_bit_gets_through(bit: int):
    """A response with any bit turned over is refused and ends the session."""
    frame = bytearray.fromhex(ANSWER)
    frame[bit // 8] ^= 0x80 >> bit % 8
    talk = session()
    with pytest.raises(ProtocolError):
        talk.unwrap(Response(bytes(frame[:-2]), int.from_bytes(frame[-2:], "big")))
    assert not talk.alive


@pytest.mark.parametrize(
    "frame",
    [
        "9000",
        "6988",
        "6A82",
        ANSWER[:-4] + "6A82",
        "8E08B7E9ED2A0C89FB3A9000",
        SEALED_SIX + "990290009000",
        SEALED_SIX + "9000",
    ],
    ids=["bare success", "bare 6988", "bare 6A82", "other status outside", "MAC alone", "no MAC", "no status"],
)
def test_what_is_not_authentic_ends_the_session(frame: str):
    """A plain answer, a missing object or a status that differs outside is refused; nothing can be sent after it."""
    talk = session()
    with pytest.raises(ProtocolError):
        talk.unwrap(response(frame))
    with pytest.raises(ProtocolError):
        talk.wrap(Command(0x00B08100, le=4))


def test_a_response_is_good_once():
    """The counter makes the same bytes wrong the second time."""
    talk = session()
    assert talk.unwrap(response(ANSWER)).data == SIX
    with pytest.raises(ProtocolError):
        talk.unwrap(response(ANSWER))


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=1, max_size=300), st.sampled_from([16, 24, 32]))
def test_the_counter_changes_every_encryption(data: bytes, key_bytes: int):
    """With each key length the same command is never protected to the same bytes twice."""
    talk = SecureMessaging(bytearray(key_bytes), bytearray(range(key_bytes)))
    assert talk.wrap(Command(0x00D60000, data)) != talk.wrap(Command(0x00D60000, data))


def test_the_end_overwrites_the_keys():
    """After the end both keys are zeros in the memory where they were."""
    encryption, mac = bytearray.fromhex(KS_ENC), bytearray.fromhex(KS_MAC)
    SecureMessaging(encryption, mac).end()
    assert encryption == mac == bytes(16)
