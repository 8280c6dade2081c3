"""What is said to an identity card, from its power-up to its holder's name (ICAO Doc 9303-11, 4.2 and 9303-10).

    READ EF.ATR/INFO (for once) → READ EF.CardAccess → PACE → SELECT the eMRTD application → READ the data groups
    → proof (``hardware.card.proving``), where somebody is trusted

Basic Access Control takes PACE's place only where the card shows that it has no PACE: no EF.CardAccess (6A82), or nothing
about PACE in it; and only with the key of a machine readable zone. Whatever else is wrong, a key most of all, ends it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from hardware.card import bac, capabilities, cipher, lds, pace, pace_info
from hardware.card.apdu import Command, Transmit, UnexpectedStatus, expect_ok, status_name
from hardware.card.details import PersonalDetails, parse_personal_details
from hardware.card.files import AskedTooMuch, Files, ReadSize, read_file
from hardware.card.mrz import citizen_of, parse_zone
from hardware.card.proving import Card, proven
from hardware.card.refusal import Refused
from hardware.card.secure_messaging import READ_MAX, SecureMessaging
from hardware.card.trust import Anchors
from kiosk.domain.access_key import MrzKey
from kiosk.domain.card_profile import GENERIC, CardProfile
from kiosk.domain.citizen import Citizen
from kiosk.domain.faults import ProtocolError
from kiosk.domain.secret import Secret

_SELECT_MF, _SELECT_FILE, _SELECT_APPLICATION = 0x00A4000C, 0x00A4020C, 0x00A4040C
_READ_BINARY, _SHORT_IDENTIFIER = 0x00B00000, 0x8000
_MASTER_FILE = bytes.fromhex("3F00")
_NOT_FOUND = 0x6A82


class OpenCard(Struct, frozen=True):
    """A card whose eMRTD application is selected, in a session.

    ``card_access``: EF.CardAccess as it was read in the clear, to be compared with a signed copy; b"" where there is none.
    ``by_pace``: whether PACE was run, by what it says. ``proof``: with PACE-CAM, what proves the chip once its public key is
    trusted.
    ``suite``: the cipher of the session.
    """

    session: SecureMessaging
    card_access: bytes = b""
    proof: pace.ChipProof | None = None
    by_pace: bool = False
    suite: cipher.Suite = cipher.TRIPLE_DES


def read_citizen(
    transmit: Transmit,
    access_key: Secret,
    today: date,
    profiles: Sequence[CardProfile] = (GENERIC,),
    size: ReadSize | None = None,
    anchors: Anchors | None = None,
    picture: Callable[[bytes], bytes] | None = None,
) -> Citizen:
    """Open a freshly powered card and return its holder, from one secure messaging session.

    ``profiles``: the kinds of cards, in the order in which they are tried. ``size``: what is known of how much this card and
    reader bear. ``anchors``: who may have issued the card; without them nothing is proven. ``picture``: makes a portrait of
    EF.DG2, which is read only then. Refused: wrong_key, zone_needed, unsupported, not_genuine. ProtocolError: an answer is damaged. AskedTooMuch:
    the same again asks for less.
    """
    size = size or ReadSize()
    size.begin()
    try:
        return _read_holder(transmit, access_key, today, profiles, size, anchors, picture)
    except AskedTooMuch as error:
        evidence = str(error)
    raise AskedTooMuch(
        evidence
    )  # another one: it is kept while the card is tried again, and must not hold what was read


def _read_holder(
    transmit: Transmit,
    access_key: Secret,
    today: date,
    profiles: Sequence[CardProfile],
    size: ReadSize,
    anchors: Anchors | None,
    picture: Callable[[bytes], bytes] | None,
) -> Citizen:
    card = open_card(transmit, access_key, long_apdus=size.long_apdus)
    try:
        files = Files(card.session.over(transmit), size)
        dg1, dg11 = _read_dg1(files), files.find(lds.data_group(11))
        dg2 = files.find(lds.data_group(2)) if picture else None
        zone = parse_zone(lds.machine_readable_zone(dg1))
        citizen = citizen_of(zone, today, profiles, personal_details(dg11))
        if anchors is not None:
            read = {number: found for number, found in ((1, dg1), (2, dg2), (11, dg11)) if found is not None}
            wanted = (2, 11) if picture else (11,)
            by_pace = card.card_access if card.by_pace else b""
            session = card.session.over(transmit)
            whole = Card(
                files, session, transmit, read, zone.issuing_state, card.proof, by_pace, card.suite.block, wanted
            )
            citizen = proven(citizen, whole, anchors, today)
        return replace(citizen, portrait=picture(dg2)) if picture and dg2 else citizen
    finally:
        card.session.end()


def open_card(transmit: Transmit, access_key: Secret, *, long_apdus: bool = True) -> OpenCard:
    """Open a freshly powered card with its access number or the key of its machine readable zone, and select the application.

    ``long_apdus``: whether the reader may be sent extended APDUs, which the longest keys of PACE need. Refused: wrong_key, zone_needed, unsupported. ProtocolError: an answer is damaged.
    """
    card_access = _read_card_access(transmit)
    offers = pace_info.parse_card_access(card_access) if card_access else []
    if offers:
        chosen = pace_info.choose(offers, long_apdus=long_apdus)
        opened = pace.run(transmit, chosen, access_key)
        try:
            _select_application(opened.session.over(transmit))
        except Exception:
            opened.session.end()
            raise
        return OpenCard(opened.session, card_access, opened.proof, by_pace=True, suite=chosen.suite)
    _select_application(transmit)
    if not isinstance(access_key, MrzKey):
        raise Refused("zone_needed", "the card has no PACE, and without it an access number opens nothing")
    return OpenCard(bac.open_session(transmit, access_key), card_access)


def personal_details(dg11: bytes | None) -> PersonalDetails:
    """Return what EF.DG11 says; nothing where there is none, or a damaged one: it only betters what EF.DG1 says."""
    try:
        return parse_personal_details(dg11) if dg11 else PersonalDetails()
    except ProtocolError:
        return PersonalDetails()


def offered_pace(transmit: Transmit) -> pace_info.PaceInfo:
    """Return the way to run PACE that the card offers and we can. Refused unsupported where there is none."""
    card_access = _read_card_access(transmit)
    return pace_info.choose(pace_info.parse_card_access(card_access) if card_access else [])


def _read_card_access(transmit: Transmit) -> bytes:
    """Read EF.CardAccess by its short identifier; where the card wants it, by SELECT. Nothing where it does not exist.

    Refused unsupported where the card neither shows it nor says that it does not exist.
    """
    try:
        return read_file(transmit, _SHORT_IDENTIFIER | lds.CARD_ACCESS.short_identifier << 8, lds.CARD_ACCESS)
    except UnexpectedStatus:
        transmit(Command(_SELECT_MF, _MASTER_FILE))  # some cards refuse this because they stand there already
    selected = transmit(Command(_SELECT_FILE, lds.CARD_ACCESS.identifier))
    if selected.status == _NOT_FOUND:
        return b""
    if not selected.ok:
        raise Refused("unsupported", f"no identity card: SELECT EF.CardAccess: {status_name(selected.status)}")
    try:
        return read_file(transmit, 0, lds.CARD_ACCESS)
    except UnexpectedStatus as error:
        raise Refused("unsupported", f"no identity card: {error}") from error


def _select_application(transmit: Transmit) -> None:
    response = transmit(Command(_SELECT_APPLICATION, lds.APPLICATION))
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
