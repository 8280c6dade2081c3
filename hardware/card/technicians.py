"""Whose technicians' cards this kiosk believes: the operator's authorities, the roles they give, and whom they have revoked.

    [card] technicians   a file or a folder of the authorities' certificates (PEM or DER)
    [card] revocations   the folder in which their newest revocation lists are kept, one each, replaced whole

A certificate's role is its subject's OU: ``technician``, ``cash-collector``, or both. It must have been signed by one of the
authorities itself, and be for digital signatures; where it names purposes, one of them must be the authentication of clients.
A list that is overdue still revokes. Without any list nobody is revoked, and the technician is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from asn1crypto import x509

from hardware.card import tlv
from hardware.card.asn1 import reading
from hardware.card.certificates import (
    Certificate,
    RevocationList,
    parse_certificate,
    parse_revocation_list,
)
from hardware.card.piv import Holder
from hardware.card.trust import Anchors, not_an_authority
from hardware.card.trust_files import found_in
from hardware.card.trust_folder import contents_of, replace_contents
from kiosk.domain.faults import DeviceFault, ProtocolError
from kiosk.domain.health import Check
from kiosk.domain.technician import Remark, Role, Technician, TechnicianRefusal

ROLES: tuple[Role, ...] = get_args(Role)
PURPOSES = frozenset({
    "1.3.6.1.5.5.7.3.2",  # client authentication
    "1.3.6.1.4.1.311.20.2.2",  # smart card logon
    "2.5.29.37.0",  # any
})  # fmt: skip
CHECK = "technicians"
_AUTHORITY_ADVICE = (
    "Put the operator's CA certificate where 'technicians' in the table [card] of the configuration says."
)
_LIST_ADVICE = (
    "Have the centre given a new list ('kiosk-central put-revocations'); the kiosk fetches it within the hour."
)
_FILES_MAX = 100
_NAME_MAX = 60


class Technicians:
    """The operator's authorities and their revocation lists. ``judge`` and ``take`` may be called from different threads."""

    def __init__(self, authorities: Path, lists: Path) -> None:
        self._path, self._lists = authorities, lists

    def judge(self, der: bytes, at: datetime) -> Holder | TechnicianRefusal:
        """Say whom a certificate names, or why it lets nobody in. ProtocolError: damaged; DeviceFault no_trust: no authority."""
        certificate = parse_certificate(der)
        who = f"certificate number {certificate.serial:X}"  # any PIV card may come: its holder's name is nobody's business
        anchors = Anchors(self.authorities(at))
        issuers = [each for each in anchors.candidates(certificate) if certificate.signed_by(each.key)]
        if not any(each.valid(at) for each in issuers):
            return TechnicianRefusal("untrusted", evidence=f"{who}: issued by none of the operator's authorities")
        if not for_authentication(certificate):
            return TechnicianRefusal("untrusted", evidence=f"{who}: its key is not for authentication")
        newest = self.list_of(certificate.issuer, anchors)
        if newest is not None and certificate.serial in newest.serials:
            return TechnicianRefusal("revoked", evidence=f"{who}: by the list of {newest.this_update:%Y-%m-%d}")
        if not certificate.valid(at):
            span = f"{certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}"
            return TechnicianRefusal("expired", evidence=f"{who}: valid {span}")
        name, roles = person(certificate)
        if not roles:
            return TechnicianRefusal("no_role", evidence=f"{who}: no OU of {', '.join(ROLES)}")
        return Holder(Technician(name, f"{certificate.serial:X}", roles, remark_of(newest, at)), certificate.key)

    def authorities(self, at: datetime) -> list[Certificate]:
        """Read the authorities anew: they are few, and replacing a file is enough. DeviceFault no_trust: there is none."""
        found, troubles = [], []
        try:
            for der in self._certificates():
                certificate = parse_certificate(der)
                trouble = not_an_authority(certificate, at)
                troubles += [f"{certificate.name}: {trouble}"] if trouble else []
                found += [] if trouble else [certificate]
        except (OSError, ProtocolError) as error:
            troubles.append(str(error))
        if not found:
            raise DeviceFault(f"{self._path}: {'; '.join(troubles[:3]) or 'no certificate'}", "no_trust")
        return found

    def check_up(self, at: datetime) -> Check:
        """Say for the self-test whose technicians are believed, and how old the revocation lists are."""
        try:
            authorities = self.authorities(at)
        except DeviceFault as fault:
            return Check(CHECK, "failed", str(fault), _AUTHORITY_ADVICE, "authority")
        anchors = Anchors(authorities)
        lists = [self.list_of(subject, anchors) for subject in {each.subject for each in authorities}]
        told = [f"list number {each.number} of {each.this_update:%Y-%m-%d}" if each else "no list" for each in lists]
        well = all(remark_of(each, at) == "" for each in lists)
        detail = f"{len(authorities)} authorities, {', '.join(told)}"
        return Check(CHECK, "passed", detail) if well else Check(CHECK, "degraded", detail, _LIST_ADVICE, "list")

    def _certificates(self) -> Iterator[bytes]:
        paths = sorted(self._path.iterdir())[:_FILES_MAX] if self._path.is_dir() else [self._path]
        for path in paths:
            if path.is_file() and path.suffix != ".crl":
                yield from (found.der for found in found_in(path) if found.kind == "certificate")

    def list_of(self, issuer: str, anchors: Anchors) -> RevocationList | None:
        """Return the kept list of an issuer; None where there is none whose signature holds."""
        return next((each for each in self._kept() if each.issuer == issuer and _signed(each, anchors)), None)

    def _kept(self) -> list[RevocationList]:
        try:
            _, lists = contents_of(self._lists)
        except OSError:
            return []
        found = []
        for der in lists:
            try:
                found.append(parse_revocation_list(der))
            except ProtocolError:  # damaged on disk: as if there were none, which the technician is told
                continue
        return found

    def take(self, lists: bytes, at: datetime) -> str:
        """Keep newer lists, in DER one after the other, in the place of those that are kept; return "" or why not each.

        What is kept never becomes worse. DeviceFault no_trust: no authority; OSError: one cannot be written, and what was
        kept still is.
        """
        return "; ".join(filter(None, (self._take(der, at) for der in _apart(lists))))

    def _take(self, der: bytes, at: datetime) -> str:
        try:
            new = parse_revocation_list(der)
        except ProtocolError as error:
            return str(error)
        anchors = Anchors(self.authorities(at))
        if not _signed(new, anchors):
            return f"a revocation list of {new.name}: not signed by an authority of the operator"
        if new.number is None:
            return f"a revocation list of {new.name} without a number"
        old = self.list_of(new.issuer, anchors)
        if old is not None and old.der == new.der:
            return ""
        if old is not None and old.number is not None and new.number <= old.number:
            return f"the revocation list number {new.number} of {new.name} is not newer than number {old.number}"
        others = [each for each in self._kept() if each.issuer != new.issuer]
        replace_contents(self._lists, {_file_name(each): each.der for each in (*others, new)})
        return ""


def for_authentication(certificate: Certificate) -> bool:
    """Say whether a certificate is a person's for authentication (RFC 5280, 4.2.1.3 and 4.2.1.12)."""
    if certificate.is_authority or "digital_signature" not in (certificate.usage or ()):
        return False
    return certificate.purposes is None or bool(PURPOSES & certificate.purposes)


def person(certificate: Certificate) -> tuple[str, tuple[Role, ...]]:
    """Return the name and the roles in a certificate's subject."""
    with reading("certificate"):
        subject = x509.Certificate.load(certificate.der, strict=True).subject.native
    units = set(_texts(subject.get("organizational_unit_name")))
    names = [*_texts(subject.get("common_name")), certificate.name]
    shown = "".join(c if c.isprintable() else "?" for c in names[0])[:_NAME_MAX]
    return shown, tuple(role for role in ROLES if role in units)


def remark_of(newest: RevocationList | None, at: datetime) -> Remark:
    """Return what the technician should know of the list that was asked."""
    if newest is None:
        return "no_list"
    return "list_overdue" if newest.next_update is not None and newest.next_update < at else ""


def _texts(value: Any) -> list[str]:
    """Return what a name says of one kind, once or several times."""
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, str) and each]


def _signed(found: RevocationList, anchors: Anchors) -> bool:
    return any(
        (each.usage is None or "crl_sign" in each.usage) and found.signed_by(each.key)
        for each in anchors.named(found.issuer)
    )


def _apart(lists: bytes) -> Iterator[bytes]:
    """Yield what stands in a row; what is left of a damaged one goes as it is, to be refused where it is read."""
    for _ in range(_FILES_MAX):
        try:
            _, start, length = tlv.read_header(lists)
        except ProtocolError:
            break
        yield lists[: start + length]
        lists = lists[start + length :]
        if not lists:
            return
    yield lists


def _file_name(found: RevocationList) -> str:
    return f"{hashlib.sha256(found.issuer.encode()).hexdigest()[:32]}.crl"
