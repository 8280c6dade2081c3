"""Key pairs of the simulated cards and of the authorities that issue them, derived from labels: the same in every bench.

Signatures: ECDSA (FIPS 186-4) in DER or plain format (TR-03111, section 5.2), RSA with PKCS #1 v1.5 or PSS (RFC 8017).
They protect nothing but synthetic citizens: whoever knows a label has the key.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from hardware.card import sim_der as der
from hardware.card.sim_curve import Curve, Point
from hardware.card.sim_primes import derived_number, derived_prime

_EC_PUBLIC_KEY = der.oid("1.2.840.10045.2.1")
_PRIME_FIELD = der.oid("1.2.840.10045.1.1")
_RSA_ENCRYPTION = der.oid("1.2.840.113549.1.1.1")
_STANDARDISED = der.oid("0.4.0.127.0.7.1.2")
_DIGESTS = {  # name: object identifier
    "sha1": "1.3.14.3.2.26",
    "sha224": "2.16.840.1.101.3.4.2.4",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
_PUBLIC_EXPONENT = 65537


def digest_algorithm(name: str) -> bytes:
    """Return the AlgorithmIdentifier of a hash function."""
    return der.sequence(der.oid(_DIGESTS[name]), der.NULL)


def digest_oid(name: str) -> bytes:
    """Return the object identifier of a hash function."""
    return der.oid(_DIGESTS[name])


def digest(name: str, data: bytes) -> bytes:
    """Hash some bytes."""
    return hashlib.new(name, data, usedforsecurity=False).digest()


@dataclass(frozen=True)
class EcKey:
    """A key pair on a curve."""

    curve: Curve
    private: int

    @classmethod
    def derived(cls, curve: Curve, label: str) -> EcKey:
        """Make the key pair of a label."""
        return cls(curve, derived_number(label, curve.order.bit_length() + 64) % (curve.order - 1) + 1)

    @cached_property
    def public(self) -> Point:
        """The public point."""
        return self.curve.multiply(self.private, self.curve.generator)

    def sign_plain(self, data: bytes, hash_name: str) -> bytes:
        """Return r‖s, both as long as the order."""
        return self.sign_hash(digest(hash_name, data))

    def sign_hash(self, hashed: bytes) -> bytes:
        """Return r‖s over a hash. The secret number of a signature comes from key and hash."""
        curve, size = self.curve, self.curve.scalar_bytes
        number = int.from_bytes(hashed, "big") >> max(0, 8 * len(hashed) - curve.order.bit_length())
        seed = f"{curve.name} {self.private:x} {hashed.hex()}"
        secret = derived_number(seed, curve.order.bit_length() + 64) % (curve.order - 1) + 1
        r = curve.multiply(secret, curve.generator).x % curve.order
        s = pow(secret, -1, curve.order) * (number + r * self.private) % curve.order
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    def sign(self, data: bytes, hash_name: str) -> bytes:
        """Return the signature in DER."""
        plain, size = self.sign_plain(data, hash_name), self.curve.scalar_bytes
        return der.sequence(*(der.integer(int.from_bytes(part, "big")) for part in (plain[:size], plain[size:])))

    def public_key_info(self, encoding: str = "named") -> bytes:
        """Return the SubjectPublicKeyInfo; the curve ``named``, ``explicit`` (TR-03111) or ``standardised`` (TR-03110-3, A.2.1.1)."""
        curve = self.curve
        algorithm = {
            "named": lambda: der.sequence(_EC_PUBLIC_KEY, der.oid(curve.oid)),
            "explicit": lambda: der.sequence(_EC_PUBLIC_KEY, _explicit(curve)),
            "standardised": lambda: der.sequence(_STANDARDISED, der.integer(curve.parameter_id)),
        }[encoding]()
        return der.sequence(algorithm, der.bits(curve.encode(self.public)))


def _explicit(curve: Curve) -> bytes:
    size = curve.field_bytes
    equation = der.sequence(der.octets(curve.a.to_bytes(size, "big")), der.octets(curve.b.to_bytes(size, "big")))
    return der.sequence(
        der.integer(1),
        der.sequence(_PRIME_FIELD, der.integer(curve.p)),
        equation,
        der.octets(curve.encode(curve.generator)),
        der.integer(curve.order),
        der.integer(1),
    )


@dataclass(frozen=True)
class RsaKey:
    """An RSA key pair with public exponent 65537."""

    p: int
    q: int

    @classmethod
    def derived(cls, size_bits: int, label: str) -> RsaKey:
        """Make the key pair of a label; a new label costs up to a second per 2048 bits."""
        return cls(*(derived_prime(f"{label} {half}", size_bits // 2) for half in ("p", "q")))

    @property
    def modulus(self) -> int:
        """The modulus."""
        return self.p * self.q

    @property
    def modulus_bytes(self) -> int:
        """Its length."""
        return (self.modulus.bit_length() + 7) // 8

    def power(self, number: int) -> int:
        """Apply the private key, by the Chinese remainder theorem."""
        p, q = self.p, self.q
        one, two = (pow(number, pow(_PUBLIC_EXPONENT, -1, prime - 1), prime) for prime in (p, q))
        return two + q * ((one - two) * pow(q, -1, p) % p)

    def apply(self, block: bytes) -> bytes:
        """Apply the private key to a block as long as the modulus."""
        return self.power(int.from_bytes(block, "big") % self.modulus).to_bytes(self.modulus_bytes, "big")

    def sign(self, data: bytes, hash_name: str) -> bytes:
        """Sign with PKCS #1 v1.5 (RFC 8017, section 8.2)."""
        info = der.sequence(digest_algorithm(hash_name), der.octets(digest(hash_name, data)))
        return self.apply(b"\x00\x01" + b"\xff" * (self.modulus_bytes - len(info) - 3) + b"\x00" + info)

    def sign_pss(self, data: bytes, hash_name: str) -> bytes:
        """Sign with PSS, MGF1 over the same hash, a salt as long as it (RFC 8017, section 8.1)."""
        hashed = digest(hash_name, data)
        salt = digest(hash_name, b"salt" + hashed)
        seed = digest(hash_name, bytes(8) + hashed + salt)
        size = self.modulus_bytes - len(seed) - 1
        block = (b"\x01" + salt).rjust(size, b"\x00")
        masked = bytearray(one ^ other for one, other in zip(block, _mask(seed, size, hash_name), strict=True))
        masked[0] &= 0x7F
        return self.apply(bytes(masked) + seed + b"\xbc")

    def public_key_info(self) -> bytes:
        """Return the SubjectPublicKeyInfo."""
        key = der.sequence(der.integer(self.modulus), der.integer(_PUBLIC_EXPONENT))
        return der.sequence(der.sequence(_RSA_ENCRYPTION, der.NULL), der.bits(key))


def _mask(seed: bytes, size: int, hash_name: str) -> bytes:
    """MGF1 (RFC 8017, appendix B.2.1)."""
    stream = b""
    for counter in range(size // len(seed) + 1):
        stream += digest(hash_name, seed + counter.to_bytes(4, "big"))
    return stream[:size]
