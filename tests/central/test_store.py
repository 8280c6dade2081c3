"""The store."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from central import schema
from central.store import Store, StoreError


def test_the_schema_is_no_databases_own() -> None:
    """Every table can be made in PostgreSQL as it stands, with times and amounts in 64 bits."""
    for table in schema.metadata.sorted_tables:
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        text = str(CreateTable(table).compile(dialect=dialect))
        assert "_ms INTEGER" not in text
        assert "_minor INTEGER" not in text


def test_a_power_cut_finds_every_acknowledged_transaction(tmp_path: Path) -> None:
    """SQLite runs in WAL with synchronous=FULL on every connection, readers and writers."""
    store = Store(str(tmp_path / "central.db"))
    store.migrate()
    with store.read() as reader, store.write() as writer:
        for connection in (reader, writer):
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    store.close()


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    """An exception inside a transaction takes everything in it back."""
    store = Store(str(tmp_path / "central.db"))
    store.migrate()

    def fail_half_way() -> None:
        with store.write() as tx:
            tx.execute(schema.meta.insert().values(name="half", value="1"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(schema.meta)) == 1
    store.close()


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    """Twenty writers in two processes' worth of stores all get their turn; none is lost and none fails."""
    stores = [Store(str(tmp_path / "central.db")) for _ in range(2)]
    stores[0].migrate()
    counter = schema.meta.c.name == "count"

    def add(number: int) -> None:
        with stores[number % 2].write() as tx:
            value = int(tx.scalar(sa.select(schema.meta.c.value).where(counter)) or 0)
            tx.execute(sa.update(schema.meta).where(counter).values(value=str(value + 1)))

    with stores[0].write() as tx:
        tx.execute(schema.meta.insert().values(name="count", value="0"))
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(add, range(20)))
    with stores[0].read() as connection:
        assert connection.scalar(sa.select(schema.meta.c.value).where(counter)) == "20"
    for store in stores:
        store.close()


def test_errors_of_the_database_quote_no_values(tmp_path: Path) -> None:
    """The text of a database error holds no parameter: it may be a person's."""
    store = Store(str(tmp_path / "central.db"))
    store.migrate()
    row = {"name": "schema", "value": "CANARY"}
    with pytest.raises(sa.exc.IntegrityError) as caught, store.write() as tx:
        tx.execute(schema.meta.insert().values(**row))
    assert "CANARY" not in str(caught.value)
    store.close()


def test_a_missing_driver_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL is taken by its URL; without its driver the error names the package."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match="psycopg"):
        Store("postgresql://kiosk@127.0.0.1/kiosk").close()
