"""The test authorities behind simulated cards: country signing (CSCA), document signers, and the operator's for technicians.

Their keys and certificates come from labels (`sim_keys`) and are the same in every bench, so that a configuration can
name a trust anchor before any card was made. `export_trust` writes what an inspection system is given:

    csca-KIND.der  csca-KIND.crl   for each way of signing; `csca.der`, `csca.crl` are those of kind ecdsa
    operator.der  operator.crl     of the technicians' cards
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from hardware.card import sim_certificate as x509
from hardware.card.sim_certificate import Certificate, Scheme, Subject, distinguished_name
from hardware.card.sim_domains import CURVES_BY_NAME
from hardware.card.sim_keys import EcKey, RsaKey

KINDS = ("ecdsa", "ecdsa-explicit", "rsa", "rsa-pss")
_SERIALS = {"good": 0x1001, "expired": 0x1002, "revoked": 0x1003}
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

    def revocation_list(self) -> bytes:
        """Return its CRL, with the one serial number that is always revoked."""
        return x509.revocation_list(self.name, self.scheme, [_SERIALS["revoked"]], _CRL_MADE, _CRL_DUE)


@cache
def country_authority(kind: str = "ecdsa", *, foreign: bool = False) -> Authority:
    """Return the CSCA that signs in this way; a ``foreign`` one has the same name and another key, and is trusted nowhere."""
    scheme = _scheme(kind, f"csca {kind}{' foreign' if foreign else ''}")
    return _authority(distinguished_name(f"Test CSCA {kind}", organisation="Test Passport Authority"), scheme)


@cache
def document_signer(kind: str = "ecdsa", state: str = "good") -> Signer:
    """Return a document signer: ``good``, ``expired``, ``revoked``, or under the ``foreign`` authority."""
    authority = country_authority(kind, foreign=state == "foreign")
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
    return _signed(name, state, scheme, authority, x509.person_extensions(scheme, authority.scheme)).certificate


def export_first_trust(folder: Path) -> None:
    """Write what the cards that need no file are checked against; what is there already stays."""
    folder.mkdir(parents=True, exist_ok=True)
    _export(folder / "csca", country_authority)
    _export(folder / "operator", operator_authority)


def export_trust(folder: Path) -> None:
    """Write all trust anchors and revocation lists as DER files; what is there already stays."""
    export_first_trust(folder)
    for kind in KINDS:
        _export(folder / f"csca-{kind}", partial(country_authority, kind))


def _export(file: Path, authority: Callable[[], Authority]) -> None:
    anchor, crl = file.with_name(file.name + ".der"), file.with_name(file.name + ".crl")
    if not (anchor.exists() and crl.exists()):
        _write(anchor, authority().certificate.encoded)
        _write(crl, authority().revocation_list())


def _write(file: Path, content: bytes) -> None:
    """Write a file so that whoever sees it sees all of it."""
    part = file.with_name(file.name + ".part")
    part.write_bytes(content)
    part.replace(file)


def _authority(name: bytes, scheme: Scheme) -> Authority:
    subject = Subject(name=name, serial=1, not_before=_FOUNDED, not_after=_ENDS)
    return Authority(name, scheme, x509.issue(subject, scheme, name, scheme, x509.authority_extensions(scheme)))


def _signed(name: bytes, state: str, scheme: Scheme, authority: Authority, extensions: bytes) -> Signer:
    end = _EXPIRED if state == "expired" else _ENDS
    subject = Subject(name=name, serial=_SERIALS.get(state, _SERIALS["good"]), not_before=_FOUNDED, not_after=end)
    return Signer(scheme, x509.issue(subject, scheme, authority.name, authority.scheme, extensions))


def _scheme(kind: str, label: str) -> Scheme:
    if kind == "ecdsa":
        return Scheme(key=EcKey.derived(CURVES_BY_NAME["secp256r1"], label), hash_name="sha256")
    if kind == "ecdsa-explicit":
        key = EcKey.derived(CURVES_BY_NAME["brainpoolP384r1"], label)
        return Scheme(key=key, hash_name="sha384", encoding="explicit")
    return Scheme(key=RsaKey.derived(2048, label.replace("rsa-pss", "rsa")), hash_name="sha256", pss=kind == "rsa-pss")
