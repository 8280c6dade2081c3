"""What only a database with several writers at once can show: a real PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from central.payments.claims import take_in
from central.payments.registrations import keep
from central.schema import claims
from central.store import Connection, Store
from kiosk.uplink.messages import Amount, ClaimRequest
from kiosk.uplink.registrations import Fiscal, RegistrationRequest
from tests.central.postgres import START_S, Postgres

OVERLAP_S = 1.0
"""The first transaction stays open so long while the second is under way; less only makes the test see less."""
REFERENCE = "K1-A-000001"
CLAIM = ClaimRequest(
    reference=f"{REFERENCE}-F", kiosk="K1", kind="unregistered", service="electricity", amount=Amount(40, "AZN"),
    evidence="", made_at_ms=1, language="az",
)  # fmt: skip
REGISTRATION = RegistrationRequest(
    REFERENCE, "K1", Fiscal("F" * 44, "F" * 12, 1, 1, Amount(40, "AZN"), url="https://monitoring.e-kassa.gov.az/")
)


@pytest.fixture
def store(postgres: Postgres) -> Iterator[Store]:
    """Return the store of a database of its own."""
    store = Store(postgres.database())
    store.migrate()
    yield store
    store.close()


@pytest.mark.parametrize("first", ["claim", "registration"])
def test_a_claim_and_its_registration_at_the_same_moment_leave_staff_nothing(store: Store, first: str) -> None:
    """Of two transactions that overlap, one about a claim and one about its sale, the later one settles the claim."""
    works: list[Callable[[Connection], object]] = [lambda tx: take_in(tx, CLAIM), lambda tx: keep(tx, REGISTRATION)]
    written, second_done = threading.Event(), threading.Event()

    def earlier(work: Callable[[Connection], object]) -> None:
        with store.write() as tx:
            work(tx)
            written.set()
            second_done.wait(OVERLAP_S)

    def later(work: Callable[[Connection], object]) -> None:
        assert written.wait(START_S)
        with store.write() as tx:
            work(tx)
        second_done.set()

    one, other = works if first == "claim" else reversed(works)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(earlier, one), pool.submit(later, other)]:
            done.result(START_S)
    with store.read() as connection:
        assert connection.execute(sa.select(claims.c.state, claims.c.verdict)).all() == [
            ("settled", "registered " + "F" * 12)
        ]
