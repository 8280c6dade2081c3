"""A little state that issues documents: its authority, its document signers, its lists, and what they sign, byte by byte."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from asn1crypto import core, keys
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EARLY, LATE = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)

HASH_OIDS = {
    "sha1": "1.3.14.3.2.26",
    "sha224": "2.16.840.1.101.3.4.2.4",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
HASHES: dict[str, Any] = {name: getattr(hashes, name.upper()) for name in HASH_OIDS}
RSA_OIDS = {"sha1": 5, "sha224": 14, "sha256": 11, "sha384": 12, "sha512": 13}
ECDSA_OIDS = {"sha1": "1", "sha224": "3.1", "sha256": "3.2", "sha384": "3.3", "sha512": "3.4"}
PLAIN_OIDS = {"sha1": 1, "sha224": 2, "sha256": 3, "sha384": 4, "sha512": 5}
NULL = b"\x05\x00"


def tlv(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag]) + (bytes([len(body)]) if len(body) < 0x80 else bytes([0x80 | len(length)]) + length) + body


def seq(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def number(value: int) -> bytes:
    return bytes(core.Integer(value).dump())


def oid(dotted: str) -> bytes:
    return bytes(core.ObjectIdentifier(dotted).dump())


def bits(value: bytes) -> bytes:
    return tlv(0x03, b"\x00", value)


def moment(when: datetime) -> bytes:
    return tlv(0x17, f"{when:%y%m%d%H%M%SZ}".encode())


def name(common: str, country: str = "AZ") -> bytes:
    parts = (("2.5.4.6", 0x13, country), ("2.5.4.3", 0x0C, common))
    return seq(*(tlv(0x31, seq(oid(kind), tlv(tag, text.encode()))) for kind, tag, text in parts))


class Key:
    """A key pair and how it signs. ``kind``: rsa, pss, ecdsa or plain."""

    def __init__(self, private: Any, kind: str, digest: str = "sha256") -> None:
        self.private, self.kind, self.digest = private, kind, digest

    @property
    def algorithm(self) -> bytes:
        if self.kind == "rsa":
            return seq(oid(f"1.2.840.113549.1.1.{RSA_OIDS[self.digest]}"), NULL)
        if self.kind == "ecdsa":
            return seq(oid(f"1.2.840.10045.4.{ECDSA_OIDS[self.digest]}"))
        if self.kind == "plain":
            return seq(oid(f"0.4.0.127.0.7.1.1.4.1.{PLAIN_OIDS[self.digest]}"))
        told = seq(oid(HASH_OIDS[self.digest]), NULL)
        mask = seq(oid("1.2.840.113549.1.1.8"), told)
        return seq(oid("1.2.840.113549.1.1.10"), seq(tlv(0xA0, told), tlv(0xA1, mask), tlv(0xA2, number(20))))

    def sign(self, data: bytes) -> bytes:
        digest = HASHES[self.digest]()
        if self.kind == "rsa":
            return bytes(self.private.sign(data, padding.PKCS1v15(), digest))
        if self.kind == "pss":
            return bytes(self.private.sign(data, padding.PSS(padding.MGF1(digest), 20), digest))
        signature = bytes(self.private.sign(data, ec.ECDSA(digest)))
        if self.kind == "ecdsa":
            return signature
        size = (self.private.curve.key_size + 7) // 8
        return b"".join(half.to_bytes(size, "big") for half in decode_dss_signature(signature))

    def info(self) -> bytes:
        """Return the SubjectPublicKeyInfo, the curve named."""
        return bytes(self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def point(self) -> bytes:
        return bytes(self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


@cache
def new_key(kind: str = "ecdsa", digest: str = "sha256", label: str = "", bits: int = 2048) -> Key:
    """Return a key; the same one for the same words within a test run. ``label`` tells keys of one kind apart."""
    del label
    if kind in {"rsa", "pss"}:
        return Key(rsa.generate_private_key(65537, bits), kind, digest)
    return Key(ec.generate_private_key(ec.SECP256R1()), kind, digest)


def explicit_info(point: bytes, curve: Any, **changed: Any) -> bytes:
    """Return a SubjectPublicKeyInfo with the curve written out (python-ecdsa's curve); ``changed`` parameters are as told."""
    size = (int(curve.curve.p()).bit_length() + 7) // 8
    p = int(curve.curve.p())
    generator = b"\x04" + b"".join(int(c).to_bytes(size, "big") for c in (curve.generator.x(), curve.generator.y()))
    told = {
        "p": p,
        "a": int(curve.curve.a()) % p,
        "b": int(curve.curve.b()),
        "g": generator,
        "n": int(curve.order),
        "h": 1,
    }
    told |= changed
    field = seq(oid("1.2.840.10045.1.1"), number(told["p"]))
    coefficients = seq(*(tlv(0x04, told[each].to_bytes(size, "big")) for each in "ab"))
    cofactor = b"" if told["h"] is None else number(told["h"])
    written = seq(number(1), field, coefficients, tlv(0x04, told["g"]), number(told["n"]), cofactor)
    return seq(seq(oid("1.2.840.10045.2.1"), written), bits(point))


def extension(dotted: str, value: bytes, *, critical: bool = False) -> bytes:
    return seq(oid(dotted), b"\x01\x01\xff" if critical else b"", tlv(0x04, value))


def key_id(key: Key) -> bytes:
    return hashlib.sha1(key.info(), usedforsecurity=False).digest()


def usage(*places: int) -> bytes:
    """0: digital signature, 5: signing certificates, 6: signing lists."""
    octet = sum(0x80 >> place for place in places)
    return extension(
        "2.5.29.15", bytes(core.BitString(tuple(int(c) for c in f"{octet:08b}".rstrip("0"))).dump()), critical=True
    )


AUTHORITY = (extension("2.5.29.19", seq(b"\x01\x01\xff", number(0)), critical=True), usage(5, 6))
SIGNER = (usage(0),)


def certificate(
    subject: bytes,
    key: Key,
    issuer: bytes,
    issuer_key: Key,
    extensions: Sequence[bytes],
    serial: int = 7,
    span: tuple[datetime, datetime] = (EARLY, LATE),
    info: bytes = b"",
) -> bytes:
    """Return a certificate. The key identifiers are added to the extensions; ``info`` replaces the key's own."""
    identifiers = (
        extension("2.5.29.14", tlv(0x04, key_id(key))),
        extension("2.5.29.35", seq(tlv(0x80, key_id(issuer_key)))),
    )
    inner = seq(
        tlv(0xA0, number(2)),
        number(serial),
        issuer_key.algorithm,
        issuer,
        seq(*map(moment, span)),
        subject,
        info or key.info(),
        tlv(0xA3, seq(*extensions, *identifiers)),
    )
    return seq(inner, issuer_key.algorithm, bits(issuer_key.sign(inner)))


def revocation_list(
    issuer: bytes, key: Key, serials: Sequence[int], made: datetime = EARLY, due: datetime = LATE
) -> bytes:
    revoked = seq(*(seq(number(serial), moment(made)) for serial in serials)) if serials else b""
    inner = seq(number(1), key.algorithm, issuer, moment(made), moment(due), revoked)
    return seq(inner, key.algorithm, bits(key.sign(inner)))


def issuer_and_serial(certificate_der: bytes) -> bytes:
    parts = core.Sequence.load(certificate_der)[0]
    return seq(parts[3].dump(), parts[1].dump())


def signed_data(
    content_type: str,
    content: bytes,
    key: Key,
    certificates: Sequence[bytes],
    digest: str = "",
    attributes: bytes | None = None,
    signed: bytes | None = None,
) -> bytes:
    """Return a ContentInfo signed by the key of the first certificate.

    ``attributes``: replaces the attributes' contents (b"": none at all); ``signed``: the content that is really signed.
    """
    name_of_hash = digest or key.digest
    algorithm = seq(oid(HASH_OIDS[name_of_hash]), NULL)
    told = hashlib.new(name_of_hash, content if signed is None else signed, usedforsecurity=False).digest()
    if attributes is None:
        attributes = attribute("1.2.840.113549.1.9.3", oid(content_type)) + attribute(
            "1.2.840.113549.1.9.4", tlv(0x04, told)
        )
    covered = tlv(0x31, attributes) if attributes else content
    info = seq(
        number(1),
        issuer_and_serial(certificates[0]),
        algorithm,
        tlv(0xA0, attributes) if attributes else b"",
        key.algorithm,
        tlv(0x04, key.sign(covered)),
    )
    inner = seq(
        number(3),
        tlv(0x31, algorithm),
        seq(oid(content_type), tlv(0xA0, tlv(0x04, content))),
        tlv(0xA0, *certificates),
        tlv(0x31, info),
    )
    return seq(oid("1.2.840.113549.1.7.2"), tlv(0xA0, inner))


def attribute(kind: str, value: bytes) -> bytes:
    return seq(oid(kind), tlv(0x31, value))


def security_object(groups: Mapping[int, bytes], digest: str = "sha256") -> bytes:
    rows = (
        seq(number(group), tlv(0x04, hashlib.new(digest, content, usedforsecurity=False).digest()))
        for group, content in groups.items()
    )
    return seq(number(0), seq(oid(HASH_OIDS[digest]), NULL), seq(*rows))


class State:
    """An issuing state: an authority and one document signer of a kind."""

    def __init__(self, kind: str = "ecdsa", digest: str = "sha256", label: str = "", country: str = "AZ") -> None:
        self.name, self.key = name("Test CSCA", country), new_key(kind, digest, f"csca {label}")
        self.signer_name, self.signer_key = name("Test DS", country), new_key(kind, digest, f"ds {label}")
        self.authority = certificate(self.name, self.key, self.name, self.key, AUTHORITY, serial=1)
        self.signer = self.signer_of()

    def signer_of(self, **changed: Any) -> bytes:
        told: dict[str, Any] = {"extensions": SIGNER, **changed}
        return certificate(self.signer_name, self.signer_key, self.name, self.key, **told)

    def sod(self, groups: Mapping[int, bytes], digest: str = "sha256", signer: bytes = b"", **changed: Any) -> bytes:
        """Return EF.SOD over whole files."""
        content = security_object(groups, digest)
        return tlv(0x77, signed_data("2.23.136.1.1.1", content, self.signer_key, [signer or self.signer], **changed))

    def revocations(self, *serials: int, **changed: Any) -> bytes:
        return revocation_list(self.name, self.key, serials, **changed)


def master_list(state: State, certificates: Sequence[bytes], purpose: str = "2.23.136.1.1.3", **changed: Any) -> bytes:
    """Return a master list, signed by a signer that the state's authority vouches for."""
    key = new_key("ecdsa", "sha256", "master list signer")
    purposes = extension("2.5.29.37", seq(oid(purpose)), critical=True)
    signer = certificate(name("Master List Signer"), key, state.name, state.key, (*SIGNER, purposes), serial=9)
    content = seq(number(0), tlv(0x31, *certificates))
    return signed_data("2.23.136.1.1.2", content, key, [signer, state.authority], **changed)


def rsa_key_info(key: Any) -> keys.PublicKeyInfo:
    return keys.PublicKeyInfo.load(key.info())
