"""Work that is done once however often, and at however many places at once, it is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from central.edge import is_repeat
from central.problems import Refusal
from central.store import Connection, Store

T = TypeVar("T")
TRIES = 3


def once(store: Store, work: Callable[[Connection], T]) -> T:
    """Work in a transaction; look again where a unique key says that somebody was faster. Refusal("internal") in the end."""
    for _ in range(TRIES):
        try:
            with store.write() as tx:
                return work(tx)
        except IntegrityError:  # a double of this request was first, or a number was drawn twice
            continue
    raise Refusal("internal")


def seen_before(tx: Connection, table: sa.Table, kiosk_id: str, key: str, asked: msgspec.Struct) -> sa.Row[Any] | None:
    """Return what is kept of this very request, None where there is nothing. Refusal("key-reused") if the key stands for another one.

    ``table`` has the columns kiosk_id, key and body_sha256.
    """
    row = tx.execute(sa.select(table).where(table.c.kiosk_id == kiosk_id, table.c.key == key)).one_or_none()
    if row is not None and not is_repeat(row.body_sha256, asked):
        raise Refusal("key-reused")
    return row


def in_turn(tx: Connection, *matter: str) -> None:
    """Wait until no other transaction works on this matter, and keep others from it until this one ends.

    For what no unique key tells: two transactions that each write what the other should have read. SQLite has one writer anyhow.
    """
    if tx.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256("\0".join(matter).encode()).digest()[:8], signed=True)
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.literal(number, sa.BigInteger))))
