"""Imports what states publish into the folder of trust anchors, and says of each certificate what became of it, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct

from hardware.card.certificates import Certificate, RevocationList, parse_certificate, parse_revocation_list
from hardware.card.refusal import Refused
from hardware.card.trust import Anchors, not_an_authority
from hardware.card.trust_files import Found, found_in, open_master_list
from hardware.card.trust_folder import contents_of, current_of, replace_contents
from kiosk.domain.faults import ProtocolError

_MASTER_LIST_SIGNER = "2.23.136.1.1.3"
"""The purpose of a master list signer's certificate (Doc 9303-12, 7.1.1)."""


class Line(Struct, frozen=True):
    """What became of one thing in the file. ``what``: whose it is; ``why``: why it was not taken, or what to know.

    opened: a list whose signature holds; passed over: nothing is wrong with it, and it is not asked for.
    """

    verdict: Literal["taken", "opened", "passed over", "refused"]
    what: str
    why: str = ""


class Import:
    """One import: what the folder holds already, and what is added. Nothing is written before ``write``."""

    def __init__(self, folder: Path, at: datetime, countries: Iterable[str] = (), fingerprint: str = "") -> None:
        """``at``: now. ``countries``: two letters each; none for all.

        ``fingerprint``: SHA-256 of the authority under which a master list may be signed though nobody trusted vouches for
        it, in hex, as the operator compared it with what the state publishes; colons and spaces do not matter.
        """
        self._folder, self._at = folder, at
        self._confirmed = "".join(letter for letter in fingerprint.casefold() if letter not in ": ")
        self._countries = frozenset(country.casefold() for country in countries)
        self._authorities: dict[str, Certificate] = {}
        self._lists: dict[tuple[str, str], RevocationList] = {}
        self._vouchers: list[Certificate] = []
        """Authorities of other countries than those asked for: not trusted for cards, but for the list of their own state."""
        self.lines: list[Line] = []
        self._of_others = 0
        if current_of(folder):
            self._keep_what_is_there()

    @property
    def taken(self) -> int:
        """How many things were taken."""
        return sum(line.verdict == "taken" for line in self.lines)

    @property
    def refused(self) -> int:
        """How many things were not."""
        return sum(line.verdict == "refused" for line in self.lines)

    def take_file(self, path: Path) -> None:
        """Take a file. OSError, ProtocolError: it cannot be read, or is none of the kinds. Lists of revoked are taken last."""
        later: list[Found] = []
        lists: list[Found] = []
        signers = 0
        for found in found_in(path):
            if found.kind == "revocation_list":
                later.append(found)
            elif found.kind == "master_list":
                lists.append(found)
            elif found.kind == "document_signer":
                signers += 1
            else:
                self._take(found)
        self._take_master_lists(lists)
        for found in later:
            self._take_list(found)
        if signers:
            self.lines.append(Line("passed over", f"{signers} document signers", "cards bring their own"))
        if self._of_others:
            self.lines.append(Line("passed over", f"{self._of_others} certificates", "of other countries"))

    def write(self) -> None:
        """Replace the folder's contents with all that is trusted now. OSError: nothing has changed."""
        files = {f"{_stem(each.country, each.der)}.cer": each.der for each in self._authorities.values()}
        files |= {f"crl-{_stem('', each.der)}.crl": each.der for each in self._lists.values()}
        replace_contents(self._folder, files)

    def _keep_what_is_there(self) -> None:
        certificates, lists = contents_of(self._folder)
        for der in certificates:
            self._take_certificate(der, "", known=True)
        for der in lists:
            self._take_list(Found("revocation_list", der, ""), known=True)

    def _take(self, found: Found) -> None:
        if found.kind == "certificate":
            self._take_certificate(found.der, found.where)
        else:
            self._refuse(found.where, "neither a certificate nor a list")

    def _take_certificate(self, der: bytes, where: str, *, known: bool = False) -> None:
        try:
            certificate = parse_certificate(der)
        except ProtocolError as error:
            self._refuse(where or "a certificate that was there", str(error))
            return
        what = f"{certificate.name}, sha256 {certificate.fingerprint}"
        if self._countries and certificate.country not in self._countries and not known:
            self._of_others += 1
            if not not_an_authority(certificate, self._at):
                self._vouchers.append(certificate)
            return
        if why := not_an_authority(certificate, self._at):
            self._refuse(what, why)
        elif certificate.fingerprint not in self._authorities:
            self._authorities[certificate.fingerprint] = certificate
            if not known:
                self.lines.append(Line("taken", what, f"until {certificate.not_after:%Y-%m-%d}"))

    def _take_master_lists(self, lists: list[Found]) -> None:
        """Take lists in whatever order they vouch for each other: one that is opened may bring the authority of another."""
        while lists:
            left = [found for found in lists if not self._take_master_list(found)]
            if len(left) == len(lists):
                break
            lists = left
        for found in lists:
            self._take_master_list(found, last=True)

    def _take_master_list(self, found: Found, *, last: bool = False) -> bool:
        """Return whether the list was dealt with; False, unless it is its last chance, where nobody vouches for it yet."""
        try:
            signed, certificates = open_master_list(found.der)
        except (Refused, ProtocolError) as error:
            self._refuse(f"master list, {found.where}", _told(error))
            return True
        signer = signed.certificate
        if _MASTER_LIST_SIGNER not in (signer.purposes or ()):
            self._refuse(f"master list, {found.where}", f"{signer.name} is no signer of master lists")
            return True
        trusted = Anchors([*self._authorities.values(), *self._vouchers])
        voucher = next(_issuers(signer, trusted.candidates(signer)), None)
        why = "a trusted authority vouches for it" if voucher else "confirmed by its fingerprint"
        if voucher is None:
            own = list(_issuers(signer, _readable((*signed.others, *certificates))))
            voucher = next((each for each in own if each.fingerprint == self._confirmed), None)
        if voucher is None:
            if last:
                self._refuse(f"master list, {found.where}", _unvouched(signer, own))
            return last
        self.lines.append(Line("opened", f"master list signed under {voucher.name}, sha256 {voucher.fingerprint}", why))
        for number, der in enumerate(certificates, 1):
            self._take_certificate(der, f"certificate {number} of {found.where}")
        return True

    def _take_list(self, found: Found, *, known: bool = False) -> None:
        try:
            revoked = parse_revocation_list(found.der)
        except ProtocolError as error:
            self._refuse(f"revocation list, {found.where}", str(error))
            return
        what = f"revocation list of {revoked.name}, {revoked.this_update:%Y-%m-%d}"
        issuers = [each for each in self._authorities.values() if each.subject == revoked.issuer]
        issuer = next((each for each in issuers if revoked.signed_by(each.key)), None)
        if issuer is None:
            if not self._countries and not known:
                self._refuse(what, "no trusted authority signed it")
            return
        place = (revoked.issuer, issuer.fingerprint)
        if place in self._lists and self._lists[place].this_update > revoked.this_update:
            self._refuse(what, f"a newer one is there, of {self._lists[place].this_update:%Y-%m-%d}")
            return
        if (place not in self._lists or self._lists[place].der != revoked.der) and not known:
            self.lines.append(Line("taken", what, f"{len(revoked.serials)} revoked"))
        self._lists[place] = revoked

    def _refuse(self, what: str, why: str) -> None:
        self.lines.append(Line("refused", what, why))


def _issuers(signer: Certificate, authorities: Iterable[Certificate]) -> Iterator[Certificate]:
    return (each for each in authorities if each.is_authority and signer.signed_by(each.key))


def _unvouched(signer: Certificate, own: Sequence[Certificate]) -> str:
    """Say who would vouch for a list: a list that vouches for itself could have been made by anybody."""
    told = f"nobody trusted vouches for {signer.name}"
    if not own:
        return told
    names = " or ".join(f"{each.name}, sha256 {each.fingerprint}" for each in own)
    return (
        f"{told}, only the list itself, under {names}. Compare this with what the state publishes, and say so: "
        f"--fingerprint {own[0].fingerprint}"
    )


def _readable(certificates: Iterable[bytes]) -> Iterable[Certificate]:
    for der in certificates:
        try:
            yield parse_certificate(der)
        except ProtocolError:  # told when it is its turn
            continue


def _told(error: Refused | ProtocolError) -> str:
    return error.refusal.evidence if isinstance(error, Refused) else str(error)


def _stem(country: str, der: bytes) -> str:
    letters = country if country.isascii() and country.isalpha() else "xx"
    return f"{letters}-{hashlib.sha256(der).hexdigest()[:32]}"
