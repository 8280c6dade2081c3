"""Words and numbers of the simulated register: operations, codes, and its refusals.

Source: README.md, "The way in" and "Codes".
"""

from __future__ import annotations

from typing import Final

SUCCESS: Final = "Successful operation"
CODES: Final = {
    99: "Restriction Error",
    216: "io file: file not found",
    304: "handler: invalid json schema",
    401: "Parse error: Invalid API key",
    501: "invalid document type",
    503: "document: invalid shift status",
    504: "document: invalid shift duration",
    505: "document: invalid previous document number",
    604: "document time not in permitted interval",
    606: "invalid currency name",
    607: "invalid total sum",
    608: "too long cashier string",
    609: "too long item code string",
    610: "items array is empty",
    611: "invalid items sum",
    612: "invalid item code type",
    613: "invalid vat amounts total",
    614: "invalid total sum in one item",
    615: "too long parent doc length",
    616: "invalid percentages",
    620: "too many items",
    1200: "Please print previous document",
    1210: "#Error: external printer error",
    1250: "Error: parse request. Shift invalid status",
    1300: "Parse error Error parse Operation Info",
    1301: "JSON Parse Exception",
    1302: "JSON Syntax Exception",
    1312: "Error: already refunded/rollbacked. REFUNDROLLBACKERROR",
    1412: "#Error: external printer error. PRINTERERROR",
    65500: "unknown error",
}
QUEUE: Final = "Another document in QUEUE"
# check_type → what it is called here
OPERATIONS: Final = {
    1: "sale",
    7: "deposit",
    8: "withdraw",
    10: "rollback",
    11: "copy",
    12: "x_report",
    13: "close_shift",
    14: "shift_status",
    15: "open_shift",
    16: "reprint",
    17: "history",
    19: "correction",
    40: "login",
    41: "info",
    100: "money_back",
}
CHECK_TYPES: Final = {name: number for number, name in OPERATIONS.items()}
DOCUMENTS: Final = ("sale", "money_back", "correction")
"""Operations that carry a document in tokenData."""


class Refused(Exception):
    """The register does not do it; ``code`` says why."""

    def __init__(self, code: int, message: str | None = None) -> None:
        super().__init__(message or CODES[code])
        self.code = code
