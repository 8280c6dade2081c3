"""Wire bytes made readable for the command line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card.explain import decode_apdu, decode_mrz
from hardware.card.tlv import encode
from kiosk.domain.faults import ProtocolError

ZONE = "I<AZEAA000000117ABC1D2<<<<<<<<9001011F3001019AZE<<<<<<<<<<<6MAMMADOVA<<AYGUN<<<<<<<<<<<<<<"


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (
            "00A4020C02011E",
            {"kind": "command", "name": "SELECT", "data": "011E", "le": None, "secure_messaging": False},
        ),
        ("0CB000000D9701048E08ED6705417E96BA5500", {"name": "READ BINARY", "secure_messaging": True, "le": 256}),
        ("6A82", {"kind": "response", "status": "6A82", "meaning": "6A82 (file or application not found)"}),
        ("990290008E08FA855A5D4C50A8ED9000", {"kind": "response", "status": "9000"}),
        ("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000", {"kind": "response", "status": "9000"}),
    ],
)
def test_commands_and_responses_are_told_apart(frame: str, expected: dict[str, object]):
    """The protected dialogue printed in Doc 9303-11, appendix D, is described as what it is."""
    decoded = decode_apdu(bytes.fromhex(frame))
    assert {key: decoded[key] for key in expected} == expected


def test_data_objects_are_shown_with_what_is_in_them():
    """A constructed object shows its parts."""
    decoded = decode_apdu(bytes.fromhex("7C0A86083ABB9674BCE93C089000"))
    inner = {"tag": "86", "value": "3ABB9674BCE93C08", "name": "token of the chip"}
    outer = {"tag": "7C", "value": "86083ABB9674BCE93C08", "name": "dynamic authentication data", "objects": [inner]}
    assert decoded["objects"] == [outer]


@pytest.mark.parametrize(
    ("frame", "about"),
    [
        ("00A4040C07A0000002471001", "eMRTD application"),
        ("00A4040C07A0000002471099", "another application"),
        ("00A404000BA00000030800001000010000", "PIV application"),
        ("00A404000900A000000308000010", "another application"),
        ("00CB3FFF055C035FC10500", "certificate for PIV authentication"),
        ("00CB3FFF055C035FC1FF00", "another data object"),
        ("0020008008313233343536FFFF", "presents a PIN"),
        ("00200080", "asks how many tries are left"),
        ("0087119A047C02820000", "PIV authentication key"),
        ("00A4020C02010B", "EF.DG11"),
        ("00A4020C02011D", "EF.CardSecurity or EF.SOD"),
        ("00A4000C023F00", "master file"),
        ("00A4000C", "master file"),
        ("00B09C0004", "EF.CardAccess, from byte 0"),
        ("00B00104DF", "the selected file, from byte 260"),
        ("0022C1A412800A04007F0007020204020283010184010D", "PACE ECDH-GM-AES-128 (BRAINPOOLP256r1), password MRZ"),
        ("0022C1A40F800A04007F00070202040602830102", "PACE ECDH-CAM-AES-128, password CAN"),
        ("0022C1A40F800A04007F00070202040101830102", "PACE DH-GM-3DES, password CAN"),
        ("002241A40F800A04007F00070202030202840101", "chip authentication ECDH-AES-128"),
        ("10860000027C0000", "asks for the nonce"),
        ("008600000C7C0A8508C2B0BD78D94BA86600", "token of the terminal"),
        ("0022C1A403800A0400", ""),
        ("0CB09C000D9701048E08ED6705417E96BA5500", ""),
    ],
)
def test_a_command_is_told_in_words(frame: str, about: str):
    """Files, protocols, passwords and steps have their names; what is encrypted or damaged has none."""
    assert decode_apdu(bytes.fromhex(frame))["about"] == about


def test_the_offer_of_a_card_is_told_in_words():
    """EF.CardAccess as a response: the protocol inside it is named."""
    decoded = decode_apdu(bytes.fromhex("31143012060A04007F0007020204020202010202010D9000"))
    offer = decoded["objects"][0]["objects"][0]["objects"]
    assert offer[0]["means"] == "PACE ECDH-GM-AES-128"
    assert offer[2]["value"] == "0D"


def test_a_deep_nest_is_no_trap():
    """Objects in objects, far deeper than any card nests them, are told down to some depth."""
    frame = b""
    for _ in range(2000):
        frame = encode(0x7C, frame)
    assert "7C" in json.dumps(decode_apdu(frame + b"\x90\x00"))


def test_a_damaged_command_with_a_pin_is_not_repeated():
    """An error tells how long the frame is, and none of its bytes."""
    with pytest.raises(ProtocolError) as damaged:
        decode_apdu(bytes.fromhex("002000800831323334353637"))
    assert "31" not in str(damaged.value).replace("12 bytes", "")


TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6"


@pytest.mark.parametrize(("zone", "kind"), [(TD3, "td3"), (TD2, "td2"), (ZONE, "td1")])
def test_a_zone_of_any_size_is_described(zone: str, kind: str):
    """The kind tells the size; number and name are there."""
    decoded = decode_mrz(zone.encode())
    assert decoded["kind"] == kind
    assert decoded["citizen"]["surname"] in {"ERIKSSON", "MAMMADOVA"}
    assert "size" not in decoded


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_described_or_a_protocol_error(frame: bytes):
    """Whatever stands on the line, the answer is JSON or a ProtocolError."""
    for decode in (decode_apdu, decode_mrz):
        try:
            assert json.dumps(decode(frame))
        except ProtocolError:
            continue


@pytest.mark.parametrize(
    "frame",
    [
        ZONE.encode(),
        bytes.fromhex("615D5F1F5A") + ZONE.encode(),
        f"{ZONE[:30]} / {ZONE[30:60]} / {ZONE[60:]}\n".encode(),
    ],
    ids=["characters", "EF.DG1", "three lines"],
)
def test_a_zone_is_described(frame: bytes):
    """The zone in any of its forms gives its fields and the citizen."""
    decoded = decode_mrz(frame)
    assert decoded["document_number"] == "AA0000001"
    assert decoded["citizen"]["personal_number"] == "7ABC1D2"
    assert json.loads(json.dumps(decoded)) == decoded


def test_a_zone_of_another_size_is_a_protocol_error():
    """A zone that is neither TD1 nor TD2 nor TD3 is an error on its line."""
    with pytest.raises(ProtocolError, match="expected 90, 72 or 88"):
        decode_mrz(b"<" * 89)


def test_a_pin_is_never_shown() -> None:
    """The data of VERIFY and its kin is masked, its length alone is told."""
    found = decode_apdu(bytes.fromhex("00200080083132333435360000"))
    assert found["name"] == "VERIFY"
    assert found["data"] == "*" * 16
    assert "313233" not in repr(found)
