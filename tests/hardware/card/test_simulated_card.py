"""The simulated card's chip, judged by ICAO's printed example and by a terminal written apart from it."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card.sim_chip import Chip
from hardware.card.sim_persons import PERSONS, check_digit
from tests.hardware.card.little_reader import OID, SELECT_APPLICATION, LittleReader

AYGUN = PERSONS["aygun"]
CARD_ACCESS = "31143012060A04007F0007020204020202010202010D"
# ICAO Doc 9303-11, appendix G.1: generic mapping, brainpoolP256r1, AES-128; the chip's random draws in their order.
G1_PASSWORD = "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD"
G1_DRAWS = [
    "3F00C4D39D153F2B2A214A078D899B22",
    "498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560",
    "107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A",
]
G1_DIALOGUE = [
    ("0022C1A412800A04007F0007020204020283010184010D", "9000"),
    ("10860000027C0000", "7C12801095A3A016522EE98D01E76CB6B98B42C39000"),
    (
        (
            "10860000457C438141047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
            "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D00"
        ),
        (
            "7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AA"
            "A9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C549000"
        ),
    ),
    (
        (
            "10860000457C438341042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C"
            "3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB3646200"
        ),
        (
            "7C438441049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B22277"
            "A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F0949000"
        ),
    ),
    ("008600000C7C0A8508C2B0BD78D94BA86600", "7C0A86083ABB9674BCE93C089000"),
]
G1_KSENC, G1_KSMAC = "F5F0E35C0D7161EE6724EE513A0D9A7F", "FE251C7858B356B24514B3BD5F4297D1"


def opened(person: str = "aygun") -> LittleReader:
    """Return a terminal inside the application of a person's fresh card."""
    reader = LittleReader(Chip(PERSONS[person]).process)
    assert reader.pace(PERSONS[person].can.encode()) == 0x9000
    assert reader.protected("00A4040C", bytes.fromhex("A0000002471001")) == 0x9000
    return reader


def test_the_chip_answers_as_the_printed_example():
    """With the draws of Doc 9303-11 G.1 every answer, and the session keys, are the printed ones."""
    draws = [bytes.fromhex(draw) for draw in G1_DRAWS]
    chip = Chip(AYGUN, draw=lambda _: draws.pop(0), passwords={1: bytes.fromhex(G1_PASSWORD)})
    assert [chip.process(bytes.fromhex(sent)).hex().upper() for sent, _ in G1_DIALOGUE] == [
        got for _, got in G1_DIALOGUE
    ]
    reader = LittleReader(chip.process)
    reader.enc, reader.mac = bytes.fromhex(G1_KSENC), bytes.fromhex(G1_KSMAC)
    assert reader.protected("00A4040C", bytes.fromhex("A0000002471001")) == 0x9000


def test_the_machine_readable_zone_is_the_known_one():
    """The example citizen's zone, and the password made of it, are those computed by hand."""
    assert AYGUN.mrz() == (
        "I<AZEAA000000117ABC1D2<<<<<<<<" + "9001011F3001019AZE<<<<<<<<<<<6" + "MAMMADOVA<<AYGUN<<<<<<<<<<<<<<"
    )
    assert AYGUN.passwords()[1].hex() == "b9a10c2bebb6d67583211e8bf201699eb2d58e85"


def test_check_digits_are_those_of_the_specimen():
    """ICAO's specimen D23145890, 740812, 120415 has check digits 7, 2 and 9."""
    assert [check_digit(text) for text in ("D23145890", "740812", "120415")] == ["7", "2", "9"]


@pytest.mark.parametrize("name", PERSONS)
def test_every_citizen_is_read_by_can(name: str):
    """The CAN opens each card, and its DG1 is 61 around 5F1F around 90 letters in capitals, digits and fillers."""
    reader = opened(name)
    assert reader.protected("00B08100", le=95) == 0x9000
    assert reader.data[:5] == bytes.fromhex("615D5F1F5A")
    mrz = reader.data[5:].decode("ascii")
    assert mrz == PERSONS[name].mrz()
    assert len(mrz) == 90
    assert mrz.replace("<", "A").isalnum()


def test_a_name_too_long_is_cut_at_a_letter():
    """Line 3 of the card with the long name is full, and its last place is a letter (Doc 9303-5, 4.2)."""
    line = PERSONS["leyla"].mrz()[60:]
    assert len(line) == 30
    assert line[-1].isalpha()
    assert "<<" in line


def test_the_printed_zone_opens_the_card_too():
    """PACE with the MRZ password works, as a passport control would do it."""
    reader = LittleReader(Chip(AYGUN).process)
    zone = AYGUN.mrz()
    password = hashlib.sha1((zone[5:15] + zone[30:37] + zone[38:45]).encode(), usedforsecurity=False).digest()
    assert reader.pace(password, reference=1) == 0x9000


def test_a_wrong_can_is_refused_and_the_next_try_is_free():
    """A wrong CAN is 6300 and counted; the card then needs a new MSE and accepts the right one."""
    chip = Chip(AYGUN)
    reader = LittleReader(chip.process)
    assert reader.pace(b"123457") == 0x6300
    assert reader.authenticate(0x10, None) == b""
    assert reader.status == 0x6985
    assert reader.pace(b"123456") == 0x9000
    assert chip.session.wrong_can == 1


@pytest.mark.parametrize("select", ["00A4000C", "00A4000C023F00"])
def test_card_access_is_read_by_both_identifiers(select: str):
    """EF.CardAccess is readable in the clear by its short identifier and by 011C."""
    reader = LittleReader(Chip(AYGUN).process)
    assert reader.plain("00B09C0000") == 0x9000
    assert reader.data.hex().upper() == CARD_ACCESS
    assert reader.plain(select) == 0x9000
    assert reader.plain("00A4020C02011C") == 0x9000
    assert reader.plain("00B0000016") == 0x9000
    assert reader.data.hex().upper() == CARD_ACCESS


@pytest.mark.parametrize(
    ("apdu", "status"),
    [
        ("00A4020C02011C00", 0x6700),  # SELECT with Le
        ("0022C1A412800A04007F0007020204020283010284010D00", 0x6700),  # MSE with Le
        ("0022C1A412800A04007F0007020204020183010284010D", 0x6A80),  # another OID
        ("0022C1A412800A04007F0007020204020283010384010D", 0x6A88),  # PIN: this card has none
        ("0022C1A412800A04007F0007020204020283010284010C", 0x6A80),  # other domain parameters
        ("0022C1A403800A04", 0x6A80),
        ("00A4040C07A0000002471002", 0x6A82),
        ("00A404000BA00000030800001000010000", 0x6A82),  # a technician's application
        ("00A4020C02011D", 0x6A82),
        ("00A4020002011C", 0x6A86),
        ("00B0000000", 0x6986),
        ("00B09C2000", 0x6B00),
        ("00B09CFF00", 0x6B00),
        ("00B09C0020", 0x6282),
        ("00B09C00", 0x6700),
        ("10860000027C0000", 0x6985),  # PACE without MSE
        ("0084000008", 0x6D00),  # no BAC
        ("80CA000000", 0x6E00),
        ("00B0", 0x6700),
        ("00A4020C0301", 0x6700),
        ("0CB08100", 0x6988),  # secure messaging without a session
    ],
)
def test_commands_outside_the_protocol_have_their_own_status(apdu: str, status: int):
    """A fresh card answers each mistake with the status word that names it."""
    assert LittleReader(Chip(AYGUN).process).plain(apdu) == status


def test_a_point_off_the_curve_is_refused():
    """A mapping key that is no point of the curve is 6A80 and ends the run."""
    reader = LittleReader(Chip(AYGUN).process)
    reader.plain(f"0022C1A412800A{OID}83010284010D")
    reader.authenticate(0x10, None)
    assert reader.authenticate(0x10, 0x81, b"\x04" + bytes(63) + b"\x01") == b""
    assert reader.status == 0x6A80


def test_nothing_is_read_before_access_control():
    """Before PACE the application can be selected and none of its files can be selected or read."""
    reader = LittleReader(Chip(AYGUN).process)
    assert reader.plain(SELECT_APPLICATION) == 0x9000
    assert reader.plain("00A4020C020101") == 0x6982
    assert reader.plain("00B0810000") == 0x6982
    assert reader.plain("00B09E0000") == 0x6982


def test_files_of_the_application():
    """EF.COM says version 1.7 and four data groups; a group that is not there is 6A82; a file is read from any offset."""
    reader = opened()
    assert reader.protected("00B09E00", le=24) == 0x9000
    assert reader.data.hex().upper() == "60165F0104303130375F36063034303030305C04616B6E6F"
    assert reader.protected("00A4020C", bytes.fromhex("0102")) == 0x6A82
    assert reader.protected("00A4020C", bytes.fromhex("0101")) == 0x9000
    assert reader.protected("00B00005", le=30) == 0x9000
    assert reader.data.decode() == AYGUN.mrz()[:30]


def test_a_long_protected_read_is_a_wrong_length():
    """Le of 224, or of 256, is 6700 under secure messaging, and the session goes on."""
    reader = opened()
    assert reader.protected("00B08100", le=224) == 0x6700
    assert reader.protected("00B08100", le=0) == 0x6700
    assert reader.protected("00B08100", le=223) == 0x6282
    assert len(reader.data) == 95


@pytest.mark.parametrize("spoil", range(4, 26))
def test_one_wrong_byte_ends_the_session(spoil: int):
    """Any bit turned over in a protected command is a clear refusal, after which the right key opens nothing."""
    reader = opened()
    command = bytearray(reader.protect(bytes.fromhex("00A4020C"), bytes.fromhex("0101"), None))
    command[spoil] ^= 0x01
    assert reader.check(reader.transmit(bytes(command))) in {0x6700, 0x6987, 0x6988}
    assert reader.protected("00B08100", le=95) == 0x6988
    assert reader.plain("00B0810000") == 0x6982


def test_a_command_in_the_clear_ends_the_session():
    """After a plain command nothing protected is understood any more."""
    reader = opened()
    assert reader.plain("00B0810000") == 0x6982
    assert reader.protected("00B08100", le=95) == 0x6988


def test_a_replayed_command_is_refused():
    """The counter makes the same bytes good only once."""
    reader = opened()
    command = reader.protect(bytes.fromhex("00B08100"), b"", 16)
    assert reader.check(reader.transmit(command)) == 0x9000
    assert reader.check(reader.transmit(command)) == 0x6988


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=6))
def test_any_bytes_are_answered(commands: list[bytes]):
    """Whatever is sent, the chip answers with a status word, and opens nothing."""
    chip = Chip(AYGUN)
    for command in commands:
        assert len(chip.process(command)) >= 2
    reader = LittleReader(chip.process)
    reader.plain(SELECT_APPLICATION)
    assert reader.plain("00B0810000") == 0x6982
