"""CMS SignedData (RFC 5652, 5) as ICAO uses it, around the EF.SOD of a card and around a master list of authorities.

    content type, content │ certificates │ signer infos: who, hash, signed attributes, signature

The signature is over the signed attributes, and these hold the hash of the content. They must be there: the content is
not of the type id-data (5.3), and without them one signature could be shown as that of another content.
"""

from __future__ import annotations

import hmac
from functools import lru_cache
from typing import Any

from asn1crypto import cms
from msgspec import Struct

from hardware.card.asn1 import integer, reading
from hardware.card.certificates import CERTIFICATE_BYTES_MAX, Certificate, is_named, name_of, parse_certificate
from hardware.card.refusal import Refused
from hardware.card.signatures import WEAK, Scheme, digest_of, hash_of, scheme_of, verify
from kiosk.domain.faults import ProtocolError

_SIGNERS_MAX, _CERTIFICATES_MAX = 4, 8
"""Doc 9303-10, 4.6.2.2 recommends one signer with one certificate; master lists have their signer's chain beside them."""
_CONTENT_TYPE, _MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_AS_SET = b"\x31"


class Signer(Struct, frozen=True):
    """One signer info: who signed (issuer and serial number, or a key identifier), and what."""

    issuer: str
    serial: int
    subject_key: bytes
    digest: str
    scheme: Scheme
    signature: bytes
    content_types: tuple[str, ...]
    digests: tuple[bytes, ...]
    attributes: bytes

    def names(self, certificate: bytes) -> bool:
        """Say whether it names this certificate. ProtocolError: the certificate is damaged."""
        return _is_named(certificate, issuer=self.issuer, serial=self.serial, subject_key=self.subject_key)


class SignedData(Struct, frozen=True):
    """A content, the certificates beside it, and who signed it."""

    content_type: str
    content: bytes
    certificates: tuple[bytes, ...]
    signers: tuple[Signer, ...]


class Signed(Struct, frozen=True):
    """A content whose signature holds, and the certificate of the key that made it; that one is not trusted yet."""

    content: bytes
    certificate: Certificate
    others: tuple[bytes, ...]
    weak: tuple[str, ...]


def open_signed(der: bytes, content_type: str, what: str) -> Signed:
    """Return a content of a type with its signer. Refused not_genuine: no signature holds. ProtocolError: damaged."""
    data = parse_signed_data(der, what)
    if data.content_type != content_type:
        raise Refused("not_genuine", f"{what} holds a content of type {data.content_type}")
    reasons: list[str] = []
    for signer in data.signers:
        try:
            return _verified(data, signer, what)
        except (Refused, ProtocolError) as error:
            reasons.append(str(error.refusal.evidence if isinstance(error, Refused) else error))
    raise Refused("not_genuine", "; ".join(reasons) or f"{what} is not signed")


def parse_signed_data(der: bytes, what: str) -> SignedData:
    """Decode. ProtocolError: damaged, or more signers or certificates than anybody puts there."""
    with reading(what):
        outer = cms.ContentInfo.load(der, strict=True)
        if str(outer["content_type"].dotted) != _SIGNED_DATA:
            raise ProtocolError(f"{what} is no SignedData")
        inner = outer["content"]
        held = inner["encap_content_info"]
        if held["content"].native is None:
            raise ProtocolError(f"{what} is signed without its content")
        certificates, signers = inner["certificates"] or (), inner["signer_infos"]
        if len(certificates) > _CERTIFICATES_MAX or len(signers) > _SIGNERS_MAX:
            raise ProtocolError(f"{what} with {len(certificates)} certificates and {len(signers)} signers")
        return SignedData(
            content_type=str(held["content_type"].dotted),
            content=bytes(held["content"]),
            certificates=tuple(each.dump() for each in certificates),
            signers=tuple(_signer(each) for each in signers),
        )


def _signer(info: Any) -> Signer:
    sid = info["sid"]
    by_key = sid.name == "subject_key_identifier"
    attributes = info["signed_attrs"]
    encoded = attributes.dump()
    digest = hash_of(info["digest_algorithm"].dump())
    return Signer(
        issuer="" if by_key else name_of(sid.chosen["issuer"]),
        serial=0 if by_key else integer(sid.chosen["serial_number"]),
        subject_key=bytes(sid.chosen.native) if by_key else b"",
        digest=digest,
        scheme=scheme_of(info["signature_algorithm"].dump(), digest),
        signature=bytes(info["signature"]),
        content_types=tuple(str(value.dotted) for value in _values(attributes, _CONTENT_TYPE)),
        digests=tuple(bytes(value) for value in _values(attributes, _MESSAGE_DIGEST)),
        attributes=_AS_SET + encoded[1:] if encoded else b"",  # signed as the SET they are, not as [0] (5.4)
    )


def _values(attributes: Any, wanted: str) -> list[Any]:
    return [value for each in attributes or () if str(each["type"].dotted) == wanted for value in each["values"]]


def _verified(data: SignedData, signer: Signer, what: str) -> Signed:
    certificate = _certificate_of(data, signer, what)
    if not signer.attributes:
        raise Refused("not_genuine", f"{what} is signed without signed attributes")
    if signer.content_types != (data.content_type,):
        raise Refused(
            "not_genuine", f"{what}: the signed content type is {', '.join(signer.content_types) or 'missing'}"
        )
    ours = digest_of(signer.digest, data.content)
    if len(signer.digests) != 1 or not hmac.compare_digest(signer.digests[0], ours):
        raise Refused("not_genuine", f"{what}: its content is not the one that was signed")
    if not verify(certificate.key, signer.scheme, signer.signature, signer.attributes):
        raise Refused("not_genuine", f"{what}: the signature is not that of {certificate.name}")
    used = {signer.digest, signer.scheme.digest}
    weak = tuple(f"{name} in {what}" for name in sorted(used & WEAK))
    others = tuple(each for each in data.certificates if each != certificate.der)
    return Signed(data.content, certificate, others, weak)


_known_certificate, _is_named = lru_cache(maxsize=32)(parse_certificate), lru_cache(maxsize=32)(is_named)
"""A document signer signs some hundred thousand cards: his certificate is taken apart once. What is damaged is not kept."""


def _certificate_of(data: SignedData, signer: Signer, what: str) -> Certificate:
    """Return the certificate that a signer names. No other is read: whoever made the card chose what they hold."""
    trouble = ""
    for der in data.certificates:
        if len(der) > CERTIFICATE_BYTES_MAX:
            continue
        try:
            if signer.names(der):
                return _known_certificate(der)
        except ProtocolError as error:
            trouble = f": {error}"
    raise Refused("not_genuine", f"{what} without the certificate of its signer{trouble}")
