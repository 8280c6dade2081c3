"""What a nexo terminal says: responses and event notifications, as the JSON objects they are on the wire.

``AdditionalResponse`` is form-encoded text, as terminals in the field fill it. All card data is made up (test card numbers).
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlencode

from hardware.nexo.sim_ledger import Totals, Transaction
from hardware.nexo.sim_requests import CURRENCY, Header, PaymentRequest, ReversalRequest, plain

POI_ID = "SIM1-000000001"
MERCHANT_ID = "KIOSKTEST000001"
PROTOCOL = "3.0"
CARDS = (("visa", "411111", "1111", "A0000000031010"), ("mc", "555555", "4444", "A0000000041010"))
"""Brand, first six and last four digits, application identifier of the two cards that customers have."""
MESSAGE_OF = {
    "Aborted": "Transaction aborted by the sale system",
    "Busy": "Another dialogue is in progress",
    "Cancel": "Cancelled by the card holder",
    "DeviceOut": "The terminal is out of order",
    "Refusal": "Refused by the issuer",
    "WrongPIN": "Wrong PIN",
    "InvalidCard": "Invalid card",
    "PaymentRestriction": "Not allowed for this card",
    "UnreachableHost": "The host cannot be reached",
}
"""ErrorCondition → what a log says of it."""

Json = dict[str, Any]


def form(**pairs: object) -> str:
    """Give an AdditionalResponse."""
    return urlencode(pairs)


def failure(condition: str, why: str | None = None, **more: object) -> Json:
    """Give a Response part that says no."""
    said = MESSAGE_OF[condition] if why is None else why
    return {"Result": "Failure", "ErrorCondition": condition, "AdditionalResponse": form(message=said, **more)}


def parts(header: Header, body: Json) -> Json:
    """Give header and body of the answer to a request."""
    head = {
        "ProtocolVersion": header.protocol_version,
        "MessageClass": "Service",
        "MessageCategory": header.category,
        "MessageType": "Response",
        "ServiceID": header.service_id,
        "SaleID": header.sale_id,
        "POIID": header.poi_id,
    }
    return {"MessageHeader": head, f"{header.category}Response": body}


def reject(raw: bytes, why: str, at: str, header: Header | None = None) -> Json:
    """Give the notification that a message was not taken; it holds the message itself. A SaleID nobody told is "null"."""
    head = {
        "ProtocolVersion": PROTOCOL,
        "MessageClass": "Event",
        "MessageCategory": "Event",
        "MessageType": "Notification",
        "DeviceID": "1",
        "SaleID": header.sale_id if header else "null",
        "POIID": POI_ID,
    }
    event = {
        "TimeStamp": at,
        "EventToNotify": "Reject",
        "EventDetails": form(message=why),
        "RejectedMessage": base64.b64encode(raw).decode(),
    }
    return {"SaleToPOIRequest": {"MessageHeader": head, "EventNotification": event}}


def approved(sale: Transaction, request: PaymentRequest) -> Json:
    """Give the body of a PaymentResponse for a sale that stands."""
    brand, first, last, aid = card_of(sale)
    told = form(
        AID=aid, approvalCode=approval(sale), cardBin=first, cardSummary=last, cardHolderName="A TESTCARD", expiryMonth="03",
        expiryYear="2030", paymentMethod=brand, pspReference=host_id(sale), tid=POI_ID[-8:],
    )  # fmt: skip
    result = {
        "OnlineFlag": True,
        "PaymentAcquirerData": {
            "AcquirerPOIID": POI_ID,
            "AcquirerTransactionID": {"TransactionID": host_id(sale), "TimeStamp": sale.at},
            "ApprovalCode": approval(sale),
            "MerchantID": MERCHANT_ID,
        },
        "PaymentInstrumentData": _card(sale),
        "AmountsResp": {"AuthorizedAmount": amount(sale.amount_minor), "Currency": sale.currency},
    }
    told_receipts = [_receipt(sale, "CashierReceipt"), _receipt(sale, "CustomerReceipt")]
    said = {"Result": "Success", "AdditionalResponse": told}
    return {"Response": said, **_of(sale, request), "PaymentResult": result, "PaymentReceipt": told_receipts}


def not_approved(sale: Transaction, request: PaymentRequest, condition: str) -> Json:
    """Give the body of a PaymentResponse for a sale that charged nobody; a declined one knows the card."""
    result = {"PaymentResult": {"PaymentInstrumentData": _card(sale)}} if sale.state == "declined" else {}
    return {"Response": failure(condition, refusalReason=MESSAGE_OF[condition]), **_of(sale, request), **result}


def reversed_body(deed: Transaction, request: ReversalRequest) -> Json:
    """Give the body of a ReversalResponse for a sale that was taken back."""
    return {
        "Response": {"Result": "Success", "AdditionalResponse": form(pspReference=host_id(deed))},
        "POIData": poi_data(deed),
        "OriginalPOITransaction": plain(request.original),
        "ReversedAmount": amount(deed.amount_minor),
    }


def totals_body(kind: str, totals: Totals) -> Json:
    """Give the body of a ReconciliationResponse. Nothing sold: no totals."""
    rows = [
        {"TransactionType": name, "TransactionCount": count, "TransactionAmount": amount(total_minor)}
        for name, count, total_minor in (
            ("Debit", totals.sales, totals.sales_minor),
            ("ReverseDebit", totals.reversals, totals.reversals_minor),
        )
        if count
    ]
    told = {"PaymentInstrumentType": "Card", "PaymentCurrency": CURRENCY, "PaymentTotals": rows}
    return {
        "Response": {"Result": "Success"},
        "ReconciliationType": kind,
        "POIReconciliationID": str(totals.period),
        **({"TransactionTotals": [told]} if rows else {}),
    }


def diagnosis_body(status: str, *, host: bool, asked: bool) -> Json:
    """Give the body of a DiagnosisResponse: GlobalStatus OK, Busy or Maintenance, and the host's state if it was asked for."""
    poi = {"GlobalStatus": status, "CommunicationOKFlag": host, "PrinterStatus": "OK"}
    hosts = {"HostStatus": [{"AcquirerID": "1", "IsReachableFlag": host}]} if asked else {}
    return {"Response": {"Result": "Success"}, "POIStatus": poi, **hosts}


def status_body(reference: Json, repeated: Json | None, condition: str = "NotFound") -> Json:
    """Give the body of a TransactionStatusResponse. ``repeated``: header and body of the answer that is told again."""
    if repeated is None:
        return {"Response": failure(condition, condition), "MessageReference": reference}
    body = {name: part for name, part in repeated.items() if name != "MessageHeader"}
    again = {"MessageHeader": repeated["MessageHeader"], "RepeatedResponseMessageBody": body}
    return {"Response": {"Result": "Success"}, "MessageReference": reference, "RepeatedMessageResponse": again}


def poi_data(deed: Transaction) -> Json:
    """Give the terminal's identification of a transaction."""
    return {
        "POITransactionID": {"TransactionID": deed.transaction_id, "TimeStamp": deed.at},
        "POIReconciliationID": str(deed.period),
    }


def amount(minor: int) -> float:
    """Give minor units as the JSON number that a terminal writes; exact, as the shortest form of a float has at most two decimals here."""
    return minor / 100


def card_of(sale: Transaction) -> tuple[str, str, str, str]:
    """Say which of the made-up cards pays."""
    return CARDS[sale.id % len(CARDS)]


def approval(sale: Transaction) -> str:
    """Give the host's approval code."""
    return f"{sale.id * 7919 % 1_000_000:06d}"


def host_id(deed: Transaction) -> str:
    """Give the host's number of a transaction."""
    return f"HOST{deed.id:012d}"


def _of(sale: Transaction, request: PaymentRequest) -> Json:
    return {
        "SaleData": {"SaleTransactionID": plain(request.sale.sale_transaction_id)},
        "POIData": poi_data(sale),
    }


def _card(sale: Transaction) -> Json:
    brand, first, last, _aid = card_of(sale)
    data = {"PaymentBrand": brand, "MaskedPan": f"{first} **** {last}", "EntryMode": ["Contactless"]}
    return {"PaymentInstrumentType": "Card", "CardData": data}


def _receipt(sale: Transaction, whose: str) -> Json:
    brand, _first, last, aid = card_of(sale)
    lines = (
        ("txdate", "Date", sale.at[:10]), ("txtime", "Time", sale.at[11:19]), ("pan", "Card", "*" * 12 + last),
        ("preferredName", "Card type", brand), ("aid", "AID", aid), ("mid", "MID", MERCHANT_ID), ("tid", "TID", POI_ID),
        ("authCode", "Auth. code", approval(sale)), ("totalAmount", "Total", f"{sale.currency} {sale.amount_minor / 100:.2f}"),
        ("approved", "APPROVED", ""),
    )  # fmt: skip
    text = [{"Text": form(name=name, value=value, key=key), "EndOfLineFlag": True} for key, name, value in lines]
    content = {"OutputFormat": "Text", "OutputText": text}
    return {"DocumentQualifier": whose, "RequiredSignatureFlag": False, "OutputContent": content}
