"""The simulated card's elliptic curve: brainpoolP256r1 (RFC 5639, section 3.4), points as the chip computes with them.

A card needs what a key-agreement library does not offer: multiples of any point, with both coordinates (the mapping of
ICAO Doc 9303-11, section 4.4.3.3.1, makes a generator of its own). Times do not hide the scalars: simulated keys only.
"""

from __future__ import annotations

from typing import NamedTuple

P = 0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377
A = 0x7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9
B = 0x26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6
ORDER = 0xA9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7
COORDINATE_BYTES = 32
_UNCOMPRESSED = b"\x04"

_Jacobian = tuple[int, int, int]  # x = X / Z², y = Y / Z³; Z = 0 is the point at infinity
_INFINITY: _Jacobian = (1, 1, 0)


class Point(NamedTuple):
    """An affine point of the curve, never the one at infinity."""

    x: int
    y: int

    def to_bytes(self) -> bytes:
        """Return the uncompressed encoding: 04, x, y (65 bytes)."""
        return _UNCOMPRESSED + self.x.to_bytes(COORDINATE_BYTES, "big") + self.y.to_bytes(COORDINATE_BYTES, "big")


GENERATOR = Point(
    0x8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262,
    0x547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997,
)


def decode_point(data: bytes) -> Point:
    """Read an uncompressed point; ValueError unless it lies on the curve (a chip must check, Doc 9303-11, 4.4.1)."""
    if len(data) != 1 + 2 * COORDINATE_BYTES or data[:1] != _UNCOMPRESSED:
        raise ValueError(f"not an uncompressed point: {data.hex()}")
    x, y = (int.from_bytes(part, "big") for part in (data[1:33], data[33:]))
    if x >= P or y >= P or (y * y - (x * x * x + A * x + B)) % P:
        raise ValueError(f"not on the curve: {data.hex()}")
    return Point(x, y)


def multiply(scalar: int, point: Point) -> Point:
    """Multiply any point of the curve, four bits at a time. ValueError if the result is the point at infinity."""
    base: _Jacobian = (point.x, point.y, 1)
    multiples = [_INFINITY, base]
    while len(multiples) < 16:
        multiples.append(_plus(multiples[-1], base))
    total = _INFINITY
    for digit in f"{scalar % ORDER:x}":
        total = _double(_double(_double(_double(total))))
        total = _plus(total, multiples[int(digit, 16)])
    return _affine(total)


def add(one: Point, other: Point) -> Point:
    """Add two points. ValueError if the result is the point at infinity."""
    return _affine(_plus((one.x, one.y, 1), (other.x, other.y, 1)))


def _affine(point: _Jacobian) -> Point:
    x, y, z = point
    if z == 0:
        raise ValueError("the point at infinity has no coordinates")
    inverse = pow(z, -1, P)
    return Point(x * inverse**2 % P, y * inverse**3 % P)


def _double(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    if y == 0 or z == 0:
        return _INFINITY
    y2 = y * y % P
    s = 4 * x * y2 % P
    slope = (3 * x * x + A * pow(z, 4, P)) % P
    x3 = (slope * slope - 2 * s) % P
    return x3, (slope * (s - x3) - 8 * y2 * y2) % P, 2 * y * z % P


def _plus(one: _Jacobian, other: _Jacobian) -> _Jacobian:
    if one[2] == 0:
        return other
    if other[2] == 0:
        return one
    (x1, y1, z1), (x2, y2, z2) = one, other
    z1z1, z2z2 = z1 * z1 % P, z2 * z2 % P
    u1, u2 = x1 * z2z2 % P, x2 * z1z1 % P
    s1, s2 = y1 * z2 * z2z2 % P, y2 * z1 * z1z1 % P
    if u1 == u2:
        return _double(one) if s1 == s2 else _INFINITY
    h, r = u2 - u1, s2 - s1
    h2 = h * h % P
    h3 = h * h2 % P
    x3 = (r * r - h3 - 2 * u1 * h2) % P
    return x3, (r * (u1 * h2 - x3) - s1 * h3) % P, h * z1 * z2 % P
