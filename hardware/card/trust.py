"""Trust anchors: the certificates of the country signing authorities (CSCA) that this kiosk believes, and whom they revoked.

    FOLDER/current → the last import       *.cer: one certificate each │ *.crl: one revocation list each (DER)

Written by ``kiosk cards import`` alone (``hardware.card.trust_folder``). A chain has two links: the authority, which is
trusted because it stands in the folder, and the document signer (Doc 9303-12, 4 and 6). An authority renews its
certificate under the same name, so all of a name are tried.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from hardware.card.certificates import (
    Certificate,
    RevocationList,
    parse_certificate,
    parse_revocation_list,
)
from hardware.card.refusal import Refused
from hardware.card.signatures import WEAK
from kiosk.domain.faults import ProtocolError

ICAO_PURPOSES = "2.23.136.1.1."
"""Purposes of certificates that sign other things than documents: master lists, deviation lists, visible seals."""


class Chain(Struct, frozen=True):
    """A document signer whom a trusted authority vouches for, and what to know about that."""

    signer: Certificate
    authority: Certificate
    remarks: tuple[str, ...]


class Anchors:
    """The authorities and their revocation lists, found by name and by key identifier."""

    def __init__(self, authorities: Iterable[Certificate] = (), lists: Iterable[RevocationList] = ()) -> None:
        self._by_name: dict[str, list[Certificate]] = defaultdict(list)
        self._by_key: dict[bytes, list[Certificate]] = defaultdict(list)
        self._lists: dict[str, list[RevocationList]] = defaultdict(list)
        self.count = 0
        for authority in authorities:
            self.count += 1
            self._by_name[authority.subject].append(authority)
            if authority.subject_key:
                self._by_key[authority.subject_key].append(authority)
        for found in lists:
            if any(found.signed_by(each.key) for each in self._by_name.get(found.issuer, ())):
                self._lists[found.issuer].append(found)

    def candidates(self, certificate: Certificate) -> list[Certificate]:
        """Return who may have issued a certificate: those of the issuer's key identifier first, then those of its name."""
        by_key = self._by_key.get(certificate.authority_key, []) if certificate.authority_key else []
        return [*by_key, *(each for each in self._by_name.get(certificate.issuer, []) if each not in by_key)]

    def named(self, subject: str) -> list[Certificate]:
        """Return the authorities of a name: it may have renewed its key."""
        return list(self._by_name.get(subject, ()))

    def chain(self, signer: Certificate, at: datetime, what: str) -> Chain:
        """Return the chain of a signer at a moment. Refused not_genuine: nobody trusted vouches for it, or no more."""
        if not signer.valid(at):
            raise Refused("not_genuine", f"{what} {signer.name}: valid {_span(signer)}")
        candidates = self.candidates(signer)
        if not candidates:
            raise Refused(
                "not_genuine", f"{what} {signer.name}: none of the {self.count} trusted authorities issued it"
            )
        authorities = [each for each in candidates if signer.signed_by(each.key)]
        if not authorities:
            raise Refused("not_genuine", f"{what} {signer.name}: not signed by {candidates[0].name}")
        authority = next((each for each in authorities if each.valid(at)), None)
        if authority is None:
            raise Refused("not_genuine", f"{authorities[0].name}: valid {_span(authorities[0])}")
        weak = [f"{signer.scheme.digest} in the certificate of {what}"] if signer.scheme.digest in WEAK else []
        return Chain(signer, authority, (*weak, *self._not_revoked(signer, authority, at, what)))

    def _not_revoked(self, signer: Certificate, authority: Certificate, at: datetime, what: str) -> list[str]:
        """Ask the lists of the signer's issuer. A list that is overdue still revokes; that it is, is a remark."""
        names = {signer.issuer, authority.subject}  # an authority that was renamed signs its lists with the new name
        lists = [each for name in names for each in self._lists.get(name, [])]
        if any(signer.serial in each.serials for each in lists):
            raise Refused("not_genuine", f"{what} {signer.name}, number {signer.serial:X}: revoked")
        if not lists:
            return ["no revocation list of its authority"]
        newest = max(lists, key=lambda each: each.this_update)
        overdue = newest.next_update is not None and newest.next_update < at
        return [f"the revocation list of {newest.this_update:%Y-%m-%d} is overdue"] if overdue else []


def check_document_signer(certificate: Certificate) -> None:
    """Refuse a certificate that was issued for something else than to sign documents (Doc 9303-12, 7.1.1)."""
    if certificate.is_authority:
        raise Refused("not_genuine", f"{certificate.name}: an authority's certificate signed the document")
    if certificate.usage is None or "digital_signature" not in certificate.usage:
        raise Refused("not_genuine", f"{certificate.name}: its key is not for signatures")
    if any(purpose.startswith(ICAO_PURPOSES) for purpose in certificate.purposes or ()):
        raise Refused("not_genuine", f"{certificate.name}: its key is for other lists than documents")


def not_an_authority(certificate: Certificate, at: datetime) -> str:
    """Say why a certificate cannot be a trust anchor; "" where it can."""
    if not certificate.is_authority:
        return "is no certificate of an authority"
    if certificate.usage is not None and "key_cert_sign" not in certificate.usage:
        return "its key is not for signing certificates"
    if certificate.not_after < at:
        return f"expired on {certificate.not_after:%Y-%m-%d}"
    if certificate.subject_key and certificate.self_issued and certificate.authority_key == certificate.subject_key:
        return "" if certificate.signed_by(certificate.key) else "its own signature does not hold"
    return ""


def read_all(certificates: Sequence[bytes], lists: Sequence[bytes]) -> tuple[Anchors, list[str]]:
    """Return the anchors that can be read, and what is wrong with the others."""
    authorities: list[Certificate] = []
    revocations: list[RevocationList] = []
    troubles: list[str] = []
    for der in certificates:
        try:
            authorities.append(parse_certificate(der))
        except ProtocolError as error:
            troubles.append(str(error))
    for der in lists:
        try:
            revocations.append(parse_revocation_list(der))
        except ProtocolError as error:
            troubles.append(str(error))
    return Anchors(authorities, revocations), troubles


def _span(certificate: Certificate) -> str:
    return f"{certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}"
