"""Card data ends at reception: a canary in every field that could hold it is nowhere to be found afterwards."""

from __future__ import annotations

import logging

import msgspec
import pytest

from hardware.terminal import messages
from hardware.terminal.apdu import Apdu, decode_apdu
from hardware.terminal.bmp import parse_fields
from hardware.terminal.driver import ZvtTerminal
from hardware.terminal.explain import explain_apdu, explain_frame
from hardware.terminal.frame import FrameDecoder
from hardware.terminal.redaction import plain_text
from kiosk.domain.faults import ProtocolError
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved
from tests.hardware.terminal import frames
from tests.hardware.terminal.peer import Peer, settings_for

OPEN = frames.SERIAL["approved, open card number"]
CANARIES = ("66666666", "66 66 66 66", "ffff", r"\x66\x66", "ffffffff", "5966", "2002122", "0512", "05 12")


def shows_nothing(shown: str) -> bool:
    return not any(canary in shown for canary in CANARIES)


def test_the_canary_sings():
    """The trace really holds an open card number, so that finding none afterwards means something."""
    assert "66 66 66 66" in OPEN
    assert b"ffff" in frames.apdu_in(OPEN)


def test_no_repr_or_value_holds_it():
    """Frame, APDU, fields and message hold at most four of its digits, and show none of the rest."""
    tokens = FrameDecoder().feed(bytes.fromhex(OPEN))
    apdu = decode_apdu(frames.apdu_in(OPEN))
    fields, told = parse_fields(apdu.data), messages.parse_status_information(apdu)
    assert told.masked_pan == "****6666"
    assert 0x0E not in fields.values
    for shown in (repr(tokens), repr(apdu), repr(fields), repr(told), msgspec.json.encode(told).decode()):
        assert shows_nothing(shown), shown
    assert shows_nothing(str(explain_apdu(apdu.encode())))
    assert shows_nothing(str(explain_frame(bytes.fromhex(OPEN))))


@pytest.mark.parametrize(
    "field", ["23 F0 F8", "2D F0 F8", "24 F0 F0 F8", "22 F0 F8", "77", "06 0B 1F 1A 08", "06 0A 5A 08"]
)
def test_every_field_that_could_hold_it(field):
    """Tracks, unknown fields and TLV objects with a card number leave nothing of it."""
    apdu = Apdu(0x040F, bytes.fromhex(f"27 00 {field} 66 66 66 66 66 66 66 66"))
    assert shows_nothing(repr(parse_fields(apdu.data)) + repr(messages.parse_status_information(apdu)))


def test_no_error_holds_it():
    """An error about a damaged APDU tells of lengths only."""
    with pytest.raises(ProtocolError) as caught:
        decode_apdu(frames.apdu_in(OPEN)[:-1])
    assert shows_nothing(str(caught.value))


def test_texts_are_masked():
    """A number like a card's in a text loses all but its last four digits; an authorisation number stays."""
    assert plain_text(b"CARD 5966 6666 6666 6666 OK") == "CARD ****6666 OK"
    assert plain_text(b"GEN.NR.:291675") == "GEN.NR.:291675"


def test_no_log_or_result_of_a_payment_holds_it(caplog, peer: Peer):
    """A payment reported with an open card number leaves none in the log at its most talkative, nor in its result."""
    caplog.set_level(logging.DEBUG)
    amount = OPEN.replace("04 00 00 00 00 40 00 49 09 78", "04 00 00 00 00 40 00 49 09 44")
    terminal = ZvtTerminal(settings_for(peer))

    def script() -> None:
        peer.hear("06 00")
        peer.say("80 00 00")
        peer.tell("06 0F 00")
        peer.hear("06 01")
        peer.say("80 00 00")
        peer.say(frames.apdu_in(amount).hex())

    with peer.playing(script):
        outcome = terminal.pay(Money(4000), "A-1", lambda _: None)
    terminal.close()
    assert isinstance(outcome, Approved)
    assert outcome.authorisation.masked_pan == "****6666"
    assert "terminal says result 00" in caplog.text
    assert shows_nothing(caplog.text + repr(outcome) + repr(terminal._open))


def test_what_a_block_holds_is_not_in_its_repr():
    """A text that holds a card number is kept without it, and no repr shows any text."""
    text = b"PAN 4761739001010010"
    block = bytes([0x06, len(text) + 2, 0x07, len(text)]) + text
    fields = parse_fields(block)
    assert fields.lines == [b"PAN ****0010"]
    assert "0010" not in repr(fields)


def test_a_tag_of_three_bytes_hides_nothing_behind_it():
    """A tag may have any number of bytes; what comes after it is read where it is."""
    content = bytes.fromhex("1F810102AAAA") + bytes.fromhex("1F0701") + b"\x02"
    assert parse_fields(bytes([0x06, len(content)]) + content).tags[0x1F07] == b"\x02"
