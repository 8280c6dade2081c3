"""Where card data ends (PCI DSS 3.4, and the schemes' rule that no receipt shows an expiry date). Pure.

At most the last four digits of a card number pass; of tracks, expiry date and check value nothing does.
"""

from __future__ import annotations

import re

CHARSETS = {0xFE: "utf-8", **{part: f"iso8859-{part}" for part in range(1, 17) if part != 12}}
"""Values of tag 14. Without it a terminal writes CP437."""
LONGEST_TEXT = 400

_SEPARATORS = r"[\s.\-/]{0,2}"
_APPLICATION = r"A0{6}[0-9A-F]{3,13}(?![0-9A-F])|D276000025[0-9A-F]{2,10}(?![0-9A-F])"
"""An application identifier, which receipts must show (ISO/IEC 7816-5)."""
_MOMENT = (
    r"(?<!\d)(?:(?:20\d\d[-./][01]\d[-./][0-3]\d|[0-3]\d[-./][01]\d[-./](?:20)?\d\d)\s{1,2}[0-2]?\d(?:[.\-]?[0-5]\d){1,2}"
    r"|20\d\d[01]\d[0-3]\d[ \-]?[0-2]\d[0-5]\d(?:[0-5]\d)?)(?!\d)"
)
"""A date and an hour: no issuer's numbers begin with 20, and none are grouped like a date."""
_CARD = rf"(?P<card>\d(?:{_SEPARATORS}[\d*#xX]){{10,}}{_SEPARATORS}\d)"
"""Twelve digits or more, in groups or not; some of them may already be hidden (first six and last four are too many)."""
_LONG_NUMBER = re.compile(f"{_APPLICATION}|{_MOMENT}|{_CARD}")
_DIGITS_IN_HEX = re.compile(r"[0-9de]{6,}")
"""Card numbers and expiry dates are decimal digits in hex: packed, in ASCII (30-39), grouped by spaces (20) and dashes (2D)."""


def masked_card_number(value: bytes) -> str:
    """Return the last four digits of a packed card number behind four stars. D ends it, F pads it, E hides a digit."""
    digits = value.hex().partition("d")[0].rstrip("f").replace("e", "*")
    last = digits[-4:] if len(digits) > 8 else ""
    return "****" + "".join(digit if digit.isdigit() else "*" for digit in last)


def masked_text(text: str) -> str:
    """Return a text in which every number like a card's is stars and four digits. Doing it twice changes nothing."""
    return _LONG_NUMBER.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    if found["card"] is None:
        return found.group()
    shown = [letter for letter in found["card"] if letter.isdigit() or letter in "*#xX"][-4:]
    return "****" + "".join(letter if letter.isdigit() else "*" for letter in shown)


def masked_bytes(value: bytes) -> bytes:
    """Return a text's bytes likewise: digits are ASCII in every charset there is here."""
    return masked_text(value.decode("latin-1")).encode("latin-1")


def masked_hex(value: bytes) -> str:
    """Return bytes of unknown meaning in hex; what could be part of a card number or a track is dots."""
    return _DIGITS_IN_HEX.sub(lambda found: "." * len(found.group()), value.hex()).upper()


def plain_text(value: bytes, charset: int = 0) -> str:
    """Read a terminal's text for people: CP437 unless tag 14 said otherwise; numbers like a card's are masked."""
    return masked_text(_read(value, charset))[:LONGEST_TEXT]


def print_line(value: bytes, charset: int = 0) -> str:
    """Read one line of a receipt likewise, and keep the spaces it begins with."""
    return masked_text(_printable(value, charset)).rstrip()[:LONGEST_TEXT]


def identifier(value: bytes) -> str:
    """Read a field that names a merchant or an authorisation, which may be as long as a card's number."""
    return _read(value, 0)


def _read(value: bytes, charset: int) -> str:
    return _printable(value, charset).strip()


def _printable(value: bytes, charset: int) -> str:
    encoding = CHARSETS.get(charset, "cp437")
    text = value.rstrip(b"\0").decode(encoding, errors="replace")
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
