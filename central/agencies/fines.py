"""The traffic police: fines, by number plate and ticket, a fifth cheaper within ten days of their issue."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import sqlalchemy as sa

from central.agencies.agency import Bill, Done, answer, masked
from central.days import written
from central.problems import Refusal
from central.schema import fines
from central.store import Connection
from kiosk.uplink.messages import Amount, QuoteLine, SubmissionRequest, Texts

DISCOUNT_PERCENT = 20
DISCOUNT_DAYS = 10

ISSUED = {"az": "Tərtib olunub", "ru": "Составлен", "en": "Issued"}
FINE = {"az": "Cərimə", "ru": "Штраф", "en": "Fine"}
DISCOUNT = {
    "az": f"Endirim, {DISCOUNT_PERCENT} %",
    "ru": f"Скидка, {DISCOUNT_PERCENT} %",
    "en": f"Discount, {DISCOUNT_PERCENT} %",
}
LAST_DAY = {"az": "Endirimin son günü", "ru": "Последний день скидки", "en": "Last day of the discount"}
ENDED = {"az": "Endirim müddəti bitib", "ru": "Срок скидки истёк", "en": "The discount ended"}


class Fines:
    """Finds fines by ``plate`` and ``ticket`` together: one alone tells nothing."""

    service = "traffic-fine"
    free = False

    def subject(self, answers: dict[str, str]) -> str:
        """Return ``plate/ticket``."""
        return f"{answer(answers, 'plate')}/{answer(answers, 'ticket')}"

    def bill(self, connection: Connection, subject: str, today: date) -> Bill:
        """Return a fine, with its discount while that lasts."""
        fine = connection.execute(sa.select(fines).where(is_about(subject))).one_or_none()
        if fine is None:
            raise Refusal("unknown-account")
        if fine.settled:
            raise Refusal("nothing-due")
        last_day = date.fromisoformat(fine.issued_on) + timedelta(days=DISCOUNT_DAYS)
        discount_minor = fine.amount_minor * DISCOUNT_PERCENT // 100 if today <= last_day else 0
        lines = (
            QuoteLine(offences()[fine.offence]),
            QuoteLine(ISSUED, written(fine.issued_on)),
            QuoteLine(FINE, amount=Amount(fine.amount_minor)),
            *([QuoteLine(DISCOUNT, amount=Amount(-discount_minor))] if discount_minor else []),
            QuoteLine(LAST_DAY if discount_minor else ENDED, written(last_day)),
        )
        return Bill(fine.amount_minor - discount_minor, 0, masked(fine.owner), lines)

    def carry_out(self, tx: Connection, request: SubmissionRequest, amount_minor: int, _at_ms: int) -> Done:
        """Settle a fine with what was quoted. The discount is that of the quote, however late the payment arrives here."""
        mine = is_about(self.subject(request.answers))
        before = tx.execute(sa.select(fines.c.settled).where(mine).with_for_update()).scalar_one_or_none()
        if before is None:
            return Done("unplaced")
        tx.execute(sa.update(fines).where(mine).values(paid_minor=fines.c.paid_minor + amount_minor, settled=True))
        return Done("overpaid" if before else "accepted")


def is_about(subject: str) -> sa.ColumnElement[bool]:
    """Return the condition for a subject."""
    plate, _, ticket = subject.partition("/")
    return sa.and_(fines.c.plate == plate, fines.c.ticket == ticket)


@cache
def offences() -> dict[str, Texts]:
    """Return the offences' names by their word."""
    table: dict[str, Texts] = tomllib.loads(files("central.agencies").joinpath("offences.toml").read_text("utf-8"))
    return table
