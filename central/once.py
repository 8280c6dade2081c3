"""Work that is done once however often, and at however many places at once, it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

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
