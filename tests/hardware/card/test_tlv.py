"""BER-TLV data objects."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card import tlv
from kiosk.domain.faults import ProtocolError

TAGS = st.sampled_from([0x30, 0x61, 0x7C, 0x87, 0x99, 0x5F1F, 0x7F49, 0x9F8101])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TAGS, st.binary(max_size=300)), max_size=5))
def test_objects_survive_the_wire(pairs: list[tuple[int, bytes]]):
    """Any sequence of objects is the same after encoding and decoding."""
    objects = [tlv.DataObject(tag, value) for tag, value in pairs]
    assert tlv.parse(b"".join(found.to_bytes() for found in objects)) == objects


@pytest.mark.parametrize(
    ("size", "head"),
    [(0, "8700"), (127, "877F"), (128, "878180"), (255, "8781FF"), (256, "87820100"), (65536, "8783010000")],
)
def test_lengths_are_the_shortest(size: int, head: str):
    """Each length is written with as few bytes as ISO/IEC 7816-4 allows."""
    encoded = tlv.encode(0x87, bytes(size))
    assert encoded[: len(head) // 2].hex().upper() == head
    assert tlv.read_header(encoded) == (0x87, len(head) // 2, size)


@pytest.mark.parametrize(
    "damaged", ["87", "5F", "5F1F", "8780", "8781", "878201", "8705AABB", "8784000000010A", "1F8181810100"]
)
def test_damaged_objects_are_a_protocol_error(damaged: str):
    """Cut off, indefinite or oversized: a ProtocolError."""
    with pytest.raises(ProtocolError):
        tlv.parse(bytes.fromhex(damaged))


def test_what_is_missing_is_named_without_its_content():
    """The evidence names tags and sizes and never values, which may be somebody's name."""
    data = tlv.encode(0x5F1F, b"MAMMADOVA")
    for search in (tlv.only, tlv.find):
        with pytest.raises(ProtocolError, match=r"5F1F of 9 bytes") as failed:
            search(data, 0x61)
        assert b"MAMMA".hex() not in str(failed.value)


def test_the_only_object_and_the_first_one():
    """``only`` wants it alone, ``find`` takes it among others."""
    data = tlv.encode(0x80, b"a") + tlv.encode(0x81, b"b")
    assert tlv.find(data, 0x81) == b"b"
    with pytest.raises(ProtocolError):
        tlv.only(data, 0x81)
    assert tlv.only(data[3:], 0x81) == b"b"
