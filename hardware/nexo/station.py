"""The terminal as a partner one can ask: one method per message category, each one POST that ends within its limit.

Raises NotSent if nothing of a request has left; any other DeviceFault leaves open whether the terminal has read it. An answer
counts only if its header says that it is the answer to this request (nexo Retailer 3.0, MessageHeader).
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from msgspec import UNSET

from hardware.http_post import HttpLink, OnSent, nothing
from hardware.nexo import messages
from hardware.nexo.amounts import decimal_of
from hardware.nexo.answers import (
    AnswerHeader,
    DiagnosisResponse,
    PaymentResponse,
    ReconciliationResponse,
    ReversalResponse,
    SaleToPOIResponse,
    TransactionStatusResponse,
    decode,
)
from hardware.nexo.identity import fresh_service_id
from hardware.nexo.messages import MessageReference, SaleToPOIRequest, TransactionID
from hardware.nexo.settings import NexoSettings
from kiosk.domain.faults import ProtocolError
from kiosk.domain.money import Money

PROTOCOL_VERSION = "3.0"
PAYMENT, REVERSAL = "Payment", "Reversal"

Body = TypeVar("Body")


class Station:
    """One terminal at one address. ``limit`` is a moment of ``time.monotonic()``."""

    def __init__(self, settings: NexoSettings) -> None:
        self._settings = settings
        self._link = HttpLink(settings.port, settings.ca_file, settings.timings.connect_timeout_s)

    def pay(self, service_id: str, amount: Money, reference: str, limit: float, on_sent: OnSent) -> PaymentResponse:
        """Ask for a payment and wait for its end."""
        sale = TransactionID(transaction_id=reference, time_stamp=datetime.now(UTC).isoformat(timespec="milliseconds"))
        asked = messages.AmountsReq(currency=amount.currency, requested_amount=self._decimal(amount))
        request = SaleToPOIRequest(
            message_header=self._header(PAYMENT, service_id),
            payment_request=messages.PaymentRequest(
                sale_data=messages.SaleData(sale_transaction_id=sale),
                payment_transaction=messages.PaymentTransaction(amounts_req=asked),
            ),
        )
        return _body(self._exchange(request, limit, on_sent).payment_response)

    def abort(self, service_id: str, limit: float) -> None:
        """Ask for the end of a payment. Terminals answer as they like or not at all: the payment's own answer tells."""
        request = SaleToPOIRequest(
            message_header=self._header("Abort", fresh_service_id()),
            abort_request=messages.AbortRequest(
                abort_reason="MerchantAbort", message_reference=self._reference(PAYMENT, service_id)
            ),
        )
        self._link.post(messages.encode(request), self._left(limit))

    def status(self, category: str, service_id: str, limit: float) -> TransactionStatusResponse:
        """Ask what became of a message of ours."""
        return self._status(self._reference(category, service_id), limit)

    def last(self, limit: float) -> TransactionStatusResponse:
        """Ask what the terminal did last, or is doing."""
        return self._status(None, limit)

    def _status(self, reference: MessageReference | None, limit: float) -> TransactionStatusResponse:
        asked = messages.TransactionStatusRequest(message_reference=UNSET if reference is None else reference)
        request = SaleToPOIRequest(
            message_header=self._header("TransactionStatus", fresh_service_id()),
            transaction_status_request=asked,
        )
        told = _body(self._exchange(request, limit).transaction_status_response)
        if reference is not None and told.message_reference.service_id not in ("", reference.service_id):
            raise ProtocolError("the terminal tells of another message than the one it was asked about")
        return told

    def reverse(self, service_id: str, original: TransactionID, amount: Money, limit: float) -> ReversalResponse:
        """Ask for a sale to be given back."""
        request = SaleToPOIRequest(
            message_header=self._header(REVERSAL, service_id),
            reversal_request=messages.ReversalRequest(
                original_poi_transaction=messages.OriginalPOITransaction(poi_transaction_id=original),
                reversal_reason="MerchantCancel",
                reversed_amount=self._decimal(amount),
            ),
        )
        return _body(self._exchange(request, limit).reversal_response)

    def reconcile(self, limit: float) -> ReconciliationResponse:
        """Ask for the end of the period."""
        request = SaleToPOIRequest(
            message_header=self._header("Reconciliation", fresh_service_id()),
            reconciliation_request=messages.ReconciliationRequest(reconciliation_type="SaleReconciliation"),
        )
        return _body(self._exchange(request, limit).reconciliation_response)

    def diagnose(self, limit: float, *, hosts: bool) -> DiagnosisResponse:
        """Ask how the terminal is; with ``hosts``, whether it reaches its acquirers, too."""
        request = SaleToPOIRequest(
            message_header=self._header("Diagnosis", fresh_service_id()),
            diagnosis_request=messages.DiagnosisRequest(host_diagnosis_flag=hosts),
        )
        return _body(self._exchange(request, limit).diagnosis_response)

    def close(self) -> None:
        """Cut what is under way and send nothing more."""
        self._link.close()

    def _exchange(self, request: SaleToPOIRequest, limit: float, on_sent: OnSent = nothing) -> SaleToPOIResponse:
        answer = decode(self._link.post(messages.encode(request), self._left(limit), on_sent))
        if not self._answers(answer.message_header, request.message_header):
            raise ProtocolError("an answer to another message than the one that was sent")
        return answer

    def _answers(self, told: AnswerHeader, asked: messages.MessageHeader) -> bool:
        return (
            told.message_type in ("", "Response")
            and told.message_category == asked.message_category
            and told.service_id == asked.service_id
            and told.sale_id in ("", asked.sale_id)
            and told.poiid in ("", asked.poiid)
        )

    def _header(self, category: str, service_id: str) -> messages.MessageHeader:
        return messages.MessageHeader(
            message_class="Service",
            message_category=category,
            message_type="Request",
            protocol_version=PROTOCOL_VERSION,
            service_id=service_id,
            sale_id=self._settings.sale_id,
            poiid=self._settings.poi_id,
        )

    def _reference(self, category: str, service_id: str) -> MessageReference:
        return MessageReference(message_category=category, service_id=service_id, sale_id=self._settings.sale_id)

    def _decimal(self, amount: Money) -> Decimal:
        return decimal_of(amount, self._settings.minor_digits)

    @staticmethod
    def _left(limit: float) -> float:
        return max(0.01, limit - time.monotonic())


def _body(body: Body | None) -> Body:
    if body is None:
        raise ProtocolError("an answer without the body that belongs to its header")
    return body
