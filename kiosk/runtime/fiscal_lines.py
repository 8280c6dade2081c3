"""What a receipt repeats of the registered sale: identifier, numbers, the tax in it, and the code that proves it."""

from __future__ import annotations

from kiosk.domain.fiscal import FiscalDocument
from kiosk.domain.money import Money
from kiosk.domain.receipt import Gap, Qr, ReceiptLine, Row, Rule, Text
from kiosk.runtime.sheet import Sheet

QR_MM = 24.0
"""About 100 characters: 37 modules a side, 5 dots each."""


def fiscal_lines(sheet: Sheet, rows: tuple[str, ...]) -> list[ReceiptLine]:
    """Return the registered sale in these rows; that it follows, where it is not registered yet; nothing without a register.

    On a copy its mark stands in the midst of them: cut off, they would else be the original's.
    """
    journey = sheet.journey
    if journey is None:
        return []
    if journey.fiscal is None:
        due = journey.fiscal_due
        return [Rule(), Text(sheet.text(f"paper-fiscal-{due}"))] if due else []
    document = journey.fiscal
    lines: list[ReceiptLine] = [Rule(), Text(sheet.both("paper-fiscal"), bold=True)]
    lines += [row for name in rows if (row := row_of(sheet, document, name)).value]
    if sheet.copy:
        lines.append(Text(sheet.both("paper-copy", number=str(sheet.copy)), "centre", bold=True))
    if document.url:
        lines += [Gap(1), Qr(document.url, QR_MM), Text(sheet.text("paper-fiscal-verify"), "centre", "small")]
    return lines


def row_of(sheet: Sheet, document: FiscalDocument, name: str) -> Row:
    """Return one row; one without a value does not apply."""
    label = f"paper-fiscal-{name.replace('_', '-')}"
    if name == "vat":
        rate = document.vat_percent
        value = "" if rate is None else sheet.money(tax_in(document.amount, rate))
        return Row(sheet.text(label, percent=str(rate)), value, size="small")
    values = {
        "registered": sheet.money(document.amount),
        "fiscal_id": document.short_id,
        "document": str(document.number),
        "shift_document": str(document.shift_number),
        "register": document.register,
        "registration": document.registration,
    }
    return Row(sheet.text(label), values[name], size="small")


def tax_in(amount: Money, rate: int) -> Money:
    """Return the tax in an amount that holds it, rounded to the nearest minor unit, half of one up."""
    whole = 100 + rate
    return Money((2 * amount.minor * rate + whole) // (2 * whole), amount.currency)
