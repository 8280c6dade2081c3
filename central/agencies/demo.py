"""Lays down the synthetic people and debts of demo.toml, as if today were the day they were made for."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import sqlalchemy as sa

from central.schema import authorities, electricity_accounts, fines, residents
from central.store import Connection

Row = dict[str, Any]


def seed(tx: Connection, today: date) -> None:
    """Put every row of demo.toml back to its beginning: unpaid again, dates counted from ``today``."""
    table = tomllib.loads(files("central.agencies").joinpath("demo.toml").read_text("utf-8"))
    lay(tx, electricity_accounts, ("number",), [account(row, today) for row in table["electricity"]])
    lay(tx, fines, ("plate", "ticket"), [fine(row, today) for row in table["fine"]])
    lay(tx, residents, ("fin",), table["resident"])
    lay(tx, authorities, ("holder_fin", "subject_fin", "kind"), table["authority"])


def lay(tx: Connection, table: sa.Table, key: tuple[str, ...], rows: list[Row]) -> None:
    """Replace rows by their key; other rows stay."""
    for row in rows:
        tx.execute(sa.delete(table).where(*(table.c[name] == row[name] for name in key)))
        tx.execute(sa.insert(table).values(**row))


def account(row: Row, today: date) -> Row:
    """Complete an account: the bill is for the month before, and due on the 25th of this one, or in a week if that is near."""
    period_to = today.replace(day=1) - timedelta(days=1)
    due_on = max(today.replace(day=25), today + timedelta(days=7))
    return {
        "organisation": False,
        "arrears_minor": 0,
        "paid_minor": 0,
        "period_from": period_to.replace(day=1).isoformat(),
        "period_to": period_to.isoformat(),
        "due_on": due_on.isoformat(),
    } | row


def fine(row: Row, today: date) -> Row:
    """Complete a fine."""
    rest = {name: value for name, value in row.items() if name != "issued_days_ago"}
    issued_on = today - timedelta(days=row["issued_days_ago"])
    return {"paid_minor": 0, "settled": False, "issued_on": issued_on.isoformat()} | rest
