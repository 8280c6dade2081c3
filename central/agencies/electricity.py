"""The electricity supplier: what a customer owes, by customer number. The whole debt is paid at once."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from central.agencies.agency import Bill, Done, answer, masked
from central.days import written
from central.problems import Refusal
from central.schema import electricity_accounts as accounts
from central.store import Connection
from kiosk.uplink.messages import Amount, QuoteLine, SubmissionRequest

FEE_MINOR = 40
"""The centre's fee for one payment, whatever the amount."""

PERIOD = {"az": "Dövr", "ru": "Период", "en": "Period"}
METER = {"az": "Sayğac, kVt·saat", "ru": "Счётчик, кВт·ч", "en": "Meter, kWh"}
CURRENT = {"az": "Bu dövr üçün", "ru": "За этот период", "en": "For this period"}
ARREARS = {"az": "Əvvəlki borc", "ru": "Прежний долг", "en": "Earlier debt"}
PAID = {"az": "Artıq ödənilib", "ru": "Уже оплачено", "en": "Paid already"}
DUE_ON = {"az": "Son ödəniş günü", "ru": "Оплатить до", "en": "To be paid by"}


class Electricity:
    """Finds accounts by ``customer_number``."""

    service = "electricity"
    free = False

    def subject(self, answers: dict[str, str]) -> str:
        """Return the customer number."""
        return answer(answers, "customer_number")

    def bill(self, connection: Connection, subject: str, _today: date) -> Bill:
        """Return the whole debt of an account."""
        account = connection.execute(sa.select(accounts).where(accounts.c.number == subject)).one_or_none()
        if account is None:
            raise Refusal("unknown-account")
        owed_minor = account.current_minor + account.arrears_minor - account.paid_minor
        if owed_minor <= 0:
            raise Refusal("nothing-due")
        payer = account.payer if account.organisation else masked(account.payer)
        return Bill(owed_minor, FEE_MINOR, payer, lines_of(account))

    def carry_out(self, tx: Connection, request: SubmissionRequest, amount_minor: int, _at_ms: int) -> Done:
        """Book a payment. One that comes on top of another is booked too: it is the customer's credit."""
        mine = accounts.c.number == self.subject(request.answers)
        tx.execute(sa.update(accounts).where(mine).values(paid_minor=accounts.c.paid_minor + amount_minor))
        account = tx.execute(sa.select(accounts).where(mine)).one_or_none()
        if account is None:
            return Done("unplaced")
        overpaid = account.paid_minor > account.current_minor + account.arrears_minor
        return Done("overpaid" if overpaid else "accepted")


def lines_of(account: sa.Row[tuple[object, ...]]) -> tuple[QuoteLine, ...]:
    """Return the bill line by line: what for, how measured, how much, until when."""
    used_kwh = account.reading_now_kwh - account.reading_before_kwh
    lines = [
        QuoteLine(PERIOD, f"{written(account.period_from)} – {written(account.period_to)}"),
        QuoteLine(METER, f"{account.reading_before_kwh} – {account.reading_now_kwh} ({used_kwh})"),
    ]
    if account.arrears_minor or account.paid_minor:  # else it is the amount itself, said below in large figures
        lines.append(QuoteLine(CURRENT, amount=Amount(account.current_minor)))
    if account.arrears_minor:
        lines.append(QuoteLine(ARREARS, amount=Amount(account.arrears_minor)))
    if account.paid_minor:
        lines.append(QuoteLine(PAID, amount=Amount(account.paid_minor)))
    return (*lines, QuoteLine(DUE_ON, written(account.due_on)))
