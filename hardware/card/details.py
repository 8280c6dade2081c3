"""What a card may say beyond its zone: EF.DG11, about the person, and EF.DG12, about the document (Doc 9303-10, 4.7.11, 4.7.12).

The texts are UTF-8 in the issuer's own letters, ``<`` between components, ``<<`` between surname and given names. They go
to screens and receipts, so a text with a control character is damaged, not shown. Dates are ASCII or BCD.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from msgspec import Struct

from hardware.card import tlv
from kiosk.domain.faults import ProtocolError

_PERSON, _DOCUMENT = 0x6B, 0x6C
_OTHERS = 0xA0
_IMAGES = frozenset({0x5F16, 0x5F1D, 0x5F1E})
_TEXT_BYTES_MAX = 1000


class PersonalDetails(Struct, frozen=True):
    """EF.DG11. "" and () where the card does not say. ``name``: surname and given names, None where they are not told apart."""

    full_name: str = ""
    name: tuple[str, str] | None = None
    other_names: tuple[str, ...] = ()
    personal_number: str = ""
    birth_date: str = ""
    birth_place: str = ""
    address: str = ""
    telephone: str = ""
    profession: str = ""
    title: str = ""
    summary: str = ""
    other_documents: tuple[str, ...] = ()
    custody: str = ""


class DocumentDetails(Struct, frozen=True):
    """EF.DG12. ``personalised``: YYYY-MM-DDTHH:MM:SS."""

    issuing_authority: str = ""
    issue_date: str = ""
    other_persons: tuple[str, ...] = ()
    observations: str = ""
    tax_or_exit: str = ""
    personalised: str = ""
    personalisation_serial: str = ""


def parse_personal_details(dg11: bytes) -> PersonalDetails:
    """Take EF.DG11 apart. ProtocolError where it is damaged."""
    fields = _fields(tlv.only(dg11, _PERSON))
    full_name = _text(fields, 0x5F0E)
    return PersonalDetails(
        full_name=_spaced(full_name),
        name=_split(full_name),
        other_names=tuple(map(_spaced, _others(fields, 0x5F0F))),
        personal_number=_text(fields, 0x5F10),
        birth_date=_date(fields, 0x5F2B),
        birth_place=_listed(_text(fields, 0x5F11)),
        address=_listed(_text(fields, 0x5F42)),
        telephone=_text(fields, 0x5F12),
        profession=_spaced(_text(fields, 0x5F13)),
        title=_spaced(_text(fields, 0x5F14)),
        summary=_spaced(_text(fields, 0x5F15)),
        other_documents=tuple(number for number in _text(fields, 0x5F17).split("<") if number),
        custody=_spaced(_text(fields, 0x5F18)),
    )


def parse_document_details(dg12: bytes) -> DocumentDetails:
    """Take EF.DG12 apart. ProtocolError where it is damaged."""
    fields = _fields(tlv.only(dg12, _DOCUMENT))
    return DocumentDetails(
        issuing_authority=_spaced(_text(fields, 0x5F19)),
        issue_date=_date(fields, 0x5F26),
        other_persons=tuple(map(_spaced, _others(fields, 0x5F1A))),
        observations=_spaced(_text(fields, 0x5F1B)),
        tax_or_exit=_spaced(_text(fields, 0x5F1C)),
        personalised=_moment(fields, 0x5F55),
        personalisation_serial=_text(fields, 0x5F56),
    )


def _fields(content: bytes) -> dict[int, bytes]:
    """Return the data objects by tag. A tag that comes twice is damage: nobody could say which one counts."""
    objects = tlv.parse(content)
    fields = {found.tag: found.value for found in objects}
    if len(fields) != len(objects):
        raise ProtocolError(f"{len(objects) - len(fields)} data objects come twice")
    return fields


def _text(fields: dict[int, bytes], tag: int) -> str:
    return _decoded(tag, fields.get(tag, b""))


def _decoded(tag: int, octets: bytes) -> str:
    """Return a text in its composed form. The evidence tells no text: it is about a person."""
    if len(octets) > _TEXT_BYTES_MAX:
        raise ProtocolError(f"data object {tag:X} of {len(octets)} bytes is no text")
    try:
        text = unicodedata.normalize("NFC", octets.decode("utf-8")).strip()
    except UnicodeDecodeError as error:
        raise ProtocolError(f"data object {tag:X} is not UTF-8") from error
    if any(unicodedata.category(letter)[0] == "C" for letter in text):
        raise ProtocolError(f"data object {tag:X} has control characters")
    return text


def _others(fields: dict[int, bytes], tag: int) -> list[str]:
    """Return the texts of one tag inside A0, whose number stands before them."""
    content = fields.get(_OTHERS)
    if content is None:
        return []
    objects = tlv.parse(content)
    texts = [_decoded(tag, found.value) for found in objects if found.tag == tag]
    count = next((tlv.number(found.value) for found in objects if found.tag == 0x02), len(texts))
    if count != len(texts):
        raise ProtocolError(f"{count} names announced, {len(texts)} there")
    return texts


def _split(full_name: str) -> tuple[str, str] | None:
    surname, mark, given = full_name.partition("<<")
    return (_spaced(surname), _spaced(given)) if mark and surname.strip("< ") else None


def _spaced(text: str) -> str:
    return " ".join(text.replace("<", " ").split())


def _listed(text: str) -> str:
    return ", ".join(part.strip() for part in text.split("<") if part.strip())


def _digits(fields: dict[int, bytes], tag: int, count: int) -> str:
    """Return so many digits, ASCII or BCD; "" where the object is missing."""
    value = fields.get(tag, b"")
    digits = value.hex() if len(value) == count // 2 else value.decode("ascii", "replace")
    if value and not (len(digits) == count and digits.isascii() and digits.isdigit()):
        raise ProtocolError(f"data object {tag:X} is no date of {count} digits")
    return digits


def _date(fields: dict[int, bytes], tag: int) -> str:
    """Return ISO 8601; only year, or year and month, where the rest is 0000 or 00 (Doc 9303-10, 4.7.11.1)."""
    return _iso(_digits(fields, tag, 8))


def _moment(fields: dict[int, bytes], tag: int) -> str:
    digits = _digits(fields, tag, 14)
    if not digits:
        return ""
    return f"{_iso(digits[:8])}T{digits[8:10]}:{digits[10:12]}:{digits[12:]}"


def _iso(digits: str) -> str:
    parts = [digits[:4], *(part for part in (digits[4:6], digits[6:8]) if part.strip("0"))]
    iso = "-".join(part for part in parts if part)
    return in_calendar(iso) if iso.strip("0") else ""


def in_calendar(iso: str) -> str:
    """Return a date, a month or a year in ISO 8601 as it is. ProtocolError if no calendar has it."""
    try:
        date.fromisoformat((iso + "-01-01")[:10])
    except ValueError as error:
        raise ProtocolError("a date that no calendar has") from error
    return iso
