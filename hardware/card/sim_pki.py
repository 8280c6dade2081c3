"""The test authorities behind simulated cards: country signing (CSCA), document signers, and the operator's for technicians.

Their keys and certificates come from labels (`sim_keys`) and are the same in every bench, so that a configuration can
name a trust anchor before any card was made. `sim_trust` writes them to files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property

from hardware.card import sim_certificate as x509
from hardware.card.sim_certificate import Certificate, Scheme, Subject, distinguished_name
from hardware.card.sim_domains import CURVES_BY_NAME
from hardware.card.sim_keys import EcKey, RsaKey
from hardware.card.sim_primes import derived_number

KINDS = ("ecdsa", "ecdsa-explicit", "rsa", "rsa-pss")
_SERIALS = {"good": 0x1001, "expired": 0x1002, "revoked": 0x1003, "list": 0x1004}
_FOUNDED, _ENDS = datetime(2018, 9, 1, tzinfo=UTC), datetime(2049, 1, 1, tzinfo=UTC)
_EXPIRED = datetime(2021, 9, 1, tzinfo=UTC)
_CRL_MADE, _CRL_DUE = datetime(2024, 1, 1, tzinfo=UTC), datetime(2048, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Signer:
    """A key with the certificate that goes with it."""

    scheme: Scheme
    certificate: Certificate


@dataclass(frozen=True)
class Authority:
    """A self-signed certificate and the key behind it."""

    name: bytes
    scheme: Scheme
    certificate: Certificate

    @cached_property
    def revocations(self) -> bytes:
        """Its CRL, with the one serial number that is always revoked."""
        return x509.revocation_list(self.name, self.scheme, [_SERIALS["revoked"]], _CRL_MADE, _CRL_DUE)


@cache
def country_authority(kind: str = "ecdsa", key: str = "first") -> Authority:
    """Return the CSCA that signs in this way. Under one name there are three keys: ``first``, ``renewed``, and ``foreign``.

    The foreign one is trusted nowhere: somebody took the name.
    """
    scheme = _scheme(kind, f"csca {kind}{'' if key == 'first' else f' {key}'}")
    return _authority(distinguished_name(f"Test CSCA {kind}", organisation="Test Passport Authority"), scheme)


@cache
def link_certificate() -> Certificate:
    """Return the renewed CSCA's key under the first one's signature (Doc 9303-12, section 7.1.1)."""
    old, new = country_authority(), country_authority("ecdsa", "renewed")
    subject = Subject(name=new.name, serial=2, not_before=_FOUNDED, not_after=_ENDS)
    extensions = x509.authority_extensions(new.scheme, old.scheme)
    return x509.issue(subject, new.scheme, old.name, old.scheme, extensions)


@cache
def master_list_signer() -> Signer:
    """Return the signer of master lists, under the first CSCA."""
    authority = country_authority()
    scheme = _scheme("ecdsa", "master list signer")
    name = distinguished_name("Test Master List Signer", organisation="Test Passport Authority")
    return _signed(name, "list", scheme, authority, x509.list_signer_extensions(scheme, authority.scheme))


@cache
def document_signer(kind: str = "ecdsa", state: str = "good") -> Signer:
    """Return a document signer: ``good``, ``expired``, ``revoked``, or under the ``foreign`` or ``renewed`` authority's key."""
    authority = country_authority(kind, state if state in ("foreign", "renewed") else "first")
    scheme = _scheme(kind, f"document signer {kind} {state}")
    extensions = x509.document_signer_extensions(scheme, authority.scheme, ("I", "P"))
    name = distinguished_name(f"Test Document Signer {kind} {state}", organisation="Test Passport Authority")
    return _signed(name, state, scheme, authority, extensions)


@cache
def operator_authority(*, foreign: bool = False) -> Authority:
    """Return the authority that the operator's technicians' cards come from."""
    scheme = _scheme("ecdsa", "operator foreign" if foreign else "operator")
    return _authority(distinguished_name("Test Operator CA", organisation="Test Kiosk Operator"), scheme)


@cache
def technician_certificate(
    common_name: str, staff_number: str, role: str, key: EcKey | RsaKey, state: str = "good"
) -> Certificate:
    """Return a technician's certificate; the role is the subject's organisational unit."""
    authority = operator_authority(foreign=state == "foreign")
    scheme = Scheme(key=key, hash_name="sha256")
    name = distinguished_name(common_name, organisation="Test Kiosk Operator", unit=role, serial=staff_number)
    extensions = x509.person_extensions(scheme, authority.scheme)
    number = derived_number(f"{staff_number} {role} {state}", 63) | 1 << 62
    return _signed(name, state, scheme, authority, extensions, number).certificate


def _authority(name: bytes, scheme: Scheme) -> Authority:
    subject = Subject(name=name, serial=1, not_before=_FOUNDED, not_after=_ENDS)
    return Authority(name, scheme, x509.issue(subject, scheme, name, scheme, x509.authority_extensions(scheme)))


def _signed(
    name: bytes, state: str, scheme: Scheme, authority: Authority, extensions: bytes, serial: int | None = None
) -> Signer:
    """Have a key certified; what is revoked has the serial number that each revocation list has, whatever else was said."""
    end = _EXPIRED if state == "expired" else _ENDS
    number = _SERIALS.get(state, _SERIALS["good"]) if serial is None or state == "revoked" else serial
    subject = Subject(name=name, serial=number, not_before=_FOUNDED, not_after=end)
    return Signer(scheme, x509.issue(subject, scheme, authority.name, authority.scheme, extensions))


def _scheme(kind: str, label: str) -> Scheme:
    if kind == "ecdsa":
        return Scheme(key=EcKey.derived(CURVES_BY_NAME["secp256r1"], label), hash_name="sha256")
    if kind == "ecdsa-explicit":
        key = EcKey.derived(CURVES_BY_NAME["brainpoolP384r1"], label)
        return Scheme(key=key, hash_name="sha384", encoding="explicit")
    return Scheme(key=RsaKey.derived(2048, label.replace("rsa-pss", "rsa")), hash_name="sha256", pss=kind == "rsa-pss")
