"""What is said to an identity card, from its power-up to its holder's name (ICAO Doc 9303-11, 4.2 and 9303-10).

    READ EF.CardAccess → PACE with the CAN → SELECT the eMRTD application → READ EF.DG1 → proof, all but the first two protected

PACE is the only door: a card without it, or a wrong number, never leads to an older protocol.
"""

from __future__ import annotations

from datetime import date

from hardware.card import lds, pace, pace_info, tlv
from hardware.card.apdu import END_OF_FILE, OK, Command, Transmit, UnexpectedStatus, expect_ok
from hardware.card.mrz import citizen_of, parse_td1
from hardware.card.proving import Card, proven
from hardware.card.refusal import Refused
from hardware.card.secure_messaging import READ_MAX
from hardware.card.trust import Anchors
from kiosk.domain.citizen import Citizen
from kiosk.domain.faults import ProtocolError
from kiosk.domain.secret import Secret

_SELECT_MF, _SELECT_FILE, _SELECT_APPLICATION = 0x00A4000C, 0x00A4020C, 0x00A4040C
_READ_BINARY, _SHORT_IDENTIFIER = 0x00B00000, 0x8000
_MASTER_FILE = bytes.fromhex("3F00")
_NOT_FOUND = 0x6A82
_HEADER_BYTES = 4
_OFFSET_MAX = 0x7FFF


def read_citizen(
    transmit: Transmit, access_key: Secret, today: date, personal_number: str, anchors: Anchors | None = None
) -> Citizen:
    """Open a freshly powered card with its CAN and return its holder, from one secure messaging session.

    ``anchors``: who may have issued it; without them nothing is proven.
    Refused: wrong_key, unsupported, not_genuine. ProtocolError: an answer is damaged.
    """
    session = pace.open_session(transmit, offered_pace(transmit), access_key)
    try:
        protected = session.over(transmit)
        _select_application(protected)
        dg1 = _read_dg1(protected)
        citizen = citizen_of(parse_td1(lds.machine_readable_zone(dg1)), today, personal_number)
        if anchors is None:
            return citizen
        card = Card(protected, transmit, _read_by_identifier, _read_start, {1: dg1}, citizen.issuing_state)
        return proven(citizen, card, anchors, today)
    finally:
        session.end()


def offered_pace(transmit: Transmit) -> pace_info.PaceInfo:
    """Return the way to run PACE that the card offers and we can. Refused unsupported where there is none."""
    return pace_info.choose(pace_info.parse_card_access(_read_card_access(transmit)))


def _read_card_access(transmit: Transmit) -> bytes:
    """Read EF.CardAccess by its short identifier; where the card wants it, by SELECT."""
    try:
        return read_file(transmit, _SHORT_IDENTIFIER | lds.CARD_ACCESS_SFI << 8)
    except UnexpectedStatus:
        transmit(Command(_SELECT_MF, _MASTER_FILE))  # some cards refuse this because they stand there already
    try:
        expect_ok(transmit(Command(_SELECT_FILE, lds.CARD_ACCESS_ID)), "SELECT EF.CardAccess")
        return read_file(transmit, 0)
    except UnexpectedStatus as error:
        raise Refused("unsupported", f"no identity card with PACE: {error}") from error


def _select_application(protected: Transmit) -> None:
    response = protected(Command(_SELECT_APPLICATION, lds.APPLICATION))
    if response.status == _NOT_FOUND:
        raise Refused("unsupported", "the card has no eMRTD application")
    expect_ok(response, "SELECT the eMRTD application")


def _read_dg1(protected: Transmit) -> bytes:
    try:
        return read_file(protected, _SHORT_IDENTIFIER | lds.DG1_SFI << 8)
    except UnexpectedStatus as error:
        if error.status != _NOT_FOUND:
            raise
        raise Refused("unsupported", "the card has no EF.DG1") from error


def _read_by_identifier(protected: Transmit, identifier: int) -> bytes:
    return read_file(protected, _SHORT_IDENTIFIER | identifier << 8)


def _read_start(protected: Transmit, identifier: int, wanted: int) -> bytes:
    return _read(protected, _SHORT_IDENTIFIER | identifier << 8, wanted)


def read_file(transmit: Transmit, first: int) -> bytes:
    """Read a file that is one data object. ``first``: P1 P2 of the first READ BINARY, which names the file or is 0.

    UnexpectedStatus where the card refuses; ProtocolError where the file is damaged.
    """
    content = _read(transmit, first, _HEADER_BYTES)
    _, start, length = tlv.read_header(content)
    whole = start + length
    if whole > _OFFSET_MAX:
        raise ProtocolError(f"a file of {whole} bytes")
    while len(content) < whole:
        content += _read(transmit, len(content), min(READ_MAX, whole - len(content)))
    return content[:whole]


def _read(transmit: Transmit, place: int, wanted: int) -> bytes:
    response = transmit(Command(_READ_BINARY | place, le=wanted))
    if response.status not in {OK, END_OF_FILE}:
        raise UnexpectedStatus(response.status, f"READ BINARY {place:04X}")
    if not 0 < len(response.data) <= wanted:
        raise ProtocolError(f"READ BINARY {place:04X}: asked for {wanted} bytes, got {len(response.data)}")
    return response.data
