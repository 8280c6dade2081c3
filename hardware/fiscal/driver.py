"""A fiscal register that takes ``POST /v2``: the driver of ``kiosk.ports.FiscalRegister`` (README.md).

A sale goes out with the number that the register's last document must have, and only after its reference was looked up: what was
made already, by whatever request, is found or refused, and never made twice. A lost answer is Unresolved; ``outcome_of`` asks.
"""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from hardware.fiscal import answers, history, messages
from hardware.fiscal.answers import Answer, Info, Report
from hardware.fiscal.checks import health_of, run_checks
from hardware.fiscal.session import Session
from hardware.fiscal.settings import FiscalSettings, read_password
from hardware.http_post import NotSent
from kiosk.domain.faults import DeviceFault, ProtocolError
from kiosk.domain.fiscal import (
    NOT_MADE,
    DayOutcome,
    FiscalDocument,
    Refused,
    Registered,
    RegisterOutcome,
    Sale,
    ShiftTotals,
)
from kiosk.domain.health import Failed, Health, SelfTest
from kiosk.domain.money import Money
from kiosk.domain.payment import Unresolved

_log = logging.getLogger(__name__)

ROUNDS = 8
"""So often a sale may meet something that can be mended: no session, no shift, an old one, another last document, busy."""
SELF_TEST_S = 25.0


def open_driver(settings: FiscalSettings) -> EkassaRegister:
    """Return the driver; the register may be away. ConfigError for a password or CA file that cannot be used."""
    return EkassaRegister(settings)


class EkassaRegister:
    """See ``kiosk.ports.FiscalRegister``. One thread calls everything except ``cancel`` and ``close``."""

    def __init__(self, settings: FiscalSettings) -> None:
        self._settings, self._times = settings, settings.timings
        self._stop = threading.Event()
        self._session = Session(settings, read_password(Path(settings.password_file)), self._stop)
        self._unprinted = False
        self._offline_since: str | None = None

    def register(self, sale: Sale) -> RegisterOutcome:
        """See the port."""
        self._stop.clear()
        if sale.total.currency != messages.CURRENCY:
            return Refused("wrong_currency", sale.total.currency)
        outcome = self._register(sale, self._in(self._times.register_limit_s))
        _log.info("sale %s: %s", sale.reference, type(outcome).__name__)
        return outcome

    def _register(self, sale: Sale, limit: float) -> RegisterOutcome:
        for _ in range(ROUNDS):
            info = self._session.info(limit)
            if (found := self._find(sale, info, limit)) is not None:
                return Registered(found)
            if not self._session.shift_open(limit) and (stuck := self._shift(limit, messages.OPEN)):
                return stuck
            try:
                answer = self._session.sell(sale, int(info.last_doc_number), limit)
            except NotSent:
                raise
            except DeviceFault as fault:
                return Unresolved(f"the sale was sent, and then: {fault}")
            if (outcome := self._judged(answer, sale, info, limit)) is not None:
                return outcome
        return Refused("busy", f"no end of what had to be mended first: {answer.words}")

    def _judged(self, answer: Answer, sale: Sale, info: Info, limit: float) -> RegisterOutcome | None:
        """Return what an answer means; None once what stood in the way is out of it, so that the sale may be sent again."""
        match answer.code:
            case answers.OK:
                self._unprinted, self._offline_since = False, None
                return _registered(answer, sale, info)
            case answers.NOT_NOW if not answer.busy:
                self._unprinted = True
                return self._surely(sale, info, limit)
            case answers.OFFLINE:
                self._offline_since = info.last_online_time
                return Refused("offline", answer.words)
            case answers.CERTIFICATE:
                return Refused("certificate", answer.words)
            case code if code in answers.REFUSALS:
                return Refused("refused", answer.words)
        return self._mended(answer, limit)

    def _mended(self, answer: Answer, limit: float) -> RegisterOutcome | None:
        """Clear out of the way what can be. The sale was not made: a fault in here says so truly."""
        match answer.code:
            case answers.NO_SESSION:
                self._session.forget()
            case answers.NOT_NOW:
                self._session.rest(self._times.retry_pause_s, limit)
            case answers.NO_SHIFT:
                return self._shift(limit, messages.OPEN)
            case answers.SHIFT_TOO_OLD:
                return self._shift(limit, messages.CLOSE, messages.OPEN)
            case answers.PRINT_FIRST if not self._print_again(limit):
                return Refused("printer", answer.words)
            case answers.OTHER_LAST | answers.PRINT_FIRST:
                pass
            case _:
                return Unresolved(f"the register says {answer.words}")
        return None

    def _shift(self, limit: float, *operations: int) -> Refused | None:
        """Close or open the shift; one that is so already will do."""
        for operation in operations:
            answer = self._session.ask(operation, limit)
            if answer.code not in (answers.OK, answers.SHIFT_STATE):
                return Refused("shift", answer.words)
        return None

    def _surely(self, sale: Sale, info: Info, limit: float) -> RegisterOutcome:
        """Return the document that was made although its paper did not come out."""
        try:
            found = self._find(sale, info, limit)
        except DeviceFault as fault:
            return Unresolved(f"not printed, and then: {fault}")
        return Registered(found) if found else Unresolved("not printed, and not in the history")

    def _print_again(self, limit: float) -> bool:
        self._unprinted = self._session.ask(messages.PRINT_AGAIN, limit).code != answers.OK
        return not self._unprinted

    def outcome_of(self, sale: Sale) -> RegisterOutcome:
        """See the port. A register that is away or busy is asked again until the limit; ``cancel`` ends the pauses."""
        self._stop.clear()
        limit = self._in(self._times.recovery_limit_s)
        evidence, missed = "no time to ask", False
        while True:
            pause_s = self._times.retry_pause_s
            try:
                found = self._find(sale, self._session.info(limit), limit)
            except DeviceFault as fault:
                evidence = str(fault)
            else:
                if found is not None or missed:
                    return Registered(found) if found else Refused(NOT_MADE)
                missed, pause_s = True, self._times.not_found_pause_s
            if self._session.rest(pause_s, limit):
                return Unresolved(f"the register could not be asked: {evidence}")

    def _find(self, sale: Sale, info: Info, limit: float) -> FiscalDocument | None:
        return history.find(self._session, sale, info, self._settings.timezone, limit)

    def close_day(self) -> DayOutcome:
        """See the port."""
        self._stop.clear()
        limit = self._in(self._times.register_limit_s)
        if not self._session.shift_open(limit):
            return Refused("no_shift")
        try:
            answer = self._session.close_shift(limit)
            if answer.code == answers.PRINT_FIRST and self._print_again(limit):
                answer = self._session.close_shift(limit)
        except NotSent:
            raise
        except DeviceFault as fault:
            return Unresolved(f"the shift was to be closed, and then: {fault}")
        if answer.code == answers.OK:
            return _totals(answer)
        if answer.code in (answers.NO_SHIFT, answers.SHIFT_STATE):
            return Refused("no_shift", answer.words)
        return Unresolved(f"the register says {answer.words}")

    def health(self) -> Health:
        """See the port. A document that was not printed is tried once more: until it is out, no other can be made."""
        try:
            limit = self._in(self._times.health_limit_s)
            info = self._session.info(limit)
            if self._unprinted:
                self._print_again(limit)
        except DeviceFault as fault:
            return Failed(fault.reason, str(fault))
        return health_of(info, printer_blocks=self._unprinted, offline_since=self._offline_since)

    def self_test(self) -> SelfTest:
        """See the port."""
        limit = self._in(SELF_TEST_S)
        return run_checks(lambda: self._session.info(limit), lambda: self._session.shift_open(limit), self.health)

    def cancel(self) -> None:
        """See the port. What was sent is waited for; only pauses end."""
        self._stop.set()

    def close(self) -> None:
        """See the port."""
        self._stop.set()
        self._session.close()

    @staticmethod
    def _in(seconds: float) -> float:
        return time.monotonic() + seconds


def _registered(answer: Answer, sale: Sale, info: Info) -> Registered | Unresolved:
    try:
        return Registered(
            history.made(
                sale, info, answer.long_id, answer.short_id, answer.document_number, answer.shift_document_number
            )
        )
    except ProtocolError as fault:
        return Unresolved(str(fault))


def _totals(answer: Answer) -> ShiftTotals | Unresolved:
    try:
        report = answers.part(answer.data, Report)
        sums = [each for each in report.currencies if each.currency == messages.CURRENCY]
        total, cash, cashless = (
            Money(sum(messages.money_of(getattr(each, name)).minor for each in sums))
            for name in ("sale_sum", "sale_cash_sum", "sale_cashless_sum")
        )
    except (ProtocolError, ValueError) as fault:
        return Unresolved(f"the shift is closed, and then: {fault}")
    return ShiftTotals(
        number=int(report.report_number),
        first=int(report.first_doc_number),
        last=int(report.last_doc_number),
        count=int(sum(each.sale_count for each in sums)),
        amount=total,
        cash=cash,
        cashless=cashless,
        unsent=int(report.doc_count_to_send),
    )
