"""Finds a sale among the register's documents by our reference (README.md, "When an answer is lost")."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hardware.fiscal import answers, messages
from hardware.fiscal.answers import Info, TokenDocument, TokenResponse, Transaction
from hardware.fiscal.session import Session, good
from kiosk.domain.faults import ProtocolError
from kiosk.domain.fiscal import FiscalDocument, Sale

MARGIN = timedelta(days=1)
"""So far kiosk's and register's clock may differ before the whole history is asked for."""
EVER = ("2000-01-01 00:00:00", "2099-12-31 23:59:59")


def find(session: Session, sale: Sale, info: Info, timezone: str, limit: float) -> FiscalDocument | None:
    """Return the document with the sale's reference; None: the register knows of none. DeviceFault if it cannot tell.

    The days around the sale are enough where they show the register's last document; else the whole history is asked for.
    """
    rows = rows_of(session, around(sale, timezone), limit)
    found = matching(rows, sale)
    if (
        found is None
        and info.last_doc_number
        and info.last_doc_number not in [each.document_number for _, each in rows]
    ):
        found = matching(rows_of(session, EVER, limit), sale)
    return None if found is None else document_of(found, sale, info)


def around(sale: Sale, timezone: str) -> tuple[str, str]:
    """Return the period from a day before the sale to a day from now, as the register writes local times."""
    zone = ZoneInfo(timezone)
    made, now = datetime.fromtimestamp(sale.made_at_ms / 1000, UTC), datetime.now(UTC)
    first, last = min(made, now) - MARGIN, max(made, now) + MARGIN
    return (f"{first.astimezone(zone):%Y-%m-%d %H:%M:%S}", f"{last.astimezone(zone):%Y-%m-%d %H:%M:%S}")


def rows_of(session: Session, period: tuple[str, str], limit: float) -> list[tuple[Transaction, TokenDocument]]:
    """Return the documents of a period."""
    first, last = period
    told = good(session.ask(messages.HISTORY, limit, date_start=first, date_end=last)).transactions
    return [(row, answers.part(row.token_response, TokenResponse).data) for row in told]


def matching(rows: list[tuple[Transaction, TokenDocument]], sale: Sale) -> tuple[Transaction, TokenDocument] | None:
    """Return the first document with the sale's reference."""
    mine = [row for row in rows if row[0].int_ref == sale.reference]
    return min(mine, key=lambda row: row[1].document_number, default=None)


def document_of(found: tuple[Transaction, TokenDocument], sale: Sale, info: Info) -> FiscalDocument:
    """Return a document of the history. ProtocolError if it is about another amount."""
    row, told = found
    if row.summary_money is not None and row.summary_money != messages.manat(sale.total):
        raise ProtocolError(f"the register knows {sale.reference} with another amount: {row.summary_money}")
    return made(
        sale, info, told.document_id, told.short_document_id, int(told.document_number), int(told.shift_document_number)
    )


def made(sale: Sale, info: Info, long_id: str, short_id: str, number: int, shift_number: int) -> FiscalDocument:
    """Return a document with what the receipt repeats of the register. ProtocolError without identifier or number."""
    if not long_id or not number:
        raise ProtocolError("the register tells neither identifier nor number of a document")
    return FiscalDocument(
        fiscal_id=long_id,
        short_id=short_id or long_id[:12],
        number=number,
        shift_number=shift_number,
        amount=sale.total,
        register=info.cashregister_factory_number,
        registration=info.cashbox_tax_number,
        url=info.qr_code_url.strip() + long_id if info.qr_code_url.strip() else "",
    )
