"""Signatures of documents, certificates and chips: RSA (PKCS #1 v1.5 and PSS, RFC 8017) and ECDSA (DER or plain r‖s, TR-03111)."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any, Literal

from asn1crypto import algos
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from ecdsa import BadSignatureError, VerifyingKey
from ecdsa.ellipticcurve import Point
from msgspec import Struct

from hardware.card.asn1 import Algorithm, given, integer, reading
from hardware.card.public_keys import CURVES, DhKey, EcKey, PublicKey, RsaKey
from kiosk.domain.faults import ProtocolError

HASHES: dict[str, Any] = {
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
"""The hash functions of Doc 9303-12, 4.1 by name; SHA-1, of the first documents, is taken and told as weak."""

WEAK = frozenset({"sha1"})

_HASH_OIDS = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_PKCS1_OIDS = {5: "sha1", 14: "sha224", 11: "sha256", 12: "sha384", 13: "sha512"}
_ECDSA_OIDS = {"1": "sha1", "3.1": "sha224", "3.2": "sha256", "3.3": "sha384", "3.4": "sha512"}
_PLAIN_OIDS = {1: "sha1", 2: "sha224", 3: "sha256", 4: "sha384", 5: "sha512"}

_SALT_BYTES_MAX = 64
_ALGORITHMS_MAX = 32
"""How many encoded algorithms are remembered; all cards of a state use the same few."""

_KEYS_MAX = 32
"""How many keys OpenSSL has ready; a document signer signs some hundred thousand cards."""

Kind = Literal["pkcs1", "pss", "ecdsa", "plain"]


class Scheme(Struct, frozen=True):
    """How a signature is made. ``mask`` and ``salt_bytes``: PSS alone."""

    kind: Kind
    digest: str
    mask: str = ""
    salt_bytes: int = 0

    def __str__(self) -> str:
        return f"{self.kind} with {self.digest}"


_SCHEMES: dict[str, Scheme] = {
    **{f"1.2.840.113549.1.1.{last}": Scheme("pkcs1", name) for last, name in _PKCS1_OIDS.items()},
    **{f"1.2.840.10045.4.{last}": Scheme("ecdsa", name) for last, name in _ECDSA_OIDS.items()},
    **{f"0.4.0.127.0.7.1.1.4.1.{last}": Scheme("plain", name) for last, name in _PLAIN_OIDS.items()},
}
_RSA_KEY, _PSS = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"


@lru_cache(maxsize=_ALGORITHMS_MAX)
def hash_of(algorithm: bytes) -> str:
    """Return the name of the hash function of an AlgorithmIdentifier. ProtocolError for one that is not taken."""
    with reading("hash algorithm"):
        oid = str(Algorithm.load(algorithm, strict=True)["algorithm"].dotted)
    if oid not in _HASH_OIDS:
        raise ProtocolError(f"the hash algorithm {oid}")
    return _HASH_OIDS[oid]


@lru_cache(maxsize=_ALGORITHMS_MAX)
def scheme_of(algorithm: bytes, beside: str = "") -> Scheme:
    """Return the scheme of an AlgorithmIdentifier. ``beside``: the hash named apart, for those that name none.

    ProtocolError for one that is not taken.
    """
    with reading("signature algorithm"):
        found = Algorithm.load(algorithm, strict=True)
        oid, parameters = str(found["algorithm"].dotted), found["parameters"]
        if oid == _PSS:
            return _pss(parameters.dump() if given(parameters) else b"\x30\x00")
    if oid == _RSA_KEY and beside:
        return Scheme("pkcs1", beside)
    if oid not in _SCHEMES:
        raise ProtocolError(f"the signature algorithm {oid}")
    return _SCHEMES[oid]


def _pss(parameters: bytes) -> Scheme:
    """Read RSASSA-PSS-params (RFC 4055, 3.1); what is left out is SHA-1 and 20 bytes of salt."""
    told = algos.RSASSAPSSParams.load(parameters, strict=True)
    mask = told["mask_gen_algorithm"]
    salt_bytes = integer(told["salt_length"])
    if mask["algorithm"].native != "mgf1" or told["trailer_field"].native != "trailer_field_bc":
        raise ProtocolError("RSA-PSS with another mask or trailer than there is")
    if not 0 <= salt_bytes <= _SALT_BYTES_MAX:
        raise ProtocolError(f"RSA-PSS with {salt_bytes} bytes of salt")
    digest = hash_of(told["hash_algorithm"].untag().dump())
    return Scheme("pss", digest, hash_of(mask["parameters"].dump()), salt_bytes)


def digest_of(name: str, data: bytes) -> bytes:
    """Hash."""
    return hashlib.new(name, data, usedforsecurity=False).digest()


def verify(key: PublicKey, scheme: Scheme, signature: bytes, data: bytes) -> bool:
    """Say whether a signature over data holds. False where key and scheme do not belong together."""
    if isinstance(key, RsaKey):
        return scheme.kind in {"pkcs1", "pss"} and _verify_rsa(key, scheme, signature, data)
    if isinstance(key, DhKey) or scheme.kind not in {"ecdsa", "plain"}:
        return False
    numbers = _plain(key, signature) if scheme.kind == "plain" else _from_der(signature)
    return numbers is not None and _verify_ec(key, scheme.digest, numbers, data)


@lru_cache(maxsize=_KEYS_MAX)
def _openssl_rsa(key: RsaKey) -> rsa.RSAPublicKey:
    return rsa.RSAPublicNumbers(key.exponent, key.modulus).public_key()


@lru_cache(maxsize=_KEYS_MAX)
def _openssl_ec(key: EcKey) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicNumbers(key.x, key.y, _OPENSSL_CURVES[key.curve]()).public_key()


def _verify_rsa(key: RsaKey, scheme: Scheme, signature: bytes, data: bytes) -> bool:
    digest = HASHES[scheme.digest]()
    way: padding.AsymmetricPadding = padding.PKCS1v15()
    if scheme.kind == "pss":
        way = padding.PSS(padding.MGF1(HASHES[scheme.mask]()), scheme.salt_bytes)
    try:
        _openssl_rsa(key).verify(signature, data, way, digest)
    except (InvalidSignature, ValueError):  # ValueError: numbers that OpenSSL takes for no key
        return False
    return True


_OPENSSL_CURVES: dict[str, type[ec.EllipticCurve]] = {
    "NIST224p": ec.SECP224R1,
    "NIST256p": ec.SECP256R1,
    "NIST384p": ec.SECP384R1,
    "NIST521p": ec.SECP521R1,
    "BRAINPOOLP256r1": ec.BrainpoolP256R1,
    "BRAINPOOLP384r1": ec.BrainpoolP384R1,
    "BRAINPOOLP512r1": ec.BrainpoolP512R1,
}
"""The curves of ``CURVES`` that cryptography knows; the other two are calculated by ecdsa, in 10 ms instead of 0.2."""


def _verify_ec(key: EcKey, digest: str, numbers: tuple[int, int], data: bytes) -> bool:
    curve = CURVES[key.curve]
    if not all(0 < number < curve.order for number in numbers):
        return False
    try:
        if key.curve in _OPENSSL_CURVES:
            _openssl_ec(key).verify(encode_dss_signature(*numbers), data, ec.ECDSA(HASHES[digest]()))
            return True
        point = Point(curve.curve, key.x, key.y, curve.order)
        slow = VerifyingKey.from_public_point(point, curve)
        return bool(slow.verify_digest(numbers, digest_of(digest, data), lambda pair, _: pair, allow_truncate=True))
    except (InvalidSignature, BadSignatureError):
        return False


def _plain(key: EcKey, signature: bytes) -> tuple[int, int] | None:
    """Split r‖s, each as long as the order (TR-03111, 5.2.1)."""
    half = (int(CURVES[key.curve].order).bit_length() + 7) // 8
    if len(signature) != 2 * half:
        return None
    return int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")


def _from_der(signature: bytes) -> tuple[int, int] | None:
    try:
        return decode_dss_signature(signature)
    except ValueError:
        return None
