"""The simulated card's elliptic curves: short Weierstrass over a prime field, points as the chip computes with them.

A card needs what a key-agreement library does not offer: multiples of any point, with both coordinates (the mapping of
ICAO Doc 9303-11, section 4.4.3.3.1, makes a generator of its own). Times do not hide the scalars: simulated keys only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from hardware.card.sim_prime_order import PrimeOrder

_UNCOMPRESSED = b"\x04"

_Jacobian = tuple[int, int, int]  # x = X / Z², y = Y / Z³; Z = 0 is the point at infinity
_INFINITY: _Jacobian = (1, 1, 0)


class Point(NamedTuple):
    """An affine point of a curve, never the one at infinity."""

    x: int
    y: int


@dataclass(frozen=True)
class Curve(PrimeOrder):
    """y² = x³ + ax + b modulo p, with a generator of prime order and cofactor 1, and its number in PACEInfo."""

    parameter_id: int
    name: str
    oid: str
    p: int
    a: int
    b: int
    generator: Point
    order: int
    key_tag = 0x86  # of a public key in its data object (Doc 9303-11, section 9.4.4)

    def encode(self, point: Point) -> bytes:
        """Return the uncompressed encoding: 04, x, y."""
        size = self.field_bytes
        return _UNCOMPRESSED + point.x.to_bytes(size, "big") + point.y.to_bytes(size, "big")

    def decode(self, data: bytes) -> Point:
        """Read an uncompressed point; ValueError unless it lies on the curve (a chip must check, Doc 9303-11, 4.4.1)."""
        size, p = self.field_bytes, self.p
        if len(data) != 1 + 2 * size or data[:1] != _UNCOMPRESSED:
            raise ValueError(f"not an uncompressed point: {data.hex()}")
        x, y = (int.from_bytes(part, "big") for part in (data[1 : 1 + size], data[1 + size :]))
        if x >= p or y >= p or (y * y - (x * x * x + self.a * x + self.b)) % p:
            raise ValueError(f"not on the curve: {data.hex()}")
        return Point(x, y)

    def secret(self, point: Point) -> bytes:
        """Return the shared secret as it enters key derivation: the x-coordinate."""
        return point.x.to_bytes(self.field_bytes, "big")

    def multiply(self, scalar: int, point: Point) -> Point:
        """Multiply any point of the curve, four bits at a time. ValueError if the result is the point at infinity."""
        base: _Jacobian = (point.x, point.y, 1)
        multiples = [_INFINITY, base]
        while len(multiples) < 16:
            multiples.append(self._plus(multiples[-1], base))
        total = _INFINITY
        for digit in f"{scalar % self.order:x}":
            total = self._double(self._double(self._double(self._double(total))))
            total = self._plus(total, multiples[int(digit, 16)])
        return self._affine(total)

    def add(self, one: Point, other: Point) -> Point:
        """Add two points. ValueError if the result is the point at infinity."""
        return self._affine(self._plus((one.x, one.y, 1), (other.x, other.y, 1)))

    def map_number(self, number: int) -> Point:
        """Map a number to a point, for integrated mapping (Doc 9303-11, appendix B, affine). ValueError where p mod 4 is not 3."""
        p, a, b = self.p, self.a, self.b
        if p % 4 != 3:
            raise ValueError(f"{self.name} has no integrated mapping")
        alpha = -number * number % p
        x2 = -b * pow(a, -1, p) * (1 + pow(alpha + alpha * alpha, -1, p)) % p
        x3 = alpha * x2 % p
        h2 = (pow(x2, 3, p) + a * x2 + b) % p
        root = pow(h2, p - 1 - (p + 1) // 4, p)
        if root * root * h2 % p == 1:
            return Point(x2, root * h2 % p)
        return Point(x3, root * pow(number, 3, p) * h2 % p)

    def _affine(self, point: _Jacobian) -> Point:
        x, y, z = point
        if z == 0:
            raise ValueError("the point at infinity has no coordinates")
        inverse = pow(z, -1, self.p)
        return Point(x * inverse**2 % self.p, y * inverse**3 % self.p)

    def _double(self, point: _Jacobian) -> _Jacobian:
        p = self.p
        x, y, z = point
        if y == 0 or z == 0:
            return _INFINITY
        y2 = y * y % p
        s = 4 * x * y2 % p
        slope = (3 * x * x + self.a * pow(z, 4, p)) % p
        x3 = (slope * slope - 2 * s) % p
        return x3, (slope * (s - x3) - 8 * y2 * y2) % p, 2 * y * z % p

    def _plus(self, one: _Jacobian, other: _Jacobian) -> _Jacobian:
        if one[2] == 0:
            return other
        if other[2] == 0:
            return one
        p = self.p
        (x1, y1, z1), (x2, y2, z2) = one, other
        z1z1, z2z2 = z1 * z1 % p, z2 * z2 % p
        u1, u2 = x1 * z2z2 % p, x2 * z1z1 % p
        s1, s2 = y1 * z2 * z2z2 % p, y2 * z1 * z1z1 % p
        if u1 == u2:
            return self._double(one) if s1 == s2 else _INFINITY
        h, r = u2 - u1, s2 - s1
        h2 = h * h % p
        h3 = h * h2 % p
        x3 = (r * r - h3 - 2 * u1 * h2) % p
        return x3, (r * (u1 * h2 - x3) - s1 * h3) % p, h * z1 * z2 % p
