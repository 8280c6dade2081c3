"""A payment terminal that speaks nexo Retailer 3.0: the driver of ``kiosk.ports.PaymentTerminal``.

Order of a sale: ``last_transaction`` → ``pay`` (one POST, answered when the payment has ended) → the caller journals → ``settle``.
The protocol has no acknowledgement of an approval: once the terminal says Success the money is taken, whether or not anybody
heard it. So ``settle`` only confirms what ``pay`` was told, and asks nobody; an approval that was not heard or not journalled
is found by ``outcome_of``, which asks by the ServiceID of the payment. That follows from the reference and from the mark that
``last_transaction`` returned: its ``turnover_number`` is no word of the terminal's but a number for this one attempt, because an
order may be paid in several attempts under one reference.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from msgspec.structs import replace

from hardware.http_post import NotSent
from hardware.nexo import batch, verdict
from hardware.nexo.amounts import LARGEST_MINOR
from hardware.nexo.checks import health_of, run_checks
from hardware.nexo.identity import fresh_service_id, service_id_of
from hardware.nexo.inquiry import Doubt, Ended, Inquiry, NeverSeen
from hardware.nexo.settings import NexoSettings
from hardware.nexo.station import PAYMENT, REVERSAL, Station
from hardware.nexo.stopping import Stopper
from hardware.payments import asked_again, guarded, require_payable
from kiosk.domain.faults import DeviceFault
from kiosk.domain.health import Failed, Health, SelfTest
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

CAPABILITIES = Capabilities(
    two_phase_delivery=False, lookup_last=True, abort_in_card_wait=True, reverse_by_receipt=True
)


def open_driver(settings: NexoSettings) -> NexoTerminal:
    """Return the driver; the terminal may be away. ConfigError for a CA file that cannot be used."""
    return NexoTerminal(settings)


class NexoTerminal:
    """See ``kiosk.ports.PaymentTerminal``. One thread calls everything except ``cancel`` and ``close``.

    A ``cancel`` before ``pay`` has begun, but after ``last_transaction``, also cancels it: the worker may have been late.
    """

    def __init__(self, settings: NexoSettings) -> None:
        self._settings, self._times = settings, settings.timings
        self._station = Station(settings)
        self._closed = threading.Event()
        self._inquiry = Inquiry(self._station, self._times, self._closed)
        self._cancel_wanted = threading.Event()
        self._attempt = ""
        self._asked_for = ""
        self._approved: tuple[str, Approved] | None = None
        self._known = TransactionMark()

    def capabilities(self) -> Capabilities:
        """See the port. What the protocol offers; a terminal without TransactionStatus takes no payment."""
        return CAPABILITIES

    def last_transaction(self) -> TransactionMark:
        """See the port. Asked once more after an answer that failed: before a payment that can charge nobody."""
        self._cancel_wanted.clear()
        self._approved = None
        mark = asked_again(self._last)
        self._attempt = fresh_service_id()
        return replace(mark, turnover_number=self._attempt)

    def _last(self) -> TransactionMark:
        """Return a payment of ours that the terminal can be asked about later: its last one, or else the last one approved here."""
        repeated = self._inquiry.last(self._in(self._times.enquiry_limit_s)).repeated_message_response
        if repeated is None:
            return self._known
        header, told = repeated.message_header, repeated.repeated_response_message_body.payment_response
        if told is None or header.sale_id not in ("", self._settings.sale_id):
            return self._known
        return verdict.mark_of(told.poi_data.poi_transaction_id, header.service_id)

    def pay(self, amount: Money, reference: str, on_progress: Callable[[Progress], None]) -> PaymentOutcome:
        """See the port. A cancelled payment may still come back approved: the card can be faster than the abort."""
        self._approved = None
        service_id = self._service_id_for(amount, reference)
        if self._cancel_wanted.is_set():
            return Cancelled()
        outcome = self._pay(service_id, amount, reference, on_progress)
        _log.info("payment %s as %s: %s", reference, service_id, type(outcome).__name__)
        if isinstance(outcome, Approved):
            self._approved, self._known = (reference, outcome), outcome.authorisation.mark
        return outcome

    def _service_id_for(self, amount: Money, reference: str) -> str:
        require_payable(amount, self._settings.currency, LARGEST_MINOR)
        service_id = service_id_of(reference, self._attempt)
        if service_id == self._asked_for:
            raise DeviceFault("this payment was asked for already; only a new attempt may be", "no_recovery")
        return service_id

    def _pay(
        self, service_id: str, amount: Money, reference: str, on_progress: Callable[[Progress], None]
    ) -> PaymentOutcome:
        stopper = Stopper(self._cancel_wanted, lambda: self._abort(service_id), self._times.abort_again_s)

        def sent() -> None:
            guarded(on_progress)(Progress("insert_card"))

        self._asked_for = service_id
        try:
            with stopper.watching():
                told = self._station.pay(service_id, amount, reference, self._in(self._times.pay_limit_s), sent)
        except NotSent:
            self._asked_for = ""
            raise
        except DeviceFault as fault:
            return Unresolved(f"the payment was asked for, and then: {fault}")
        return verdict.paid(told, amount, self._settings.minor_digits, reference, service_id)

    def settle(self, reference: str) -> Approved | Cancelled | Unresolved:
        """See the port. The sale stood before: this returns what ``pay`` was told, once."""
        held, self._approved = self._approved, None
        if held is None or held[0] != reference:
            return Unresolved("no approval of this payment waits to be confirmed")
        return held[1]

    def outcome_of(self, reference: str, amount: Money, before: TransactionMark) -> PaymentOutcome:
        """See the port. ``cancel`` does not shorten it: whoever waits for this answer has nothing else to go by.

        Approved means that the terminal also knows of no reversal of the sale by this kiosk.
        """
        self._approved = None
        limit = self._in(self._times.recovery_limit_s)
        service_id = service_id_of(reference, before.turnover_number)
        found = self._inquiry.insist(PAYMENT, service_id, limit)
        outcome: PaymentOutcome
        if isinstance(found, NeverSeen):
            outcome = self._never_taken(before)
        elif isinstance(found, Doubt):
            outcome = Unresolved(found.evidence)
        else:
            outcome = self._found(found, service_id, amount, reference)
        if isinstance(outcome, Approved):
            outcome = self._unless_given_back(outcome)
        _log.info("recovery of %s as %s: %s", reference, service_id, type(outcome).__name__)
        return outcome

    def _found(self, found: Ended, service_id: str, amount: Money, reference: str) -> PaymentOutcome:
        told = found.body.payment_response
        if told is None:
            return Unresolved("the terminal knows of the payment and does not repeat its answer")
        return verdict.paid(told, amount, self._settings.minor_digits, reference, service_id)

    def _never_taken(self, before: TransactionMark) -> Cancelled | Unresolved:
        """Return Cancelled if the terminal's memory reaches back to before the payment, as far as that can be asked.

        It says that it does not know the payment. That it still knows the one before shows that it has not just forgotten.
        Where none was before, nothing shows that.
        """
        if not before.trace_number:
            return Unresolved(
                "the terminal does not know this payment, and none before it that could show that it remembers"
            )
        found = self._inquiry.insist(PAYMENT, before.trace_number, self._in(self._times.enquiry_limit_s))
        if isinstance(found, Ended):
            return Cancelled()
        return Unresolved("the terminal knows neither this payment nor the one before it: it may have forgotten both")

    def _unless_given_back(self, approved: Approved) -> Approved | Cancelled | Unresolved:
        """Return Cancelled if the terminal tells that this sale was given back, by the ServiceID its reversal would have."""
        reversal_id, limit = self._reversal_id(approved.authorisation), self._in(self._times.enquiry_limit_s)
        found = self._inquiry.insist(REVERSAL, reversal_id, limit, must_be_said=1)
        if isinstance(found, NeverSeen) or (isinstance(found, Doubt) and found.refused):
            return approved
        if isinstance(found, Doubt):
            return Unresolved(f"approved; whether it was given back: {found.evidence}")
        outcome = self._given_back(found, approved.authorisation)
        return approved if isinstance(outcome, Declined) else outcome

    def _given_back(self, found: Ended, sale: Authorisation) -> Cancelled | Declined | Unresolved:
        told = found.body.reversal_response
        if told is None:
            return Unresolved("the terminal knows of the reversal and does not repeat its answer")
        final = self._settings.reversals_are_final
        return verdict.given_back(told, sale, self._settings.minor_digits, success_is_final=final)

    def reverse(self, authorisation: Authorisation) -> Cancelled | Unresolved | Declined:
        """See the port. Raises DeviceFault only if nothing was asked of the terminal."""
        if not authorisation.mark.receipt_number:
            return Declined("", "the sale has no transaction number to give it back by")
        service_id, original = self._reversal_id(authorisation), verdict.transaction_of(authorisation.mark)
        limit = self._in(self._times.reversal_limit_s)
        try:
            told = self._station.reverse(service_id, original, authorisation.amount, limit)
        except NotSent:
            raise
        except DeviceFault as fault:
            return self._whether_given_back(service_id, authorisation, f"while giving back: {fault}")
        final = self._settings.reversals_are_final
        return verdict.given_back(told, authorisation, self._settings.minor_digits, success_is_final=final)

    def _whether_given_back(
        self, service_id: str, sale: Authorisation, evidence: str
    ) -> Cancelled | Unresolved | Declined:
        found = self._inquiry.insist(REVERSAL, service_id, self._in(self._times.recovery_limit_s))
        if isinstance(found, Ended):
            return self._given_back(found, sale)
        return Unresolved(f"{evidence}; {found.evidence if isinstance(found, Doubt) else 'the terminal knows nothing'}")

    def _reversal_id(self, sale: Authorisation) -> str:
        return service_id_of(REVERSAL, sale.mark.receipt_number, sale.mark.date, sale.mark.time)

    def close_batch(self) -> BatchTotals | Declined | Unresolved:
        """See the port."""
        if self._approved is not None:
            raise DeviceFault("a payment is being settled", "busy")
        return batch.close_batch(self._station, self._settings)

    def health(self) -> Health:
        """See the port."""
        try:
            return health_of(self._station.diagnose(self._in(self._times.health_limit_s), hosts=False))
        except DeviceFault as fault:
            return Failed(fault.reason, str(fault))

    def self_test(self) -> SelfTest:
        """See the port."""
        return run_checks(self._station, self._inquiry, self._settings)

    def cancel(self) -> None:
        """See the port: has the terminal asked to abort; how the payment ends is what the terminal then reports."""
        self._cancel_wanted.set()

    def close(self) -> None:
        """See the port. Cuts what is under way, and ends the pauses of a recovery, too."""
        self._closed.set()
        self._station.close()

    def _abort(self, service_id: str) -> None:
        self._station.abort(service_id, self._in(self._times.abort_limit_s))

    @staticmethod
    def _in(seconds: float) -> float:
        return time.monotonic() + seconds
