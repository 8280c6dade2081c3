"""Messages as terminals of the field exchange them: values from the makers' public documentation and test material.

Adyen, "Terminal API": make a payment, verify transaction status, cancel a transaction, refund a payment, request diagnosis;
payment answer of a P400Plus from the test material of its Java library (receipts shortened). DataMesh, "Unify": reconciliation.
"""

from __future__ import annotations

from typing import Any

Message = dict[str, Any]


def header(category: str, service_id: str, sale_id: str, poi_id: str, kind: str = "Request") -> dict[str, str]:
    return {
        "ProtocolVersion": "3.0", "MessageClass": "Service", "MessageCategory": category, "MessageType": kind,
        "ServiceID": service_id, "SaleID": sale_id, "POIID": poi_id,
    }  # fmt: skip


PAYMENT_REQUEST: Message = {
    "MessageHeader": header("Payment", "1113162452", "POSSystemID12345", "MX925-286240330"),
    "PaymentRequest": {
        "PaymentTransaction": {"AmountsReq": {"RequestedAmount": 10.99, "Currency": "EUR"}},
        "SaleData": {"SaleTransactionID": {"TransactionID": "8377", "TimeStamp": "2017-11-13T15:24:52+00:00"}},
    },
}
ABORT_REQUEST: Message = {
    "MessageHeader": header("Abort", "26319", "POSSystemID12345", "MX925-260193322"),
    "AbortRequest": {
        "AbortReason": "MerchantAbort",
        "MessageReference": {"SaleID": "POSSystemID12345", "ServiceID": "21795", "MessageCategory": "Payment"},
    },
}
REVERSAL_REQUEST: Message = {
    "MessageHeader": header("Reversal", "207111108", "POSSystemID12345", "V400m-324688179"),
    "ReversalRequest": {
        "OriginalPOITransaction": {
            "POITransactionID": {
                "TransactionID": "pZtU001251034513719.881566567357804C",
                "TimeStamp": "2019-08-12T15:40:03+00:00",
            }
        },
        "ReversalReason": "MerchantCancel",
        "ReversedAmount": 6.00,
    },
}
DIAGNOSIS_REQUEST: Message = {
    "MessageHeader": header("Diagnosis", "0403104624", "POSSystemID12345", "V400m-346403161"),
    "DiagnosisRequest": {"HostDiagnosisFlag": False},
}

PAYMENT_RESPONSE: Message = {
    "POIData": {
        "POITransactionID": {
            "TimeStamp": "2019-04-29T00:00:00.000Z",
            "TransactionID": "4r7i001556529591000.8515565295894301",
        },
        "POIReconciliationID": "1000",
    },
    "PaymentReceipt": [
        {
            "RequiredSignatureFlag": False,
            "DocumentQualifier": "CashierReceipt",
            "OutputContent": {
                "OutputFormat": "Text",
                "OutputText": [
                    {"CharacterStyle": "Bold", "Text": "key=header1", "EndOfLineFlag": True},
                    {"Text": "name=Card&value=%2a%2a%2a%2a%2a%2a%2a%2a%2a%2a%2a%2a3511&key=pan", "EndOfLineFlag": True},
                ],
            },
        }
    ],
    "PaymentResult": {
        "OnlineFlag": True,
        "PaymentAcquirerData": {
            "AcquirerPOIID": "P400Plus-123456789",
            "ApprovalCode": "123456",
            "AcquirerTransactionID": {"TimeStamp": "2019-04-29T09:19:51.000Z", "TransactionID": "8515565295894301"},
            "MerchantID": "TestMerchant",
        },
        "PaymentInstrumentData": {
            "CardData": {
                "EntryMode": ["Tapped"],
                "PaymentBrand": "mc",
                "MaskedPan": "411111 **** 1111",
                "SensitiveCardData": {"ExpiryDate": "1225"},
            },
            "PaymentInstrumentType": "Card",
        },
        "AmountsResp": {"AuthorizedAmount": 1, "Currency": "EUR"},
    },
    "Response": {
        "Result": "Success",
        "AdditionalResponse": "tid=75039202&AID=A0000000041010&transactionType=GOODS_SERVICES&expiryYear=2025&alias=M900978995070104"
        "&posOriginalAmountCurrency=EUR&authorisedAmountValue=100&pspReference=8515565295894301&cardHolderName=N%2fA"
        "&refusalReasonRaw=APPROVED&expiryDate=12%2f2025&applicationPreferredName=MCC%20351%20v1%202&txtime=10%3a19%3a51"
        "&cvcResult=0%20Unknown&mid=1000&cardSummary=3511&cardHolderVerificationMethodResults=3F0300&authCode=123456"
        "&posEntryMode=CLESS_SWIPE&cardScheme=mc&cardBin=541333",
    },
}
REVERSAL_RESPONSE: Message = {
    "POIData": {"POITransactionID": {"TransactionID": "9815103231401109", "TimeStamp": "2017-11-10T14:12:17.000Z"}},
    "Response": {"Result": "Success"},
}
STATUS_IN_PROGRESS: Message = {"Response": {"Result": "Failure", "ErrorCondition": "InProgress"}}
STATUS_NOT_FOUND: Message = {
    "Response": {"AdditionalResponse": "Message Not Found", "ErrorCondition": "NotFound", "Result": "Failure"}
}
DIAGNOSIS_RESPONSE: Message = {
    "Response": {"Result": "Success"},
    "LoggedSaleID": ["sale-1", "sale-2"],
    "POIStatus": {"GlobalStatus": "OK"},
}
RECONCILIATION_RESPONSE: Message = {
    "Response": {"Result": "Success"},
    "ReconciliationType": "SaleReconciliation",
    "POIReconciliationID": "20260302",
    "TransactionTotals": [
        {
            "PaymentInstrumentType": "Card",
            "CardBrand": "VISA",
            "OperatorID": "1",
            "ShiftNumber": "2",
            "PaymentCurrency": "EUR",
            "PaymentTotals": [
                {"TransactionType": "Debit", "TransactionCount": "2", "TransactionAmount": "12.00", "TipAmount": "0.00"}
            ],
        }
    ],
}
ENCRYPTED: Message = {
    "MessageHeader": header("Payment", "325488592", "325488592", "P400Plus-275039202", "Response"),
    "NexoBlob": "ei2mTwLeXBRLw6yBzfG7gxinRqVqJB8RKvGRKK+vFmSwSzMtbb3ziiRBVAjgcdTHMoDUewrr56wIqVa1YWw=",
    "SecurityTrailer": {"AdyenCryptoVersion": 1, "KeyIdentifier": "CryptoKeyIdentifier12345", "KeyVersion": 1},
}
