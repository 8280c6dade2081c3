"""3DES and its MAC: the worked example of ICAO Doc 9303-11, appendix D."""

from __future__ import annotations

import pytest

from hardware.card import cipher
from hardware.card.apdu import Command, Response
from hardware.card.secure_messaging import SecureMessaging, SessionEnded
from kiosk.domain.faults import ProtocolError
from tests.hardware.card.school_chip import retail_mac

KS_ENC, KS_MAC = "979EC13B1CBFE9DCD01AB0FED307EAE5", "F1CB1F1FB5ADF208806B89DC579DC1F8"
COUNTER = 0x887022120C06C226
EF_COM = bytes.fromhex("60145F0104303130365F36063034303030305C026175")
DIALOGUE = [
    (
        Command(0x00A4020C, bytes.fromhex("011E")),
        "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
        "990290008E08FA855A5D4C50A8ED9000",
        b"",
    ),
    (
        Command(0x00B00000, le=4),
        "0CB000000D9701048E08ED6705417E96BA5500",
        "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
        EF_COM[:4],
    ),
    (
        Command(0x00B00004, le=18),
        "0CB000040D9701128E082EA28A70F3C7B53500",
        "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
        EF_COM[4:],
    ),
]


def session() -> SecureMessaging:
    return SecureMessaging(bytearray.fromhex(KS_ENC), bytearray.fromhex(KS_MAC), COUNTER, cipher.TRIPLE_DES)


def test_the_printed_session():
    """Selecting and reading EF.COM (D.4): every protected command is the printed one, every answer opens to the printed data."""
    talk = session()
    for command, protected, answer, plain in DIALOGUE:
        assert talk.wrap(command).to_bytes().hex().upper() == protected
        assert talk.unwrap(Response.from_bytes(bytes.fromhex(answer))) == Response(plain, 0x9000)


@pytest.mark.parametrize(
    ("seed", "counter", "key"),
    [
        ("239AB9CB282DAF66231DC5A4DF6BFBAE", cipher.ENCRYPTION, "AB94FDECF2674FDFB9B391F85D7F76F2"),
        ("239AB9CB282DAF66231DC5A4DF6BFBAE", cipher.AUTHENTICATION, "7962D9ECE03D1ACD4C76089DCE131543"),
        ("0036D272F5C350ACAC50C3F572D23600", cipher.ENCRYPTION, KS_ENC),
        ("0036D272F5C350ACAC50C3F572D23600", cipher.AUTHENTICATION, KS_MAC),
    ],
)
def test_the_printed_keys(seed: str, counter: int, key: str):
    """The keys of D.1 to D.3, odd parity and all."""
    assert cipher.TRIPLE_DES.derive(bytes.fromhex(seed), counter, 16).hex().upper() == key


@pytest.mark.parametrize("blocks", [1, 2, 7])
def test_the_mac_is_that_of_the_standard(blocks: int):
    """One block or several: the MAC is the one computed block by block as ISO/IEC 9797-1 describes algorithm 3."""
    key, data = bytes.fromhex(KS_MAC), bytes(range(8 * blocks))
    assert cipher.TRIPLE_DES.mac(bytearray(key), data) == retail_mac(key, data)


@pytest.mark.parametrize("bit", range(0, len(DIALOGUE[1][2]) * 4, 5))
def test_no_changed_bit_gets_through(bit: int):
    """A response with any bit turned over is refused and ends the session."""
    talk = session()
    talk.wrap(DIALOGUE[0][0])
    talk.unwrap(Response.from_bytes(bytes.fromhex(DIALOGUE[0][2])))
    talk.wrap(DIALOGUE[1][0])
    frame = bytearray.fromhex(DIALOGUE[1][2])
    frame[bit // 8] ^= 0x80 >> bit % 8
    with pytest.raises(ProtocolError):
        talk.unwrap(Response(bytes(frame[:-2]), int.from_bytes(frame[-2:], "big")))
    assert not talk.alive


def test_the_counter_is_one_block_long():
    """After the largest number comes zero, as in a register of 64 bits."""
    talk = SecureMessaging(bytearray(16), bytearray(range(16)), (1 << 64) - 1, cipher.TRIPLE_DES)
    assert talk.wrap(Command(0x00B00000, le=4)).le == 256
    assert talk._counter == 0


def test_an_answer_in_the_clear_is_told_from_a_damaged_one():
    """The status by which the card ended the session is kept: it may be about the length that was asked for."""
    with pytest.raises(SessionEnded) as ended:
        session().unwrap(Response(b"", 0x6700))
    assert ended.value.status == 0x6700
