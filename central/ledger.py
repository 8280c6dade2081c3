"""The centre's own truth about money, for comparing it with the terminal's and the kiosk's."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from central.schema import claims, submissions
from central.store import Store


def ledger(store: Store) -> list[dict[str, Any]]:
    """Return submissions and claims in the order of their arrival: nothing of a person.

    Each has ``entry`` (submission, claim), ``kiosk``, ``reference``, ``service``, ``amount_minor``, ``outcome`` (accepted,
    overpaid, unplaced; of a claim its kind: unresolved, undelivered, collection, unregistered) and ``receipt_number`` ("" for a claim).
    """
    done = sa.select(
        sa.literal("submission").label("entry"),
        submissions.c.kiosk_id.label("kiosk"),
        submissions.c.key.label("reference"),
        submissions.c.service,
        submissions.c.amount_minor,
        submissions.c.outcome,
        submissions.c.receipt_number,
        submissions.c.received_at_ms.label("at_ms"),
    )
    doubtful = sa.select(
        sa.literal("claim").label("entry"),
        claims.c.kiosk_id.label("kiosk"),
        claims.c.key.label("reference"),
        claims.c.service,
        claims.c.amount_minor,
        claims.c.kind.label("outcome"),
        sa.literal("").label("receipt_number"),
        claims.c.received_at_ms.label("at_ms"),
    )
    both = sa.union_all(done, doubtful).subquery()
    with store.read() as connection:
        rows = connection.execute(sa.select(both).order_by(both.c.at_ms, both.c.reference))
        return [dict(row) for row in rows.mappings()]
