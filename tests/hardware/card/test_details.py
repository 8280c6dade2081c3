"""EF.DG11 and EF.DG12: what a card says beyond its zone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card.details import (
    DocumentDetails,
    PersonalDetails,
    parse_document_details,
    parse_personal_details,
)
from hardware.card.tlv import encode
from kiosk.domain.faults import ProtocolError


def dg11(*objects: tuple[int, bytes]) -> bytes:
    return encode(0x6B, b"".join(encode(tag, value) for tag, value in objects))


def dg12(*objects: tuple[int, bytes]) -> bytes:
    return encode(0x6C, b"".join(encode(tag, value) for tag, value in objects))


def test_the_printed_example():
    """Doc 9303-10, A.5; the telephone is as long as it is printed to be."""
    content = dg11(
        (0x5C, bytes.fromhex("5F0E5F115F425F125F13")),
        (0x5F0E, b"SMITH<<JOHN<J"),
        (0x5F11, b"ANYTOWN<MN"),
        (0x5F42, b"123 MAPLE RD<ANYTOWN<MN"),
        (0x5F12, b"1-612-555-1212"),
        (0x5F13, b"TRAVEL<AGENT"),
    )
    assert content[:4].hex().upper() == "6B635C0A"
    assert parse_personal_details(content) == PersonalDetails(
        full_name="SMITH JOHN J",
        name=("SMITH", "JOHN J"),
        birth_place="ANYTOWN, MN",
        address="123 MAPLE RD, ANYTOWN, MN",
        telephone="1-612-555-1212",
        profession="TRAVEL AGENT",
    )


def test_azerbaijani_letters_are_kept():
    """Every letter of the language comes out as it is, composed, however it was written into the card."""
    name = "ŞIRƏLİYEVA<<ÇİÇƏK<ĞÖÜ"
    found = parse_personal_details(dg11((0x5F0E, name.encode())))
    assert found.name == ("ŞIRƏLİYEVA", "ÇİÇƏK ĞÖÜ")
    decomposed = "AYGU\u0308N<<S\u0327"
    assert parse_personal_details(dg11((0x5F0E, decomposed.encode()))).name == ("AYGÜN", "Ş")


def test_everything_that_may_stand_there():
    """All fields of both files land where they belong; images are passed over."""
    others = encode(0x02, b"\x02") + encode(0x5F0F, b"ONE<<A") + encode(0x5F0F, b"TWO<<B")
    found = parse_personal_details(
        dg11(
            (0xA0, others),
            (0x5F10, b"7ABC1D2"),
            (0x5F2B, b"19900101"),
            (0x5F14, b"DR"),
            (0x5F15, b"SUMMARY"),
            (0x5F16, bytes(2000)),
            (0x5F17, b"A1<B2<"),
            (0x5F18, b"NONE"),
        )
    )
    assert found.other_names == ("ONE A", "TWO B")
    assert (found.personal_number, found.birth_date, found.title) == ("7ABC1D2", "1990-01-01", "DR")
    assert (found.summary, found.other_documents, found.custody) == ("SUMMARY", ("A1", "B2"), "NONE")
    assert parse_document_details(
        dg12(
            (0x5F19, "DİN<BAKI".encode()),
            (0x5F26, b"20200229"),
            (0xA0, encode(0x5F1A, b"ONE<<A")),
            (0x5F1B, b"NOTE"),
            (0x5F1C, b"TAX"),
            (0x5F1D, bytes(3000)),
            (0x5F55, b"20200301123456"),
            (0x5F56, b"M-17"),
        )
    ) == DocumentDetails(
        issuing_authority="DİN BAKI",
        issue_date="2020-02-29",
        other_persons=("ONE A",),
        observations="NOTE",
        tax_or_exit="TAX",
        personalised="2020-03-01T12:34:56",
        personalisation_serial="M-17",
    )


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        (b"19900101", "1990-01-01"),
        (bytes.fromhex("19900101"), "1990-01-01"),
        (b"19900100", "1990-01"),
        (b"19900000", "1990"),
        (b"00000000", ""),
        (b"", ""),
    ],
)
def test_a_date_is_text_or_bcd_and_may_be_known_in_part(value: bytes, iso: str):
    """Eight digits or four bytes; what is zeros is unknown."""
    assert parse_personal_details(dg11((0x5F2B, value))).birth_date == iso


DAMAGED = {
    "nothing": b"",
    "another file": encode(0x6C, b""),
    "bytes after it": dg11() + b"\x00",
    "cut off": dg11((0x5F0E, b"SMITH<<JOHN"))[:-1],
    "a field twice": dg11((0x5F0E, b"A<<B"), (0x5F0E, b"C<<D")),
    "no UTF-8": dg11((0x5F0E, b"M\xc4MMADOVA<<AYGUN")),
    "an escape": dg11((0x5F0E, b"A<<B\x1b@")),
    "a line feed": dg11((0x5F11, b"BAKI\nBAKI")),
    "a change of direction": dg11((0x5F0E, "A<<B\u202eC".encode())),
    "too long": dg11((0x5F42, b"A" * 1001)),
    "a date of letters": dg11((0x5F2B, b"1990010A")),
    "a date of Arabic digits": dg11((0x5F2B, "٠١٢٣".encode())),
    "a date of no calendar": dg11((0x5F2B, b"19900230")),
    "a short date": dg11((0x5F2B, b"199001")),
    "a hexadecimal date": dg11((0x5F2B, bytes.fromhex("1990010A"))),
    "fewer names than announced": dg11((0xA0, encode(0x02, b"\x02") + encode(0x5F0F, b"A<<B"))),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_damaged_is_a_protocol_error(name: str):
    """Nothing is guessed, and what could move a printer or a reader's eye is no text; the evidence tells no text."""
    with pytest.raises(ProtocolError) as damaged:
        parse_personal_details(DAMAGED[name])
    assert not any(part in str(damaged.value) for part in ("SMITH", "MADOVA", "BAKI"))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80), st.sampled_from([0x5F0E, 0x5F2B, 0xA0, 0x5F55, 0x5F10, 0x5F26, 0x5F1A]))
def test_any_bytes_are_details_or_a_protocol_error(noise: bytes, tag: int):
    """Whatever a file or one of its fields holds, nothing else escapes."""
    for parse, outer in ((parse_personal_details, 0x6B), (parse_document_details, 0x6C)):
        for content in (noise, encode(outer, noise), encode(outer, encode(tag, noise))):
            try:
                parse(content)
            except ProtocolError:
                continue
