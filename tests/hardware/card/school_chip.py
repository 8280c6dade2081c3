"""A chip's side of PACE by school arithmetic on points (x, y): slow, plain, and for any curve and AES key length."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC
from ecdsa import curves

from hardware.card.apdu import Command, Response

Place = tuple[int, int]

CURVES: dict[int, Any] = {
    12: curves.NIST256p,
    13: curves.BRAINPOOLP256r1,
    14: curves.BRAINPOOLP320r1,
    15: curves.NIST384p,
    16: curves.BRAINPOOLP384r1,
    17: curves.BRAINPOOLP512r1,
    18: curves.NIST521p,
}
"""Doc 9303-11, table of standardised domain parameters, written down once more."""

KEY_BYTES = {2: 16, 3: 24, 4: 32}
MAPPING_KEY, KEY = 0x1234567, 0x7654321
NONCE = bytes(range(32))


class SchoolChip:
    """Answers the five commands of PACE-GM. ``aes``: the last number of the protocol's object identifier."""

    def __init__(self, aes: int, parameters: int, password: bytes) -> None:
        curve = CURVES[parameters]
        self.p, self.a, self.order = int(curve.curve.p()), int(curve.curve.a()), int(curve.order)
        self.generator = (int(curve.generator.x()), int(curve.generator.y()))
        self.size = (self.p.bit_length() + 7) // 8
        self.key_bytes, self.oid = KEY_BYTES[aes], bytes.fromhex("04007F000702020402") + bytes([aes])
        self.password = password
        self.keys = (b"", b"")

    def __call__(self, command: Command) -> Response:
        if command.header == 0x0022C1A4:
            return Response(b"", 0x9000)
        content = command.data[3 if command.data[1] == 0x81 else 2 :]
        if not content:
            locked = Cipher(algorithms.AES(self.kdf(self.password, 3)), modes.CBC(bytes(16))).encryptor()
            return answer(0x80, locked.update(NONCE))
        value = content[3 if content[1] == 0x81 else 2 :]
        return {0x81: self.map, 0x83: self.agree, 0x85: self.confirm}[content[0]](value)

    def map(self, value: bytes) -> Response:
        shared = self.times(self.place(value), MAPPING_KEY)
        own = self.times(self.generator, MAPPING_KEY)
        self.mapped = self.plus(self.times(self.generator, int.from_bytes(NONCE, "big") % self.order), shared)
        return answer(0x82, self.code(own))

    def agree(self, value: bytes) -> Response:
        secret = self.times(self.place(value), KEY)[0].to_bytes(self.size, "big")
        self.keys = (self.kdf(secret, 1), self.kdf(secret, 2))
        self.theirs, self.own = value, self.code(self.times(self.mapped, KEY))
        return answer(0x84, self.own)

    def confirm(self, value: bytes) -> Response:
        if value != self.mac(self.own):
            return Response(b"", 0x6300)
        return answer(0x86, self.mac(self.theirs))

    def kdf(self, secret: bytes, counter: int) -> bytes:
        material = secret + bytes([0, 0, 0, counter])
        digest = hashlib.sha1(material, usedforsecurity=False) if self.key_bytes == 16 else hashlib.sha256(material)
        return digest.digest()[: self.key_bytes]

    def mac(self, public: bytes) -> bytes:
        worker = CMAC(algorithms.AES(self.keys[1]))
        inner = b"\x06\x0a" + self.oid + b"\x86" + size_of(public) + public
        worker.update(b"\x7f\x49" + size_of(inner) + inner)
        return worker.finalize()[:8]

    def code(self, place: Place) -> bytes:
        return b"\x04" + b"".join(number.to_bytes(self.size, "big") for number in place)

    def place(self, code: bytes) -> Place:
        return int.from_bytes(code[1 : 1 + self.size], "big"), int.from_bytes(code[1 + self.size :], "big")

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


def answer(tag: int, value: bytes) -> Response:
    inner = bytes([tag]) + size_of(value) + value
    return Response(b"\x7c" + size_of(inner) + inner, 0x9000)


def size_of(value: bytes) -> bytes:
    return bytes([len(value)]) if len(value) < 128 else bytes([0x81, len(value)])
