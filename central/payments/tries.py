"""How many unknown codes a kiosk may ask for: a code can be guessed, and what it brings is not the guesser's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from central.days import now_ms
from central.problems import Refusal
from central.schema import wrong_codes
from central.store import Store

WRONG_AT_MOST = 20
WITHIN_MS = 3_600_000


@contextmanager
def counted(store: Store, kiosk_id: str, code: str) -> Iterator[None]:
    """Let a question by code be asked, and count it where the code is unknown. Refusal("too-many-tries"). Without a code nothing is counted."""
    mine = wrong_codes.c.kiosk_id == kiosk_id
    since_ms = now_ms() - WITHIN_MS
    if code:
        with store.read() as connection:
            recent = sa.select(sa.func.count()).select_from(wrong_codes).where(mine, wrong_codes.c.at_ms > since_ms)
            if (connection.scalar(recent) or 0) >= WRONG_AT_MOST:
                raise Refusal("too-many-tries")
    try:
        yield
    except Refusal as refusal:
        if code and refusal.name == "unknown-account":
            with store.write() as tx:
                tx.execute(sa.delete(wrong_codes).where(mine, wrong_codes.c.at_ms <= since_ms))
                tx.execute(wrong_codes.insert().values(kiosk_id=kiosk_id, at_ms=now_ms()))
        raise
