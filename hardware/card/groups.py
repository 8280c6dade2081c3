"""The groups in which PACE agrees on keys: points of an elliptic curve, and residues modulo a prime (Doc 9303-11, 9.5.1, 9.6).

Both are one thing to PACE: elements, a generator of prime order, powers, products. An element from the card is checked
before anything secret touches it: one beside the group would tell our private key.

Side channels. Neither python-ecdsa nor Python's integers take the same time for every number. A private key is drawn
for one run and used once or twice, so its timing adds up to nothing. The one number that depends on the password is
the nonce, which a false card chooses behind the password's key: its power is computed in two random parts
(``masked_power``), lest the time tell which password was tried.
"""

from __future__ import annotations

import secrets
from typing import Any, Protocol

from ecdsa.ellipticcurve import INFINITY, Point, PointJacobi

from kiosk.domain.faults import ProtocolError


class Group(Protocol):
    """A group of prime order. ``Any``: an element, which only its own group understands."""

    @property
    def name(self) -> str:
        """What the standards call it."""

    @property
    def order(self) -> int:
        """How many elements."""

    @property
    def prime(self) -> int:
        """The prime of the field."""

    @property
    def generator(self) -> Any:
        """The generator that the standard fixes."""

    @property
    def public_key_tag(self) -> int:
        """The tag of a public value in a public key data object (Doc 9303-11, 9.4.3 and 9.4.4)."""

    def power(self, element: Any, exponent: int) -> Any:
        """Combine an element with itself so many times."""

    def product(self, one: Any, other: Any) -> Any:
        """Combine two elements."""

    def encode(self, element: Any) -> bytes:
        """Return an element as it goes over the wire. ProtocolError for the neutral element: nothing may come to that."""

    def decode(self, encoded: bytes) -> Any:
        """Return the element of the wire. ProtocolError for anything outside the group, and for the neutral element."""

    def shared_secret(self, element: Any) -> bytearray:
        """Return what keys are derived from. ProtocolError for the neutral element."""

    def from_field(self, number: int) -> Any:
        """Map a field element into the group (integrated mapping, 4.4.3.3.2). ProtocolError where that is impossible."""


def masked_power(group: Group, exponent: int) -> Any:
    """Return the generator's power, computed so that the time it takes tells nothing of the exponent."""
    mask = secrets.randbelow(group.order)
    rest = (exponent - mask) % group.order
    return group.product(group.power(group.generator, rest), group.power(group.generator, mask))


class CurveGroup:
    """Points of a curve of prime order over a prime field. All standardised curves have the cofactor 1."""

    public_key_tag = 0x86

    def __init__(self, curve: Any) -> None:
        self.name = str(curve.name)
        self.order, self.prime, self.generator = int(curve.order), int(curve.curve.p()), curve.generator
        self._curve = curve.curve
        self._bytes = (self.prime.bit_length() + 7) // 8

    def power(self, element: Any, exponent: int) -> Any:
        """Multiply a point."""
        return element * exponent

    def product(self, one: Any, other: Any) -> Any:
        """Add two points."""
        return one + other

    def encode(self, element: Any) -> bytes:
        """Uncompressed: 04 ‖ x ‖ y."""
        x, y = _coordinates(element)
        return b"\x04" + x.to_bytes(self._bytes, "big") + y.to_bytes(self._bytes, "big")

    def decode(self, encoded: bytes) -> Any:
        """Return a point of the curve."""
        if len(encoded) != 1 + 2 * self._bytes or encoded[0] != 0x04:
            raise ProtocolError(f"expected an uncompressed point of {self._bytes} byte coordinates: {encoded.hex()}")
        x, y = (int.from_bytes(half, "big") for half in (encoded[1 : 1 + self._bytes], encoded[1 + self._bytes :]))
        return self._point(x, y)

    def shared_secret(self, element: Any) -> bytearray:
        """Return the x coordinate (BSI TR-03111, ECKA)."""
        return bytearray(_coordinates(element)[0].to_bytes(self._bytes, "big"))

    def from_field(self, number: int) -> Any:
        """Encode into a point as Doc 9303-11, B.2 does. P-224 cannot: its prime is 1 modulo 4."""
        p, a, b = self.prime, int(self._curve.a()), int(self._curve.b())
        if p % 4 != 3 or not number:
            raise ProtocolError(f"integrated mapping has no point of {self.name} for this nonce")
        alpha = -number * number % p
        sum_of_alphas = (alpha + alpha * alpha) % p
        x2 = -b * (1 + sum_of_alphas) * pow(a * sum_of_alphas, -1, p) % p
        x3 = alpha * x2 % p
        h2 = (pow(x2, 3, p) + a * x2 + b) % p
        root = pow(h2, p - 1 - (p + 1) // 4, p)
        candidates = (x3, root * pow(number, 3, p) * h2 % p), (x2, root * h2 % p)
        return self._point(*candidates[root * root * h2 % p == 1])

    def _point(self, x: int, y: int) -> Any:
        if max(x, y) >= self.prime or not self._curve.contains_point(x, y):
            raise ProtocolError("the card sent a point that is not on the curve")
        return PointJacobi(self._curve, x, y, 1, self.order)


def _coordinates(element: Point | PointJacobi) -> tuple[int, int]:
    if element == INFINITY:
        raise ProtocolError("the point at infinity came out of the key agreement")
    return int(element.x()), int(element.y())


class ResidueGroup:
    """A subgroup of prime order of the residues modulo a prime (RFC 5114). Public values are checked as in RFC 2631, 2.1.5."""

    public_key_tag = 0x84

    def __init__(self, name: str, prime: int, generator: int, order: int) -> None:
        self.name, self.prime, self.generator, self.order = name, prime, generator, order
        self._bytes = (prime.bit_length() + 7) // 8

    def power(self, element: Any, exponent: int) -> Any:
        """Raise to a power."""
        return pow(element, exponent, self.prime)

    def product(self, one: Any, other: Any) -> Any:
        """Multiply."""
        return one * other % self.prime

    def encode(self, element: Any) -> bytes:
        """Return an unsigned integer without leading zeros (Doc 9303-11, 9.4.3)."""
        value = self._proper(element)
        return value.to_bytes((value.bit_length() + 7) // 8, "big")

    def decode(self, encoded: bytes) -> Any:
        """Return a residue of the subgroup."""
        value = int.from_bytes(encoded, "big")
        if len(encoded) > self._bytes or not 1 < value < self.prime - 1 or pow(value, self.order, self.prime) != 1:
            raise ProtocolError(f"the card sent {len(encoded)} bytes that are no element of the {self.name}")
        return value

    def shared_secret(self, element: Any) -> bytearray:
        """Return the residue in as many bytes as the prime has (PKCS #3, 8.3)."""
        return bytearray(self._proper(element).to_bytes(self._bytes, "big"))

    def from_field(self, number: int) -> Any:
        """Raise to the cofactor (4.4.3.3.2)."""
        return self._proper(pow(number, (self.prime - 1) // self.order, self.prime))

    def _proper(self, element: Any) -> int:
        value = int(element)
        if value <= 1:
            raise ProtocolError("the neutral element came out of the key agreement")
        return value
