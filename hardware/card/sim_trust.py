"""What an inspection system is given to check simulated cards against, as files in one folder.

csca.der  csca.crl               of the cards that need no file (kind ecdsa)
operator.der  operator.crl       of the technicians' cards
csca-KIND.der  csca-KIND.crl     for each way of signing
csca-renewed.der  csca-renewed.crl  csca-link.der    the first CSCA's second key under the same name, and the bridge to it
masterlist.ml                    all of them in one signed list (ICAO Doc 9303-12, CSCA master lists)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from hardware.card import sim_der as der
from hardware.card.sim_pki import (
    KINDS,
    Authority,
    country_authority,
    link_certificate,
    master_list_signer,
    operator_authority,
)
from hardware.card.sim_security_object import signed_data

_MASTER_LIST = "2.23.136.1.1.2"


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
    _export(folder / "csca-renewed", partial(country_authority, "ecdsa", "renewed"))
    _write_once(folder / "csca-link.der", lambda: link_certificate().encoded)
    _write_once(folder / "masterlist.ml", master_list)


@cache
def master_list() -> bytes:
    """Return a signed list of the country's CSCA certificates, self-signed and linking ones."""
    certificates = [country_authority(kind).certificate for kind in KINDS]
    certificates += [country_authority("ecdsa", "renewed").certificate, link_certificate()]
    content = der.sequence(der.integer(0), der.set_of(*(certificate.encoded for certificate in certificates)))
    return signed_data(_MASTER_LIST, content, master_list_signer())


def _export(file: Path, authority: Callable[[], Authority]) -> None:
    _write_once(file.with_name(file.name + ".der"), lambda: authority().certificate.encoded)
    _write_once(file.with_name(file.name + ".crl"), lambda: authority().revocations)


def _write_once(file: Path, content: Callable[[], bytes]) -> None:
    """Write a file that is not there, so that whoever sees it sees all of it."""
    if not file.exists():
        part = file.with_name(file.name + ".part")
        part.write_bytes(content())
        part.replace(file)
