"""The answers of nexo Retailer (Sale to POI) 3.0 in JSON, as far as a kiosk needs them: pure.

What has no field here is dropped when an answer is read: that is how expiry dates, tracks and tokens end. Header and most of
an answer's parts may be missing: what is made of that is said in ``station`` and ``verdict``.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec
from msgspec import field

from hardware.nexo.messages import MessageReference, Name, OriginalPOITransaction, Part, SaleData, TransactionID
from kiosk.domain.faults import ProtocolError


class AnswerHeader(Part, frozen=True):
    """The same in an answer, where some terminals leave out what both sides know."""

    message_category: Name = ""
    message_type: Name = ""
    service_id: Name = ""
    sale_id: Name = ""
    poiid: Name = ""


class Response(Part, frozen=True):
    """How a request ended: Success, Failure or Partial. ``additional_response`` is free text and may hold card data: see wording."""

    result: Name
    error_condition: Name = ""
    additional_response: str = ""

    def __repr__(self) -> str:
        return f"Response({self.result!r}, {self.error_condition!r})"


class CardData(Part, frozen=True):
    """The card, as far as the driver may know it; both spellings of the masked number are in use."""

    masked_pan: str = ""
    masked_pan_capital: str = field(name="MaskedPAN", default="")
    payment_brand: Name = ""
    entry_mode: tuple[Name, ...] | Name = ()

    def __repr__(self) -> str:
        return "CardData()"


class PaymentInstrumentData(Part, frozen=True):
    """What was paid with."""

    card_data: CardData = CardData()


class AmountsResp(Part, frozen=True):
    """What was taken."""

    currency: Name = ""
    authorized_amount: Decimal | None = None


class PaymentAcquirerData(Part, frozen=True):
    """Who took it."""

    merchant_id: Name = ""
    acquirer_poiid: Name = ""
    approval_code: Name = ""


class PaymentResult(Part, frozen=True):
    """A payment that was made."""

    payment_instrument_data: PaymentInstrumentData = PaymentInstrumentData()
    amounts_resp: AmountsResp = AmountsResp()
    payment_acquirer_data: PaymentAcquirerData = PaymentAcquirerData()
    authentication_method: tuple[Name, ...] | Name = ()


class POIData(Part, frozen=True):
    """What the terminal says of the transaction."""

    poi_transaction_id: TransactionID = TransactionID()


class PaymentResponse(Part, frozen=True):
    """How a payment ended."""

    response: Response
    sale_data: SaleData = SaleData()
    poi_data: POIData = POIData()
    payment_result: PaymentResult | None = None


class ReversalResponse(Part, frozen=True):
    """How a reversal ended. ``reversed_amount`` copies what was asked; many terminals leave it out."""

    response: Response
    poi_data: POIData = POIData()
    original_poi_transaction: OriginalPOITransaction = OriginalPOITransaction()
    reversed_amount: Decimal | None = None


class RepeatedResponseMessageBody(Part, frozen=True):
    """An earlier answer, told again."""

    payment_response: PaymentResponse | None = None
    reversal_response: ReversalResponse | None = None


class RepeatedMessageResponse(Part, frozen=True):
    """The same with its header."""

    message_header: AnswerHeader = AnswerHeader()
    repeated_response_message_body: RepeatedResponseMessageBody = RepeatedResponseMessageBody()


class TransactionStatusResponse(Part, frozen=True):
    """What became of a message. Success says that it ended and is repeated here, not that it went well."""

    response: Response
    message_reference: MessageReference = MessageReference()
    repeated_message_response: RepeatedMessageResponse | None = None


class PaymentTotals(Part, frozen=True):
    """Count and sum of one kind of transactions."""

    transaction_type: Name = ""
    transaction_count: int | Name | None = None
    transaction_amount: Decimal | None = None


class TransactionTotals(Part, frozen=True):
    """The totals of one card brand and currency."""

    card_brand: Name = ""
    payment_currency: Name = ""
    payment_totals: tuple[PaymentTotals, ...] = ()


class ReconciliationResponse(Part, frozen=True):
    """How closing the period ended."""

    response: Response
    transaction_totals: tuple[TransactionTotals, ...] = ()


class POIStatus(Part, frozen=True):
    """How the terminal is: OK, Busy, Maintenance or Unreachable; what is left out is not there or not known."""

    global_status: Name = ""
    printer_status: Name = ""
    card_reader_ok_flag: bool = True
    ped_ok_flag: bool = True
    communication_ok_flag: bool = True
    security_ok_flag: bool = True


class HostStatus(Part, frozen=True):
    """Whether an acquirer's host can be reached."""

    is_reachable_flag: bool = True


class DiagnosisResponse(Part, frozen=True):
    """What a terminal says of itself."""

    response: Response
    poi_status: POIStatus = POIStatus()
    host_status: tuple[HostStatus, ...] = ()


class SaleToPOIResponse(Part, frozen=True):
    """An answer: a header and one body."""

    message_header: AnswerHeader = AnswerHeader()
    payment_response: PaymentResponse | None = None
    transaction_status_response: TransactionStatusResponse | None = None
    reversal_response: ReversalResponse | None = None
    reconciliation_response: ReconciliationResponse | None = None
    diagnosis_response: DiagnosisResponse | None = None


class AnswerEnvelope(Part, frozen=True):
    """What comes back."""

    sale_to_poi_response: SaleToPOIResponse


_decoder = msgspec.json.Decoder(AnswerEnvelope)


def decode(body: bytes) -> SaleToPOIResponse:
    """Read the JSON object of an answer. ProtocolError, whose text holds nothing of it, if it is none."""
    try:
        return _decoder.decode(
            body.decode()
        ).sale_to_poi_response  # the library reads UTF-8 only where a field wants it
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        where = str(error).rpartition(" - at ")[2] if isinstance(error, msgspec.ValidationError) else "no JSON"
        raise ProtocolError(f"{len(body)} bytes that are no answer of the protocol ({where[:100]})") from None
