"""``kiosk decode ccnet`` says what published frames say, and refuses what is no frame."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.cash.explain import explain_ccnet
from hardware.cash.frame import encode_frame
from kiosk.domain.faults import ProtocolError
from tests.hardware.cash.test_frame import MANAT, PUBLISHED


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("02 03 06 33 DA 81", {"length": 1, "code": "33", "name": "poll"}),
        ("02 03 06 00 C2 82", {"length": 1, "code": "00", "name": "ack"}),
        ("02 03 06 30 41 B3", {"length": 1, "code": "30", "name": "reset or illegal command"}),
        ("02 03 07 80 01 05 22", {"length": 2, "code": "80", "name": "escrow", "bill_type": 1}),
        ("02 03 07 47 51 22 F7", {"length": 2, "code": "47", "name": "failure", "detail": 0x51}),
        (
            "02 03 0C 34 00 00 7F 00 00 7F DB 6F",
            {
                "length": 7,
                "code": "34",
                "name": "enable bill types",
                "accepted": list(range(7)),
                "escrow": list(range(7)),
            },
        ),
    ],
)
def test_published_frames_in_words(text, told):
    """Orders, states and masks are told by name and value."""
    assert explain_ccnet(bytes.fromhex(text)) == told


def test_the_table_in_words():
    """The table of notes is told note by note."""
    bills = explain_ccnet(encode_frame(MANAT))["bills"]
    assert bills == {
        "0": "1 AZN",
        "1": "5 AZN",
        "2": "10 AZN",
        "3": "20 AZN",
        "4": "50 AZN",
        "5": "100 AZN",
        "6": "200 AZN",
    }


def test_every_published_frame_can_be_told():
    """No published frame is beyond words, and all words fit into JSON."""
    for text in PUBLISHED:
        assert json.dumps(explain_ccnet(bytes.fromhex(text)))


@given(st.binary(max_size=40))
def test_garbage_is_an_error(raw):
    """What is no frame is refused with a reason, whatever it is."""
    try:
        told = explain_ccnet(raw)
    except ProtocolError:
        return
    assert told["length"] > 0
