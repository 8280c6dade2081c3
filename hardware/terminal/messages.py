"""What the terminal says to us, PA00P015 rev 13.08, chapter 3: pure. Card data ends in ``bmp``; nothing here holds any."""

from __future__ import annotations

from msgspec import Struct

from hardware.terminal.apdu import Apdu
from hardware.terminal.bmp import Fields, decode_bcd, parse_fields
from hardware.terminal.redaction import identifier, plain_text
from kiosk.domain.payment import TransactionMark

STATUS_INFORMATION, INTERMEDIATE_STATUS = 0x040F, 0x04FF
COMPLETION, ABORT = 0x060F, 0x061E
PRINT_LINE, PRINT_BLOCK = 0x06D1, 0x06D3

ABORTED_BY_HAND, WRONG_CURRENCY, NOT_REGISTERED, PLEASE_WAIT = "6C", "6F", "6B", "9C"
ALREADY_REVERSED = "B4"

VERIFICATIONS = {
    0x00: "none", 0x01: "signature", 0x02: "PIN", 0x03: "PIN", 0x04: "PIN", 0x05: "PIN, signature",
    0x06: "PIN, signature", 0x07: "PIN, signature",
}  # fmt: skip
CARDS_OF_TOTALS = ("girocard", "JCB", "Mastercard", "American Express", "Visa", "Diners Club", "other")
"""BMP 60: first and last receipt number (2 bytes each), then for each of these a count (1 byte) and a sum (6 bytes BCD)."""
ENTRIES = {0: "magnetic stripe", 1: "chip", 2: "contactless"}


class StatusInformation(Struct, frozen=True):
    """A 04 0F. ``result`` is the result code in hex, "00" for success, "" if it was not given; the other fields likewise."""

    result: str = ""
    amount_minor: int | None = None
    currency_code: str = ""
    mark: TransactionMark = TransactionMark()
    original_trace: str = ""
    authorisation_code: str = ""
    terminal_id: str = ""
    merchant_id: str = ""
    masked_pan: str = ""
    card_name: str = ""
    application_id: str = ""
    application_label: str = ""
    verification: str = ""
    entry: str = ""
    text: str = ""
    totals: tuple[tuple[str, int, int], ...] = ()
    """Of an end of day: card, count (255 at most, it has one byte), minor units; without the cards that were not used."""
    has_totals: bool = False
    partial: bool = False

    @property
    def approves(self) -> bool:
        """True if the terminal says that it went well."""
        return self.result == "00"

    @property
    def is_reversal(self) -> bool:
        """True if it tells of money given back: only a reversal names the trace of another transaction (BMP 37)."""
        return bool(self.original_trace.strip("0"))


class IntermediateStatus(Struct, frozen=True):
    """A 04 FF: what the terminal is doing. ``timeout_min`` is a new T4, or None."""

    code: int
    timeout_min: int | None = None
    text: str = ""


class TerminalStatus(Struct, frozen=True):
    """The 06 0F that ends a 05 01: "00" is ready; ``version`` is the terminal's software, if it said so."""

    code: str = "00"
    version: str = ""


def parse_status_information(apdu: Apdu) -> StatusInformation:
    """Read a 04 0F as far as it can be read. Never raises."""
    fields = parse_fields(apdu.data)
    amount = _digits(fields, 0x04)
    trace = _digits(fields, 0x0B)
    if not trace.strip("0"):
        trace = decode_bcd(fields.tags.get(0x1F2B, b"")) or trace
    return StatusInformation(
        result=fields.values.get(0x27, b"").hex().upper(),
        amount_minor=int(amount) if amount else None,
        currency_code=_digits(fields, 0x49),
        mark=TransactionMark(
            receipt_number=_digits(fields, 0x87),
            trace_number=trace,
            turnover_number=_digits(fields, 0x88),
            time=_digits(fields, 0x0C),
            date=_digits(fields, 0x0D),
        ),
        original_trace=_digits(fields, 0x37),
        authorisation_code=identifier(fields.values.get(0x3B, b"")),
        terminal_id=_digits(fields, 0x29),
        merchant_id=identifier(fields.values.get(0x2A, b"")),
        masked_pan=fields.values.get(0x22, b"").decode(),
        card_name=plain_text(fields.values.get(0x8B, b""), charset_of(fields)),
        application_id=fields.tags.get(0x43, b"").hex().upper(),
        application_label=plain_text(fields.tags.get(0x44, b""), charset_of(fields)),
        verification=VERIFICATIONS.get(_tag_byte(fields, 0x1F10), ""),
        entry=ENTRIES.get(_tag_byte(fields, 0x1F12), ""),
        text=_all_text(fields),
        totals=_totals(fields.values.get(0x60, b"")),
        has_totals=0x60 in fields.values,
        partial=fields.partial,
    )


def parse_intermediate_status(apdu: Apdu) -> IntermediateStatus:
    """Read a 04 FF: code, minutes for T4 in BCD, TLV with texts; the last two may be missing. Never raises."""
    if not apdu.data:
        return IntermediateStatus(0xFF)
    minutes = decode_bcd(apdu.data[1:2])
    fields = parse_fields(apdu.data[2:])
    return IntermediateStatus(apdu.data[0], int(minutes) if minutes else None, _all_text(fields))


def parse_abort_code(apdu: Apdu) -> str:
    """Return the result code of a 06 1E in hex; "" if it has none."""
    return apdu.data[:1].hex().upper()


def parse_abort_text(apdu: Apdu) -> str:
    """Return what a 06 1E says in words (TLV 1F17), or ""."""
    return _all_text(parse_fields(apdu.data[start_of_abort_fields(apdu.data) :]))


def start_of_abort_fields(data: bytes) -> int:
    """Return where the BMPs of a 06 1E begin: behind its code, and behind the terminal's currency if that was the reason."""
    return 3 if data[:1] == b"\x6f" and data[1:2] not in (b"", b"\x06") else 1


def charset_of(fields: Fields) -> int:
    """Return the character set that the terminal says it writes in (tag 14); -1 if it does not say."""
    return _tag_byte(fields, 0x14)


def parse_refusal(apdu: Apdu) -> str:
    """Return the result code of an 84 xx. Some terminals send ``84 1E LEN code`` (a 06 1E in the response's place)."""
    instruction = apdu.command & 0xFF
    if instruction == 0x1E and apdu.data:
        return apdu.data[:1].hex().upper()
    return f"{instruction:02X}"


def parse_terminal_status(apdu: Apdu) -> TerminalStatus:
    """Read the 06 0F that ends a 05 01: [LLLVAR version] status [TLV]. Without a status the terminal is ready."""
    data, version = apdu.data, ""
    if len(data) > 3 and all(0xF0 <= byte <= 0xF9 for byte in data[:3]):
        size = int("".join(str(byte & 0x0F) for byte in data[:3]))
        version, data = plain_text(data[3 : 3 + size]), data[3 + size :]
    return TerminalStatus(data[:1].hex().upper() or "00", version)


def parse_registered_currency(apdu: Apdu) -> str:
    """Return the currency code that the 06 0F of a registration states, or ""."""
    return _digits(parse_fields(apdu.data), 0x49)


def progress_word(code: int) -> str:
    """Return the catalogue's word for an intermediate status. 41-5D are 01-1D with the card still inside (3.7, table 17)."""
    if code == 0x0B or 0x41 <= code <= 0x5D:
        return "remove_card"
    return _PROGRESS.get(code, "other")


_PROGRESS = {
    **dict.fromkeys((0x0A, 0x2A), "insert_card"),
    **dict.fromkeys((0x01, 0x02, 0x15), "enter_pin"),
    **dict.fromkeys((0x00, 0x05, 0x06, 0x0E, 0x0F, 0x17, 0x28, 0x2B), "wait"),
    **dict.fromkeys((0x04, 0xD2, 0xD3, 0xF2), "contacting_bank"),
    **dict.fromkeys((0x1B, 0x1C), "approved"),
    **dict.fromkeys((0x03, 0x07, 0x08, 0x09, 0x10, 0x13, 0x14, 0x16, 0x18, 0x1D), "declined"),
}


def _digits(fields: Fields, bmp: int) -> str:
    return decode_bcd(fields.values.get(bmp, b""))


def _totals(value: bytes) -> tuple[tuple[str, int, int], ...]:
    found = []
    for number, name in enumerate(CARDS_OF_TOTALS):
        count, total = value[4 + 7 * number : 5 + 7 * number], decode_bcd(value[5 + 7 * number : 11 + 7 * number])
        if count and total and (count[0] or int(total)):
            found.append((name, count[0], int(total)))
    return tuple(found)


def _tag_byte(fields: Fields, tag: int) -> int:
    return int.from_bytes(fields.tags[tag], "big") if fields.tags.get(tag) else -1


def _all_text(fields: Fields) -> str:
    """Return the text lines; without any the extended error text (1F17) or the additional text (3C)."""
    charset = charset_of(fields)
    lines = fields.lines or [fields.tags.get(0x1F17, b"") or fields.values.get(0x3C, b"")]
    return "\n".join(text for text in (plain_text(line, charset) for line in lines) if text)
