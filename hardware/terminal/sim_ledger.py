"""The terminal's own memory: every transaction, on disk before it is spoken of, kept through power cuts.

A sale is ``authorised`` (approved by the bank, held open) and then ``stored`` or ``auto_reversed``; a stored one can be
``reversed``. ``declined`` and ``cancelled`` sales end at once; a cancelled one never reached a card and has no numbers.
A reversal is a transaction of its own, with its own trace number, that names the sale it takes back.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from hardware.sim_memory import DurableMemory

Kind = Literal["sale", "reversal", "auto_reversal"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS counters (id INTEGER PRIMARY KEY CHECK (id = 1), receipt INTEGER, trace INTEGER, turnover INTEGER, batch INTEGER);
INSERT OR IGNORE INTO counters VALUES (1, 0, 0, 0, 1);
CREATE TABLE IF NOT EXISTS transactions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, state TEXT NOT NULL,
    receipt INTEGER, trace INTEGER, turnover INTEGER, amount_minor INTEGER NOT NULL, currency TEXT NOT NULL,
    at TEXT NOT NULL, result INTEGER NOT NULL, currency_told INTEGER NOT NULL, batch INTEGER NOT NULL, sale INTEGER);
"""


class Numbers(msgspec.Struct, frozen=True):
    """The numbers of one transaction. They count up and begin again after 9999, 999999 and 999999."""

    receipt: int
    trace: int
    turnover: int


class Transaction(msgspec.Struct, frozen=True):
    """One row of the memory. ``result`` is the result code; ``sale`` the id of the sale that a reversal takes back."""

    id: int
    kind: Kind
    state: str
    receipt: int | None
    trace: int | None
    turnover: int | None
    amount_minor: int
    currency: str
    at: str
    result: int
    currency_told: bool
    batch: int
    sale: int | None = None

    @property
    def time(self) -> datetime:
        """When it happened, by the terminal's clock."""
        return datetime.fromisoformat(self.at)


class Ledger(DurableMemory):
    """All transactions of one terminal. Each method is one durable step; any thread may call it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "transactions.sqlite", SCHEMA)

    def next_numbers(self) -> Numbers:
        """Use up one set of numbers."""
        step = "UPDATE counters SET receipt = receipt % 9999 + 1, trace = trace % 999999 + 1, turnover = turnover % 999999 + 1"
        with self._open() as base:
            return Numbers(*base.execute(f"{step} RETURNING receipt, trace, turnover").fetchall()[0])

    def set_next_receipt(self, number: int) -> None:
        """Let the receipt numbers go on from here (1 to 9999)."""
        with self._open() as base:
            base.execute("UPDATE counters SET receipt = ?", (number - 1,))

    def open_sale(self, amount_minor: int, currency: str, at: datetime, *, currency_told: bool) -> Transaction:
        """Write down an authorised sale, before the register hears of it."""
        return self._add("sale", "authorised", self.next_numbers(), amount_minor, currency, at, 0, currency_told)

    def decline(
        self, amount_minor: int, currency: str, at: datetime, result: int, *, currency_told: bool
    ) -> Transaction:
        """Write down a sale that the bank refused."""
        return self._add("sale", "declined", self.next_numbers(), amount_minor, currency, at, result, currency_told)

    def cancel(self, amount_minor: int, currency: str, at: datetime, result: int) -> Transaction:
        """Write down a sale that ended before a card was charged."""
        return self._add("sale", "cancelled", None, amount_minor, currency, at, result, currency_told=False)

    def store(self, sale: Transaction) -> None:
        """Let an authorised sale stand. From here on no auto-reversal is possible (PA00P015 2.2.8)."""
        with self._open() as base:
            base.execute("UPDATE transactions SET state = 'stored' WHERE id = ? AND state = 'authorised'", (sale.id,))

    def auto_reverse(self, sale: Transaction, at: datetime, result: int) -> Transaction:
        """Take an authorised sale back; give the reversal. One that is stored cannot be taken back so: RuntimeError."""
        numbers = self.next_numbers()
        own = Numbers(sale.receipt or 0, numbers.trace, numbers.turnover)
        with self._open() as base:
            update = "UPDATE transactions SET state = 'auto_reversed' WHERE id = ? AND state = 'authorised'"
            if base.execute(update, (sale.id,)).rowcount != 1:
                raise RuntimeError(f"sale {sale.id} is not held open")
            return self._insert(base, "auto_reversal", "stored", own, sale, at, result)

    def reverse(self, sale: Transaction, numbers: Numbers, at: datetime, *, currency_told: bool) -> Transaction:
        """Take a stored sale back by the register's command."""
        told = msgspec.structs.replace(sale, currency_told=currency_told)
        with self._open() as base:
            base.execute("UPDATE transactions SET state = 'reversed' WHERE id = ?", (sale.id,))
            return self._insert(base, "reversal", "stored", numbers, told, at, 0)

    def held_open(self) -> list[Transaction]:
        """Give the sales that nobody acknowledged; after a power cut these must be reversed."""
        return self._select("state = 'authorised' ORDER BY id")

    def last(self) -> Transaction | None:
        """Give the last transaction that was executed (it had a card and an answer), None if there never was one."""
        return next(iter(self._select("state NOT IN ('cancelled', 'authorised') ORDER BY id DESC LIMIT 1")), None)

    def by_id(self, number: int) -> Transaction:
        """Give one transaction."""
        return self._select("id = ?", number)[0]

    def by_receipt(self, receipt: int) -> Transaction | None:
        """Give the newest sale of the open batch with this receipt number."""
        where = "kind = 'sale' AND receipt = ? AND batch = (SELECT batch FROM counters) ORDER BY id DESC LIMIT 1"
        return next(iter(self._select(where, receipt)), None)

    def open_batch(self) -> list[Transaction]:
        """Give the sales that stand since the last end of day."""
        return self._select("kind = 'sale' AND state = 'stored' AND batch = (SELECT batch FROM counters) ORDER BY id")

    def close_batch(self) -> None:
        """End the day: what was sold cannot be reversed by its receipt number any more."""
        with self._open() as base:
            base.execute("UPDATE counters SET batch = batch + 1")

    def rows(self) -> list[dict[str, Any]]:
        """Give every sale and what became of it, oldest first, for comparison with other ledgers."""
        return [_row(sale) for sale in self._select("kind = 'sale' ORDER BY id")]

    def _add(
        self, kind: Kind, state: str, numbers: Numbers | None, amount_minor: int, currency: str, at: datetime,
        result: int, currency_told: bool,
    ) -> Transaction:  # fmt: skip
        with self._open() as base:
            like = Transaction(0, kind, state, None, None, None, amount_minor, currency, "", result, currency_told, 0)
            return self._insert(base, kind, state, numbers, like, at, result)

    def _insert(
        self, base: sqlite3.Connection, kind: Kind, state: str, numbers: Numbers | None, like: Transaction, at: datetime,
        result: int,
    ) -> Transaction:  # fmt: skip
        trio = (numbers.receipt, numbers.trace, numbers.turnover) if numbers else (None, None, None)
        rest = (like.amount_minor, like.currency, at.isoformat(timespec="seconds"), result, like.currency_told)
        insert = (
            "INSERT INTO transactions (kind, state, receipt, trace, turnover, amount_minor, currency, at, result, currency_told,"
            " batch, sale) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT batch FROM counters), ?) RETURNING *"
        )
        return _transaction(base.execute(insert, (kind, state, *trio, *rest, like.id or None)).fetchall()[0])

    def _select(self, where: str, *values: int) -> list[Transaction]:
        with self._open() as base:
            return [_transaction(row) for row in base.execute(f"SELECT * FROM transactions WHERE {where}", values)]  # noqa: S608 - our own words


def _transaction(row: tuple[Any, ...]) -> Transaction:
    named = dict(zip(Transaction.__struct_fields__, row, strict=True))
    return msgspec.convert(named, Transaction, strict=False)


def _row(sale: Transaction) -> dict[str, Any]:
    return {
        "reference": None,
        "amount_minor": sale.amount_minor,
        "currency": sale.currency,
        "outcome": sale.state,
        "receipt_number": None if sale.receipt is None else f"{sale.receipt:04d}",
        "trace": None if sale.trace is None else f"{sale.trace:06d}",
        "turnover": None if sale.turnover is None else f"{sale.turnover:06d}",
        "at": sale.at,
    }
