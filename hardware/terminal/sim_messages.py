"""What the terminal says: the APDUs it builds from its memory (PA00P015 rev. 13.08, chapter 3 and 2.1, 2.16, 2.56).

The card, the bank and the merchant are invented; a PAN is never whole: all but its last four digits are the half-byte E.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from hardware.terminal.sim_codec import apdu, bcd, container, counted, objects, tlv
from hardware.terminal.sim_ledger import Transaction

POSITIVE = apdu("80 00")
COMPLETION = apdu("06 0F")
PLEASE_WAIT = apdu("84 9C")
NOT_POSSIBLE = apdu("84 83")
PROTOCOL_ERROR = apdu("84 9A")
NO_CARD_DATA = apdu("84 A5")

ABORTED, WRONG_CURRENCY, ALREADY_REVERSED, REVERSAL_IMPOSSIBLE, IMPOSSIBLE = 0x6C, 0x6F, 0xB4, 0xB5, 0x83
CURRENCIES = {"AZN": 944, "EUR": 978, "USD": 840}
ACQUIRER_AWAY = 0xA0
OWN_CURRENCY = "AZN"
PASSWORD = bytes(3)
TERMINAL_ID = 52_440_017
MERCHANT = b"KIOSK0000000001"
VERSION = b"1.0.0"
VENDING_MODE = 0x10

INSERT_CARD, WATCH_PIN_PAD, PLEASE_WAIT_STATUS, CONTACTING_BANK, REMOVE_CARD, AUTO_REVERSAL = (
    0x0A,
    0x01,
    0x0E,
    0x04,
    0x0B,
    0x05,
)
TEXTS = {
    INSERT_CARD: b"Insert card",
    WATCH_PIN_PAD: b"Enter PIN",
    PLEASE_WAIT_STATUS: b"Please wait",
    CONTACTING_BANK: b"Contacting bank",
    REMOVE_CARD: b"Remove card",
    AUTO_REVERSAL: b"Reversing",
}
COMMANDS = ("05 01", "06 00", "06 01", "06 02", "06 20", "06 30", "06 50", "06 70", "06 93", "06 B0")
RECEIPTS_BY_COMMAND = 0x82
INTERMEDIATE_STATUS = 0x08


@dataclass
class Session:
    """What a registration set up; lost at a power cut. ``currency_told``: the register named the currency itself."""

    registered: bool = False
    config: int = 0x06
    tlv: bool = False
    currency_told: bool = False
    commands: list[bytes] = field(default_factory=list)

    @property
    def prints(self) -> bool:
        """Whether payment receipts go to the register as print commands (06 00, config byte)."""
        return self.config & RECEIPTS_BY_COMMAND == RECEIPTS_BY_COMMAND

    @property
    def blocks(self) -> bool:
        """Whether it takes them as blocks (06 D3) rather than line by line (06 D1)."""
        return bytes.fromhex("06D3") in self.commands

    def learn(self, tlv_container: bytes) -> None:
        """Take in the TLV container of a registration. Raises Malformed."""
        self.tlv = True
        for tag, content in objects(tlv_container):
            if tag == "26":
                self.commands = [command for name, command in objects(content) if name == "0A"]


def currency_code(currency: str) -> bytes:
    """Give the two bytes of BMP 49 (ISO 4217 number)."""
    return bcd(CURRENCIES[currency], 2)


def refusal(control: str, result: int, *, currency: bool = False) -> bytes:
    """Give ``84 1E`` or ``06 1E`` with a result code, and our currency if the register named one (2.1, 2.2.9)."""
    return apdu(control, bytes([result]), currency_code(OWN_CURRENCY) if currency else b"")


def registered(session: Session) -> bytes:
    """Give the completion of a registration."""
    currency = b"\x49" + currency_code(OWN_CURRENCY) if session.currency_told else b""
    ours = (
        container(tlv("26", b"".join(tlv("0A", bytes.fromhex(command)) for command in COMMANDS)))
        if session.tlv
        else b""
    )
    return apdu("06 0F", bytes([0x19, VENDING_MODE, 0x29]), bcd(TERMINAL_ID, 4), currency, ours)


def status(code: int, service: int, *, tlv_active: bool) -> bytes:
    """Give the completion of a status enquiry; its service byte asks for the version (02 off) and for more (04)."""
    version = b"" if service & 0x02 else counted(VERSION, 3)
    more = container(tlv("1F44", bcd(TERMINAL_ID, 4))) if service & 0x04 and tlv_active else b""
    return apdu("06 0F", version, bytes([code]), more)


def intermediate(code: int, session: Session) -> bytes:
    """Give one 04 FF; with TLV also T4 (1 minute) and the text."""
    more = b"\x01" + container(tlv("24", tlv("07", TEXTS[code]))) if session.tlv else b""
    return apdu("04 FF", bytes([code]), more)


def failed(result: int) -> bytes:
    """Give the 04 0F of a transaction that never reached the bank."""
    return apdu("04 0F", bytes([0x27, result, 0x29]), bcd(TERMINAL_ID, 4))


def outcome(deed: Transaction, original_trace: int | None, session: Session) -> bytes:
    """Give the 04 0F of a transaction; ``original_trace`` only for a reversal: the trace of the sale it takes back."""
    when = deed.time
    parts = [
        bytes([0x27, deed.result, 0x04]) + bcd(deed.amount_minor, 6),
        b"\x49" + currency_code(deed.currency) if deed.currency_told else b"",
        b"\x0b" + bcd(deed.trace or 0, 3),
        b"\x37" + bcd(original_trace, 3) if original_trace is not None else b"",
        b"\x0c" + bytes.fromhex(f"{when:%H%M%S}") + b"\x0d" + bytes.fromhex(f"{when:%m%d}"),
        b"\x17" + bcd(1, 2) + b"\x19\x70" + b"\x22" + counted(bytes.fromhex("EEEEEEEEEEEE4242"), 2),
        b"\x29" + bcd(TERMINAL_ID, 4) + b"\x87" + bcd(deed.receipt or 0, 2),
        b"" if deed.result else b"\x3b" + f"{deed.trace or 0:06d}".encode().ljust(8, b"\0"),
        b"\x8a\x0a\x2a" + MERCHANT + b"\x3c" + counted(_text(deed), 3) + b"\x88" + bcd(deed.turnover or 0, 3),
        b"\x8b" + counted(b"Visa Debit\0", 2),
        _card_objects() if session.tlv else b"",
    ]
    return apdu("04 0F", *parts)


def day_end(sales: list[Transaction], trace: int, at: datetime) -> bytes:
    """Give the 04 0F of an end of day: the total, and BMP 60 with all sales under VISA."""
    total = sum(sale.amount_minor for sale in sales)
    first, last = (sales[0].receipt or 0, sales[-1].receipt or 0) if sales else (0, 0)
    nothing = bytes(7)
    singles = bcd(first, 2) + bcd(last, 2) + nothing * 4 + bytes([min(len(sales), 255)]) + bcd(total, 6) + nothing * 2
    when = b"\x0c" + bytes.fromhex(f"{at:%H%M%S}") + b"\x0d" + bytes.fromhex(f"{at:%m%d}")
    parts = bytes([0x27, 0, 0x04]) + bcd(total, 6) + b"\x60" + counted(singles, 3) + b"\x0b" + bcd(trace, 3) + when
    return apdu("04 0F", parts)


def receipts(deed: Transaction, session: Session) -> Iterable[bytes]:
    """Give the print commands of both receipts, the merchant's first (3.5, 3.6); nothing if the register prints by itself."""
    if not session.prints:
        return
    for kind, title in ((1, b"** MERCHANT RECEIPT **"), (2, b"** CUSTOMER RECEIPT **")):
        lines = [title, *_receipt_lines(deed)]
        if session.blocks:
            texts = b"".join(tlv("07", line) for line in lines) + tlv("09", b"\x81")
            yield apdu("06 D3", container(tlv("1F07", bytes([kind])), tlv("25", texts)))
        else:
            yield from (apdu("06 D1", b"\x00" + line) for line in lines)
            yield apdu("06 D1", b"\x81")


def _receipt_lines(deed: Transaction) -> list[bytes]:
    amount = f"{deed.amount_minor // 100}.{deed.amount_minor % 100:02d} {deed.currency}"
    lines = [f"Receipt {deed.receipt or 0:04d}  Trace {deed.trace or 0:06d}", amount, f"{deed.time:%d.%m.%Y %H:%M:%S}"]
    return [line.encode("ascii") for line in (*lines, "Visa Debit ************4242")] + [_text(deed)]


def _text(deed: Transaction) -> bytes:
    if deed.kind != "sale":
        return b"Reversed"
    return b"Declined" if deed.result else b"Approved"


def _card_objects() -> bytes:
    card = tlv("60", tlv("43", bytes.fromhex("A0000000031010")) + tlv("44", b"Visa Debit"))
    return container(card, tlv("2F", tlv("1F10", b"\x02") + tlv("1F11", b"\x01") + tlv("1F12", b"\x01")))
