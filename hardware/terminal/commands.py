"""What the cash register (us, ECR) says to the terminal (PT), PA00P015 rev 13.08, chapters 2.2, 2.9, 2.16, 2.20, 2.23, 2.56: pure."""

from __future__ import annotations

from hardware.terminal.apdu import Apdu
from hardware.terminal.bmp import encode_bcd

REGISTRATION, AUTHORISATION, REPEAT_RECEIPT, REVERSAL = 0x0600, 0x0601, 0x0620, 0x0630
END_OF_DAY = 0x0650
STATUS_ENQUIRY, ABORT_COMMAND = 0x0501, 0x06B0
POSITIVE = 0x8000

YES = Apdu(POSITIVE)
NOT_DELIVERED = Apdu(0x8466)
"""Our answer to a 04 0F that we cannot take: the terminal reverses the sale by itself, without the card (2.2.6 c)."""
NOT_SUPPORTED = Apdu(0x8483)

CURRENCY_CODES = {"AZN": "0944", "EUR": "0978", "GEL": "0981", "TRY": "0949", "USD": "0840"}
"""ISO 4217 numeric codes, as BMP 49 holds them."""

UNATTENDED = 0xBE
"""Config byte: receipts come to us line by line, intermediate status wanted, nothing is started at the terminal itself."""

PERMIT_BLOCK_PRINT = bytes.fromhex("06 06 26 04 0A 02 06 D3")
"""TLV container, list of permitted commands: the terminal may send a receipt as one 06 D3 in place of many 06 D1."""

SEND_STATUS_DO_NOT_PRINT = 0x03
NO_SERVICE_MENU = 0x01


def registration(password: str, currency_code: str) -> Apdu:
    """Return 06 00: password, config byte, currency, permitted commands."""
    head = encode_bcd(password, 3) + bytes([UNATTENDED]) + encode_bcd(currency_code, 2)
    return Apdu(REGISTRATION, head + PERMIT_BLOCK_PRINT)


def authorisation(amount_minor: int, currency_code: str, delivery_timeout_s: int, max_status: int) -> Apdu:
    """Return 06 01 for a machine that delivers.

    The terminal waits ``delivery_timeout_s`` (1-255, BMP 01) for our answer to its 04 0F before it reverses, and asks
    at most ``max_status`` times (BMP 02) after answers of 84 9C.
    """
    what = b"\x04" + encode_bcd(amount_minor, 6) + b"\x49" + encode_bcd(currency_code, 2)
    return Apdu(AUTHORISATION, what + bytes([0x01, delivery_timeout_s, 0x02, max_status]))


def abort() -> Apdu:
    """Return 06 B0. A terminal takes it while it waits for the card, if at all; what counts is how its 06 01 ends."""
    return Apdu(ABORT_COMMAND)


def repeat_receipt(password: str) -> Apdu:
    """Return 06 20 for the last transaction's 04 0F without its print."""
    return Apdu(REPEAT_RECEIPT, encode_bcd(password, 3) + bytes([0x03, SEND_STATUS_DO_NOT_PRINT]))


def reversal(password: str, receipt_number: str, amount_minor: int | None = None, currency_code: str = "") -> Apdu:
    """Return 06 30. With an amount the terminal reverses only if the receipt's amount is the same: numbers wrap at 9999."""
    data = encode_bcd(password, 3) + b"\x87" + encode_bcd(receipt_number, 2)
    if amount_minor is not None:
        data += b"\x04" + encode_bcd(amount_minor, 6)
    if currency_code:
        data += b"\x49" + encode_bcd(currency_code, 2)
    return Apdu(REVERSAL, data)


def end_of_day(password: str) -> Apdu:
    """Return 06 50."""
    return Apdu(END_OF_DAY, encode_bcd(password, 3))


def status_enquiry(password: str, service_byte: int | None = NO_SERVICE_MENU) -> Apdu:
    """Return 05 01. It also lets the terminal run its timed jobs, so it should be sent every minute."""
    service = b"" if service_byte is None else bytes([0x03, service_byte])
    return Apdu(STATUS_ENQUIRY, encode_bcd(password, 3) + service)
