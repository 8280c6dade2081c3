"""APDUs, data fields and messages: golden traces read with all they say; damage read as far as it goes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.terminal import commands, messages
from hardware.terminal.apdu import Apdu, decode_apdu, is_well_formed
from hardware.terminal.bmp import decode_bcd, encode_bcd, parse_fields
from hardware.terminal.messages import IntermediateStatus, StatusInformation, TerminalStatus
from hardware.terminal.redaction import masked_card_number, plain_text
from hardware.terminal.tlv import iterate_tlv
from kiosk.domain.faults import ProtocolError
from kiosk.domain.payment import TransactionMark
from tests.hardware.terminal import frames


def apdu(text: str) -> Apdu:
    return decode_apdu(bytes.fromhex(text))


def status(text: str) -> StatusInformation:
    return messages.parse_status_information(apdu(text))


@given(st.integers(0, 0xFFFF), st.binary(max_size=700))
@settings(max_examples=100, deadline=None)
def test_apdu_round_trip(command, data):
    """Every APDU is read as it was written, above and below 255 bytes."""
    raw = Apdu(command, data).encode()
    assert decode_apdu(raw) == Apdu(command, data)
    assert is_well_formed(raw)


def test_apdu_long_length_is_low_byte_first():
    """From 255 bytes on the length is FF, low byte, high byte."""
    assert Apdu(0x06D3, bytes(526)).encode()[:5] == bytes.fromhex("06 D3 FF 0E 02")
    assert Apdu(0x06D3, bytes(255)).encode()[:5] == bytes.fromhex("06 D3 FF FF 00")


@given(st.binary(max_size=12))
@settings(max_examples=200, deadline=None)
def test_apdu_of_wrong_length_is_a_protocol_error(raw):
    """Bytes are either an APDU or a ProtocolError, and the quick check agrees."""
    if is_well_formed(raw):
        decode_apdu(raw)
    else:
        with pytest.raises(ProtocolError):
            decode_apdu(raw)


@pytest.mark.parametrize(
    ("name", "built"),
    [
        ("registration AZN", commands.registration("000000", "0944")),
        ("authorise 2.40, vending", commands.authorisation(240, "0944", 60, 30)),
        ("repeat receipt", commands.repeat_receipt("000000")),
        ("reversal of 19", commands.reversal("000000", "0019")),
        ("status enquiry", commands.status_enquiry("123456", None)),
        ("status enquiry, service byte", commands.status_enquiry("123456", 4)),
        ("abort", commands.abort()),
        ("positive response", commands.YES),
        ("goods failed", commands.NOT_DELIVERED),
    ],
)
def test_golden_commands(name, built):
    """What we say is, byte for byte, what was computed from the manual."""
    assert built.encode() == frames.apdu_in(frames.SERIAL[name])


def test_reversal_names_its_amount():
    """A reversal can say the amount and currency that the receipt must have."""
    built = commands.reversal("000000", "0019", 240, "0944").encode()
    assert built == bytes.fromhex("06 30 10 00 00 00 87 00 19 04 00 00 00 00 02 40 49 09 44")


def test_valina_approved_is_read_whole():
    """An approval traced from a real terminal yields every field the receipt needs."""
    assert status(frames.VALINA_APPROVED) == StatusInformation(
        result="00",
        amount_minor=1,
        currency_code="0978",
        mark=TransactionMark("0022", "000022", "000022", "164923", "0308"),
        authorisation_code="291675",
        terminal_id="29001006",
        merchant_id="100764992",
        masked_pan="****5726",
        card_name="Debit Mastercard",
        application_id="A0000000041010",
        verification="none",
        entry="contactless",
        text="GEN.NR.:291675",
    )


def test_declined_is_read():
    """A refusal without amount or receipt yields its code and its words."""
    told = status(frames.DECLINED)
    assert (told.result, told.text, told.amount_minor, told.mark) == (
        "05",
        "Karte abgelehnt",
        None,
        TransactionMark(),
    )
    assert not told.approves


def test_aborts_are_read():
    """Every traced form of an abort yields its code and its words."""
    assert status(frames.ABORTED_STATUS).result == "6C"
    assert messages.parse_abort_code(apdu(frames.ABORT)) == "6C"
    assert messages.parse_abort_code(apdu("06 1E 00")) == ""
    told = apdu(frames.ABORT_WITH_TEXT)
    assert messages.parse_abort_code(told) == "6C"
    assert messages.parse_abort_text(told) == "Abbruch durch externes Kommando!"


@pytest.mark.parametrize(
    ("text", "code"), [("84 9C 00", "9C"), ("84 1E 01 7D", "7D"), ("84 1E 03 6F 09 78", "6F"), ("84 1E 00", "1E")]
)
def test_refusals_are_read(text, code):
    """Both forms of a refusal yield the result code."""
    assert messages.parse_refusal(apdu(text)) == code


def test_intermediate_status_is_read():
    """A 04 FF yields code, new T4 in minutes and text, as far as they are there."""
    wait = messages.parse_intermediate_status(apdu(frames.PLEASE_WAIT))
    assert wait == IntermediateStatus(0x0E, None, "")
    card = messages.parse_intermediate_status(apdu(frames.INSERT_CARD))
    assert card == IntermediateStatus(0x0A, 1, "Karte vorhalten\neinstecken/durchziehen")
    assert messages.progress_word(card.code) == "insert_card"


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (0x01, "enter_pin"), (0x04, "contacting_bank"), (0x0A, "insert_card"), (0x0B, "remove_card"), (0x17, "wait"),
        (0x1C, "approved"), (0x1D, "declined"), (0x45, "remove_card"), (0x77, "other"),
    ],
)  # fmt: skip
def test_progress_words(code, word):
    """Each intermediate status becomes one word of the screen's catalogue."""
    assert messages.progress_word(code) == word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("06 0F 0B F0 F0 F7 32 2E 31 34 2E 31 35 00", TerminalStatus("00", "2.14.15")),
        (frames.CARD_INSIDE, TerminalStatus("DC")),
        ("06 0F 01 F0", TerminalStatus("F0")),
        ("06 0F 00", TerminalStatus("00")),
    ],
)
def test_terminal_status(text, expected):
    """The end of a status enquiry yields status and version, in each traced form."""
    assert messages.parse_terminal_status(apdu(text)) == expected


def test_registered_currency():
    """The end of a registration yields the currency the terminal works in."""
    assert messages.parse_registered_currency(apdu(frames.REGISTERED)) == "0978"
    assert messages.parse_registered_currency(apdu("06 0F 00")) == ""


def test_print_block_keeps_its_lines():
    """The lines of a block print are read in order, nested containers and all."""
    assert [plain_text(line, 1) for line in parse_fields(apdu(frames.PRINT_BLOCK).data).lines] == ["** HÄNDLERBELEG"]


def test_long_trace_number():
    """A trace number of zeros is replaced by the long one in TLV 1F2B."""
    assert status("04 0F 0F 27 00 0B 00 00 00 06 07 1F 2B 04 12 34 56 78").mark.trace_number == "12345678"


def test_reversal_is_told_by_the_original_trace():
    """Only BMP 37 marks a transaction as a reversal."""
    assert status("04 0F 06 27 00 37 00 00 22").is_reversal
    assert not status("04 0F 06 27 00 37 00 00 00").is_reversal
    assert not status(frames.VALINA_APPROVED).is_reversal


def test_unknown_field_makes_it_partial():
    """Behind an unknown BMP nothing can be read, and what came before it stays."""
    told = status("04 0F 0D 27 00 04 00 00 00 00 02 40 77 49 09 44")
    assert told.partial
    assert (told.result, told.amount_minor, told.currency_code) == ("00", 240, "")


@pytest.mark.parametrize(
    "tail", ["04 00 00", "8B F1", "8B F1 FA 41", "3C F0 41 F1 41", "06", "06 83 00 00 01", "06 7F 01", "06 82 FF"]
)
def test_cut_off_field_makes_it_partial(tail):
    """A field that is cut short or counts wrongly ends the reading, and raises nothing."""
    data = bytes.fromhex("27 00" + tail)
    fields = parse_fields(data)
    assert fields.partial
    assert fields.values == {0x27: b"\0"}


@given(st.binary(max_size=120))
@settings(max_examples=300, deadline=None)
def test_parsers_never_raise(data):
    """No data block makes any reader raise."""
    told = Apdu(0x040F, data)
    messages.parse_status_information(told)
    messages.parse_intermediate_status(told)
    messages.parse_abort_code(told)
    messages.parse_abort_text(told)
    messages.parse_terminal_status(told)
    messages.parse_registered_currency(told)
    list(iterate_tlv(data))


@given(st.integers(0, 10**12 - 1))
@settings(max_examples=50, deadline=None)
def test_bcd_round_trip(number):
    """An amount is read as it was packed."""
    assert int(decode_bcd(encode_bcd(number, 6))) == number


def test_bcd_refuses_what_does_not_fit():
    """Nothing is cut off silently, and a half byte that is no digit yields nothing."""
    for wrong in (10**12, "12a456789012", "-1"):
        with pytest.raises(ValueError, match="decimal digits"):
            encode_bcd(wrong, 6)
    assert decode_bcd(b"\x1a") == ""


@pytest.mark.parametrize(
    ("packed", "shown"),
    [
        ("EE EE EE EE EE EE 57 26", "****5726"),
        ("59 66 66 66 66 D2 00 21 22 01 00", "****6666"),
        ("41 11 11 11 11 11 11 1F", "****1111"),
        ("12 34", "****"),
        ("EE EE EE EE EE EE EE 26", "******26"),
        ("", "****"),
    ],
)
def test_card_number_keeps_four_digits(packed, shown):
    """Of a card number at most the last four digits remain; of a short one none."""
    assert masked_card_number(bytes.fromhex(packed)) == shown
