"""What a start asks the journal's last entries, without replaying them: the visits that made them are forgotten."""

from __future__ import annotations

import sqlite3

from kiosk.domain.cash import Box
from kiosk.domain.money import Money
from kiosk.domain.receipt import Printed, Unverified
from kiosk.journal.codec import from_row
from kiosk.journey.events import CashCollected, JourneyStarted, PowerRestored, ReceiptEnded

LOOKS_BACK = 5000
"""Entries that are searched for something left open: some hundreds of visits."""


def left_open_ms(db: sqlite3.Connection) -> int:
    """Return when a visit last filed a claim or left without a whole paper; 0 if none did in the last entries."""
    (at_ms,) = db.execute(
        "SELECT max(at_ms) FROM entries WHERE seq > (SELECT max(seq) FROM entries) - ? AND journey > 0 AND "
        "(json_extract(body, '$.type') = 'ClaimFiled' OR (json_extract(body, '$.type') = 'ReceiptEnded' "
        "AND json_extract(body, '$.outcome.type') IN ('partial', 'not_started')))",
        (LOOKS_BACK,),
    ).fetchone()
    return at_ms or 0


def paper_left(db: sqlite3.Connection) -> bool:
    """Say whether nobody knows that the last paper came out whole.

    The last entry that tells of the receipt printer decides: a paper that ended, if anything of it came out; an earlier start, by
    what it found; a report that was ordered and has no end; an order that nobody answered, whosever it was. A journal that tells
    nothing is new, and its printer may not be. One cut too many wastes a finger's breadth of paper, one too few gives away what
    a citizen's paper says.

    However far back that entry lies, it counts. As every start writes one, no more than one run's entries are searched.
    """
    row = db.execute(
        "SELECT body, json_extract(body, '$.type') AS type FROM entries"
        " WHERE (type IN ('PowerRestored', 'ReportWanted', 'OrderOverdue')"
        " OR (type = 'DeviceFailed' AND json_extract(body, '$.device') = 'printer')"
        " OR (type = 'ReceiptEnded' AND json_extract(body, '$.outcome.type') <> 'not_started'"
        " AND json_extract(body, '$.sheet') IS NOT 1)) ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    match from_row(row[0], None) if row else None:
        case PowerRestored(paper_left=left):
            return left
        case ReceiptEnded(_, Printed() | Unverified()):
            return False
    return True


def box(db: sqlite3.Connection, first: Box) -> Box:
    """Return what lies in the cash box, given what lay there when the journal began. JournalFault if that cannot be read.

    A visit's first entry tells what lay there then, so that no more than one visit is added up.
    """
    seq, body = db.execute(
        "SELECT max(seq), body FROM entries WHERE json_extract(body, '$.type') = 'CashCollected' OR "
        "(json_extract(body, '$.type') = 'JourneyStarted' AND json_extract(body, '$.box') IS NOT NULL)"
    ).fetchone()
    told = from_row(body, None) if seq else None
    lies = Box() if isinstance(told, CashCollected) else told.box if isinstance(told, JourneyStarted) else first
    stacked = db.execute(
        "SELECT json_extract(body, '$.value.minor') FROM entries"
        " WHERE seq > ? AND json_extract(body, '$.type') = 'NoteStacked' ORDER BY seq",
        (seq or 0,),
    )
    for (minor,) in stacked:
        lies = lies.with_note(Money(minor))
    return lies
