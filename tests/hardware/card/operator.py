"""An operator with a library's certificates and revocation lists: none of our code, and none of the simulator's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NO_USE = dict.fromkeys(
    ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
     "encipher_only", "decipher_only", "digital_signature"),
    False,
)  # fmt: skip


def usage(*names: str) -> x509.KeyUsage:
    return x509.KeyUsage(**(NO_USE | dict.fromkeys(names, True)))


def named(common: str, *units: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units]
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common)])


class Operator:
    """An authority of its own, who issues certificates and lists. ``may``: what its key may sign."""

    def __init__(self, name: str = "Operator", may: tuple[str, ...] = ("key_cert_sign", "crl_sign")) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = named(name)
        self.certificate = self._signed(
            self._about(self.name, self.key.public_key(), 1)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage(*may), critical=True)
        )

    def _about(self, subject: x509.Name, key: Any, serial: int, span: tuple[int, int] = (-500, 500)) -> Any:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(serial)
            .not_valid_before(NOW + span[0] * DAY)
            .not_valid_after(NOW + span[1] * DAY)
        )

    def _signed(self, builder: Any) -> x509.Certificate:
        return builder.sign(self.key, hashes.SHA256())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def technician(
        self,
        key: Any,
        *units: str,
        serial: int = 0x77,
        use: tuple[str, ...] = ("digital_signature",),
        purposes: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.CLIENT_AUTH,),
        span: tuple[int, int] = (-100, 100),
    ) -> bytes:
        builder = self._about(named("Rəna Əliyeva", *units), key, serial, span).add_extension(
            usage(*use), critical=True
        )
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        return self._signed(builder).public_bytes(Encoding.DER)

    def revoked(
        self, serials: Iterable[int], number: int | None, due: timedelta = 30 * DAY, signer: Any = None
    ) -> bytes:
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.name)
        builder = builder.last_update(NOW - 60 * DAY).next_update(NOW + due)
        if number is not None:
            builder = builder.add_extension(x509.CRLNumber(number), critical=False)
        for serial in serials:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW - 60 * DAY).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(signer or self.key, hashes.SHA256()).public_bytes(Encoding.DER)
