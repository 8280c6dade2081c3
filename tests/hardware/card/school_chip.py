"""A chip's side of PACE by school arithmetic: slow, plain, and for every group, mapping and cipher of Doc 9303-11.

Points are added as in school, MACs are taken block by block, and the point of the integrated mapping is computed by
Jacobian coordinates (appendix B.3) where the terminal does it by affine ones (B.2).
"""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC
from ecdsa import curves

from hardware.card.apdu import Command, Response
from tests.hardware.card.school_primes import PRIME_FIELDS

Place = tuple[int, int]

CURVES: dict[int, Any] = {
    8: curves.NIST192p,
    9: curves.BRAINPOOLP192r1,
    10: curves.NIST224p,
    11: curves.BRAINPOOLP224r1,
    12: curves.NIST256p,
    13: curves.BRAINPOOLP256r1,
    14: curves.BRAINPOOLP320r1,
    15: curves.NIST384p,
    16: curves.BRAINPOOLP384r1,
    17: curves.BRAINPOOLP512r1,
    18: curves.NIST521p,
}
"""Doc 9303-11, table of standardised domain parameters, written down once more."""

KEY_BYTES = {1: 16, 2: 16, 3: 24, 4: 32}
DH_GM, ECDH_GM, DH_IM, ECDH_IM, ECDH_CAM = 1, 2, 3, 4, 6
MAPPING_KEY, KEY, CHIP_KEY = 0x1234567, 0x7654321, 0xABCDEF
NONCE = bytes(range(32))
C0, C1 = "a668892a7c41e3ca739f40b057d85904", "a4e136ac725f738b01c1f60217c188ad"
D0 = "d463d65234124ef7897054986dca0a174e28df758cbaa03f240616414d5a1676"
D1 = "54bd7255f0aaf831bec3423fcf39d69b6cbf066677d0faae5aadd99df8e53517"


class Curve:
    """Points (x, y)."""

    tag = 0x86

    def __init__(self, parameters: int) -> None:
        curve = CURVES[parameters]
        self.p, self.a, self.b = int(curve.curve.p()), int(curve.curve.a()), int(curve.curve.b())
        self.order = int(curve.order)
        self.generator: Any = (int(curve.generator.x()), int(curve.generator.y()))
        self.size = (self.p.bit_length() + 7) // 8

    def code(self, place: Place) -> bytes:
        return b"\x04" + b"".join(number.to_bytes(self.size, "big") for number in place)

    def place(self, code: bytes) -> Place:
        return int.from_bytes(code[1 : 1 + self.size], "big"), int.from_bytes(code[1 + self.size :], "big")

    def secret(self, place: Place) -> bytes:
        return place[0].to_bytes(self.size, "big")

    def plus(self, one: Place, two: Place) -> Place:
        if one == two:
            slope = (3 * one[0] ** 2 + self.a) * pow(2 * one[1], -1, self.p)
        else:
            slope = (two[1] - one[1]) * pow(two[0] - one[0], -1, self.p)
        x = (slope**2 - one[0] - two[0]) % self.p
        return x, (slope * (one[0] - x) - one[1]) % self.p

    def times(self, place: Place, factor: int) -> Place:
        result = place
        for bit in f"{factor:b}"[1:]:
            result = self.plus(result, result)
            result = self.plus(result, place) if bit == "1" else result
        return result

    def encoded(self, t: int) -> Place:
        p, a, b = self.p, self.a, self.b
        alpha = -pow(t, 2, p) % p
        z = a * (alpha + alpha**2) % p
        x2 = -b * z * (1 + alpha + alpha**2) % p
        x3 = alpha * x2 % p
        h2 = (x2**3 + a * x2 * pow(z, 4, p) + b * pow(z, 6, p)) % p
        u = -alpha * t * h2 % p
        root = pow(h2, p - 1 - (p + 1) // 4, p)
        x, y = (x2, root * h2) if root**2 * h2 % p == 1 else (x3, root * u)
        return x * pow(z, -2, p) % p, y * pow(z, -3, p) % p


class Residues:
    """Numbers modulo a prime."""

    tag = 0x84

    def __init__(self, parameters: int) -> None:
        self.p, self.generator, self.order = PRIME_FIELDS[parameters]
        self.size = (self.p.bit_length() + 7) // 8

    def code(self, number: int) -> bytes:
        return number.to_bytes((number.bit_length() + 7) // 8, "big")

    def place(self, code: bytes) -> int:
        return int.from_bytes(code, "big")

    def secret(self, number: int) -> bytes:
        return number.to_bytes(self.size, "big")

    def plus(self, one: int, two: int) -> int:
        return one * two % self.p

    def times(self, number: int, factor: int) -> int:
        return pow(number, factor, self.p)

    def encoded(self, t: int) -> int:
        return pow(t, (self.p - 1) // self.order, self.p)


class SchoolChip:
    """Answers the five commands of PACE. ``branch``, ``last``: the last two numbers of the protocol's object identifier."""

    def __init__(self, last: int, parameters: int, password: bytes, branch: int = ECDH_GM) -> None:
        self.group: Any = Curve(parameters) if parameters in CURVES else Residues(parameters)
        self.last, self.branch, self.key_bytes = last, branch, KEY_BYTES[last]
        self.oid = bytes.fromhex("04007F0007020204") + bytes([branch, last])
        self.block = 8 if last == 1 else 16
        self.nonce = NONCE[: -(-self.key_bytes // self.block) * self.block]
        self.password = password
        self.keys = (b"", b"")

    def __call__(self, command: Command) -> Response:
        if command.header == 0x0022C1A4:
            return Response(b"", 0x9000)
        content = inside(command.data)
        if not content:
            return answer(0x80, self.cbc(self.kdf(self.password, 3), self.nonce))
        return {0x81: self.map, 0x83: self.agree, 0x85: self.confirm}[content[0]](inside(content))

    def map(self, value: bytes) -> Response:
        group = self.group
        if self.branch in (DH_IM, ECDH_IM):
            self.mapped = group.encoded(self.random(value))
            return answer(0x82, b"")
        shared = group.times(group.place(value), MAPPING_KEY)
        nonce = int.from_bytes(self.nonce, "big") % group.order
        self.mapped = group.plus(group.times(group.generator, nonce), shared)
        return answer(0x82, group.code(group.times(group.generator, MAPPING_KEY)))

    def random(self, t: bytes) -> int:
        c0, c1 = (C0, C1) if len(self.nonce) == 16 else (D0, D1)
        key, found = self.cbc(t, self.nonce)[: self.key_bytes], b""
        while len(found) * 8 < self.group.p.bit_length() + 64:
            key, x = self.cbc(key, bytes.fromhex(c0))[: self.key_bytes], self.cbc(key, bytes.fromhex(c1))
            found += x
        return int.from_bytes(found, "big") % self.group.p

    def agree(self, value: bytes) -> Response:
        group = self.group
        secret = group.secret(group.times(group.place(value), KEY))
        self.keys = (self.kdf(secret, 1), self.kdf(secret, 2))
        self.theirs, self.own = value, group.code(group.times(self.mapped, KEY))
        return answer(0x84, self.own)

    def confirm(self, value: bytes) -> Response:
        if value != self.mac(self.own):
            return Response(b"", 0x6300)
        extra = b"\x8a" + sized(self.chip_data()) if self.branch == ECDH_CAM else b""
        return template(b"\x86" + sized(self.mac(self.theirs)) + extra)

    def chip_data(self) -> bytes:
        """CA_IC, sealed; the chip's static public key is ``chip_public``."""
        group, size = self.group, (self.group.order.bit_length() + 7) // 8
        data = MAPPING_KEY * pow(CHIP_KEY, -1, group.order) % group.order
        padded = data.to_bytes(size, "big") + b"\x80" + bytes(-(size + 1) % 16)
        return self.cbc(self.keys[0], padded, self.cbc(self.keys[0], b"\xff" * 16))

    def chip_public(self) -> bytes:
        return self.group.code(self.group.times(self.group.generator, CHIP_KEY))

    def kdf(self, secret: bytes, counter: int) -> bytes:
        material = secret + bytes([0, 0, 0, counter])
        digest = hashlib.sha1(material, usedforsecurity=False) if self.key_bytes == 16 else hashlib.sha256(material)
        key = digest.digest()[: self.key_bytes]
        return bytes(odd(octet) for octet in key) if self.last == 1 else key

    def cbc(self, key: bytes, data: bytes, iv: bytes = b"") -> bytes:
        cipher = TripleDES(key + key[:8]) if self.last == 1 else algorithms.AES(key)
        return Cipher(cipher, modes.CBC(iv or bytes(self.block))).encryptor().update(data)

    def mac(self, public: bytes) -> bytes:
        inner = b"\x06\x0a" + self.oid + bytes([self.group.tag]) + sized(public)
        data = b"\x7f\x49" + sized(inner)
        if self.last == 1:
            return retail_mac(self.keys[1], data + b"\x80" + bytes(-(len(data) + 1) % 8))
        worker = CMAC(algorithms.AES(self.keys[1]))
        worker.update(data)
        return worker.finalize()[:8]


def retail_mac(key: bytes, data: bytes) -> bytes:
    """ISO/IEC 9797-1, MAC algorithm 3, one block after the other."""
    state = bytes(8)
    for place in range(0, len(data), 8):
        state = des(key[:8], bytes(one ^ two for one, two in zip(state, data[place : place + 8], strict=True)))
    return des(key[:8], des(key[8:], state, back=True))


def des(key: bytes, block: bytes, *, back: bool = False) -> bytes:
    cipher = Cipher(TripleDES(key * 3), modes.ECB())  # noqa: S305 - one block at a time, as the MAC is defined
    worker = cipher.decryptor() if back else cipher.encryptor()
    return worker.update(block)


def odd(octet: int) -> int:
    return octet if f"{octet:b}".count("1") % 2 else octet ^ 1


def answer(tag: int, value: bytes) -> Response:
    return template(bytes([tag]) + sized(value))


def template(inner: bytes) -> Response:
    return Response(b"\x7c" + sized(inner), 0x9000)


def inside(encoded: bytes) -> bytes:
    """The value of the data object at the start."""
    sizes = encoded[1] & 0x7F if encoded[1] & 0x80 else 0
    length = int.from_bytes(encoded[2 : 2 + sizes], "big") if sizes else encoded[1]
    return encoded[2 + sizes : 2 + sizes + length]


def sized(value: bytes) -> bytes:
    """The value with its length before it."""
    length = len(value)
    if length < 128:
        return bytes([length]) + value
    return (bytes([0x81, length]) if length < 256 else b"\x82" + length.to_bytes(2, "big")) + value
