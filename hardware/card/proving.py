"""Proves that an identity card is genuine, over the session in which its data were read (ICAO Doc 9303-11, 5 and 6).

    EF.SOD → EF.DG14 and EF.DG15, if it lists them → Passive → Active → Chip Authentication, or PACE-CAM in its place

Passive Authentication comes first: a key that the state did not sign proves nothing. Chip Authentication comes last,
because it ends the session. Whatever the card offers must hold; only a long RSA signature, for which many readers are too
small, is not asked for where the chip proves itself in the other way, and a PACE-CAM whose key the card does not show needs
another proof of the chip in its place. What fails is a value here; ``proven`` refuses it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from msgspec import Struct
from msgspec.structs import replace

from hardware.card import active, card_security, chip_authentication, cipher, lds
from hardware.card.apdu import Command, Transmit, UnexpectedStatus
from hardware.card.chip_authentication import ChipKey
from hardware.card.files import AskedTooMuch, DamagedFile, Files
from hardware.card.lds import ElementaryFile
from hardware.card.pace import ChipProof
from hardware.card.passive import SecurityObject, authenticate, parse_security_object, verify_card_access
from hardware.card.public_keys import PublicKey
from hardware.card.refusal import Refused
from hardware.card.secure_messaging import SecureMessaging
from hardware.card.trust import Anchors
from kiosk.domain.citizen import Citizen
from kiosk.domain.faults import ProtocolError
from kiosk.domain.proof import Check, Proof

DG14, DG15 = 14, 15

_NOT_FOUND = 0x6A82
_NO_RIGHT = frozenset({0x6982, 0x6985})
"""Security status or conditions of use not satisfied: how cards say that a file is for others (ISO/IEC 7816-4, 5.1.3)."""
_READ_DG14, _COMPARED_BYTES = 0x00B08E00, 8


class Card(Struct, frozen=True):
    """A card in an open session. ``protected`` speaks in it, ``plain`` sends what it is given.

    ``groups`` were read whole; those of ``wanted`` that are not among them the card did not show, or damaged.
    ``mapping``: what PACE-CAM left to be checked. ``card_access``: EF.CardAccess as PACE was run by it; b"" without PACE.
    ``block``: bytes of a block of the session's cipher.
    """

    files: Files
    protected: Transmit
    plain: Transmit
    groups: Mapping[int, bytes]
    issuing_state: str
    mapping: ChipProof | None = None
    card_access: bytes = b""
    block: int = cipher.BLOCK
    wanted: tuple[int, ...] = ()


def proven(citizen: Citizen, card: Card, anchors: Anchors, today: date) -> Citizen:
    """Return the citizen with the proof. Refused not_genuine: a proof failed, whatever the others say; expired. Else as ``prove``."""
    proof = prove(card, anchors, datetime.combine(today, time(12), UTC))
    if proof.failed:
        raise Refused("not_genuine", str(proof))
    if proof.passive.outcome != "held":
        return replace(citizen, proof=proof)
    if not citizen.expiry_date:
        return replace(citizen, proof=replace(proof, passive=_remarked(proof.passive, "no date of expiry")))
    if last_day(citizen.expiry_date) < today.isoformat():
        raise Refused(
            "expired", "genuine, and its validity is over"
        )  # the date is a part of its key, and evidence is kept
    return replace(citizen, proof=proof)


def last_day(iso: str) -> str:
    """Return the last day that a date may be of which only the year, or year and month, is known (Doc 9303-3, 4.8)."""
    known = [int(part) for part in iso.split("-")]
    year, month = known[0], known[1] if len(known) > 1 else 12
    return iso if len(known) > 2 else f"{year:04}-{month:02}-{monthrange(year, month)[1]:02}"


def _remarked(check: Check, remark: str) -> Check:
    return replace(check, detail=", ".join(filter(None, (check.detail, remark))))


def prove(card: Card, anchors: Anchors, at: datetime) -> Proof:
    """Return the verdict. Refused (removed), DeviceFault and ProtocolError are those of the wire: then nothing is known."""
    sod = _read(card, lds.SOD)
    if sod is None:  # every eMRTD has one (Doc 9303-10, 3.11.1): to leave it out must not be the way round it
        return Proof(Check("failed", "the card has no EF.SOD"))
    try:
        found = parse_security_object(sod)
    except (Refused, ProtocolError) as error:
        return Proof(_failed(error))
    files = {number: _read(card, lds.data_group(number)) for number in (DG14, DG15) if number in found.digests}
    passive = _passive(card, found, files, anchors, at)
    if passive.outcome != "held":
        return Proof(passive)
    ways = _ways(files.get(DG14), long_apdus=card.files.long_apdus)
    mapped = _mapping(card, anchors, at)
    offered = mapped.outcome == "held" or isinstance(ways, list)
    active_check = _active(card, files.get(DG15), files.get(DG14), spared=offered)
    if active_check.outcome == "failed":
        return Proof(passive, active_check)
    if mapped.outcome in {"held", "failed"}:
        return Proof(passive, active_check, mapped)
    chip = _chip(card, ways, files.get(DG14))
    return Proof(passive, active_check, _unless_proven(mapped, active_check, chip))


def _unless_proven(mapped: Check, active_check: Check, chip: Check) -> Check:
    """Return the verdict on a chip whose PACE-CAM is not proven: hidden, it is no way round a proof, so another must have held."""
    if mapped.outcome == "not_offered" or chip.outcome in {"held", "failed"}:
        return chip
    return mapped if active_check.outcome == "held" else Check("failed", mapped.detail)


def _read(card: Card, file: ElementaryFile) -> bytes | None:
    """Return a file; None only where the card says that it has none."""
    try:
        return card.files.read(file)
    except UnexpectedStatus as error:
        if error.status != _NOT_FOUND:
            raise
        return None


def _kept_from_us(card: Card, number: int) -> bool:
    """Ask once more for a group: whether the card shows it only to whoever has more rights, as it may, or has none. Else as ``_read``."""
    try:
        card.files.read(lds.data_group(number))
    except UnexpectedStatus as error:
        if error.status not in {_NOT_FOUND, *_NO_RIGHT}:
            raise
        return error.status in _NO_RIGHT
    except DamagedFile:
        return False
    raise ProtocolError(f"EF.DG{number} was not there and then was")


def _failed(error: Refused | ProtocolError) -> Check:
    """Return a failed check; a refusal for another reason than the proof is none, and goes on."""
    if not isinstance(error, Refused):
        return Check("failed", str(error))
    if error.refusal.reason != "not_genuine":
        try:
            raise error
        finally:
            del error  # its traceback holds this frame: the two would keep what was read
    return Check("failed", error.refusal.evidence)


def _passive(
    card: Card, found: SecurityObject, files: Mapping[int, bytes | None], anchors: Anchors, at: datetime
) -> Check:
    unread = [number for number in card.wanted if number in found.digests and number not in card.groups]
    kept = [number for number in unread if _kept_from_us(card, number)]
    missing = [number for number, content in files.items() if content is None]
    missing += [number for number in unread if number not in kept]
    if missing:
        return Check("failed", f"EF.DG{missing[0]} was signed and is missing")
    remarks = [f"EF.DG{number} is not for us to read" for number in kept]
    read = {**card.groups, **{number: content for number, content in files.items() if content is not None}}
    try:
        remarks.append(authenticate(found, read, anchors, at, card.issuing_state))
        if DG14 in read:
            remarks.append(verify_card_access(card.card_access, read[DG14]))
        return Check("held", ", ".join(filter(None, remarks)))
    except (Refused, ProtocolError) as error:
        return _failed(error)


def _ways(dg14: bytes | None, *, long_apdus: bool) -> list[ChipKey] | Check:
    """Return the ways of Chip Authentication, of which there is one at least, or why there is none."""
    if dg14 is None:
        return Check("not_offered")
    try:
        ways = chip_authentication.offered(dg14)
    except ProtocolError as error:  # the state signed it: it is we who cannot
        return Check("not_checked", str(error))
    fitting = [way for way in ways if long_apdus or not way.needs_long_apdus]
    if ways and not fitting:
        return Check("not_checked", "a long key, and the reader carries short APDUs only")
    return fitting or Check("not_offered")


def _mapping(card: Card, anchors: Anchors, at: datetime) -> Check:
    """Check what PACE-CAM left to be checked: not_offered where it was not run, not_checked where the card hides the key."""
    if card.mapping is None:
        return Check("not_offered")
    try:
        content = card_security.read(card.protected)
    except UnexpectedStatus as error:
        return Check("not_checked", f"PACE-CAM was run, and the card does not show EF.CardSecurity: {error}")
    except DamagedFile as error:
        return _failed(error)
    if content is None:  # a chip that can run PACE-CAM has it (Doc 9303-10, 3.11.4)
        return Check("not_checked", "PACE-CAM was run, and the card has no EF.CardSecurity")
    try:
        keys = card_security.mapping_keys(content, card.mapping.parameter_id, anchors, at, card.issuing_state)
        if any(card.mapping.proves(key) for key in keys):
            return Check("held", "PACE-CAM")
    except (Refused, ProtocolError) as error:
        return _failed(error)
    return Check("failed", "the chip has no key of EF.CardSecurity, it is a copy")


def _chip(card: Card, ways: list[ChipKey] | Check, dg14: bytes | None) -> Check:
    """Run Chip Authentication with the strongest cipher that is offered."""
    if isinstance(ways, Check) or dg14 is None:
        return ways if isinstance(ways, Check) else Check("not_offered")
    try:
        _authenticate_chip(card, ways[0], dg14)
    except Refused as error:
        return _failed(error)
    return Check("held", ways[0].cipher if ways[0].cipher == "3des" else "")


def _authenticate_chip(card: Card, way: ChipKey, dg14: bytes) -> None:
    session = new_session(chip_authentication.agree(card.protected, way))
    try:
        start = Command(_READ_DG14, le=_COMPARED_BYTES)
        chip_authentication.check_proof(session.over(card.plain), start, dg14[:_COMPARED_BYTES])
    finally:
        session.end()


def new_session(agreed: chip_authentication.KeyAgreed) -> SecureMessaging:
    """Return the session that begins with Chip Authentication; its counter is zero (Doc 9303-11, 6.2.2). Overwrites the secret."""
    suite = cipher.TRIPLE_DES if agreed.cipher == "3des" else cipher.AES
    encryption_key = suite.derive(agreed.secret, cipher.ENCRYPTION, agreed.key_bytes)
    mac_key = suite.derive(agreed.secret, cipher.AUTHENTICATION, agreed.key_bytes)
    cipher.wipe(agreed.secret)
    return SecureMessaging(encryption_key, mac_key, suite=suite)


def _active(card: Card, dg15: bytes | None, dg14: bytes | None, *, spared: bool) -> Check:
    """Run Active Authentication. ``spared``: the chip has another way, so a long signature need not be asked for."""
    if dg15 is None:
        return Check("not_offered")
    try:
        key = active.parse_public_key_of(dg15)
        hash_name = active.hash_of_signatures(dg14) if dg14 else ""
    except ProtocolError as error:
        return Check("not_checked", str(error))
    if active.needs_extended_length(key, card.block):
        if spared:
            return Check("not_checked", "a long signature, and the chip has another way")
        if not card.files.long_apdus:
            return Check("not_checked", "a long signature, and the reader carries short APDUs only")
    return _signed(card, key, hash_name)


def _signed(card: Card, key: PublicKey, hash_name: str) -> Check:
    """Have the chip sign. AskedTooMuch: it ended the session at the length of the answer, and another one is left."""
    size = card.files.size
    lengths = size.untried(active.answer_lengths(key, card.block, long_apdus=size.long_apdus))
    try:
        return Check("held", active.authenticate(card.protected, key, hash_name, lengths=lengths))
    except active.LengthRefused as error:
        if len(lengths) == 1:
            return Check("failed", f"the chip does not sign: {error}")
        size.refuse(error.le)
        raise AskedTooMuch(str(error)) from error
    except Refused as error:
        return _failed(error)
