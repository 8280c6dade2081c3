"""A card may send anything: whatever it is, only a refusal or a protocol error comes out, and in bounded time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card import bac, lds, pace, pace_info, tlv
from hardware.card.apdu import Command, Response, over_t0
from hardware.card.dialogue import learn_size, read_citizen
from hardware.card.files import Files, ReadSize
from hardware.card.mrz import citizen_of, parse_zone
from hardware.card.refusal import Refused
from hardware.card.secure_messaging import SecureMessaging
from kiosk.domain.access_key import MrzKey
from kiosk.domain.faults import ProtocolError
from kiosk.domain.secret import Secret
from tests.hardware.card.school_bac import BacChip
from tests.hardware.card.school_chip import SchoolChip

TODAY = date(2026, 11, 24)
CARD_ACCESS = bytes.fromhex("31143012060A04007F0007020204020202010202010D")
ZONE = "I<AZEAA000000117ABC1D2<<<<<<<<9001011F3001019AZE<<<<<<<<<<<6MAMMADOVA<<AYGUN<<<<<<<<<<<<<<"
INFORMATION = "AA0000001190010113001019"
COMMANDS_MAX = 4000
"""A file of 32 kB in pieces of 96 bytes, several times: more is no dialogue but a trap."""

ANSWERS = st.lists(st.binary(max_size=40), min_size=1, max_size=12)
STATUSES = [0x9000, 0x6282, 0x6300, 0x6700, 0x6982, 0x6A82, 0x6B00, 0x6C10, 0x6110, 0x6F00]


def survives(act: Callable[[], object]) -> None:
    """Nothing but what the driver knows how to tell."""
    try:
        act()
    except (Refused, ProtocolError):
        return


def spoil(content: bytes, place: int, noise: bytes) -> bytes:
    """Put noise over the bytes at a place, or cut the content off there."""
    place %= len(content)
    return content[:place] + noise + content[place + len(noise) :] if noise else content[:place]


class Babbler:
    """Answers with the given bytes, over and over."""

    def __init__(self, answers: list[bytes]) -> None:
        self.answers, self.count = answers, 0

    def __call__(self, _: Command) -> Response:
        self.count += 1
        assert self.count < COMMANDS_MAX, "a dialogue without end"
        return Response.from_bytes(self.answers[self.count % len(self.answers)])


def answers_with_status() -> st.SearchStrategy[list[bytes]]:
    status = st.sampled_from(STATUSES).map(lambda number: number.to_bytes(2, "big"))
    return st.lists(st.tuples(st.binary(max_size=60), status).map(b"".join), min_size=1, max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_data_objects_or_a_protocol_error(noise: bytes):
    """TLV: what is taken for data objects is exactly the bytes that were there."""
    survives(lambda: tlv.read_header(noise))
    survives(lambda: tlv.only(noise, 0x7C))
    survives(lambda: tlv.find(noise, 0x80))
    try:
        objects = tlv.parse(noise)
    except ProtocolError:
        return
    assert tlv.parse(b"".join(found.to_bytes() for found in objects)) == objects


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 100), st.binary(max_size=6), st.binary(max_size=60))
def test_any_card_access(place: int, noise: bytes, other: bytes):
    """EF.CardAccess: spoiled or made up, it is offers, or a protocol error; what is chosen can be run."""
    for content in (spoil(CARD_ACCESS, place, noise), other, tlv.encode(0x31, other)):
        try:
            info = pace_info.choose(pace_info.parse_card_access(content))
        except (Refused, ProtocolError):
            continue
        assert info.supported
        assert info.group.order > 1


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 200), st.binary(max_size=6), st.text(max_size=100))
def test_any_zone(place: int, noise: bytes, text: str):
    """EF.DG1 and what is typed: spoiled or made up, it is a citizen with a document number, or a protocol error."""
    dg1 = bytes.fromhex("615D5F1F5A") + ZONE.encode()
    survives(lambda: citizen_of(parse_zone(lds.machine_readable_zone(spoil(dg1, place, noise))), TODAY))
    survives(lambda: citizen_of(parse_zone(text), TODAY))
    survives(lambda: lds.machine_readable_zone(noise))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([72, 88, 90]), st.data())
def test_any_letters_of_a_zone(length: int, data: st.DataObject):
    """As many letters as a zone has, all of them allowed: a citizen or a protocol error."""
    letters = st.text("0123456789ABCZ<", min_size=length, max_size=length)
    survives(lambda: citizen_of(parse_zone(data.draw(letters)), TODAY))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_frames(noise: bytes):
    """Commands and responses: a frame that is one encodes to itself, or to its shortest form."""
    survives(lambda: Response.from_bytes(noise))
    try:
        command = Command.from_bytes(noise)
    except ProtocolError:
        return
    assert Command.from_bytes(command.to_bytes()) == command


@settings(max_examples=200, deadline=None)
@given(ANSWERS | answers_with_status(), st.sampled_from([Secret("123456"), MrzKey("AA0000001", "900101", "300101")]))
def test_a_babbling_card(answers: list[bytes], key: Secret):
    """From power-up on only noise: nobody is read, and it comes to an end."""
    for carry in (lambda transmit: transmit, over_t0):
        card = carry(Babbler(answers))
        survives(lambda card=card: learn_size(card, ReadSize()))
        with pytest.raises((Refused, ProtocolError)):
            read_citizen(card, key, TODAY)


@settings(max_examples=150, deadline=None)
@given(answers_with_status())
def test_files_of_a_babbling_card(answers: list[bytes]):
    """Reading files, with large pieces allowed: bytes of one data object, nothing, or a protocol error."""
    size = ReadSize()
    size.announce(65536)
    survives(lambda: Files(Babbler(answers), size).find(lds.data_group(11)))
    assert size.now >= 96


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.sampled_from(STATUSES))
def test_any_protected_response(noise: bytes, status: int):
    """Under secure messaging noise ends the session, with either cipher."""
    for suite in (pace.cipher.AES, pace.cipher.TRIPLE_DES):
        talk = SecureMessaging(bytearray(16), bytearray(range(16)), suite=suite)
        with pytest.raises(ProtocolError):
            talk.unwrap(Response(noise, status))
        assert not talk.alive


BRANCHES = [(2, 2, 13), (2, 1, 12), (4, 2, 13), (6, 2, 13), (1, 2, 0), (3, 1, 0)]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(BRANCHES), st.integers(1, 4), st.integers(0, 200), st.binary(max_size=4))
def test_pace_spoiled_at_any_step(branch: tuple[int, int, int], step: int, place: int, noise: bytes):
    """A right chip whose answer at one step is spoiled opens nothing, unless the noise happens to change nothing."""
    number, last, parameters = branch
    chip = SchoolChip(last, parameters, b"123456", number)
    seen = 0

    def transmit(command: Command) -> Response:
        nonlocal seen
        answer = chip(command)
        spoiled = Response(spoil(answer.data, place, noise), answer.status) if seen == step else answer
        seen += 1
        return spoiled

    info = pace_info.PaceInfo(f"0.4.0.127.0.7.2.2.4.{number}.{last}", parameters)
    survives(lambda: pace.run(transmit, info, Secret("123456")))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1), st.integers(0, 50), st.binary(max_size=8), st.sampled_from([*STATUSES, 0x9000, 0x9000]))
def test_basic_access_control_spoiled_at_any_step(step: int, place: int, noise: bytes, status: int):
    """A right chip whose answer at one step is spoiled opens nothing but by chance."""
    chip, seen = BacChip(INFORMATION, {}), 0

    def transmit(command: Command) -> Response:
        nonlocal seen
        answer = chip(command)
        spoiled = Response(spoil(answer.data, place, noise), status) if seen == step and answer.data else answer
        seen += 1
        return spoiled

    survives(lambda: bac.open_session(transmit, MrzKey("AA0000001", "900101", "300101")))
