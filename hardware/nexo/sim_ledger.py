"""The nexo terminal's own memory, in SQLite: which messages it has seen, what it answered, and what became of the money.

A sale is ``authorised`` (the host has approved it, the terminal has not recorded it) and then ``stored`` or ``auto_reversed``;
a stored one can be ``reversed``. ``declined`` and ``cancelled`` sales end at once. A reversal is a transaction of its own:
``asked``, then ``done``, ``refused`` or ``lost`` (the power went before the host heard of it).
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any, Literal

import msgspec

from hardware.nexo.sim_requests import Header
from hardware.sim_memory import DurableMemory

MESSAGES_AT_MOST = 100_000
"""So many ServiceIDs are remembered; terminals in the field remember them for 48 hours."""
Kind = Literal["sale", "reversal"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS period (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL);
INSERT OR IGNORE INTO period VALUES (1, 1);
CREATE TABLE IF NOT EXISTS messages (
    sale_id TEXT NOT NULL, service_id TEXT NOT NULL, category TEXT NOT NULL, response TEXT, PRIMARY KEY (sale_id, service_id));
CREATE TABLE IF NOT EXISTS transactions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, state TEXT NOT NULL, reference TEXT, sale_id TEXT NOT NULL,
    service_id TEXT NOT NULL, amount_minor INTEGER NOT NULL, currency TEXT NOT NULL, at TEXT NOT NULL, period INTEGER NOT NULL,
    original INTEGER);
"""


class Transaction(msgspec.Struct, frozen=True):
    """One row of the memory. ``reference`` is the SaleTransactionID of the sale, ``original`` the id of the sale taken back."""

    id: int
    kind: Kind
    state: str
    reference: str | None
    sale_id: str
    service_id: str
    amount_minor: int
    currency: str
    at: str
    period: int
    original: int | None = None

    @property
    def transaction_id(self) -> str:
        """The terminal's number of it, as POITransactionID tells it."""
        return f"{self.period:04d}.{self.id:010d}"


class Totals(msgspec.Struct, frozen=True):
    """What one period between two reconciliations came to: the sales that stood, and those of them that were taken back."""

    period: int
    sales: int
    sales_minor: int
    reversals: int
    reversals_minor: int


class Ledger(DurableMemory):
    """All that one terminal remembers. Each method is one durable step; any thread may call it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "nexo.sqlite", SCHEMA)

    def first_time(self, header: Header) -> bool:
        """Write down that this message came; False if its SaleID and ServiceID came before."""
        row = (header.sale_id, header.service_id, header.category)
        oldest = "(SELECT max(rowid) FROM messages) - ?"
        with self._open() as base:
            fresh = base.execute("INSERT OR IGNORE INTO messages VALUES (?, ?, ?, NULL)", row).rowcount == 1
            base.execute(f"DELETE FROM messages WHERE rowid <= {oldest}", (MESSAGES_AT_MOST,))  # noqa: S608 - our own words
            return fresh

    def keep(self, header: Header, response: str) -> None:
        """Keep what is answered to a message, to be repeated."""
        with self._open() as base:
            _keep(base, header, response)

    def response_to(self, sale_id: str, service_id: str, category: str) -> str | None:
        """Give the answer to a message of the past; None if there is none."""
        where = "sale_id = ? AND service_id = ? AND category = ?"
        with self._open() as base:
            found = base.execute(f"SELECT response FROM messages WHERE {where}", (sale_id, service_id, category))  # noqa: S608
            row = found.fetchone()
        return None if row is None else row[0]

    def open_sale(
        self, state: str, header: Header, reference: str, amount_minor: int, currency: str, at: str
    ) -> Transaction:
        """Write down a sale: authorised by the host, declined or cancelled."""
        return self._add("sale", state, header, reference, amount_minor, currency, at)

    def open_reversal(self, header: Header, sale: Transaction, at: str) -> Transaction:
        """Write down that a sale is to be taken back."""
        return self._add("reversal", "asked", header, sale.reference, sale.amount_minor, sale.currency, at, sale.id)

    def record(self, deed: Transaction, state: str, header: Header, response: str) -> None:
        """Let a transaction come to its end together with its answer. A reversal that is done takes its sale back."""
        with self._open() as base:
            _become(base, deed.id, state)
            if deed.kind == "reversal" and state == "done" and deed.original is not None:
                _become(base, deed.original, "reversed")
            _keep(base, header, response)

    def wake_up(self) -> None:
        """Take back what the host has approved and the terminal has not recorded; forget reversals that were only asked for."""
        with self._open() as base:
            base.execute("UPDATE transactions SET state = 'auto_reversed' WHERE state = 'authorised'")
            base.execute("UPDATE transactions SET state = 'lost' WHERE state = 'asked'")

    def sale(self, transaction_id: str) -> Transaction | None:
        """Give a sale by the terminal's number of it."""
        _, _, number = transaction_id.partition(".")
        found = self._select("kind = 'sale' AND id = ?", int(number)) if re.fullmatch("[0-9]{10}", number) else []
        return next((sale for sale in found if sale.transaction_id == transaction_id), None)

    def period(self) -> int:
        """Give the number of the period that is open."""
        with self._open() as base:
            return int(base.execute("SELECT number FROM period").fetchone()[0])

    def close_period(self) -> Totals:
        """Reconcile: give the totals of the open period and begin the next one."""
        with self._open() as base:
            number = int(base.execute("UPDATE period SET number = number + 1 RETURNING number - 1").fetchall()[0][0])
        sold = self._select("kind = 'sale' AND state IN ('stored', 'reversed') AND period = ?", number)
        back = [sale for sale in sold if sale.state == "reversed"]
        return Totals(number, len(sold), _sum(sold), len(back), _sum(back))

    def rows(self) -> list[dict[str, Any]]:
        """Give every sale and what became of it, oldest first, for comparison with other ledgers."""
        return [_row(sale) for sale in self._select("kind = 'sale'")]

    def reversals(self) -> list[dict[str, Any]]:
        """Give every reversal that was asked for, oldest first, with the reference of its sale."""
        return [_row(deed) for deed in self._select("kind = 'reversal'")]

    def _add(
        self, kind: Kind, state: str, header: Header, reference: str | None, amount_minor: int, currency: str, at: str,
        original: int | None = None,
    ) -> Transaction:  # fmt: skip
        row = (kind, state, reference, header.sale_id, header.service_id, amount_minor, currency, at, original)
        insert = (
            "INSERT INTO transactions (kind, state, reference, sale_id, service_id, amount_minor, currency, at, period, original)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT number FROM period), ?) RETURNING *"
        )
        with self._open() as base:
            return _transaction(base.execute(insert, row).fetchall()[0])

    def _select(self, where: str, *values: int) -> list[Transaction]:
        with self._open() as base:
            found = base.execute(f"SELECT * FROM transactions WHERE {where} ORDER BY id", values)  # noqa: S608 - our own words
            return [_transaction(row) for row in found]


def _keep(base: sqlite3.Connection, header: Header, response: str) -> None:
    where = "sale_id = ? AND service_id = ?"
    base.execute(f"UPDATE messages SET response = ? WHERE {where}", (response, header.sale_id, header.service_id))  # noqa: S608


def _become(base: sqlite3.Connection, number: int, state: str) -> None:
    base.execute("UPDATE transactions SET state = ? WHERE id = ?", (state, number))


def _sum(sales: list[Transaction]) -> int:
    return sum(sale.amount_minor for sale in sales)


def _transaction(row: tuple[Any, ...]) -> Transaction:
    return msgspec.convert(dict(zip(Transaction.__struct_fields__, row, strict=True)), Transaction)


def _row(deed: Transaction) -> dict[str, Any]:
    return {
        "reference": deed.reference,
        "amount_minor": deed.amount_minor,
        "currency": deed.currency,
        "outcome": deed.state,
        "transaction_id": deed.transaction_id,
        "service_id": deed.service_id,
        "at": deed.at,
    }
