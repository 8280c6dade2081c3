"""The operator's revocation lists of technicians' cards (RFC 5280, 5): put in by the operator, fetched by every kiosk.

Each authority has a list of its own, of which the newest is kept: a list of one neither replaces another's nor makes way for an
older one. A list is signed by its authority, whose key is not here: the centre can hand it on, and cannot make one. It checks
what it is given all the same, so that a wrong file is told to whoever put it in, and not to each kiosk.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sa
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from litestar import Response, get
from litestar.datastructures import State
from litestar.params import HeaderParameter

from central.auth import known_kiosk
from central.catalogue import matches
from central.describe import KIOSK_ONLY, problems
from central.schema import meta
from central.store import Connection, Store, StoreError

MEDIA_TYPE = "application/pkix-crl"
BYTES_AT_MOST = 1 << 20
"""A kiosk reads no longer answer."""
_FIRST = "technician_revocations"
_MINE = meta.c.name.startswith(_FIRST)
"""The names of the lists: this one of the first authority, of every other with the start of a digest of its name."""


@get(
    "/v1/technicians/revocations",
    guards=[known_kiosk],
    security=KIOSK_ONLY,
    operation_id="revocations",
    media_type=MEDIA_TYPE,
    responses=problems("malformed", "unauthorised"),
)
async def get_revocations(
    state: State, if_none_match: Annotated[str, HeaderParameter(name="If-None-Match", required=False)] = ""
) -> Response[bytes]:
    """Give the newest list of each authority in DER, one after the other.

    Nothing at all to who has them already (304), and where there is none yet (204).
    """
    store: Store = state.store
    newest = await asyncio.to_thread(kept, store)
    if newest is None:
        return Response(b"", status_code=204)
    version = hashlib.sha256(newest).hexdigest()[:32]
    headers = {"ETag": f'"{version}"', "Cache-Control": "private, no-cache"}
    if matches(if_none_match, version):
        return Response(b"", status_code=304, headers=headers)
    return Response(newest, media_type=MEDIA_TYPE, headers=headers)


def kept(store: Store) -> bytes | None:
    """Return the newest list of each authority in DER, one after the other; None before the first."""
    with store.read() as connection:
        return b"".join(_kept(connection).values()) or None


def put(store: Store, file: Path, authorities: Path) -> str:
    """Put a list in (PEM or DER) and say what it holds. StoreError: it is none, not the authority's, or not newer; the old one stays."""
    new = read_list(file)
    if not any(signed_by(new, each) for each in certificates_in(authorities)):
        raise StoreError(f"{file}: not signed by an authority in {authorities}")
    number = number_of(new)
    if number is None:
        raise StoreError(f"{file}: a list without a CRL number; kiosks could not tell which of two is newer")
    der = new.public_bytes(Encoding.DER)
    with store.write() as tx:
        lists = _kept(tx)
        if der in lists.values():
            return f"revocation list {number}: kiosks have it already"
        parsed = {name: x509.load_der_x509_crl(each) for name, each in lists.items()}
        name = next((name for name, each in parsed.items() if each.issuer == new.issuer), "")
        old_number = number_of(parsed[name]) if name else None
        if old_number is not None and number <= old_number:
            raise StoreError(f"{file}: number {number} is not newer than number {old_number}, which kiosks have")
        if sum(map(len, {**lists, name: der}.values())) > BYTES_AT_MOST:
            raise StoreError(f"{file}: with those of the other authorities more than {BYTES_AT_MOST} bytes")
        _write(tx, name, new, der)
    due = new.next_update_utc
    return (
        f"revocation list {number}: {len(new)} revoked, next by {due:%Y-%m-%d}" if due else f"revocation list {number}"
    )


def read_list(file: Path) -> x509.CertificateRevocationList:
    """Read a list, PEM or DER. StoreError: there is none."""
    content = _content(file)
    if len(content) > BYTES_AT_MOST:
        raise StoreError(f"{file}: more than {BYTES_AT_MOST} bytes, which no kiosk would read")
    try:
        return x509.load_pem_x509_crl(content) if b"-----BEGIN" in content else x509.load_der_x509_crl(content)
    except ValueError as error:
        raise StoreError(f"{file}: no revocation list: {error}") from error


def certificates_in(file: Path) -> list[x509.Certificate]:
    """Read certificates, PEM or DER. StoreError: there is none."""
    content = _content(file)
    try:
        pem = b"-----BEGIN" in content
        return x509.load_pem_x509_certificates(content) if pem else [x509.load_der_x509_certificate(content)]
    except ValueError as error:
        raise StoreError(f"{file}: no certificates: {error}") from error


def signed_by(revoked: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    """Say whether a list is of this authority."""
    key: Any = authority.public_key()
    try:
        return authority.subject == revoked.issuer and revoked.is_signature_valid(key)
    except (TypeError, UnsupportedAlgorithm):  # a key that signs nothing, an algorithm that is not taken
        return False


def number_of(revoked: x509.CertificateRevocationList) -> int | None:
    """Return a list's number (RFC 5280, 5.2.3); None where it has none."""
    try:
        return revoked.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except (x509.ExtensionNotFound, UnsupportedAlgorithm, ValueError):
        return None


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror}") from error


def _kept(connection: Connection) -> dict[str, bytes]:
    rows = connection.execute(sa.select(meta.c.name, meta.c.value).where(_MINE).order_by(meta.c.name))
    return {row.name: base64.b64decode(row.value) for row in rows}


def _write(tx: Connection, name: str, new: x509.CertificateRevocationList, der: bytes) -> None:
    """Write a list in the place of the one that is kept under a name; where there is none ("") under a name of its own."""
    value = base64.b64encode(der).decode()
    if name:
        tx.execute(sa.update(meta).where(meta.c.name == name).values(value=value))
    else:
        own = f"{_FIRST} {hashlib.sha256(new.issuer.public_bytes()).hexdigest()[:16]}"
        tx.execute(meta.insert().values(name=own, value=value))
