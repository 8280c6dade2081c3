"""The messages of nexo Retailer (Sale to POI) 3.0 in JSON, as far as a kiosk needs them: their common parts and the requests. Pure.

A field has the protocol's own name, in Python's spelling: ``poi_transaction_id`` is ``POITransactionID``. Amounts are decimals,
never floats. The answers are in ``answers``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

CAPITALS = {"id", "poi", "poiid", "ok", "ped"}

Name = Annotated[str, Meta(max_length=256, pattern="^[^\\x00-\\x1f\\x7f]*$")]
"""An identifier or a word: the protocol has none longer, and none with control characters."""


def protocol_name(name: str) -> str:
    """Return the protocol's spelling of a field."""
    return "".join(part.upper() if part in CAPITALS else part.capitalize() for part in name.split("_"))


class Part(Struct, frozen=True, kw_only=True, omit_defaults=True, rename=protocol_name):
    """A part of a message."""


class MessageHeader(Part, frozen=True):
    """Who asks what of whom. ``service_id`` ties an answer to its request: 1 to 10 letters and digits, unique per request."""

    message_class: Name
    message_category: Name
    message_type: Name
    protocol_version: Name
    service_id: Name
    sale_id: Name
    poiid: Name


class MessageReference(Part, frozen=True):
    """An earlier message: the one to abort, or the one to tell of."""

    message_category: Name = ""
    service_id: Name = ""
    sale_id: Name = ""
    poiid: Name = ""


class TransactionID(Part, frozen=True):
    """A transaction, as its maker names it; ``time_stamp`` is ISO 8601 and part of the name."""

    transaction_id: Name = ""
    time_stamp: Name = ""


class SaleData(Part, frozen=True):
    """What the sale system says of the sale."""

    sale_transaction_id: TransactionID = TransactionID()


class AmountsReq(Part, frozen=True):
    """What to take."""

    currency: Name
    requested_amount: Decimal


class PaymentTransaction(Part, frozen=True):
    """The payment asked for."""

    amounts_req: AmountsReq


class PaymentRequest(Part, frozen=True):
    """Take this payment."""

    sale_data: SaleData
    payment_transaction: PaymentTransaction


class TransactionStatusRequest(Part, frozen=True):
    """Tell what became of a message; without a reference, of the last one."""

    message_reference: MessageReference | UnsetType = UNSET


class AbortRequest(Part, frozen=True):
    """End a payment under way, if that is still possible."""

    abort_reason: Name
    message_reference: MessageReference


class OriginalPOITransaction(Part, frozen=True):
    """The sale to be given back."""

    poi_transaction_id: TransactionID = TransactionID()


class ReversalRequest(Part, frozen=True):
    """Give a sale back."""

    original_poi_transaction: OriginalPOITransaction
    reversal_reason: Name
    reversed_amount: Decimal


class ReconciliationRequest(Part, frozen=True):
    """Close the period and tell its totals."""

    reconciliation_type: Name


class DiagnosisRequest(Part, frozen=True):
    """Tell how you are; with the flag, whether the acquirers' hosts can be reached, too."""

    host_diagnosis_flag: bool


class SaleToPOIRequest(Part, frozen=True):
    """A request: a header and one body."""

    message_header: MessageHeader
    payment_request: PaymentRequest | UnsetType = UNSET
    transaction_status_request: TransactionStatusRequest | UnsetType = UNSET
    abort_request: AbortRequest | UnsetType = UNSET
    reversal_request: ReversalRequest | UnsetType = UNSET
    reconciliation_request: ReconciliationRequest | UnsetType = UNSET
    diagnosis_request: DiagnosisRequest | UnsetType = UNSET


class RequestEnvelope(Part, frozen=True):
    """What is posted."""

    sale_to_poi_request: SaleToPOIRequest


_encoder = msgspec.json.Encoder(decimal_format="number")


def encode(request: SaleToPOIRequest) -> bytes:
    """Return the JSON object of a request; amounts are numbers with the decimals they were given."""
    return _encoder.encode(RequestEnvelope(sale_to_poi_request=request))
