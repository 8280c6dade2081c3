"""What is said to an identity card, from its power-up to its holder's name (ICAO Doc 9303-11, 4.2 and 9303-10).

    READ EF.ATR/INFO (for once) → READ EF.CardAccess → PACE with the CAN → SELECT the eMRTD application → READ EF.DG1, the last two protected

PACE is the only door: a card without it, or a wrong number, never leads to an older protocol.
"""

from __future__ import annotations

from datetime import date

from hardware.card import capabilities, lds, pace, pace_info
from hardware.card.apdu import Command, Transmit, UnexpectedStatus, expect_ok
from hardware.card.files import Files, ReadSize, read_file
from hardware.card.mrz import citizen_of, parse_td1
from hardware.card.refusal import Refused
from hardware.card.secure_messaging import READ_MAX
from kiosk.domain.citizen import Citizen
from kiosk.domain.faults import ProtocolError
from kiosk.domain.secret import Secret

_SELECT_MF, _SELECT_FILE, _SELECT_APPLICATION = 0x00A4000C, 0x00A4020C, 0x00A4040C
_READ_BINARY, _SHORT_IDENTIFIER = 0x00B00000, 0x8000
_MASTER_FILE = bytes.fromhex("3F00")
_NOT_FOUND = 0x6A82


def read_citizen(
    transmit: Transmit, access_key: Secret, today: date, personal_number: str, size: ReadSize | None = None
) -> Citizen:
    """Open a freshly powered card with its CAN and return its holder, from one secure messaging session.

    ``size``: what is known of how much this card and reader bear. Refused: wrong_key, unsupported. ProtocolError: an
    answer is damaged. AskedTooMuch: the same again asks for less.
    """
    size = size or ReadSize()
    session = pace.open_session(transmit, offered_pace(transmit), access_key)
    try:
        protected = session.over(transmit)
        _select_application(protected)
        zone = lds.machine_readable_zone(_read_dg1(Files(protected, size)))
        return citizen_of(parse_td1(zone), today, personal_number)
    finally:
        session.end()


def offered_pace(transmit: Transmit) -> pace_info.PaceInfo:
    """Return the way to run PACE that the card offers and we can. Refused unsupported where there is none."""
    return pace_info.choose(pace_info.parse_card_access(_read_card_access(transmit)))


def _read_card_access(transmit: Transmit) -> bytes:
    """Read EF.CardAccess by its short identifier; where the card wants it, by SELECT."""
    try:
        return read_file(transmit, _SHORT_IDENTIFIER | lds.CARD_ACCESS.short_identifier << 8)
    except UnexpectedStatus:
        transmit(Command(_SELECT_MF, _MASTER_FILE))  # some cards refuse this because they stand there already
    try:
        expect_ok(transmit(Command(_SELECT_FILE, lds.CARD_ACCESS.identifier)), "SELECT EF.CardAccess")
        return read_file(transmit, 0)
    except UnexpectedStatus as error:
        raise Refused("unsupported", f"no identity card with PACE: {error}") from error


def _select_application(protected: Transmit) -> None:
    response = protected(Command(_SELECT_APPLICATION, lds.APPLICATION))
    if response.status == _NOT_FOUND:
        raise Refused("unsupported", "the card has no eMRTD application")
    expect_ok(response, "SELECT the eMRTD application")


def _read_dg1(files: Files) -> bytes:
    try:
        return files.read(lds.data_group(1))
    except UnexpectedStatus as error:
        if error.status != _NOT_FOUND:
            raise
        raise Refused("unsupported", "the card has no EF.DG1") from error


def learn_size(transmit: Transmit, size: ReadSize) -> None:
    """Ask a freshly powered card once how long its answers may be; what it does not say well changes nothing."""
    if size.asked:
        return
    response = transmit(Command(_READ_BINARY | _SHORT_IDENTIFIER | lds.ATR_INFO.short_identifier << 8, le=READ_MAX))
    try:
        size.announce(capabilities.response_bytes(response.data))
    except ProtocolError:
        size.announce(None)
