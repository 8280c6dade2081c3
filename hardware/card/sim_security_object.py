"""Signed objects on simulated cards: EF.SOD and EF.CardSecurity (CMS, RFC 5652; ICAO Doc 9303-10, sections 4.6.2 and 3.11.4)."""

from __future__ import annotations

from collections.abc import Mapping

from hardware.card import sim_der as der
from hardware.card.sim_apdu import encode_object
from hardware.card.sim_certificate import digest_reference
from hardware.card.sim_keys import digest
from hardware.card.sim_pki import Signer

_SIGNED_DATA = "1.2.840.113549.1.7.2"
_LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
_CARD_SECURITY_OBJECT = "0.4.0.127.0.7.3.2.1"
_CONTENT_TYPE, _MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"


def document_security_object(
    digests: Mapping[int, bytes], hash_name: str, signer: Signer, versions: tuple[str, str] | None = None
) -> bytes:
    """Return EF.SOD over the digests of data groups; with LDS and Unicode versions the LDS security object is of version 1."""
    groups = (der.sequence(der.integer(number), der.octets(value)) for number, value in sorted(digests.items()))
    content = der.sequence(
        der.integer(0 if versions is None else 1),
        digest_reference(hash_name),
        der.sequence(*groups),
        b"" if versions is None else der.sequence(*(der.printable(version) for version in versions)),
    )
    return encode_object(b"\x77", signed_data(_LDS_SECURITY_OBJECT, content, signer))


def card_security(security_infos: bytes, signer: Signer) -> bytes:
    """Return EF.CardSecurity around encoded SecurityInfos."""
    return signed_data(_CARD_SECURITY_OBJECT, security_infos, signer)


def signed_data(content_type: str, content: bytes, signer: Signer) -> bytes:
    """Return a ContentInfo with SignedData of one signer, whose certificate is inside."""
    scheme, certificate = signer.scheme, signer.certificate
    hashing = digest_reference(scheme.hash_name)
    attributes = der.set_of(
        der.sequence(der.oid(_CONTENT_TYPE), der.set_of(der.oid(content_type))),
        der.sequence(der.oid(_MESSAGE_DIGEST), der.set_of(der.octets(digest(scheme.hash_name, content)))),
    )
    info = der.sequence(
        der.integer(1),
        der.sequence(certificate.issuer, der.integer(certificate.serial)),
        hashing,
        b"\xa0" + attributes[1:],  # signed as a SET OF, sent under [0] (RFC 5652, section 5.4)
        scheme.algorithm,
        der.octets(scheme.sign(attributes)),
    )
    body = der.sequence(
        der.integer(3),
        der.set_of(hashing),
        der.sequence(der.oid(content_type), der.tagged(0, der.octets(content))),
        der.tagged(0, certificate.encoded),
        der.set_of(info),
    )
    return der.sequence(der.oid(_SIGNED_DATA), der.tagged(0, body))
