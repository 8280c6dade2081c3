"""What a nexo terminal takes: the header and the bodies of its requests, read strictly.

Names and limits as in nexo Sale to POI 3.0 (JSON); of the optional parts only those are known that an unattended payment can use.
Two ways to be wrong: a message that cannot be answered is Rejected (an EventNotification "Reject"), a request that can be
is Refused (its own response, Result "Failure").
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct, field

Category = Literal["Payment", "Reversal", "TransactionStatus", "Abort", "Reconciliation", "Diagnosis"]
CURRENCY = "AZN"
MOST_MINOR = 99_999_999
AMOUNT = re.compile(rb"[0-9]{1,8}(\.[0-9]{1,6})?")
Text = Annotated[str, Meta(min_length=1, max_length=128)]
ServiceId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{1,10}$")]
Stamp = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$")]
Body = TypeVar("Body", bound=Struct)


class Rejected(Exception):
    """No request of this protocol; the message says why."""


class Refused(Exception):
    """A request that is answered with Result "Failure"; ``condition`` is its ErrorCondition, the message says why."""

    def __init__(self, condition: str, why: str) -> None:
        super().__init__(why)
        self.condition = condition


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """The MessageHeader of a request."""

    protocol_version: Annotated[str, Meta(pattern=r"^3\.[01]$")] = field(name="ProtocolVersion")
    message_class: Literal["Service"] = field(name="MessageClass")
    category: Category = field(name="MessageCategory")
    message_type: Literal["Request"] = field(name="MessageType")
    service_id: ServiceId = field(name="ServiceID")
    sale_id: Text = field(name="SaleID")
    poi_id: Text = field(name="POIID")


class Request(Struct, frozen=True):
    """A message with a good header and a body of its category, not yet read."""

    header: Header
    body: Raw


class TransactionId(Struct, frozen=True, forbid_unknown_fields=True):
    """Identification of a transaction by one side: unique together with its time."""

    transaction_id: Text = field(name="TransactionID")
    time_stamp: Stamp = field(name="TimeStamp")

    def __post_init__(self) -> None:
        datetime.fromisoformat(self.time_stamp)

    @property
    def time(self) -> datetime:
        """The moment, whatever zone it is written in."""
        return datetime.fromisoformat(self.time_stamp)


class SaleData(Struct, frozen=True, forbid_unknown_fields=True):
    """What the sale system says of the sale."""

    sale_transaction_id: TransactionId = field(name="SaleTransactionID")
    operator_id: Text | None = field(name="OperatorID", default=None)
    operator_language: Text | None = field(name="OperatorLanguage", default=None)
    sale_reference_id: Text | None = field(name="SaleReferenceID", default=None)
    terminal: dict[str, Any] | None = field(name="SaleTerminalData", default=None)
    to_acquirer: Text | None = field(name="SaleToAcquirerData", default=None)


class AmountsReq(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be paid. The amount is kept as it was written: its decimals count."""

    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")] = field(name="Currency")
    requested: Raw = field(name="RequestedAmount")


class PaymentTransaction(Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a PaymentRequest with the amount."""

    amounts: AmountsReq = field(name="AmountsReq")
    conditions: dict[str, Any] | None = field(name="TransactionConditions", default=None)


class PaymentData(Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a PaymentRequest with its kind."""

    payment_type: Text = field(name="PaymentType", default="Normal")


class PaymentRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a Payment."""

    sale: SaleData = field(name="SaleData")
    transaction: PaymentTransaction = field(name="PaymentTransaction")
    payment: PaymentData = field(name="PaymentData", default_factory=PaymentData)

    def amount_minor(self) -> int:
        """Give the amount asked. Raises Refused for another currency, too many decimals, nothing or too much."""
        if self.transaction.amounts.currency != CURRENCY:
            raise Refused("NotAllowed", f"currency {self.transaction.amounts.currency} is not accepted")
        return minor(self.transaction.amounts.requested)


class OriginalTransaction(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which transaction of this terminal is meant."""

    transaction: TransactionId = field(name="POITransactionID")
    sale_id: Text | None = field(name="SaleID", default=None)
    poi_id: Text | None = field(name="POIID", default=None)


class ReversalRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a Reversal."""

    original: OriginalTransaction = field(name="OriginalPOITransaction")
    reason: Literal["CustCancel", "MerchantCancel", "Malfunction", "Unable2Compl"] = field(name="ReversalReason")
    sale: SaleData | None = field(name="SaleData", default=None)
    reversed_amount: Raw = field(name="ReversedAmount", default=Raw())

    def amount_minor(self) -> int | None:
        """Give the amount to take back, None for all of it. Raises Refused."""
        return minor(self.reversed_amount) if bytes(self.reversed_amount) else None


class MessageReference(Struct, frozen=True, forbid_unknown_fields=True):
    """Which message is meant; a SaleID that is left out is the header's."""

    category: Text = field(name="MessageCategory")
    service_id: ServiceId = field(name="ServiceID")
    sale_id: Text | None = field(name="SaleID", default=None)
    poi_id: Text | None = field(name="POIID", default=None)


class TransactionStatusRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a TransactionStatus."""

    reference: MessageReference = field(name="MessageReference")
    reprint: bool = field(name="ReceiptReprintFlag", default=False)
    documents: tuple[Text, ...] = field(name="DocumentQualifier", default=())


class AbortRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of an Abort."""

    reference: MessageReference = field(name="MessageReference")
    reason: Text = field(name="AbortReason")


class ReconciliationRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a Reconciliation."""

    kind: Text = field(name="ReconciliationType")


class DiagnosisRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a Diagnosis."""

    host_flag: bool = field(name="HostDiagnosisFlag", default=False)
    poi_id: Text | None = field(name="POIID", default=None)
    acquirers: tuple[int, ...] = field(name="AcquirerID", default=())


def read(raw: bytes, poi_id: str) -> Request:
    """Read a message for this terminal as far as its header. Raises Rejected."""
    try:
        envelope = msgspec.json.decode(raw, type=dict[str, dict[str, Raw]])
        if list(envelope) != ["SaleToPOIRequest"]:
            raise Rejected("expected one SaleToPOIRequest")
        parts = envelope["SaleToPOIRequest"]
        header = msgspec.json.decode(parts.get("MessageHeader", Raw(b"{}")), type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected(str(error)) from None
    if header.poi_id != poi_id:
        raise Rejected(f"POIID is not {poi_id}")
    name = f"{header.category}Request"
    if set(parts) != {"MessageHeader", name}:
        raise Rejected(f"expected a MessageHeader and a {name}")
    return Request(header, parts[name])


def body(request: Request, kind: type[Body]) -> Body:
    """Read the body. Raises Refused."""
    try:
        return msgspec.json.decode(request.body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Refused("MessageFormat", str(error)) from None


def minor(amount: Raw) -> int:
    """Give a JSON number as minor units. Raises Refused."""
    written = bytes(amount)
    if AMOUNT.fullmatch(written) is None:
        raise Refused("MessageFormat", f"{written[:24]!r} is no amount")
    value = Decimal(written.decode()) * 100
    if value != int(value):
        raise Refused("MessageFormat", f"an amount in {CURRENCY} has two decimals")
    if not 0 < value <= MOST_MINOR:
        raise Refused("MessageFormat", f"an amount is more than 0 and at most {MOST_MINOR} minor units")
    return int(value)


def plain(value: Struct) -> dict[str, Any]:
    """Give a part of a request back as it came, to be repeated in the answer."""
    told: dict[str, Any] = msgspec.to_builtins(value)
    return told
