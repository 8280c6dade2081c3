"""Public keys as certificates, EF.DG14 and EF.DG15 carry them: SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) → numbers.

States write elliptic curves out in full (RFC 3279, 2.3.5: p, a, b, G, n, h) instead of naming them. Such a key is taken
only where every parameter is that of a curve we know: with a generator of his own choice anybody has a private key to
any public key (CVE-2020-0601).
"""

from __future__ import annotations

from typing import Any

from asn1crypto import core, keys
from msgspec import Struct

from hardware.card import domain_parameters
from hardware.card.asn1 import KEY_BYTES_MAX, Algorithm, given, integer, reading
from kiosk.domain.faults import ProtocolError

RSA_BITS_MIN, RSA_BITS_MAX, RSA_EXPONENT_BITS_MAX = 1024, 8192, 64
"""Nothing is calculated with an RSA key before it verifies, and with the longest one OpenSSL does that in some 1 ms."""
DH_BITS_MIN, DH_BITS_MAX = 1024, 8192

CURVE_BITS_MIN = 224

CURVES: dict[str, Any] = {
    curve.name: curve for curve in domain_parameters.CURVES.values() if curve.order.bit_length() >= CURVE_BITS_MIN
}
"""The standardised curves by name (Doc 9303-11, 9.5.1); those of 192 bits prove nothing today."""

_RSA, _RSA_PSS = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"
_EC = {"1.2.840.10045.2.1", "1.3.132.1.12"}
_STANDARDISED = "0.4.0.127.0.7.1.2"
_DH, _DH_X942 = "1.2.840.113549.1.3.1", "1.2.840.10046.2.1"
_OIDS = {".".join(map(str, curve.oid)): name for name, curve in CURVES.items()}


class RsaKey(Struct, frozen=True):
    """An RSA public key."""

    modulus: int
    exponent: int

    @property
    def size(self) -> int:
        """Bytes of the modulus, and of a signature."""
        return (self.modulus.bit_length() + 7) // 8


class EcKey(Struct, frozen=True):
    """A point on a curve of ``CURVES``, checked to lie on it."""

    curve: str
    x: int
    y: int

    @property
    def size(self) -> int:
        """Bytes of a coordinate."""
        return field_bytes(CURVES[self.curve])


class DhKey(Struct, frozen=True):
    """A Diffie-Hellman public key. ``order``: that of the subgroup where the parameters tell it, else 0."""

    prime: int
    generator: int
    order: int
    public: int

    @property
    def size(self) -> int:
        """Bytes of the prime, and of a public key."""
        return (self.prime.bit_length() + 7) // 8


SigningKey = RsaKey | EcKey
PublicKey = SigningKey | DhKey


class _KeyInfo(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    _fields = [("algorithm", Algorithm), ("key", core.OctetBitString)]  # noqa: RUF012 - asn1crypto's way


class _DhParameters(core.Sequence):  # type: ignore[misc]
    """PKCS #3, 9: the third is a length in bits."""

    _fields = [("p", core.Integer), ("g", core.Integer), ("length", core.Integer, {"optional": True})]  # noqa: RUF012


class _DomainParameters(core.Sequence):  # type: ignore[misc]
    """RFC 3279, 2.3.3."""

    _fields = [  # noqa: RUF012
        ("p", core.Integer),
        ("g", core.Integer),
        ("q", core.Integer),
        ("j", core.Integer, {"optional": True}),
        ("validation", core.Any, {"optional": True}),
    ]


def parse_public_key(info: bytes) -> PublicKey:
    """Decode a SubjectPublicKeyInfo. ProtocolError: damaged, of a kind, size or curve that is not taken."""
    with reading("public key"):
        algorithm, parameters, key = _taken_apart(info)
        if algorithm in {_DH, _DH_X942}:
            return _dh(algorithm, parameters, integer(core.Integer.load(key, strict=True), KEY_BYTES_MAX))
        return _signing(algorithm, parameters, key)


def parse_signing_key(info: bytes) -> SigningKey:
    """Decode the SubjectPublicKeyInfo of a certificate that nobody has vouched for yet. ProtocolError: as above, and any DH key.

    Such a key signs nothing, and to check one of 8192 bits holds every other thread for a second: it is not looked at.
    """
    with reading("public key"):
        return _signing(*_taken_apart(info))


def _taken_apart(info: bytes) -> tuple[str, Any, bytes]:
    """Return the algorithm, its parameters and the key."""
    found = _KeyInfo.load(info, strict=True)
    return str(found["algorithm"]["algorithm"].dotted), found["algorithm"]["parameters"], bytes(found["key"])


def _signing(algorithm: str, parameters: Any, key: bytes) -> SigningKey:
    if algorithm in {_RSA, _RSA_PSS}:
        return _rsa(key)
    if algorithm in _EC:
        return _ec(curve_of(parameters.dump()), key)
    if algorithm == _STANDARDISED:
        return _ec(_standardised(integer(parameters.parse(core.Integer))), key)
    raise ProtocolError(f"a public key of algorithm {algorithm}")


def field_bytes(curve: Any) -> int:
    """Return the bytes of a coordinate."""
    return (int(curve.curve.p()).bit_length() + 7) // 8


def _rsa(key: bytes) -> RsaKey:
    numbers = keys.RSAPublicKey.load(key, strict=True)
    modulus, exponent = (integer(numbers[name], KEY_BYTES_MAX) for name in ("modulus", "public_exponent"))
    if modulus < 0 or not RSA_BITS_MIN <= modulus.bit_length() <= RSA_BITS_MAX or not modulus % 2:
        raise ProtocolError(f"an RSA key of {modulus.bit_length()} bits")
    if exponent < 3 or not exponent % 2 or exponent.bit_length() > RSA_EXPONENT_BITS_MAX:
        raise ProtocolError(f"an RSA exponent of {exponent.bit_length()} bits")
    return RsaKey(modulus, exponent)


def curve_of(parameters: bytes) -> Any:
    """Return the curve that ECParameters name or write out. ProtocolError where it is none of ours, to the last number."""
    choice = keys.ECDomainParameters.load(parameters, strict=True)
    if choice.name == "named":
        name = _OIDS.get(str(choice.chosen.dotted))
        if name is None:
            raise ProtocolError(f"the curve {choice.chosen.dotted}")
        return CURVES[name]
    if choice.name != "specified":
        raise ProtocolError("a curve that the parameters do not tell")
    told = choice.chosen
    for curve in CURVES.values():
        if _same(curve, told):
            return curve
    raise ProtocolError("elliptic curve parameters that are not, to the last number, those of a known curve")


def _standardised(number: int) -> Any:
    """Return the curve of a number of Doc 9303-11, 9.5.1, table 12: how EF.CardSecurity names it."""
    curve = domain_parameters.CURVES.get(number)
    if curve is None or curve.name not in CURVES:
        raise ProtocolError(f"the standardised domain parameters {number}")
    return curve


def _same(curve: Any, told: Any) -> bool:
    """Compare all parameters. The seed and its hash are history, not part of the curve; h may be left out: n tells it."""
    if told["field_id"]["field_type"].native != "prime_field":
        return False
    p, size = int(curve.curve.p()), field_bytes(curve)
    cofactor = told["cofactor"].native
    x, y = (int(c).to_bytes(size, "big") for c in (curve.generator.x(), curve.generator.y()))
    generators = {b"\x04" + x + y, bytes([2 + y[-1] % 2]) + x}
    return (
        told["field_id"]["parameters"].native == p
        and int.from_bytes(told["curve"]["a"].native, "big") == int(curve.curve.a()) % p
        and int.from_bytes(told["curve"]["b"].native, "big") == int(curve.curve.b()) % p
        and told["base"].native in generators
        and told["order"].native == int(curve.order)
        and (cofactor is None or cofactor == 1)
    )


def _ec(curve: Any, key: bytes) -> EcKey:
    size, p = field_bytes(curve), int(curve.curve.p())
    if len(key) != 1 + 2 * size or key[0] != 0x04:
        raise ProtocolError(f"expected an uncompressed point of {curve.name}, got {len(key)} bytes")
    x, y = int.from_bytes(key[1 : 1 + size], "big"), int.from_bytes(key[1 + size :], "big")
    if max(x, y) >= p or not curve.curve.contains_point(x, y):
        raise ProtocolError(f"a public key that is no point of {curve.name}")
    return EcKey(curve.name, x, y)


def _dh(algorithm: str, parameters: Any, public: int) -> DhKey:
    """Check the key as RFC 2631, 2.1.5 asks; where the subgroup is told, that the key lies in it."""
    if not given(parameters):
        raise ProtocolError("a Diffie-Hellman key without parameters")
    told = (_DhParameters if algorithm == _DH else _DomainParameters).load(parameters.dump(), strict=True)
    p, g = (integer(told[name], KEY_BYTES_MAX) for name in ("p", "g"))
    q = integer(told["q"], KEY_BYTES_MAX) if algorithm == _DH_X942 else 0
    if not DH_BITS_MIN <= p.bit_length() <= DH_BITS_MAX or not p % 2 or not 1 < g < p - 1 or not 1 < public < p - 1:
        raise ProtocolError(f"a Diffie-Hellman key of {p.bit_length()} bits that is none")
    if q and (not 160 <= q.bit_length() < p.bit_length() or pow(public, q, p) != 1):
        raise ProtocolError("a Diffie-Hellman key outside its subgroup")
    return DhKey(p, g, q, public)
