"""Public keys: curves that are written out are taken where they are ours to the last number, and nothing else is."""

from __future__ import annotations

import pytest
from ecdsa import SigningKey, curves

from hardware.card.public_keys import CURVES, DhKey, EcKey, RsaKey, parse_public_key
from kiosk.domain.faults import ProtocolError
from tests.hardware.card import pki
from tests.hardware.card.pki import explicit_info
from tests.hardware.card.school_primes import PRIME_FIELDS

P256 = curves.NIST256p
POINT = SigningKey.from_secret_exponent(0xC0FFEE, P256).verifying_key.to_string("uncompressed")
G = b"\x04" + b"".join(int(c).to_bytes(32, "big") for c in (P256.generator.x(), P256.generator.y()))


def taken(info: bytes) -> str:
    """Return the name of the curve that a key was taken to be on."""
    key = parse_public_key(info)
    assert isinstance(key, EcKey)
    return key.curve


@pytest.mark.parametrize("curve", CURVES.values(), ids=lambda curve: curve.name)
def test_a_curve_that_is_written_out_is_the_named_one(curve):
    """Each curve is known by its name and by its parameters, and both give the same key."""
    private = SigningKey.generate(curve)
    point = private.verifying_key.to_string("uncompressed")
    key = parse_public_key(explicit_info(point, curve))
    assert key == parse_public_key(private.verifying_key.to_der())
    assert isinstance(key, EcKey)
    assert key.curve == curve.name


def test_what_may_be_left_out_or_compressed():
    """The cofactor is optional, and the generator may be written compressed; the curve is the same."""
    assert taken(explicit_info(POINT, P256, h=None)) == "NIST256p"
    assert taken(explicit_info(POINT, P256, g=bytes([2 + G[-1] % 2]) + G[1:33])) == "NIST256p"


@pytest.mark.parametrize(
    "changed",
    [
        {"p": int(P256.curve.p()) - 2},
        {"a": 5},
        {"b": 7},
        {"g": POINT},
        {"g": bytes([3 - G[-1] % 2]) + G[1:33]},
        {"g": b"\x00"},
        {"n": int(P256.order) - 2},
        {"h": 2},
        {"h": 0},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_one_foreign_parameter_and_the_key_is_refused(changed: dict[str, int]):
    """With another generator anybody has the private key to any public one: every number must be the curve's."""
    with pytest.raises(ProtocolError, match="to the last number"):
        parse_public_key(explicit_info(POINT, P256, **changed))


@pytest.mark.parametrize(
    "point",
    [
        POINT[:-1], POINT + b"\x00", b"\x02" + POINT[1:33], POINT[:-1] + bytes([POINT[-1] ^ 1]), b"\x00", b"",
        b"\x04" + b"\xff" * 64, b"\x04" + bytes(64),
    ],
)  # fmt: skip
def test_a_point_must_be_one_of_the_curve(point: bytes):
    """Beside the curve, beyond the field, infinite, compressed or cut off: no key."""
    with pytest.raises(ProtocolError):
        parse_public_key(explicit_info(point, P256))


@pytest.mark.parametrize(
    ("modulus", "exponent"), [(2**1022 + 1, 65537), (2**8192 + 1, 65537), (2**2047, 65537), (2**2047 + 1, 1),
                              (2**2047 + 1, 65536), (2**2047 + 1, 2**65 + 1), (-(2**2047) + 1, 3)]
)  # fmt: skip
def test_rsa_keys_that_are_none(modulus: int, exponent: int):
    """Too small, too large, even, an exponent that hides nothing or takes minutes: not taken."""
    numbers = pki.seq(pki.number(modulus), pki.number(exponent))
    with pytest.raises(ProtocolError):
        parse_public_key(pki.seq(pki.seq(pki.oid("1.2.840.113549.1.1.1"), pki.NULL), pki.bits(numbers)))


def test_an_rsa_key():
    """The numbers of a key are those that were written, also under the identifier of PSS."""
    key = pki.new_key("rsa")
    numbers = key.private.public_key().public_numbers()
    assert parse_public_key(key.info()) == RsaKey(numbers.n, numbers.e)
    written = pki.seq(pki.number(numbers.n), pki.number(numbers.e))
    pss = pki.seq(pki.seq(pki.oid("1.2.840.113549.1.1.10")), pki.bits(written))
    assert parse_public_key(pss) == RsaKey(numbers.n, numbers.e)


def dh_info(p: int, g: int, q: int, public: int) -> bytes:
    if not q:
        algorithm = pki.seq(pki.oid("1.2.840.113549.1.3.1"), pki.seq(pki.number(p), pki.number(g)))
    else:
        algorithm = pki.seq(pki.oid("1.2.840.10046.2.1"), pki.seq(*map(pki.number, (p, g, q))))
    return pki.seq(algorithm, pki.bits(pki.number(public)))


def test_diffie_hellman_keys():
    """With and without the subgroup's order; a key outside its subgroup or none at all is not taken."""
    p, g, q = PRIME_FIELDS[2]
    public = pow(g, 99, p)
    assert parse_public_key(dh_info(p, g, q, public)) == DhKey(p, g, q, public)
    assert parse_public_key(dh_info(p, g, 0, public)) == DhKey(p, g, 0, public)
    for bad in (0, 1, p - 1, p, -5):
        with pytest.raises(ProtocolError):
            parse_public_key(dh_info(p, g, 0, bad))
    with pytest.raises(ProtocolError, match="outside its subgroup"):
        parse_public_key(dh_info(p, g, q, public + 1))
