"""What the simulated register does: shifts, documents, returns and reports, by the rules of its token.

Source: README.md. What is not published there is marked [?] and done here as the page says.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any, Final

from hardware.fiscal import sim_checks
from hardware.fiscal.sim_controls import Controls, Instant
from hardware.fiscal.sim_memory import Document, Memory, Token, utc
from hardware.fiscal.sim_reports import history, ledger_row, totals
from hardware.fiscal.sim_words import QUEUE, Refused
from hardware.sim_life import Life

SHIFT_HOURS: Final = 24
OFFLINE_DAYS: Final = 5  # [?]
SERIAL: Final = "2001G57500300007"
QR_URL: Final = "https://monitoring.e-kassa.gov.az/#/index?doc="
Answer = dict[str, Any]


class Register:
    """One register for one stretch of power. ``clock`` gives its time in UTC.

    ``instant`` is passed wherever the power can be cut, and raises PowerCut when it is.
    """

    def __init__(
        self,
        folder: Path,
        controls: Controls,
        life: Life,
        clock: Callable[[], datetime],
        instant: Callable[[Instant], None],
    ) -> None:
        self.memory = Memory(folder)
        self.controls = controls
        self.life = life
        self._clock = clock
        self._instant = instant
        self._queue = Lock()

    def now(self) -> datetime:
        """Give the register's time, which the bench can move on."""
        return self._clock() + timedelta(hours=self.controls.later_hours)

    def meet_tax_service(self) -> None:
        """Send what was kept, if the tax service can be reached."""
        if not self.controls.faults.offline:
            with self.life.step():
                self.memory.send(utc(self.now()))

    def info(self) -> Answer:
        """Describe the token."""
        token = self.memory.token()
        data = {
            "cashbox_factory_number": "004E001F594B500920373357",
            "cashbox_tax_number": "2000000001",
            "cashregister_factory_number": SERIAL,
            "cashregister_model": "SIMULATOR",
            "company_name": "“KÖŞK” MMC",
            "company_tax_number": "1234567891",
            "firmware_version": "2.20.0",
            "last_doc_number": self.memory.last_number(),
            "last_online_time": token.online,
            "not_after": "2029-01-01T00:00:00Z",
            "not_before": "2026-01-01T00:00:00Z",
            "object_address": "Bakı şəhəri",
            "object_name": "KÖŞK",
            "object_tax_number": "1234567891-11001",
            "qr_code_url": QR_URL,
            "state": "ACTIVE",
        }
        return {"data": data}

    def shift_status(self) -> Answer:
        """Say whether a shift is open and since when."""
        opened = self.memory.token().opened
        desc = "shift is open" if opened else "shift is close"
        return {"desc": desc, "serial": SERIAL, "shiftStatus": bool(opened), "shift_open_time": opened}

    def open_shift(self) -> Answer:
        """Begin a shift."""
        token = self.memory.token()
        if token.opened:
            raise Refused(1250)
        with self.life.step():
            self.memory.note(shift=token.shift + 1, opened=utc(self.now()))
        return {}

    def close_shift(self) -> Answer:
        """End the shift with a report, which is a document too [?]."""
        token = self._open_token(1250)
        report = self._report(token)
        document = self._make(Document(kind="z_report", at=utc(self.now())), closing=True)
        report["document_id"] = document.long_id
        return {"data": report}

    def x_report(self) -> Answer:
        """Sum up the open shift."""
        return {"_z": 0, "data": self._report(self._open_token(1250))}

    def _report(self, token: Token) -> Answer:
        documents = self.memory.documents(token.shift)
        numbers = [document.number for document in documents]
        return {
            "createdAtUtc": utc(self.now()),
            "currencies": [totals(documents)],
            "docCountToSend": len(self.memory.unsent()),
            "document_id": "",
            "firstDocNumber": numbers[0] if numbers else 0,
            "lastDocNumber": numbers[-1] if numbers else 0,
            "reportNumber": token.shift,
            "shiftOpenAtUtc": token.opened,
        }

    def create(self, kind: str, raw: Any, int_ref: str | None) -> Answer:
        """Make a sale, a return or a correction of tokenData."""
        parameters = sim_checks.read(raw)
        if parameters.prev_doc_number is not None and parameters.prev_doc_number != self.memory.last_number():
            raise Refused(505)
        body = sim_checks.check(parameters, kind)
        parent = self._parent(body.parent_document, minor(body.sum)) if kind == "money_back" else None
        vat = [
            (None if each.vat_percent is None else str(each.vat_percent), minor(each.vat_sum))
            for each in body.vat_amounts
        ]
        document = Document(
            kind=kind,
            at=utc(self.now()),
            sum_minor=minor(body.sum),
            cash_minor=minor(body.cash_sum),
            cashless_minor=minor(body.cashless_sum),
            bonus_minor=minor(body.bonus_sum),
            vat=json.dumps(vat),
            parent=parent.long_id if parent else None,
            int_ref=int_ref,
            cashier=body.cashier,
            request=json.dumps(raw, default=float, ensure_ascii=False),
        )
        return self._tell(self._issue(document))

    def move_cash(self, kind: str, raw: Any) -> Answer:
        """Put cash into the drawer or take it out."""
        try:
            amount = Decimal(raw["parameters"]["data"]["cashSum"])
        except (KeyError, TypeError, ArithmeticError):
            raise Refused(304) from None
        if amount <= 0 or amount != amount.quantize(sim_checks.CENT):
            raise Refused(607)
        document = Document(kind=kind, at=utc(self.now()), sum_minor=minor(amount), cash_minor=minor(amount))
        return self._tell(self._issue(document))

    def rollback(self, long_id: str) -> Answer:
        """Cancel a whole sale of the open shift."""
        sale = self._parent(long_id, 0)
        if sale.shift != self._open_token(503).shift:
            raise Refused(503)
        if self._returned(sale):
            raise Refused(1312)
        document = Document(
            kind="rollback",
            at=utc(self.now()),
            sum_minor=sale.sum_minor,
            cash_minor=sale.cash_minor,
            cashless_minor=sale.cashless_minor,
            bonus_minor=sale.bonus_minor,
            vat=sale.vat,
            parent=sale.long_id,
            cashier=sale.cashier,
        )
        return self._tell(self._issue(document))

    def _parent(self, long_id: str, sum_minor: int) -> Document:
        sale = self.memory.find(long_id)
        if sale is None or sale.kind != "sale":
            raise Refused(216)
        children = [document for document in self.memory.documents() if document.parent == long_id]
        cancelled = any(child.kind == "rollback" for child in children)
        if cancelled or self._returned(sale) + sum_minor > sale.sum_minor:
            raise Refused(1312)
        return sale

    def _returned(self, sale: Document) -> int:
        return sum(document.sum_minor for document in self.memory.documents() if document.parent == sale.long_id)

    def reprint(self) -> Answer:
        """Print what could not be printed."""
        if self.controls.faults.printing:
            raise Refused(1210)
        with self.life.step():
            self.memory.note(unprinted=0)
        return {}

    def copy(self, long_id: str) -> Answer:
        """Print a document again."""
        document = self.memory.find(long_id)
        if document is None:
            raise Refused(216)
        if self.controls.faults.printing:
            raise Refused(1210)
        return self._tell(document)

    def history(self, start: Any, end: Any) -> Answer:
        """List the documents of a period."""
        try:
            return {"transactions": history(self.memory.documents(), start, end)}
        except (ValueError, TypeError):
            raise Refused(1301) from None

    def ledger(self) -> list[dict[str, Any]]:
        """Tell the bench of every document."""
        return [ledger_row(document) for document in self.memory.documents()]

    def _open_token(self, code: int) -> Token:
        token = self.memory.token()
        if not token.opened:
            raise Refused(code)
        return token

    def _issue(self, document: Document) -> Document:
        """Make a document if shift, paper and the tax service allow it, and print it."""
        token = self._open_token(503)
        if self.now() - datetime.fromisoformat(token.opened) > timedelta(hours=SHIFT_HOURS):
            raise Refused(504)
        unsent = self.memory.unsent()
        if unsent and self.now() - datetime.fromisoformat(unsent[0].at) > timedelta(days=OFFLINE_DAYS):
            raise Refused(604)
        if token.unprinted:
            raise Refused(1200)
        made = self._make(document)
        if self.controls.faults.printing:
            raise Refused(1412)
        return made

    def _make(self, document: Document, *, closing: bool = False) -> Document:
        self._instant("before")
        with self.life.step():
            made = self.memory.add(document)
            if closing:
                self.memory.note(opened="")
            elif self.controls.faults.printing:
                self.memory.note(unprinted=made.number)
        self.meet_tax_service()
        self._instant("made")
        return made

    def _tell(self, document: Document) -> Answer:
        return {
            "document_number": document.number,
            "long_id": document.long_id,
            "shift_document_number": document.shift_number,
            "short_id": document.short_id,
        }

    def take_turn(self) -> Lock:
        """Give the queue's lock, taken. Refused 1412 when somebody has it."""
        if self.controls.faults.queue or not self._queue.acquire(blocking=False):
            raise Refused(1412, QUEUE)
        return self._queue


def minor(amount: Decimal) -> int:
    """Turn manat into qəpik."""
    return int(amount * 100)
