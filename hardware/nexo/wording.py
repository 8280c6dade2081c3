"""Texts of a terminal for people, with card data ended: pure.

Card data ends here and in ``messages``, which has no field for what nobody may keep (tracks, expiry date, whole card number).
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs

TEXT_AT_MOST = 120
FIELDS_AT_MOST = 200

_NUMBER_LIKE_A_CARD = re.compile(r"\d(?:[ .\-*xX]{0,8}\d){9,}")
_LAST_FOUR = re.compile(r"[0-9]{4}$")
_APPLICATION_ID = re.compile(r"[A-F][0-9A-F]{9,31}")


def plain(text: str) -> str:
    """Return a text on one line, at most 120 characters, numbers like a card's masked to their last four digits."""
    masked = _NUMBER_LIKE_A_CARD.sub(lambda found: "****" + found.group()[-4:], text)
    return identifier(masked)


def identifier(text: str) -> str:
    """Return the name of a merchant, a terminal or an approval, which may be as long as a card's number."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()[:TEXT_AT_MOST]


def last_four(card_number: str) -> str:
    """Return four stars and the last four digits of a card number, masked or not; "" if it does not end in four digits."""
    found = _LAST_FOUR.search(card_number.strip())
    return "****" + found.group() if found else ""


def reason_in(additional: str) -> str:
    """Return why a request failed, in the terminal's words; "" if it does not say."""
    if "=" in additional:
        return plain(_value(additional, "refusalReason", "message"))
    # Free text with digits may hold what stands on the card.
    return "" if any(letter.isdigit() for letter in additional) else plain(additional)


def application_id_in(additional: str) -> str:
    """Return the application identifier (AID) in hex, which receipts must show; "" if it is not told."""
    told = _value(additional, "AID")
    return told if _APPLICATION_ID.fullmatch(told) else ""


def application_label_in(additional: str) -> str:
    """Return the card application's name, which receipts must show; "" if it is not told."""
    return plain(_value(additional, "applicationLabel", "applicationPreferredName"))


def _value(additional: str, *names: str) -> str:
    """Return the first of these values in an AdditionalResponse of the form ``name=value&…``.

    The form is common and no part of the protocol; it also holds expiry dates and card prefixes, so nothing else is read of it.
    """
    if additional.count("&") >= FIELDS_AT_MOST:
        return ""
    fields = parse_qs(additional)
    return next((fields[name][0] for name in names if name in fields), "")
