"""Certificates and revocation lists of the simulated authorities, in DER (RFC 5280; profile: ICAO Doc 9303-12, section 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hardware.card import sim_der as der
from hardware.card.sim_keys import EcKey, RsaKey, digest, digest_algorithm, digest_oid

_COUNTRY, _ORGANISATION, _UNIT, _COMMON_NAME, _SERIAL = (f"2.5.4.{arc}" for arc in (6, 10, 11, 3, 5))
_ECDSA = {"sha256": "1.2.840.10045.4.3.2", "sha384": "1.2.840.10045.4.3.3", "sha512": "1.2.840.10045.4.3.4"}
_RSA = {"sha256": "1.2.840.113549.1.1.11", "sha384": "1.2.840.113549.1.1.12", "sha512": "1.2.840.113549.1.1.13"}
_PSS, _MGF1 = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
_DOCUMENT_TYPES, _MASTER_LIST_SIGNER = "2.23.136.1.1.6.2", "2.23.136.1.1.3"


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """How a key signs."""

    key: EcKey | RsaKey
    hash_name: str
    pss: bool = False
    encoding: str = "named"

    def sign(self, data: bytes) -> bytes:
        """Sign some bytes."""
        if isinstance(self.key, RsaKey) and self.pss:
            return self.key.sign_pss(data, self.hash_name)
        return self.key.sign(data, self.hash_name)

    @property
    def algorithm(self) -> bytes:
        """The signature's AlgorithmIdentifier."""
        if isinstance(self.key, EcKey):
            return der.sequence(der.oid(_ECDSA[self.hash_name]))
        if not self.pss:
            return der.sequence(der.oid(_RSA[self.hash_name]), der.NULL)
        hashing = digest_algorithm(self.hash_name)
        salt = len(digest(self.hash_name, b""))
        parameters = der.sequence(
            der.tagged(0, hashing),
            der.tagged(1, der.sequence(der.oid(_MGF1), hashing)),
            der.tagged(2, der.integer(salt)),
        )
        return der.sequence(der.oid(_PSS), parameters)

    @property
    def public_key_info(self) -> bytes:
        """The SubjectPublicKeyInfo."""
        key = self.key
        return key.public_key_info(self.encoding) if isinstance(key, EcKey) else key.public_key_info()

    @property
    def key_identifier(self) -> bytes:
        """SHA-1 over the public key info: method 4 of RFC 7093 leaves the choice free."""
        return digest("sha1", self.public_key_info)


@dataclass(frozen=True)
class Certificate:
    """An encoded certificate, and what its issuer's signature and its holder need of it."""

    encoded: bytes
    issuer: bytes
    serial: int


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whom a certificate names, until when, and which serial number it has."""

    name: bytes
    serial: int
    not_before: datetime
    not_after: datetime


def distinguished_name(
    common_name: str, *, organisation: str = "Test", unit: str = "", serial: str = "", country: str = "AZ"
) -> bytes:
    """Return a Name: country, organisation, unit, common name, serial number; what is empty is left out."""
    parts = [
        (_COUNTRY, der.printable(country)),
        (_ORGANISATION, der.utf8(organisation)),
        (_UNIT, der.utf8(unit) if unit else b""),
        (_COMMON_NAME, der.utf8(common_name)),
        (_SERIAL, der.printable(serial) if serial else b""),
    ]
    return der.sequence(*(der.set_of(der.sequence(der.oid(kind), value)) for kind, value in parts if value))


def issue(subject: Subject, holder: Scheme, issuer_name: bytes, issuer: Scheme, extensions: bytes) -> Certificate:
    """Return a version 3 certificate."""
    body = der.sequence(
        der.tagged(0, der.integer(2)),
        der.integer(subject.serial),
        issuer.algorithm,
        issuer_name,
        der.sequence(der.time(subject.not_before), der.time(subject.not_after)),
        subject.name,
        holder.public_key_info,
        der.tagged(3, extensions),
    )
    signed = der.sequence(body, issuer.algorithm, der.bits(issuer.sign(body)))
    return Certificate(signed, issuer_name, subject.serial)


def revocation_list(issuer_name: bytes, issuer: Scheme, serials: list[int], made: datetime, due: datetime) -> bytes:
    """Return a version 2 CRL that revokes some serial numbers, as of its making."""
    revoked = der.sequence(*(der.sequence(der.integer(serial), der.time(made)) for serial in serials))
    number = _extension("2.5.29.20", der.integer(1))
    identifier = _extension("2.5.29.35", _authority(issuer))
    body = der.sequence(
        der.integer(1),
        issuer.algorithm,
        issuer_name,
        der.time(made),
        der.time(due),
        revoked,
        der.tagged(0, der.sequence(identifier, number)),
    )
    return der.sequence(body, issuer.algorithm, der.bits(issuer.sign(body)))


def authority_extensions(own: Scheme, issuer: Scheme | None = None) -> bytes:
    """Extensions of a CSCA's certificate, its own unless there is an issuer: it may sign certificates and revocation lists."""
    constraints = der.sequence(der.TRUE, der.integer(0))
    return der.sequence(
        _extension("2.5.29.19", constraints, critical=True),
        _extension("2.5.29.15", der.bits(b"\x06", 1), critical=True),
        _extension("2.5.29.14", der.octets(own.key_identifier)),
        _extension("2.5.29.35", _authority(issuer or own)),
    )


def document_signer_extensions(own: Scheme, issuer: Scheme, document_types: tuple[str, ...]) -> bytes:
    """Extensions of a document signer: digital signatures, over documents of these types (Doc 9303-12, section 7.1.1.6)."""
    types = der.sequence(der.integer(0), der.set_of(*(der.printable(letter) for letter in document_types)))
    return der.sequence(
        _extension("2.5.29.15", der.bits(b"\x80", 7), critical=True),
        _extension("2.5.29.14", der.octets(own.key_identifier)),
        _extension("2.5.29.35", _authority(issuer)),
        _extension(_DOCUMENT_TYPES, types),
    )


def list_signer_extensions(own: Scheme, issuer: Scheme) -> bytes:
    """Extensions of a master list signer: digital signatures, over master lists (Doc 9303-12, section 7.1.1)."""
    return der.sequence(
        _extension("2.5.29.15", der.bits(b"\x80", 7), critical=True),
        _extension("2.5.29.37", der.sequence(der.oid(_MASTER_LIST_SIGNER)), critical=True),
        _extension("2.5.29.14", der.octets(own.key_identifier)),
        _extension("2.5.29.35", _authority(issuer)),
    )


def person_extensions(own: Scheme, issuer: Scheme) -> bytes:
    """Extensions of a person's authentication certificate: digital signatures, client authentication."""
    return der.sequence(
        _extension("2.5.29.15", der.bits(b"\x80", 7), critical=True),
        _extension("2.5.29.37", der.sequence(der.oid("1.3.6.1.5.5.7.3.2"))),
        _extension("2.5.29.14", der.octets(own.key_identifier)),
        _extension("2.5.29.35", _authority(issuer)),
    )


def _authority(issuer: Scheme) -> bytes:
    return der.sequence(b"\x80" + bytes([len(issuer.key_identifier)]) + issuer.key_identifier)


def _extension(kind: str, value: bytes, *, critical: bool = False) -> bytes:
    return der.sequence(der.oid(kind), der.TRUE if critical else b"", der.octets(value))


def digest_reference(hash_name: str) -> bytes:
    """Return a digest AlgorithmIdentifier without parameters, as CMS prefers it (RFC 5754, section 2)."""
    return der.sequence(digest_oid(hash_name))
