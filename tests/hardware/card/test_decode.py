"""Wire bytes made readable for the command line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card.decode import decode_apdu, decode_mrz
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
    assert decoded["objects"] == [
        {"tag": "7C", "value": "86083ABB9674BCE93C08", "objects": [{"tag": "86", "value": "3ABB9674BCE93C08"}]}
    ]


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
