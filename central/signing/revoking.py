"""Taking a document back: its code says so from now on, and so do the keys that are published."""

from __future__ import annotations

import sqlalchemy as sa

from central.schema import certificates, revocations
from central.store import Store, StoreError


def revoke(store: Store, number: str, at_ms: int) -> None:
    """Take a document back, for good; again changes nothing. StoreError for a number that was not given out."""
    with store.write() as tx:
        if tx.scalar(sa.select(certificates.c.number).where(certificates.c.number == number)) is None:
            raise StoreError(f"no document has the number {number}")
        if tx.scalar(sa.select(revocations.c.number).where(revocations.c.number == number)) is None:
            tx.execute(revocations.insert().values(number=number, revoked_at_ms=at_ms))
