"""A payment terminal that speaks ZVT over a serial line or TCP: the driver of ``kiosk.ports.PaymentTerminal``.

Order of a sale: ``last_transaction`` (registers, 06 20) → ``pay`` (06 01 ... 04 0F, which stays unanswered) → the caller
journals → ``settle`` (80 00 00 ... 06 0F). Until the answer the terminal may not store the sale, and reverses it by itself
if none comes (PA00P015 rev 13.08, 2.2.8); after it the sale stands even if 06 0F is lost (2.2.9).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from hardware.payments import asked_again, guarded, require_payable
from hardware.terminal import commands, verdict
from hardware.terminal.apdu import Apdu
from hardware.terminal.batch import close_batch
from hardware.terminal.checks import health_of, run_checks
from hardware.terminal.dialogue import Aborted, Held, Refused, accept_into
from hardware.terminal.messages import IntermediateStatus, StatusInformation, progress_word
from hardware.terminal.settings import TerminalSettings
from hardware.terminal.station import Station
from kiosk.domain.faults import DeviceFault, ProtocolError
from kiosk.domain.health import Failed, Health, Ready, SelfTest
from kiosk.domain.money import Money
from kiosk.domain.payment import (
    Approved,
    Authorisation,
    BatchTotals,
    Cancelled,
    Capabilities,
    Declined,
    PaymentOutcome,
    TransactionMark,
    Unresolved,
)
from kiosk.domain.signals import Progress

_log = logging.getLogger(__name__)

LARGEST_MINOR = 10**12 - 1
ALL_OF_IT = Capabilities(two_phase_delivery=True, lookup_last=True, abort_in_card_wait=True, reverse_by_receipt=True)
BUSY_STATUSES = ("9C", "DC", "E1")
"""05 01 says wait, or that a card is still inside: an automatic reversal comes only after the card is taken (2.2.8)."""


def open_driver(settings: TerminalSettings) -> ZvtTerminal:
    """Return the driver; the terminal may be away."""
    return ZvtTerminal(settings)


@dataclass(frozen=True)
class _Open:
    """An approval that the terminal waits to have acknowledged."""

    reference: str
    held: Held
    sale: Authorisation
    since: float


class ZvtTerminal:
    """See ``kiosk.ports.PaymentTerminal``. One thread calls everything except ``cancel``.

    A ``cancel`` before ``pay`` has begun, but after ``last_transaction``, also cancels it: the worker may have been late.
    """

    def __init__(self, settings: TerminalSettings) -> None:
        self._settings, self._times = settings, settings.timings
        self._station = Station(settings)
        self._cancel_wanted = threading.Event()
        self._closed = threading.Event()
        self._open: _Open | None = None

    def capabilities(self) -> Capabilities:
        """See the port. What the protocol offers; a terminal that lacks 06 20 fails its self-test and takes no payment."""
        return ALL_OF_IT

    def last_transaction(self) -> TransactionMark:
        """See the port. Registers anew, so that currency and mode hold for the payment that follows.

        A line that falters is opened anew and asked once more: before a payment, asking twice can charge nobody.
        """
        self._cancel_wanted.clear()
        self._abandon()
        last = asked_again(self._asked_last)
        if last is not None and last.approves and last.mark == verdict.NO_MARK:
            raise ProtocolError(
                "the terminal tells of its last transaction neither number, trace nor time", "no_recovery"
            )
        return last.mark if last else verdict.NO_MARK

    def _asked_last(self) -> StatusInformation | None:
        limit = self._in(self._times.enquiry_limit_s)
        self._station.connect(limit, anew=True)
        return self._station.repeat_receipt(limit)

    def pay(self, amount: Money, reference: str, on_progress: Callable[[Progress], None]) -> PaymentOutcome:
        """See the port. A cancelled payment may still come back approved: the card can be faster than the abort."""
        command = self._authorisation(amount)
        self._abandon()
        if self._cancel_wanted.is_set():
            self._cancel_wanted.clear()
            return Cancelled()
        try:
            self._station.connect(self._in(self._times.enquiry_limit_s))
            return self._pay(command, amount, reference, on_progress)
        finally:
            self._cancel_wanted.clear()

    def _pay(
        self, command: Apdu, amount: Money, reference: str, on_progress: Callable[[Progress], None]
    ) -> PaymentOutcome:
        told: list[StatusInformation] = []

        def judge(status: StatusInformation) -> Apdu | None:
            told.append(status)
            if status.result not in ("00", ""):
                return commands.YES
            as_asked = status.approves and verdict.is_exactly(status, amount, self._settings.currency_code)
            return None if as_asked else commands.NOT_DELIVERED

        limit = self._in(self._times.pay_limit_s)
        dialogue = self._station.dialogue(limit, judge, _reporter(on_progress), self._cancel_wanted)
        try:
            end = dialogue.begin(command)
        except DeviceFault as fault:
            self._station.disconnect()
            return verdict.unapproved(fault, told)
        if isinstance(end, Held):
            sale = verdict.authorisation_of(end.status, amount)
            self._open = _Open(reference, end, sale, time.monotonic())
            return Approved(sale)
        if isinstance(end, Refused | Aborted):
            self._station.refused(end.code)
        return verdict.unapproved(end, told)

    def settle(self, reference: str) -> Approved | Cancelled | Unresolved:
        """See the port."""
        held, self._open = self._open, None
        if held is None or held.reference != reference:
            return Unresolved("no approval of this payment is held open")
        told: list[StatusInformation] = []
        try:
            dialogue = self._station.dialogue(self._in(self._times.settle_limit_s), accept_into(told))
            end, in_time = dialogue.resume(held.held, commands.YES)
        except DeviceFault as fault:
            self._station.disconnect()
            return verdict.settled(fault, told, held.sale, in_time=False)
        sale = replace(held.sale, slip=dialogue.receipts.customer())
        return verdict.settled(end, told, sale, in_time=in_time)

    def outcome_of(self, reference: str, amount: Money, before: TransactionMark) -> PaymentOutcome:
        """See the port. ``cancel`` does not shorten it: whoever waits for this answer has nothing else to go by."""
        self._abandon()
        try:
            last = self._last_when_ready()
        except DeviceFault as fault:
            return Unresolved(f"the terminal could not be asked: {fault}")
        outcome = verdict.recovered(last, amount, self._settings.currency_code, before)
        _log.info("recovery of %s: %s", reference, type(outcome).__name__)
        return outcome

    def reverse(self, authorisation: Authorisation) -> Cancelled | Unresolved | Declined:
        """See the port. Raises DeviceFault only if nothing was asked of the terminal."""
        self._abandon()
        number, amount = authorisation.mark.receipt_number, authorisation.amount
        if not number:
            return Declined("", "the sale has no receipt number to reverse it by")
        command = commands.reversal(self._settings.password, number, amount.minor, self._settings.currency_code)
        self._station.connect(self._in(self._times.enquiry_limit_s))
        told: list[StatusInformation] = []
        evidence = "the terminal did not say how the reversal ended"
        try:
            end = self._station.exchange(command, self._in(self._times.recovery_limit_s / 2), accept_into(told))
            outcome = verdict.reversed_by(end, told)
            if outcome is not None:
                return outcome
        except DeviceFault as fault:
            evidence = f"while reversing: {fault}"
        return self._whether_reversed(authorisation, evidence)

    def _whether_reversed(self, sale: Authorisation, evidence: str) -> Cancelled | Unresolved:
        try:
            last = self._last_when_ready()
        except DeviceFault as fault:
            return Unresolved(f"{evidence}; the terminal could not be asked: {fault}")
        return Cancelled() if verdict.tells_of_reversal(last, sale) else Unresolved(evidence)

    def close_batch(self) -> BatchTotals | Declined | Unresolved:
        """See the port."""
        if self._is_settling():
            raise DeviceFault("a payment is being settled", "busy")
        self._abandon()
        return close_batch(self._station, self._settings)

    def health(self) -> Health:
        """See the port. Leaves the line alone while an approval waits to be settled."""
        if self._is_settling():
            return Ready("a payment is being settled")
        limit = self._in(self._times.health_limit_s)
        try:
            self._station.connect(limit, eager=False)
            return health_of(self._station.enquire(limit))
        except DeviceFault as fault:
            return Failed(fault.reason, str(fault))

    def self_test(self) -> SelfTest:
        """See the port."""
        if not self._is_settling():
            self._abandon()
            self._station.disconnect()
        return run_checks(self._station, self._times, self._settings, settling=self._is_settling())

    def cancel(self) -> None:
        """See the port: asks the terminal to abort; how the payment ends is what the terminal then reports."""
        self._cancel_wanted.set()

    def close(self) -> None:
        """See the port. Ends the pauses of a recovery, too."""
        self._closed.set()
        self._station.disconnect()

    def _last_when_ready(self) -> StatusInformation | None:
        """Reach the terminal, wait until it is ready, and ask for its last transaction; DeviceFault when time is up."""
        limit = self._in(self._times.recovery_limit_s)
        pause_s, asked_to_stop = self._times.retry_first_s, False
        self._station.disconnect()
        while True:
            try:
                return self._last_if_ready(limit)
            except DeviceFault as fault:
                if fault.reason == "busy" and not asked_to_stop:
                    # It may still wait for a card on our behalf; nobody is there any more to pay.
                    self._station.ask_to_stop()
                    asked_to_stop = True
                if time.monotonic() + pause_s >= limit or self._closed.wait(pause_s):
                    raise
                pause_s = min(pause_s * 2, self._times.retry_longest_s)

    def _last_if_ready(self, limit: float) -> StatusInformation | None:
        soon = min(limit, self._in(self._times.enquiry_limit_s))
        self._station.connect(soon)
        status = self._station.enquire(soon)
        if status.code in BUSY_STATUSES:
            raise DeviceFault(f"the terminal is not ready: status {status.code}", "busy")
        return self._station.repeat_receipt(min(limit, self._in(self._times.enquiry_limit_s)))

    def _authorisation(self, amount: Money) -> Apdu:
        settings = self._settings
        require_payable(amount, settings.currency, LARGEST_MINOR)
        code, wait_s, asks = settings.currency_code, settings.delivery_timeout_s, settings.max_status
        return commands.authorisation(amount.minor, code, wait_s, asks)

    def _abandon(self) -> None:
        """Let an approval go that nobody settled: closing the line leaves the terminal to reverse it."""
        if self._open is not None:
            self._open = None
            self._station.disconnect()

    def _is_settling(self) -> bool:
        return self._open is not None and time.monotonic() - self._open.since < self._times.t4_s

    @staticmethod
    def _in(seconds: float) -> float:
        return time.monotonic() + seconds


def _reporter(on_progress: Callable[[Progress], None]) -> Callable[[IntermediateStatus], None]:
    report = guarded(on_progress)
    return lambda status: report(Progress(progress_word(status.code), status.text))
