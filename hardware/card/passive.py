"""Passive Authentication (ICAO Doc 9303-11, 5.1): the data are those that the issuing state signed.

    EF.SOD: 77 ‖ SignedData ‖ LDSSecurityObject: version, hash algorithm, (number of a data group, its digest) …

Signature of the document signer → his certificate's chain to a trusted authority of the state that the card names →
digests of every data group that was read.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime

from asn1crypto import core
from msgspec import Struct

from hardware.card import tlv
from hardware.card.asn1 import Algorithm, integer, reading
from hardware.card.countries import country_of
from hardware.card.pace_info import infos_of, is_about_pace
from hardware.card.refusal import Refused
from hardware.card.signatures import WEAK, digest_of, hash_of
from hardware.card.signed_data import Signed, open_signed
from hardware.card.trust import Anchors, check_document_signer
from kiosk.domain.faults import ProtocolError

SECURITY_OBJECT = "2.23.136.1.1.1"
"""id-icao-mrtd-security-ldsSecurityObject (Doc 9303-10, 4.6.2.3)."""

_SOD_TAG, _DG14_TAG = 0x77, 0x6E
_GROUPS = range(1, 17)


class _GroupHash(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    _fields = [("number", core.Integer), ("digest", core.OctetString)]  # noqa: RUF012 - asn1crypto's way


class _GroupHashes(core.SequenceOf):  # type: ignore[misc]
    _child_spec = _GroupHash


class _SecurityObject(core.Sequence):  # type: ignore[misc]
    """LDSSecurityObject (Doc 9303-10, 4.6.2.3), versions 0 and 1."""

    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("algorithm", Algorithm),
        ("groups", _GroupHashes),
        ("versions", core.Any, {"optional": True}),
    ]


class SecurityObject(Struct, frozen=True):
    """What EF.SOD says: the digests of the data groups by their number. Not trusted yet."""

    algorithm: str
    digests: dict[int, bytes]
    signed: Signed


def parse_security_object(sod: bytes) -> SecurityObject:
    """Decode EF.SOD and verify its own signature. Refused not_genuine: it does not hold. ProtocolError: damaged."""
    signed = open_signed(tlv.only(sod, _SOD_TAG), SECURITY_OBJECT, "EF.SOD")
    with reading("security object in EF.SOD"):
        told = _SecurityObject.load(signed.content, strict=True)
        groups = [(integer(each["number"]), bytes(each["digest"].native)) for each in told["groups"]]
        algorithm = hash_of(told["algorithm"].dump())
    numbers = [number for number, _ in groups]
    if len(set(numbers)) != len(numbers) or not set(numbers) <= set(_GROUPS):
        raise ProtocolError(f"EF.SOD with digests of the data groups {numbers}")
    return SecurityObject(algorithm, dict(groups), signed)


def authenticate(
    found: SecurityObject, groups: Mapping[int, bytes], anchors: Anchors, at: datetime, issuing_state: str
) -> str:
    """Verify who signed, and what was read. Returns what to know about it; Refused not_genuine where anything is amiss.

    ``groups``: whole files by their number. ``issuing_state``: as the machine readable zone writes it.
    """
    remarks = vouched(found.signed, anchors, at, issuing_state)
    verify_groups(found, groups)
    weak = [f"{found.algorithm} of the data groups"] if found.algorithm in WEAK else []
    return ", ".join((*weak, *remarks))


def vouched(signed: Signed, anchors: Anchors, at: datetime, issuing_state: str) -> tuple[str, ...]:
    """Verify that a document signer of the state made a signature. Returns remarks; Refused not_genuine where not."""
    signer = signed.certificate
    check_document_signer(signer)
    chain = anchors.chain(signer, at, "document signer")
    country = country_of(issuing_state)
    if not country or chain.authority.country != country:
        raise Refused("not_genuine", f"a document of {issuing_state} signed under {chain.authority.name}")
    return (*signed.weak, *chain.remarks)


def verify_groups(found: SecurityObject, groups: Mapping[int, bytes]) -> None:
    """Compare the digest of each data group that was read. Refused not_genuine: one differs, or was never signed."""
    for number, content in groups.items():
        digest = found.digests.get(number)
        if digest is None:
            raise Refused("not_genuine", f"EF.SOD has no digest of EF.DG{number}")
        if not hmac.compare_digest(digest, digest_of(found.algorithm, content)):
            raise Refused("not_genuine", f"EF.DG{number} is not the one that was signed")


def verify_card_access(card_access: bytes, dg14: bytes) -> str:
    """Compare EF.CardAccess, which nobody signed and by which PACE was run, with its signed copy (Doc 9303-11, 4.2 and 9.2).

    Both must offer the same of PACE, so that nobody has added a weak way or hidden a strong one; of all else EF.DG14 may
    have more. ``card_access`` is b"" for a card that was opened without PACE: then the signed copy must not offer it. Returns what to know about it; Refused not_genuine: they differ. ProtocolError: one is damaged.
    """
    shown = infos_of(card_access, "EF.CardAccess") if card_access else {}
    signed = infos_of(tlv.only(dg14, _DG14_TAG), "EF.DG14")
    if not any(map(is_about_pace, signed.values())):  # cards of early issues have no copy
        return "EF.DG14 does not repeat EF.CardAccess" if card_access else ""
    added = [oid for der, oid in shown.items() if der not in signed]
    hidden = [oid for der, oid in signed.items() if is_about_pace(oid) and der not in shown]
    if added or hidden:
        raise Refused(
            "not_genuine", f"EF.CardAccess is not the one that was signed: {', '.join(added + hidden)} differ"
        )
    return ""
