"""What is typed already, or turned to, on samples that show more than how a screen begins."""

from __future__ import annotations

from kiosk.journey import state as s
from kiosk.journey import state_key as d
from screens.keys import NEXT, NUMBER_EXAMPLE

BIRTH = NUMBER_EXAMPLE + NEXT
EXPIRY = f"{BIRTH}14031958{NEXT}"
DRAFTS = {
    "entering-document-typed": NUMBER_EXAMPLE,
    "entering-document-birth": BIRTH,
    "entering-document-birth-typed": f"{BIRTH}1403195",
    "entering-document-birth-wrong": f"{BIRTH}14032058",
    "entering-document-date-wrong": f"{BIRTH}31022000",
    "entering-document-expiry": EXPIRY,
    "entering-document-expiry-wrong": f"{EXPIRY}14031958",
    "choosing-many-2": "1",
}
"""The draft of each sample that has one."""


def documents(fresh: s.Journey) -> dict[str, s.State]:
    """Return the pages of number and dates."""
    return {name: d.EnteringDocument(fresh) for name in DRAFTS if name.startswith("entering-document")}
