"""Signs a PDF as PAdES-B-B (ETSI EN 319 142-1, 5.4) with the key and certificate in ``document.pem`` beside the keys of seals.

The first document makes both, self-signed: readers then say "valid, unknown signer". Who has a certificate of a national
authority puts key and chain into that file. pyhanko is loaded with the first document and not before: half a second.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

from central.signing.keys import write_private
from central.store import StoreError

FILE = "document.pem"
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""The extended key usage of RFC 9336."""
VALID_FOR = dt.timedelta(days=5 * 365)
FIELD = "Signature"


def signed(pdf: bytes, folder: Path, issuer: str) -> bytes:
    """Return a PDF with a signature that certifies it: nothing may be changed any more. StoreError for keys that cannot be used."""
    from asn1crypto.cms import CMSAttributeType  # noqa: PLC0415 - as pyhanko
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - see above
    from pyhanko.sign import fields, signers  # noqa: PLC0415

    # pyhanko adds names to asn1crypto's tables, which keep the reverse of what they were when a CMS was first read.
    names = CMSAttributeType._map  # noqa: SLF001 - there is no other way in
    CMSAttributeType._reverse_map = {name: identifier for identifier, name in names.items()}  # noqa: SLF001
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        name=issuer,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    out = BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), meta, signer_in(folder / FILE, issuer), output=out)
    return out.getvalue()


def signer_in(path: Path, issuer: str) -> Any:
    """Return the signer of a file, which is made where there is none. StoreError."""
    from asn1crypto.keys import PrivateKeyInfo  # noqa: PLC0415 - as pyhanko
    from asn1crypto.x509 import Certificate  # noqa: PLC0415
    from pyhanko.sign import signers  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    if not path.exists():
        write_private(path, new_signer(issuer))
    try:
        if path.stat().st_mode & 0o077:
            raise StoreError(f"{path} can be read by others: chmod 600 it, and renew it if somebody may have")
        content = path.read_bytes()
        key = serialization.load_pem_private_key(content, None)
        chain = [Certificate.load(each.public_bytes(serialization.Encoding.DER)) for each in certificates_in(content)]
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{path}: expected a private key and its certificates, PEM: {error}") from error
    raw = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    store = SimpleCertificateStore.from_certs(chain)  # type: ignore[no-untyped-call]
    return signers.SimpleSigner(chain[0], PrivateKeyInfo.load(raw), store)


def certificates_in(content: bytes) -> list[x509.Certificate]:
    """Return the certificates of a PEM file, the signer's first. ValueError without one."""
    return x509.load_pem_x509_certificates(content)


def new_signer(issuer: str) -> bytes:
    """Return a new key (P-256) and a certificate that it signed itself, PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer[:64])])
    now = dt.datetime.now(dt.UTC)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    ) | {"encipher_only": False, "decipher_only": False}
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=10))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + made.public_bytes(serialization.Encoding.PEM)
