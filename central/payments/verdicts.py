"""What staff decide about a claim, once: the kiosk tells it to whoever comes back with the code or the card."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa

from central.payments.register import plain
from central.schema import claims
from central.store import Store, StoreError

VERDICTS: dict[str, Literal["paid", "not_paid", "returned"]] = {
    "booked": "paid",
    "not_taken": "not_paid",
    "returned": "returned",
}
"""What staff say, and how the matter stands then. booked: the money was taken and the service has been given; not_taken: it never was; returned: it went back."""


def settle(store: Store, code: str, verdict: str, receipt_number: str = "") -> str:
    """Settle an open claim and return its reference. StoreError: no such claim, or settled already (a verdict stands)."""
    if verdict == "booked" and not receipt_number:
        raise StoreError("a booked claim needs the receipt number it was booked under")
    with store.write() as tx:
        rows = tx.execute(sa.select(claims.c.kiosk_id, claims.c.key, claims.c.state, claims.c.verdict)).all()
        found = [row for row in rows if plain(row.key) == plain(code)]
        if len(found) != 1:
            raise StoreError(f"there is no claim {code}" if not found else f"{len(found)} claims have the code {code}")
        claim = found[0]
        if claim.state != "open":
            raise StoreError(f"the claim {claim.key} is settled already: {claim.verdict}")
        mine = (claims.c.kiosk_id == claim.kiosk_id, claims.c.key == claim.key)
        told = f"{verdict} {receipt_number}".strip()
        tx.execute(sa.update(claims).where(*mine).values(state="settled", verdict=told))
    return str(claim.key)
