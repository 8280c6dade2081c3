"""Numbers longer than Python writes out (4300 figures), wherever a card may put one: refused as damage, and nothing escapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from hardware.card import capabilities, images, pace_info, tlv
from hardware.card.details import parse_personal_details
from hardware.card.refusal import Refused
from kiosk.domain.faults import EVIDENCE_LENGTH_MAX, ProtocolError
from tests.hardware.card import mutations, pki
from tests.hardware.card.mutations import PARSERS, STATE, read_sod
from tests.hardware.card.parsers import ACCESS, FACES, read_access

LONG = b"\x7f" + b"\x01" * 1999
ORDER = int.from_bytes(LONG, "big")
NUMBER, OCTETS, BITS, CONSTRUCTED = 0x02, 0x04, 0x03, 0x20


def lengthened(data: bytes) -> Iterator[bytes]:
    """Yield the data once for each number in it, that number long and every length around it right."""
    try:
        objects = tlv.parse(data)
    except ProtocolError:  # what looked as if objects were in it is a key, or a digest
        return
    for index, (tag, value) in enumerate((found.tag, found.value) for found in objects):
        first = tag.to_bytes(max(1, (tag.bit_length() + 7) // 8), "big")[0]
        inner = [LONG] if tag == NUMBER else []
        if first & CONSTRUCTED or tag == OCTETS:
            inner = list(lengthened(value))
        elif tag == BITS and value:
            inner = [value[:1] + each for each in lengthened(value[1:])]
        before, after = (b"".join(each.to_bytes() for each in part) for part in (objects[:index], objects[index + 1 :]))
        yield from (before + tlv.encode(tag, each) + after for each in inner)


READERS: dict[str, tuple[Callable[[bytes], object], list[bytes]]] = {
    "EF.CardAccess": (read_access, ACCESS),
    "EF.DG2": (images.face_images, FACES),
    **{name: (read, list(seeds)) for name, (read, seeds) in PARSERS.items()},
}


@pytest.mark.parametrize("name", READERS)
def test_no_long_number_escapes(name: str):
    """Each number of each example, made long while everything around it stays whole: it is refused, or never looked at."""
    read, seeds = READERS[name]
    tried = 0
    for seed in seeds:
        for spoiled in lengthened(seed):
            tried += 1
            with suppress(Refused, ProtocolError):
                read(spoiled)
    assert tried


def test_a_long_number_in_a_signed_security_object():
    """The number of a data group, in what a document signer has signed: damage."""
    with pytest.raises(ProtocolError, match="a number of 2000 bytes"):
        read_sod(STATE.sod({**mutations.FILES, ORDER: b"x"}))


def test_a_long_number_of_parameters_is_no_offer():
    """PACE with a long number for its parameters or its version: EF.CardAccess is damaged, and the evidence is short."""
    for spoiled in lengthened(ACCESS[0]):
        with pytest.raises(ProtocolError, match="a number of 2000 bytes"):
            pace_info.parse_card_access(spoiled)


def test_a_long_count_in_the_details():
    """EF.DG11 that announces names without end, and EF.ATR/INFO with such a buffer: damaged."""
    names = pki.tlv(0xA0, pki.tlv(0x02, LONG) + b"\x5f\x0f\x01A")
    with pytest.raises(ProtocolError):
        parse_personal_details(pki.tlv(0x6B, names))
    with pytest.raises(ProtocolError):
        capabilities.response_bytes(b"\x7f\x66" + pki.tlv(0x30, pki.tlv(0x02, LONG) * 2)[1:])


STRANGE = bytes.fromhex("3012060A04007F0007020204020102010202016D")


@pytest.mark.parametrize(
    "content",
    [
        pki.tlv(0x31, STRANGE * 6000),
        pki.tlv(0x31, b"\x30" * 0x1FF00),
        pki.tlv(0x31, pki.tlv(0x30, pki.tlv(0x06, b"\x04\x00\x7f\x00\x07\x02\x02\x04" + b"\x81\x01" * 50_000))),
    ],
    ids=["offers", "nesting", "identifier"],
)
def test_a_long_card_access_leaves_short_evidence(content: bytes):
    """A file of 120 kB in which nothing can be used is refused in a few hundred characters: they go into the journal."""
    with pytest.raises((Refused, ProtocolError)) as caught:
        read_access(content)
    refusal = getattr(caught.value, "refusal", None)
    assert 0 < len(refusal.evidence if refusal else str(caught.value)) <= EVIDENCE_LENGTH_MAX
