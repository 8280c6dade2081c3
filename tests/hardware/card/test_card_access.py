"""How simulated cards let a terminal in: every variant of PACE, BAC, both kinds of secure messaging, wrong passwords."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card.sim_chip import Chip
from hardware.card.sim_memory import CardMemory
from hardware.card.sim_persons import PERSONS
from hardware.card.sim_profile import CardHabits, CardProfile, PaceOffer
from tests.hardware.card.wide_reader import Field, WideReader

AYGUN = PERSONS["aygun"]
CAN = b"123456"
MRZ = hashlib.sha1(b"AA0000001190010113001019", usedforsecurity=False).digest()
CIPHERS = ("3DES", "AES-128", "AES-192", "AES-256")
VARIANTS = [
    *(("ECDH-GM", "AES-128", number) for number in range(8, 19)),
    *(("DH-GM", "AES-128", number) for number in range(3)),
    *(("ECDH-GM", cipher, 13) for cipher in CIPHERS),
    *(("DH-GM", cipher, 0) for cipher in CIPHERS),
    *(("ECDH-IM", cipher, 13) for cipher in CIPHERS),
    *(("ECDH-IM", "AES-256", number) for number in (8, 9, 11, 12, 14, 15, 16, 17, 18)),
    *(("DH-IM", cipher, 0) for cipher in CIPHERS),
    *(("DH-IM", "AES-256", number) for number in (1, 2)),
    *(("ECDH-CAM", cipher, 13) for cipher in CIPHERS[1:]),
    *(("ECDH-CAM", "AES-256", number) for number in (12, 15, 16, 17, 18)),
]


def card(**fields: object) -> CardProfile:
    return msgspec.structs.replace(AYGUN, **fields)


def offering(mapping: str, cipher: str, parameter: int) -> CardProfile:
    return card(pace=(PaceOffer(mapping=mapping, cipher=cipher, parameter_id=parameter),))  # type: ignore[arg-type]


@pytest.mark.parametrize(("mapping", "cipher", "parameter"), VARIANTS)
def test_every_variant_of_pace_opens_the_card(mapping: str, cipher: str, parameter: int):
    """With CAN and with MRZ a terminal gets in and reads the zone; a wrong CAN is 6300."""
    chip = Chip(offering(mapping, cipher, parameter))
    reader = WideReader(chip.process)
    assert reader.pace(b"000000", mapping, cipher, parameter) == 0x6300
    for password, reference in ((CAN, 2), (MRZ, 1)):
        assert reader.pace(password, mapping, cipher, parameter, reference) == 0x9000
        reader.enter()
        assert reader.file(1)[5:].decode() == AYGUN.mrz()


@pytest.mark.parametrize("parameter", [12, 13, 16, 18])
def test_chip_authentication_mapping_proves_the_key_of_card_security(parameter: int):
    """The sealed number times the key in EF.CardSecurity is the chip's mapping key (Doc 9303-11, 4.4.3.5.2)."""
    reader = WideReader(Chip(offering("ECDH-CAM", "AES-128", parameter)).process)
    assert reader.plain("00B09D0000") == 0x6982
    assert reader.pace(CAN, "ECDH-CAM", "AES-128", parameter) == 0x9000
    content = reader.file(0x1D)
    assert proved(reader, content, parameter)


def test_a_clone_does_not_prove_it():
    """With another private key the sealed number does not fit the signed public key."""
    profile = offering("ECDH-CAM", "AES-128", 13)
    clone = msgspec.structs.replace(profile, faults=msgspec.structs.replace(profile.faults, cloned_chip=True))
    reader = WideReader(Chip(clone).process)
    assert reader.pace(CAN, "ECDH-CAM", "AES-128", 13) == 0x9000
    assert not proved(reader, reader.file(0x1D), 13)


def proved(reader: WideReader, card_security: bytes, parameter: int) -> bool:
    """Take the key that stands behind standardizedDomainParameters, and multiply."""
    field, crypto = Field(parameter), reader.crypto
    where = card_security.index(bytes.fromhex("300C060704007F0007010202" + "01") + bytes([parameter]))
    length = 1 + 2 * field.size
    start = card_security.index(b"\x04", where + 14)
    public = field.decode(card_security[start : start + length])
    vector = crypto.cbc(reader.enc, b"\xff" * 16)
    number = crypto.cbc(reader.enc, reader.sealed_chip_data, vector, back=True).rstrip(b"\x00")[:-1]
    return field.encode(field.power(int.from_bytes(number, "big"), public)) == reader.chip_mapping_key


def test_domain_parameters_may_be_left_out_only_where_they_are_clear():
    """Without DO'84' one variant is taken; of two with the same identifier none is (6A88)."""
    one, two = PaceOffer(), PaceOffer(parameter_id=12)
    assert WideReader(Chip(card(pace=(one,))).process).choose("ECDH-GM", "AES-128", None, 2) == 0x9000
    assert WideReader(Chip(card(pace=(one, two))).process).choose("ECDH-GM", "AES-128", None, 2) == 0x6A88
    both = WideReader(Chip(card(pace=(one, two))).process)
    assert [both.pace(CAN, "ECDH-GM", "AES-128", number) for number in (12, 13)] == [0x9000, 0x9000]
    assert both.plain("00B09C0000") == 0x9000
    assert both.data.hex().upper() == (
        "31283012060A04007F0007020204020202010202010D" + "3012060A04007F0007020204020202010202010C"
    )


@pytest.mark.parametrize("number", ["8101" + "01", "8101" + "02", "818180" + f"{Field(0).p - 1:0256X}"])
def test_an_element_outside_the_subgroup_is_refused(number: str):
    """DH: 1, a number of another order and p-1 are 6A80 (RFC 2631)."""
    reader = WideReader(Chip(offering("DH-GM", "AES-128", 0)).process)
    reader.choose("DH-GM", "AES-128", 0, 2)
    reader.step(0x80, None)
    reader.step(0x82, bytes.fromhex(number))
    assert reader.status == 0x6A80


def inside(profile: CardProfile) -> WideReader:
    """Return a terminal that has selected the application in the clear."""
    reader = WideReader(Chip(profile).process)
    assert reader.plain("00A4040C07A0000002471001") == 0x9000
    return reader


def test_basic_access_control_opens_a_card_that_offers_it():
    """With the zone a terminal gets in by BAC, and reads under Triple-DES."""
    reader = inside(card(access=("BAC",)))
    assert reader.plain("00B0810000") == 0x6982
    assert reader.bac(AYGUN.mrz_information()) == 0x9000
    assert reader.file(1)[5:].decode() == AYGUN.mrz()
    assert len(reader.file(0x1D, 223)) > 800


def test_another_zone_does_not_open_by_basic_access_control():
    """A wrong zone is 6300 and counted; the challenge is good for one try."""
    chip = Chip(card(access=("PACE", "BAC")))
    reader = WideReader(chip.process)
    assert reader.plain("0084000008") == 0x6985  # outside the application
    assert reader.plain("00A4040C07A0000002471001") == 0x9000
    assert reader.bac("AA0000001190010113001010") == 0x6300
    assert chip.session.wrong_mrz == 1
    assert reader.plain("0082000028" + "00" * 40 + "28") == 0x6985
    assert reader.bac(AYGUN.mrz_information()) == 0x9000


def test_a_card_with_one_protocol_does_not_know_the_other():
    """BAC alone: no EF.CardAccess, no PACE. PACE alone: no challenge."""
    reader = WideReader(Chip(card(access=("BAC",))).process)
    assert reader.plain("00B09C0000") == 0x6A82
    assert reader.choose("ECDH-GM", "AES-128", 13, 2) == 0x6A80
    assert WideReader(Chip(AYGUN).process).bac(AYGUN.mrz_information()) == 0x6D00


def test_a_card_without_can_has_none():
    """A CAN where only the zone opens is 6A88."""
    reader = WideReader(Chip(card(passwords_offered=("MRZ",))).process)
    assert reader.choose("ECDH-GM", "AES-128", 13, 2) == 0x6A88
    assert reader.pace(MRZ, "ECDH-GM", "AES-128", 13, 1) == 0x9000


@pytest.mark.parametrize("cipher", CIPHERS)
def test_secure_messaging_is_strict_with_every_cipher(cipher: str):
    """A turned bit ends the session; a replayed command too."""
    for spoil in (0, 1):
        reader = WideReader(Chip(offering("ECDH-GM", cipher, 13)).process)
        assert reader.pace(CAN, "ECDH-GM", cipher, 13) == 0x9000
        reader.enter()
        command = bytearray(reader.protect(bytes.fromhex("00B08100"), b"", 16))
        command[9] ^= spoil
        assert reader.check(reader.transmit(bytes(command))) == (0x6988 if spoil else 0x9000)
        assert reader.check(reader.transmit(bytes(command))) == 0x6988


def test_the_largest_read_is_what_the_profile_says():
    """A card that takes 100 answers 6700 to 101; one with extended length takes its limit and not one more."""
    for most, extended in ((100, False), (223, False), (256, False), (1000, True), (4096, True)):
        reader = WideReader(Chip(card(max_read=most, extended=extended, data_groups=(1, 2))).process)
        assert reader.pace(CAN, "ECDH-GM", "AES-128", 13) == 0x9000
        reader.enter()
        assert reader.protected("00B08200", le=most) == 0x9000
        assert len(reader.data) == most
        if most != 256 or extended:
            assert reader.protected("00B08200", le=most + 1) == 0x6700


@pytest.mark.parametrize(
    ("habit", "status", "size"), [("6700", 0x6700, 0), ("6B00", 0x6B00, 0), ("6C", 0x6C64, 0), ("6282", 0x6282, 100)]
)
def test_cards_differ_about_a_read_that_is_too_long(habit: str, status: int, size: int):
    """Above its limit of 100 a card refuses in its own way, or gives what it can; the session goes on."""
    reader = WideReader(Chip(card(max_read=100, habits=CardHabits(long_read=habit))).process)  # type: ignore[arg-type]
    assert reader.pace(CAN, "ECDH-GM", "AES-128", 13) == 0x9000
    reader.enter()
    assert reader.protected("00B09D00", le=223) == status
    assert len(reader.data) == size
    assert reader.protected("00B09D00", le=100) == 0x9000


def test_cards_differ_about_what_is_not_there():
    """SELECT of the master file fails on some and changes nothing; a wrong zone is 6982 on some; an Le is let pass by some."""
    odd = CardHabits(master_file="6985", wrong_mrz="6982", strict_le=False)
    reader = inside(card(access=("BAC", "PACE"), habits=odd))
    assert reader.plain("00A4000C") == 0x6985
    assert reader.bac("AA0000001190010113001010") == 0x6982
    assert reader.plain("00A4040C07A000000247100100") == 0x9000
    assert reader.plain("0022C1A412800A04007F0007020204020283010284010D00") == 0x9000


def test_extended_length_is_announced():
    """ATR and EF.ATR/INFO say extended length where there is any, and the plain card's ATR is as it was."""
    chip = Chip(card(max_read=4096, extended=True))
    assert chip.atr.hex().upper() == "3B85800180730000C0" + f"{0x85 ^ 0x80 ^ 0x01 ^ 0x80 ^ 0x73 ^ 0xC0:02X}"
    reader = WideReader(chip.process)
    assert reader.plain("00B0810000") == 0x9000
    assert reader.data.hex().upper().startswith("7F66")
    assert Chip(AYGUN).atr.hex().upper() == "3B80800101"


def test_the_odd_read_reaches_as_far_as_the_even_one():
    """READ BINARY B1 gives the same bytes inside DO'53', under DO'85'."""
    reader = WideReader(Chip(AYGUN).process)
    assert reader.pace(CAN, "ECDH-GM", "AES-256", 13) == 0x6A80
    assert reader.pace(CAN, "ECDH-GM", "AES-128", 13) == 0x9000
    reader.enter()
    whole = reader.file(0x1D)
    assert reader.protected("00B1001D", bytes.fromhex("54020005"), le=102) == 0x9000
    assert reader.data == b"\x53\x64" + whole[5:105]
    assert reader.protected("00B10000", bytes.fromhex("540200FF"), le=200) == 0x9000
    assert reader.data == b"\x53\x81\xc5" + whole[255 : 255 + 197]


def test_a_wrong_can_is_remembered_and_suspends_it():
    """With a limit of three 63Cx counts down over resets, then 6983; the zone opens the card and lifts it."""
    memory, profile = CardMemory(), card(suspend_can_after=3)
    seen = []
    for _ in range(4):
        reader = WideReader(Chip(profile, memory=memory).process)
        seen.append(reader.choose("ECDH-GM", "AES-128", 13, 2))
        reader.pace(b"999999", "ECDH-GM", "AES-128", 13)
    assert seen == [0x9000, 0x63C2, 0x63C1, 0x6983]
    reader = WideReader(Chip(profile, memory=memory).process)
    assert reader.pace(CAN, "ECDH-GM", "AES-128", 13) == 0x6983
    assert reader.pace(MRZ, "ECDH-GM", "AES-128", 13, 1) == 0x9000
    assert WideReader(Chip(profile, memory=memory).process).pace(CAN, "ECDH-GM", "AES-128", 13) == 0x9000


def test_each_wrong_password_doubles_the_wait():
    """The first step of the next attempt takes 20, 40, 80 ms, and none after the right password."""
    chip = Chip(card(wrong_delay_ms=20))
    waits: list[float] = []

    def transmit(apdu: bytes) -> bytes:
        answer = chip.process(apdu)
        waits.append(chip.working_s)
        return answer

    reader = WideReader(transmit)
    for password in (b"000000", b"000001", b"000002", CAN, CAN):
        reader.pace(password, "ECDH-GM", "AES-128", 13)
    assert [wait for wait in waits if wait] == [0.02, 0.04, 0.08]


def test_fingerprints_are_there_and_closed():
    """EF.DG3 stands in EF.COM and is 6982 after access control, as it is for any terminal without a certificate."""
    reader = WideReader(Chip(card(data_groups=(1, 3))).process)
    assert reader.pace(CAN, "ECDH-GM", "AES-128", 13) == 0x9000
    reader.enter()
    assert reader.file(0x1E)[-2:] == b"\x61\x63"
    assert reader.protected("00B08300", le=10) == 0x6982
    assert reader.protected("00B08200", le=10) == 0x6A82


def test_a_card_without_access_control_is_open():
    """Where nothing is offered the application is read in the clear."""
    reader = inside(card(access=()))
    assert reader.plain("00B081005F") == 0x9000
    assert reader.data[5:].decode() == AYGUN.mrz()


def test_counters_of_the_hand_outlive_a_restart(tmp_path: Path):
    """A simulator started anew in its folder knows the wrong CANs of each card."""
    from hardware.card.simulator import SimulatedCardReader

    simulator = SimulatedCardReader(tmp_path, 1)
    simulator._memories["aygun"] = CardMemory(wrong_can=2, wrong_passwords=2)
    simulator._write()
    assert SimulatedCardReader(tmp_path, 1)._memories == {"aygun": CardMemory(wrong_can=2, wrong_passwords=2)}


EVERYTHING = Chip(
    card(
        access=("PACE", "BAC"),
        pace=(PaceOffer(mapping="ECDH-CAM"), PaceOffer(mapping="DH-IM", parameter_id=0), PaceOffer(cipher="3DES")),
        chip_ciphers=("3DES", "AES-128"),
        data_groups=(1, 3, 14, 15),
        max_read=1000,
        extended=True,
        habits=CardHabits(lds="1.8", strict_le=False),
    )
)
HEADERS = st.tuples(
    st.sampled_from([0x00, 0x0C, 0x10, 0x80]),
    st.sampled_from([0x20, 0x22, 0x82, 0x84, 0x86, 0x88, 0xA4, 0xB0, 0xB1, 0xCA]),
    st.sampled_from([0x00, 0x02, 0x04, 0x0C, 0x41, 0x81, 0x9C, 0xC1]),
    st.sampled_from([0x00, 0x0C, 0xA4, 0xA6]),
)
BODIES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            "A0000002471001",
            "800A04007F00070202040602830102",
            "800A04007F00070202040302830102840100",
            "7C00",
            "7C128110" + "00" * 16,
            "7C028100",
            "7C43814104" + "00" * 64,
            "7C03800101",
            "540100",
            "5400",
            "9100",
        ]
    ).map(bytes.fromhex),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(HEADERS, BODIES, st.sampled_from([None, 0, 8, 40])), max_size=8), st.booleans())
def test_a_card_that_offers_everything_answers_anything(commands: list, protected: bool):
    """Commands nearly right, in the clear or protected, in any order: each has a status word, and none opens the card."""
    EVERYTHING.reset()
    reader = WideReader(EVERYTHING.process)
    if protected:
        assert reader.pace(CAN, "ECDH-GM", "3DES", 13) == 0x9000
    for header, body, le in commands:
        if protected:
            reader.protected(bytes(header).hex(), body, le)
        else:
            length = bytes([len(body)]) if body else b""
            assert reader.plain(bytes(header) + length + body + (b"" if le is None else bytes([le]))) >= 0x6100
    if not protected:
        reader.plain("00A4040C07A0000002471001")
        assert reader.plain("00B0810000") == 0x6982
