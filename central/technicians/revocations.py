"""The operator's revocation list of technicians' cards (RFC 5280, 5): put in by the operator, fetched by every kiosk.

The list is signed by the operator's authority, whose key is not here: the centre can hand a list on, and cannot make one. It checks
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
_NAME = "technician_revocations"
_MINE = meta.c.name == _NAME


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
    """Give the newest list in DER; nothing at all to who has it already (304), and where there is none yet (204)."""
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
    """Return the newest list in DER; None before the first."""
    with store.read() as connection:
        return _kept(connection)


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
        before = _kept(tx)
        old = x509.load_der_x509_crl(before) if before else None
        if before == der:
            return f"revocation list {number}: kiosks have it already"
        old_number = number_of(old) if old is not None and old.issuer == new.issuer else None
        if old_number is not None and number <= old_number:
            raise StoreError(f"{file}: number {number} is not newer than number {old_number}, which kiosks have")
        value = base64.b64encode(der).decode()
        if before is None:
            tx.execute(meta.insert().values(name=_NAME, value=value))
        else:
            tx.execute(sa.update(meta).where(_MINE).values(value=value))
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


def _kept(connection: Connection) -> bytes | None:
    value = connection.scalar(sa.select(meta.c.value).where(_MINE))
    return None if value is None else base64.b64decode(value)
