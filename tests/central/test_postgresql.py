"""What only a database with several writers at once can show: a real PostgreSQL, where it and its driver are installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from central.payments.claims import take_in
from central.payments.registrations import keep
from central.schema import claims
from central.store import Connection, Store
from kiosk.uplink.messages import Amount, ClaimRequest
from kiosk.uplink.registrations import Fiscal, RegistrationRequest

pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
if not shutil.which("initdb") or not shutil.which("postgres"):
    pytest.skip("PostgreSQL is not installed", allow_module_level=True)

START_S = 60.0
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
def store() -> Iterator[Store]:
    """Return the store of a PostgreSQL of its own, behind a socket in a folder of its own; it refuses to run as root."""
    user: dict[str, Any] = {"user": "nobody"} if os.getuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket holds 107 bytes
    if user:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    quiet: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | user
    subprocess.run(["initdb", "-D", folder / "data", "-A", "trust", "-U", "test"], check=True, timeout=START_S, **quiet)
    server = subprocess.Popen(["postgres", "-D", folder / "data", "-k", folder, "-h", ""], **quiet)
    store = Store(f"postgresql://test@/postgres?host={folder}")
    try:
        end_s = time.monotonic() + START_S
        while subprocess.run(["pg_isready", "-h", folder], check=False, **quiet).returncode:
            assert time.monotonic() < end_s, "PostgreSQL did not start"
            time.sleep(0.05)
        store.migrate()
        yield store
    finally:
        store.close()
        server.terminate()
        server.wait(START_S)
        shutil.rmtree(folder)


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
