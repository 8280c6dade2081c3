"""A canary card number is fed through everything a terminal can say; nothing that is kept, shown or told sings of it afterwards."""

from __future__ import annotations

import json
import logging
import re

import msgspec
import pytest

from hardware.terminal import messages
from hardware.terminal.apdu import Apdu, decode_apdu
from hardware.terminal.bmp import parse_fields
from hardware.terminal.driver import ZvtTerminal
from hardware.terminal.explain import explain_apdu, explain_frame
from hardware.terminal.frame import FrameDecoder, encode_frame
from hardware.terminal.printing import Receipts
from hardware.terminal.redaction import masked_hex, masked_text, plain_text
from kiosk.commands.decode import attempt, decoder_of
from kiosk.domain.payment import Approved, Declined, Unresolved
from kiosk.domain.signals import Progress
from tests.hardware.terminal.bench import SALE
from tests.hardware.terminal.peer import Peer
from tests.hardware.terminal.scripts import AUTHORISATION, YES, Terminal, status

PAN, EXPIRY = "4761739582640371", "2912"
PACKED, ASCII, GROUPED = PAN, PAN.encode().hex(), b"4761 7395 8264-0371".hex()
TRACK_1 = f"B{PAN}^DOE/JOHN^{EXPIRY}2010000".encode().hex()
TRACK_2 = f"{PAN}D{EXPIRY}2011234567F"


def counted(value: str, digits: int = 2) -> str:
    return "".join("F" + digit for digit in f"{len(value) // 2:0{digits}d}") + value


def tlv(tag: str, value: str) -> str:
    return f"{tag}{len(value) // 2:02X}{value}"


def message(command: int, data: str) -> bytes:
    return Apdu(command, bytes.fromhex(data)).encode()


def container(*objects: str) -> str:
    return tlv("06", "".join(objects))


SAID = {
    "BMP 22": message(0x040F, f"2705 22{counted(PACKED)}"),
    "BMP 22, ASCII": message(0x040F, f"2705 22{counted(ASCII)}"),
    "BMP 23": message(0x040F, f"2705 23{counted(TRACK_2)}"),
    "BMP 2D": message(0x040F, f"2705 2D{counted(TRACK_1)}"),
    "BMP 24": message(0x040F, f"2705 24{counted(TRACK_2, 3)}"),
    "BMP 0E": message(0x040F, f"2705 0E{EXPIRY} 22{counted(PACKED)}"),
    "BMP 3C": message(0x040F, f"2705 3C{counted(GROUPED, 3)}"),
    "BMP 8B": message(0x040F, f"2705 8B{counted(ASCII)}"),
    "BMP F1": message(0x040F, f"2705 F1{counted(GROUPED)}"),
    "BMP 60": message(0x040F, f"2705 60{counted(PACKED, 3)}"),
    "unknown BMP": message(0x040F, f"2705 77{counted(PACKED)} 0E{EXPIRY} 23{counted(TRACK_2)} 2D{counted(TRACK_1)}"),
    "TLV 5A": message(0x040F, f"2705 {container(tlv('5A', PACKED))}"),
    "TLV 57": message(0x040F, f"2705 {container(tlv('60', tlv('57', TRACK_2) + tlv('5F24', EXPIRY)))}"),
    "TLV 43": message(0x040F, f"2705 {container(tlv('60', tlv('43', PACKED) + tlv('44', ASCII)))}"),
    "TLV 46": message(0x040F, f"2705 {container(tlv('46', GROUPED), tlv('47', ASCII))}"),
    "unknown TLV": message(0x040F, f"2705 {container(tlv('1F7F', PACKED), tlv('DF01', TRACK_1), tlv('DF02', TRACK_2))}"),
    "cut TLV": message(0x040F, f"2705 {container(tlv('5A', PACKED)[:-2])}"),
    "04 FF": message(0x04FF, f"0A01 {container(tlv('24', tlv('07', GROUPED) + tlv('07', ASCII)))}"),
    "06 D1": message(0x06D1, f"00 {GROUPED}"),
    "06 D1, end": message(0x06D1, f"81 {ASCII} {container(tlv('1F07', '02'))}"),
    "06 D3": message(0x06D3, container(tlv("1F07", "02"), tlv("25", tlv("07", GROUPED) + tlv("07", ASCII)))),
    "06 D3, open": message(0x06D3, container(tlv("25", tlv("07", f"{GROUPED}")))),
    "06 1E": message(0x061E, f"6C {container(tlv('1F17', GROUPED))}"),
    "06 0F": message(0x060F, f"22{counted(PACKED)} 23{counted(TRACK_2)}"),
    "06 0F, version": message(0x060F, f"{counted(ASCII, 3)} 00"),
    "84": message(0x841E, PACKED),
    "unknown command": message(0x0677, TRACK_2),
}  # fmt: skip
HIDDEN = [
    *(PAN[at : at + 5] for at in range(len(PAN) - 4)),
    *(PAN[at : at + 4].encode().hex() for at in range(len(PAN) - 3)),
    *(repr(bytes.fromhex(PAN)[at : at + 3])[2:-1] for at in range(len(PAN) // 2 - 2)),
    f"{EXPIRY}2", EXPIRY.encode().hex(), "DOE/JOHN^",
]  # fmt: skip
"""Five digits in a row of it as text, four as ASCII in hex, six as packed bytes in a repr."""


def singing(shown: str) -> list[str]:
    squeezed = re.sub(r"(?<=[0-9a-fA-F])[\s\-]+(?=[0-9a-fA-F])", "", shown)
    return [each for each in HIDDEN if each.lower() in squeezed.lower() or each.lower() in shown.lower()]


def test_the_canary_can_be_heard():
    """The alarm rings for every way in which the number could be shown."""
    for shown in (PAN, GROUPED, ASCII, "4761 7395 8264 0371", repr(bytes.fromhex(PAN)), repr(PAN.encode()), TRACK_1):
        assert singing(shown), shown
    assert not singing("****0371 2026-11-28 12:00:00 Apdu(04 0F, 16 bytes)")
    assert not singing("0371")


@pytest.mark.parametrize("name", SAID)
def test_nothing_that_reads_it_shows_it(name):
    """Whatever message the number stands in: no value, no repr and no explanation holds more than its last four digits."""
    raw = SAID[name]
    apdu = decode_apdu(raw)
    receipts = Receipts()
    if apdu.command in (messages.PRINT_LINE, messages.PRINT_BLOCK):
        receipts.take(apdu)
    fields = parse_fields(apdu.data)
    kept = (
        fields.values, fields.tags, fields.lines, fields.rest, apdu, receipts.customer(), vars(receipts),
        messages.parse_status_information(apdu), messages.parse_intermediate_status(apdu), messages.parse_abort_text(apdu),
        messages.parse_refusal(apdu), FrameDecoder().feed(encode_frame(raw)),
    )  # fmt: skip
    for each in kept:
        assert not singing(repr(each)), each
    for shown in (explain_apdu(raw), explain_frame(encode_frame(raw))):
        assert not singing(json.dumps(shown, ensure_ascii=False)), shown


@pytest.mark.parametrize("name", SAID)
def test_no_half_of_it_shows_it(name):
    """A message that breaks off anywhere, or with any byte lost, is explained or refused without the number."""
    raw = SAID[name]
    for at in range(3, len(raw)):
        shorter = raw[:2] + bytes([max(0, at - 3)]) + raw[3:at]
        read = () if name.startswith("06 D1") else (shorter,)  # a text of fewer digits is no card number's any more
        for damaged in (*read, raw[:at], raw[:at] + raw[at + 1 :], encode_frame(raw)[:at]):
            for kind in ("zvt", "zvt-serial"):
                assert not singing(json.dumps(attempt(kind, decoder_of(kind), damaged.hex()))), (kind, damaged.hex())


def test_a_payment_that_sings_is_not_heard(caplog, peer: Peer, zvt: ZvtTerminal, terminal: Terminal):
    """A terminal that says the number in every message, and in bytes between them, leaves none in log, screen, outcome or driver."""
    caplog.set_level(logging.DEBUG)
    heard: list[Progress] = []
    between = bytes.fromhex(f"{ASCII} {TRACK_2[:-1]}0 {GROUPED}").replace(b"\x10", b"").replace(b"\x06", b"")

    def tell(names: str) -> None:
        for name, raw in SAID.items():
            if name.startswith(names):
                peer.write(between)
                peer.say(raw.hex())
                peer.hear()

    def script() -> None:
        terminal.register()
        peer.hear(AUTHORISATION)
        peer.write(between)
        peer.say(YES)
        for names in ("04 FF", "BMP", "TLV", "unknown", "cut"):
            tell(names)
        peer.say(status(more=f"22 {counted(PACKED)} 0E {EXPIRY} 3C {counted(GROUPED, 3)} 77 {TRACK_2}"))

    with peer.playing(script):
        approved = zvt.pay(SALE, "A-1", heard.append)
    held = repr(vars(zvt))

    def end() -> None:
        peer.hear(YES)
        tell("06 D")
        peer.tell("06 0F 00")

    with peer.playing(end):
        settled = zvt.settle("A-1")
    assert isinstance(approved, Approved)
    assert isinstance(settled, Approved)
    assert settled.authorisation.masked_pan == "****0371"
    assert "terminal says result 05" in caplog.text
    records = "".join(f"{record.__dict__}" for record in caplog.records)
    told = msgspec.json.encode([approved, settled]).decode()
    for shown in (caplog.text, records, repr(heard), repr(approved), repr(settled), held, repr(vars(zvt)), told):
        assert not singing(shown), singing(shown)


@pytest.mark.parametrize("last", ["06 1E", "BMP 3C", "84"])
def test_no_other_outcome_holds_it(caplog, peer: Peer, zvt: ZvtTerminal, terminal: Terminal, last):
    """A refusal, an abort and what nobody can tell hold words of the terminal, and not the number."""
    caplog.set_level(logging.DEBUG)

    def script() -> None:
        terminal.register()
        peer.hear(AUTHORISATION)
        if last != "84":
            peer.say(YES)
        peer.say(SAID[last].hex())
        if last == "BMP 3C":
            peer.hear(YES)
            peer.tell("06 1E 01 05")
        elif last == "06 1E":
            peer.hear(YES)

    with peer.playing(script):
        outcome = zvt.pay(SALE, "A-1", lambda _: None)
    assert not isinstance(outcome, Approved | Unresolved)
    assert not singing(caplog.text + repr(outcome))
    if isinstance(outcome, Declined) and last == "BMP 3C":
        assert outcome.text == "****0371"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("4761739582640371", "****0371"), ("4761 7395 8264 0371", "****0371"), ("4761-7395-8264-0371", "****0371"),
        ("4761.7395.8264.0371", "****0371"), ("476173958264", "****8264"), ("476173******0371", "****0371"),
        ("476173XXXXXX0371", "****0371"), ("VISA4761739582640371D", "VISA****0371D"), ("4761  7395  8264  0371", "****0371"),
        ("3714 496353 98431", "****8431"), ("x4761739582640371999 ok", "x****1999 ok"), ("************0371", "************0371"),
        ("24.11.2026 4761739582640371", "****0371"), ("4761739582640371 24.11.2026 12:00", ""),
    ],
)  # fmt: skip
def test_numbers_like_a_cards(written, shown):
    """Twelve digits or more, however grouped and whatever stands beside them, leave at most four."""
    hidden = masked_text(written)
    assert not singing(hidden)
    assert masked_text(hidden) == hidden
    if "24.11" not in written:
        assert hidden == shown


@pytest.mark.parametrize(
    "text",
    [
        "24.11.2026 12:00:00", "24.11.2026 12:00", "24.11.2026 1200", "24-11-2026 12-00-00", "2026-11-24 12:00:00",
        "2026-11-24 12.00.00", "24.11.26 12:00:00", "20261124 120000", "20261124120000", "24/11/2026 12:00:00",
        "2026-11-24T12:00:00", "GEN.NR.:291675", "Receipt 0023  Trace 000023", "TID 29001006", "12345678901",
        "A0000000041010", "AID: A0000000031010 1234", "D27600002547410100", "2.40 AZN", "0000 0000 240",
    ],
)  # fmt: skip
def test_what_is_no_card_number_stays(text):
    """Dates with their hours, traces, terminals, amounts and application identifiers are left as they are."""
    assert masked_text(text) == text
    assert plain_text(text.encode()) == text


def test_unknown_bytes_in_hex():
    """Bytes that nobody understands are shown but for runs of digits."""
    assert masked_hex(bytes.fromhex("77AB010203CD")) == "77AB......CD"
    assert not singing(masked_hex(bytes.fromhex(f"77{counted(TRACK_1)}{PACKED}0E{EXPIRY}")))
