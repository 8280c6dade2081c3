"""What the simulated register tells of its documents: reports of a shift, the history of a period, and the bench's ledger.

Source: README.md, "Shifts", "When an answer is lost". Money leaves as JSON numbers of manat.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from hardware.fiscal.sim_memory import Document, vat_of
from hardware.fiscal.sim_words import CHECK_TYPES, SUCCESS

BAKU: Final = timezone(timedelta(hours=4))
LOCAL: Final = "%Y-%m-%d %H:%M:%S"
# kind of document → its name in reports
REPORTED: Final = {
    "sale": "sale",
    "money_back": "moneyBack",
    "rollback": "rollback",
    "correction": "correction",
    "deposit": "deposit",
    "withdraw": "withdraw",
}
WAYS: Final = {"Sum": "sum_minor", "CashSum": "cash_minor", "CashlessSum": "cashless_minor", "BonusSum": "bonus_minor"}


def manat(minor: int) -> float:
    """Turn qəpik into what JSON carries."""
    return minor / 100


def totals(documents: list[Document]) -> dict[str, Any]:
    """Sum up documents as ``currencies`` of a report does."""
    row: dict[str, Any] = {"currency": "AZN"}
    for kind, name in REPORTED.items():
        mine = [document for document in documents if document.kind == kind]
        row[f"{name}Count"] = len(mine)
        for way, field in WAYS.items():
            row[f"{name}{way}"] = manat(sum(getattr(document, field) for document in mine))
        row[f"{name}VatAmounts"] = _vat(mine)
    return row


def _vat(documents: list[Document]) -> list[dict[str, float]]:
    sums: dict[str | None, int] = defaultdict(int)
    for document in documents:
        for rate, minor in vat_of(document):
            sums[rate] += minor
    return [
        {"vatSum": manat(minor)} | ({} if rate is None else {"vatPercent": float(rate)}) for rate, minor in sums.items()
    ]


def history(documents: list[Document], start: str, end: str) -> list[dict[str, Any]]:
    """Give the documents between two local times, both included. ValueError where these are none."""
    first, last = (datetime.strptime(moment, LOCAL).replace(tzinfo=BAKU) for moment in (start, end))
    return [_transaction(document) for document in documents if first <= _moment(document) <= last]


def _moment(document: Document) -> datetime:
    return datetime.fromisoformat(document.at)


def _transaction(document: Document) -> dict[str, Any]:
    data = {
        "document_id": document.long_id,
        "document_number": document.number,
        "shift_document_number": document.shift_number,
        "short_document_id": document.short_id,
    }
    return {
        "avans_payment": 0.0,
        "bonus_payment": manat(document.bonus_minor),
        "card_payment": manat(document.cashless_minor),
        "cash_payment": manat(document.cash_minor),
        "check_type": CHECK_TYPES.get(document.kind, 0),
        "credit_payment": 0.0,
        "date": _moment(document).astimezone(BAKU).strftime(LOCAL),
        "documentId": "",
        "id": document.number,
        "int_ref": document.int_ref or "",
        "operationStatus": 1,
        "seller_name": document.cashier,
        "summary_money": manat(document.sum_minor),
        "token_request": document.request,
        "token_response": json.dumps({"code": 0, "data": data, "message": SUCCESS}),
        "transaction_id": document.short_id,
    }


def ledger_row(document: Document) -> dict[str, Any]:
    """Tell the bench of a document; amounts in qəpik."""
    return {
        "document_number": document.number,
        "shift": document.shift,
        "shift_document_number": document.shift_number,
        "kind": document.kind,
        "at": document.at,
        "sum_minor": document.sum_minor,
        "cash_minor": document.cash_minor,
        "cashless_minor": document.cashless_minor,
        "int_ref": document.int_ref,
        "parent": document.parent,
        "long_id": document.long_id,
        "short_id": document.short_id,
        "sent": bool(document.sent),
    }
