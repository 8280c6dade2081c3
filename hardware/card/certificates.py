"""X.509 certificates and revocation lists of document issuers (RFC 5280; profiles: ICAO Doc 9303-12, 7.1), read whole.

A certificate that was read has a key that can be used and no critical extension that nobody here understands. Whether it
may be trusted is asked in ``hardware.card.trust``.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from asn1crypto import crl, x509
from msgspec import Struct

from hardware.card.asn1 import integer, reading
from hardware.card.public_keys import PublicKey, SigningKey, parse_signing_key
from hardware.card.signatures import Scheme, scheme_of, verify
from kiosk.domain.faults import ProtocolError

CERTIFICATE_BYTES_MAX = 16_384
LIST_BYTES_MAX = 4 * 1024 * 1024
NAME_BYTES_MAX = 4096
"""A name is prepared letter by letter: ten times the longest that states give is enough."""

_USAGE, _BASIC, _PURPOSES = "2.5.29.15", "2.5.29.19", "2.5.29.37"
_SUBJECT_KEY, _AUTHORITY_KEY = "2.5.29.14", "2.5.29.35"
_HARMLESS = frozenset({
    _USAGE, _BASIC, _PURPOSES, _SUBJECT_KEY, _AUTHORITY_KEY,
    "2.5.29.16",  # private key usage period
    "2.5.29.17", "2.5.29.18",  # alternative names
    "2.5.29.31", "2.5.29.32",  # distribution points, policies
    "2.23.136.1.1.6.1", "2.23.136.1.1.6.2",  # name change, list of document types
})  # fmt: skip
"""Extensions whose being critical changes nothing about what is asked of a certificate here."""

_DISTRIBUTION_POINT, _NUMBER = "2.5.29.28", "2.5.29.20"


class Certificate(Struct, frozen=True):
    """What a certificate says. Names are compared by ``subject`` and ``issuer`` (RFC 5280, 7.1) and shown by ``name``.

    ``usage`` and ``purposes`` are None where the extension is missing; a purpose is an object identifier.
    """

    der: bytes
    subject: str
    issuer: str
    name: str
    country: str
    serial: int
    not_before: datetime
    not_after: datetime
    key: SigningKey
    is_authority: bool
    usage: frozenset[str] | None
    purposes: frozenset[str] | None
    subject_key: bytes
    authority_key: bytes
    scheme: Scheme
    signature: bytes
    signed: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the whole, in hexadecimal: what states publish for comparison."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def self_issued(self) -> bool:
        """Whether it names itself as its issuer."""
        return self.subject == self.issuer

    def valid(self, at: datetime) -> bool:
        """Say whether a moment lies in its validity."""
        return self.not_before <= at <= self.not_after

    def signed_by(self, key: PublicKey) -> bool:
        """Say whether its signature is of this key."""
        return _verified_once(key, self.scheme, self.signature, self.signed)


_verified_once = lru_cache(maxsize=64)(verify)
"""A few document signers sign all cards: their certificates' signatures are calculated once. Nothing else is remembered: whether
an authority is trusted, and whether a certificate is valid and not revoked, is asked each time."""


class RevocationList(Struct, frozen=True):
    """A certificate revocation list. ``next_update`` is None where the issuer does not promise one.

    ``number`` grows with every list of an issuer (RFC 5280, 5.2.3); None where it has none.
    """

    der: bytes
    issuer: str
    name: str
    this_update: datetime
    next_update: datetime | None
    serials: frozenset[int]
    scheme: Scheme
    signature: bytes
    signed: bytes
    number: int | None = None

    def signed_by(self, key: PublicKey) -> bool:
        """Say whether its signature is of this key."""
        return verify(key, self.scheme, self.signature, self.signed)


def parse_certificate(der: bytes) -> Certificate:
    """Decode one certificate. ProtocolError: damaged, too long, or a key, algorithm or extension that is not taken."""
    if len(der) > CERTIFICATE_BYTES_MAX:
        raise ProtocolError(f"a certificate of {len(der)} bytes")
    with reading("certificate"):
        whole = x509.Certificate.load(der, strict=True)
        inner = whole["tbs_certificate"]
        if inner["signature"].dump() != whole["signature_algorithm"].dump():
            raise ProtocolError("a certificate with two signature algorithms")
        extensions = _extensions(inner["extensions"], _HARMLESS)
        usage, purposes = extensions.get(_USAGE), extensions.get(_PURPOSES)
        basic, authority_key = extensions.get(_BASIC), extensions.get(_AUTHORITY_KEY)
        subject = inner["subject"]
        return Certificate(
            der=der,
            subject=_comparable(subject),
            issuer=_comparable(inner["issuer"]),
            name=_shown(subject),
            country=_country(subject),
            serial=integer(inner["serial_number"]),
            not_before=_moment(inner["validity"]["not_before"]),
            not_after=_moment(inner["validity"]["not_after"]),
            key=parse_signing_key(inner["subject_public_key_info"].dump()),
            is_authority=basic is not None and bool(basic["ca"].native),
            usage=None if usage is None else frozenset(usage.native),
            purposes=None if purposes is None else frozenset(str(each.dotted) for each in purposes),
            subject_key=_key_id(extensions.get(_SUBJECT_KEY)),
            authority_key=_key_id(None if authority_key is None else authority_key["key_identifier"]),
            scheme=scheme_of(whole["signature_algorithm"].dump()),
            signature=bytes(whole["signature_value"]),
            signed=inner.dump(),
        )


def is_named(der: bytes, *, issuer: str, serial: int, subject_key: bytes) -> bool:
    """Say whether a certificate is the one that a signer names (RFC 5652, 5.3), without a look at its key. ProtocolError: damaged.

    By ``subject_key`` where there is one, else by ``issuer`` and ``serial``.
    """
    with reading("certificate"):
        inner = x509.Certificate.load(der, strict=True)["tbs_certificate"]
        if not subject_key:
            return integer(inner["serial_number"]) == serial and _comparable(inner["issuer"]) == issuer
        found = (each for each in inner["extensions"] or () if each["extn_id"].dotted == _SUBJECT_KEY)
        return any(_key_id(each["extn_value"].parsed) == subject_key for each in found)


def parse_revocation_list(der: bytes) -> RevocationList:
    """Decode a whole revocation list of one issuer. ProtocolError: damaged, too long, or a delta or partial list."""
    if len(der) > LIST_BYTES_MAX:
        raise ProtocolError(f"a revocation list of {len(der)} bytes")
    with reading("revocation list"):
        whole = crl.CertificateList.load(der, strict=True)
        inner = whole["tbs_cert_list"]
        critical = [str(each["extn_id"].dotted) for each in inner["crl_extensions"] or () if each["critical"].native]
        if critical:
            raise ProtocolError(f"a revocation list with the critical extension {critical[0]}")
        revoked = inner["revoked_certificates"]
        next_update = inner["next_update"]
        return RevocationList(
            der=der,
            issuer=_comparable(inner["issuer"]),
            name=_shown(inner["issuer"]),
            this_update=_moment(inner["this_update"]),
            next_update=None if next_update.native is None else _moment(next_update),
            serials=frozenset(integer(each["user_certificate"]) for each in revoked or ()),
            scheme=scheme_of(whole["signature_algorithm"].dump()),
            signature=bytes(whole["signature"]),
            signed=inner.dump(),
            number=_list_number(inner["crl_extensions"]),
        )


def _list_number(extensions: Any) -> int | None:
    found = (each["extn_value"].parsed for each in extensions or () if each["extn_id"].dotted == _NUMBER)
    return next(map(integer, found), None)


def _extensions(found: Any, harmless: frozenset[str]) -> dict[str, Any]:
    """Return the parsed extensions that are looked at. ProtocolError for one that is doubled, or critical and unknown."""
    known: dict[str, Any] = {}
    seen: set[str] = set()
    for extension in found or ():
        oid = str(extension["extn_id"].dotted)
        if oid in seen:
            raise ProtocolError(f"a certificate with two extensions {oid}")
        seen.add(oid)
        if oid in {_USAGE, _BASIC, _PURPOSES, _SUBJECT_KEY, _AUTHORITY_KEY}:
            known[oid] = extension["extn_value"].parsed
        elif extension["critical"].native and oid not in harmless:
            raise ProtocolError(f"a certificate with the critical extension {oid}")
    return known


def name_of(name: Any) -> str:
    """Return a distinguished name as it is compared (asn1crypto's Name)."""
    return _comparable(name)


def _comparable(name: Any) -> str:
    encoded = name.dump()
    if len(encoded) > NAME_BYTES_MAX:
        raise ProtocolError(f"a name of {len(encoded)} bytes")
    return _prepared(encoded)


@lru_cache(maxsize=1024)
def _prepared(encoded: bytes) -> str:
    """Prepare a name for comparison once: it takes half of a certificate's reading, and authorities share few names."""
    return str(x509.Name.load(encoded, strict=True).hashable)


def _shown(name: Any) -> str:
    return "".join(c if c.isprintable() else "?" for c in str(name.human_friendly))[:160]


def _country(name: Any) -> str:
    country = name.native.get("country_name", "")
    return country.casefold() if isinstance(country, str) and len(country) <= 3 else ""


def _key_id(found: Any) -> bytes:
    return b"" if found is None or found.native is None else bytes(found.native)


def _moment(time: Any) -> datetime:
    moment: datetime = time.native
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
