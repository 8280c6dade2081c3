"""The simulated register's token: its numbered documents and its shift, in SQLite, as they survive every power cut."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from hardware.sim_memory import DurableMemory

BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
SHORT_CHARACTERS: Final = 12
SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS token (id INTEGER PRIMARY KEY CHECK (id = 1), shift INTEGER NOT NULL, opened TEXT NOT NULL,
    online TEXT NOT NULL, unprinted INTEGER NOT NULL);
INSERT OR IGNORE INTO token VALUES (1, 0, '', '', 0);
CREATE TABLE IF NOT EXISTS documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT, shift INTEGER NOT NULL, shift_number INTEGER NOT NULL, kind TEXT NOT NULL,
    at TEXT NOT NULL, sum_minor INTEGER NOT NULL, cash_minor INTEGER NOT NULL, cashless_minor INTEGER NOT NULL,
    bonus_minor INTEGER NOT NULL, vat TEXT NOT NULL, parent TEXT, int_ref TEXT, cashier TEXT NOT NULL, request TEXT NOT NULL,
    long_id TEXT NOT NULL UNIQUE, sent INTEGER NOT NULL DEFAULT 0);
"""


class Document(Struct, frozen=True, kw_only=True):
    """One signed document; amounts in qəpik, ``at`` in UTC, ``vat`` as JSON of (rate or null, turnover in qəpik)."""

    number: int = 0
    shift: int = 0
    shift_number: int = 0
    kind: str
    at: str
    sum_minor: int = 0
    cash_minor: int = 0
    cashless_minor: int = 0
    bonus_minor: int = 0
    vat: str = "[]"
    parent: str | None = None
    int_ref: str | None = None
    cashier: str = ""
    request: str = ""
    long_id: str = ""
    sent: int = 0

    @property
    def short_id(self) -> str:
        """The identifier as people read it."""
        return self.long_id[:SHORT_CHARACTERS]


class Token(Struct, frozen=True):
    """The token's state.

    Number of the last shift, when the open one began ("": closed), when it was online last, and the document that is not
    printed yet (0: none).
    """

    id: int
    shift: int
    opened: str
    online: str
    unprinted: int


class Memory(DurableMemory):
    """All that one token remembers. Each method is one durable step; any thread may call it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "fiscal.sqlite", SCHEMA)

    def token(self) -> Token:
        """Give the state."""
        with self._open() as base:
            return msgspec.convert(dict(base.execute("SELECT * FROM token").fetchone()), Token)

    def note(self, **changes: int | str) -> None:
        """Change the state."""
        with self._open() as base:
            for name, value in changes.items():
                base.execute(f"UPDATE token SET {name} = ?", (value,))  # noqa: S608 - our own names

    def add(self, document: Document) -> Document:
        """Sign a document of the shift and give it its numbers."""
        with self._open() as base:
            shift = base.execute("SELECT shift FROM token").fetchone()[0]
            count = base.execute("SELECT count(*) FROM documents WHERE shift = ?", (shift,)).fetchone()[0]
            last = base.execute("SELECT coalesce(max(number), 0) FROM documents").fetchone()[0]
            signed = msgspec.structs.replace(
                document,
                number=last + 1,
                shift=shift,
                shift_number=count + 1,
                long_id=identifier(f"{self._path}:{last + 1}:{document.at}"),
            )
            row = msgspec.structs.asdict(signed)
            names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
            base.execute(f"INSERT INTO documents ({names}) VALUES ({marks})", row)  # noqa: S608 - our own names
            return signed

    def last_number(self) -> int:
        """Give the number of the last document; 0 before the first."""
        documents = self.documents()
        return documents[-1].number if documents else 0

    def documents(self, shift: int | None = None) -> list[Document]:
        """Give all documents, or those of one shift, oldest first."""
        where = "" if shift is None else "WHERE shift = :shift"
        with self._open() as base:
            rows = base.execute(f"SELECT * FROM documents {where} ORDER BY number", {"shift": shift})  # noqa: S608
            return [msgspec.convert(dict(row), Document) for row in rows]

    def find(self, long_id: str) -> Document | None:
        """Find a document by its whole identifier."""
        return next((document for document in self.documents() if document.long_id == long_id), None)

    def send(self, at: str) -> None:
        """Be online at this time: the tax service has every document."""
        with self._open() as base:
            base.execute("UPDATE documents SET sent = 1")
            base.execute("UPDATE token SET online = ?", (at,))

    def unsent(self) -> list[Document]:
        """Give the documents that the tax service does not have, oldest first."""
        return [document for document in self.documents() if not document.sent]


def identifier(signed: str) -> str:
    """Make the identifier of what was signed: 32 bytes in Base58."""
    number = int.from_bytes(hashlib.sha256(signed.encode()).digest(), "big") | 1 << 255
    digits = ""
    while number:
        number, digit = divmod(number, len(BASE58))
        digits = BASE58[digit] + digits
    return digits


def utc(moment: datetime) -> str:
    """Write a time as the token does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def vat_of(document: Document) -> list[tuple[str | None, int]]:
    """Give the turnover by rate: (rate as text or None, qəpik)."""
    return [(rate, minor) for rate, minor in json.loads(document.vat)]
