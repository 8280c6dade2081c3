"""The list of kiosks and their tokens' digests."""

from __future__ import annotations

import re

import sqlalchemy as sa

from central.schema import kiosks
from central.store import Store, StoreError

KIOSK_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,39}")


def add(store: Store, kiosk_id: str, token_sha256: bytes, at_ms: int, *, renew: bool = False) -> None:
    """Enter a kiosk; ``renew`` gives one that exists a new token, and the old one is worth nothing. StoreError."""
    if not KIOSK_ID.fullmatch(kiosk_id):
        raise StoreError(f"not a kiosk's name: {kiosk_id!r} (1 to 40 letters, digits, . _ -)")
    with store.write() as tx:
        known = tx.scalar(sa.select(kiosks.c.id).where(kiosks.c.id == kiosk_id))
        if known and not renew:
            raise StoreError(f"kiosk {kiosk_id} exists already; --renew gives it a new token")
        if known:
            tx.execute(sa.update(kiosks).where(kiosks.c.id == kiosk_id).values(token_sha256=token_sha256))
        else:
            tx.execute(kiosks.insert().values(id=kiosk_id, token_sha256=token_sha256, added_at_ms=at_ms))


def kiosk_of(store: Store, token_sha256: bytes) -> str | None:
    """Return the kiosk that a token belongs to."""
    with store.read() as connection:
        return connection.scalar(sa.select(kiosks.c.id).where(kiosks.c.token_sha256 == token_sha256))
