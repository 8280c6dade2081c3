"""Finds a sale among the register's documents by our reference (README.md, "When an answer is lost")."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hardware.fiscal import answers, messages
from hardware.fiscal.answers import Info, TokenDocument, TokenResponse, Transaction
from hardware.fiscal.session import Session, good
from kiosk.domain.faults import ProtocolError
from kiosk.domain.fiscal import FiscalDocument, Sale, is_address

MARGINS = (timedelta(days=1), timedelta(days=31), timedelta(days=366))
"""So far kiosk's and register's clock may differ, step by step: a year's documents may be more than one answer holds."""
EVER = ("2000-01-01 00:00:00", "2099-12-31 23:59:59")


def find(session: Session, sale: Sale, info: Info, timezone: str, limit: float) -> FiscalDocument | None:
    """Return the document with the sale's reference; None: the register knows of none. DeviceFault if it cannot tell.

    The days around the sale are enough where they show the register's last document, or the one before it (a Z report
    may be counted and not listed); else more days are asked for, and in the end the whole history.
    """
    for period in (*(around(sale, timezone, margin) for margin in MARGINS), EVER):
        rows = rows_of(session, period, limit, sale.reference)
        found = matching(rows, sale)
        if found is not None:
            return document_of(found, sale, info)
        newest = max((each.document_number for _, each in rows), default=Decimal(0))
        if newest >= info.last_doc_number - 1:
            break
    return None


def around(sale: Sale, timezone: str, margin: timedelta) -> tuple[str, str]:
    """Return the period from so long before the sale to so long from now, as the register writes local times."""
    zone = ZoneInfo(timezone)
    made, now = datetime.fromtimestamp(sale.made_at_ms / 1000, UTC), datetime.now(UTC)
    first, last = min(made, now) - margin, max(made, now) + margin
    return (f"{first.astimezone(zone):%Y-%m-%d %H:%M:%S}", f"{last.astimezone(zone):%Y-%m-%d %H:%M:%S}")


def rows_of(
    session: Session, period: tuple[str, str], limit: float, reference: str
) -> list[tuple[Transaction, TokenDocument]]:
    """Return the documents of a period that can be read; one that cannot is somebody else's, unless it names our reference."""
    first, last = period
    found = []
    for told in good(session.ask(messages.HISTORY, limit, date_start=first, date_end=last)).transactions:
        try:
            row = answers.part(told, Transaction)
            found.append((row, answers.part(row.token_response or "", TokenResponse).data))
        except ProtocolError:
            if reference.encode() in bytes(told):
                raise
    return found


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
    short_id = short_id or long_id[:12]
    if not long_id or not number or not (long_id + short_id).isprintable():
        raise ProtocolError("the register tells neither identifier nor number of a document")
    prefix = info.qr_code_url.strip()
    return FiscalDocument(
        fiscal_id=long_id,
        short_id=short_id,
        number=number,
        shift_number=shift_number,
        amount=sale.total,
        register=printable(info.cashregister_factory_number),
        registration=printable(info.cashbox_tax_number),
        url=prefix + long_id if is_address(prefix) else "",
    )


def printable(text: str) -> str:
    """Return a text of the register's set-up as one line of a receipt: anything else in it is left out."""
    return "".join(character for character in text if character.isprintable()).strip()
