"""The store: one engine, SQLite (WAL, synchronous=FULL) by default, PostgreSQL by its URL; schema version and migration."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from central import schema
from central.payments import register

BUSY_TIMEOUT_S = 5.0
Connection = sa.Connection


class StoreError(Exception):
    """The store cannot be used; the message is a sentence for the operator."""


class Store:
    """Opens transactions. Reads and writes are separate, so that SQLite's single writer is taken at the start, not half-way."""

    def __init__(self, url: str) -> None:
        """Take a database URL, or a path to a SQLite file. Nothing is opened yet. StoreError if it makes no sense."""
        self._engine = make_engine(url)
        self._lite = self._engine.dialect.name == "sqlite"
        self._writer = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for reading."""
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a transaction: committed at the end, rolled back on any exception.

        On SQLite threads of this process queue here instead of polling the file's lock.
        """
        with (
            self._writer if self._lite else nullcontext(),
            self._engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def migrate(self) -> int:
        """Bring the database to this program's schema and return its number. StoreError if it is newer."""
        with explained(), self.write() as tx:
            version = version_of(tx)
            if version is not None and version > schema.SCHEMA:
                raise StoreError(
                    f"the database has schema {version}, this program knows {schema.SCHEMA}: update the program"
                )
            schema.metadata.create_all(tx)
            if version is None:
                tx.execute(schema.meta.insert().values(name="schema", value=str(schema.SCHEMA)))
            elif version < schema.SCHEMA:
                upgrade(tx, version)
                mine = schema.meta.c.name == "schema"
                tx.execute(sa.update(schema.meta).where(mine).values(value=str(schema.SCHEMA)))
        return schema.SCHEMA

    def require_schema(self) -> None:
        """Raise StoreError unless the database has this program's schema. A SQLite file that is not there is not made."""
        path = self._engine.url.database
        if self._lite and path and not Path(path).exists():
            raise StoreError(f"there is no database {path}: run 'kiosk-central migrate' first")
        with explained(), self.read() as connection:
            version = version_of(connection)
        if version != schema.SCHEMA:
            found = "no schema" if version is None else f"schema {version}"
            raise StoreError(f"the database has {found}, {schema.SCHEMA} is needed: run 'kiosk-central migrate' first")

    def beside(self, name: str) -> Path:
        """Return a path beside the database's file, or in the working folder where the database is a server."""
        path = self._engine.url.database
        return Path(path).parent / name if self._lite and path else Path.cwd() / name

    def close(self) -> None:
        """Close all connections; SQLite then folds its write-ahead log into the file."""
        self._engine.dispose()


def upgrade(tx: Connection, version: int) -> None:
    """Bring what an older program stored to this program's schema. New tables are there already."""
    if version < 2:
        register.enter_all(tx)
    if not any(column["name"] == "body" for column in sa.inspect(tx).get_columns("quotes")):  # 2 to 3: copies
        tx.exec_driver_sql("ALTER TABLE quotes ADD COLUMN body TEXT NOT NULL DEFAULT ''")


def version_of(connection: Connection) -> int | None:
    """Return the schema version of a database, None if it is empty."""
    if not sa.inspect(connection).has_table("meta"):
        return None
    value = connection.scalar(sa.select(schema.meta.c.value).where(schema.meta.c.name == "schema"))
    return None if value is None else int(value)


@contextmanager
def explained() -> Iterator[None]:
    """Turn the database's errors into a sentence."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise StoreError(f"the database cannot be used: {cause}") from error


def make_engine(url: str) -> sa.Engine:
    """Make the engine of a URL. Errors of the database never quote parameters: they are personal data."""
    if "://" not in url:
        url = f"sqlite:///{url}"
    try:
        address = sa.make_url(url)
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        if address.get_backend_name() == "sqlite":
            return lite_engine(address)
        return sa.create_engine(address, hide_parameters=True, pool_pre_ping=True)
    except (ArgumentError, SQLAlchemyError) as error:
        raise StoreError(f"not a database URL: {url.partition('://')[0]}://…") from error
    except ModuleNotFoundError as error:
        raise StoreError(f"this database needs the Python package {error.name}, which is not installed") from error


def lite_engine(address: sa.URL) -> sa.Engine:
    """Make an engine on a SQLite file that keeps every acknowledged transaction through a power cut."""
    if not address.database or address.database == ":memory:":
        raise StoreError("the database must be a file: sqlite:///PATH")
    folder = Path(address.database).parent
    if not folder.is_dir():
        raise StoreError(f"no such folder for the database: {folder}")
    engine = sa.create_engine(
        address,
        hide_parameters=True,
        pool_size=8,
        max_overflow=40,
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", prepare_lite)
    sa.event.listen(engine, "begin", begin_lite)
    return engine


def prepare_lite(raw: Any, _record: object) -> None:
    """Set up one SQLite connection; transactions are begun by us, not by the driver."""
    raw.isolation_level = None
    (mode,) = raw.execute("PRAGMA journal_mode=WAL").fetchone()
    if mode != "wal":
        raise StoreError(f"SQLite answered journal mode {mode}, not wal")
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "journal_size_limit=16777216"):
        raw.execute(f"PRAGMA {pragma}")


def begin_lite(connection: Connection) -> None:
    """Begin as writer where a write is meant: no reader has to become one half-way and fail."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
