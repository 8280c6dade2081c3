"""A terminal just large enough to judge the simulated card by: PACE and secure messaging from the protocol's text.

It is written for the tests alone, over libraries the card does not use for the same thing: python-ecdsa for the curve,
so that a mistake in the card's own arithmetic cannot hide here. (ICAO Doc 9303-11, sections 4.4, 9.7 and 9.8.)
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC
from ecdsa.curves import BRAINPOOLP256r1
from ecdsa.ellipticcurve import PointJacobi

OID = "04007F00070202040202"
G = BRAINPOOLP256r1.generator
SELECT_APPLICATION = "00A4040C07A0000002471001"
Transmit = Callable[[bytes], bytes]


def kdf(secret: bytes, counter: int) -> bytes:
    return hashlib.sha1(secret + bytes([0, 0, 0, counter]), usedforsecurity=False).digest()[:16]


def cbc(key: bytes, vector: bytes) -> Cipher:
    return Cipher(algorithms.AES(key), modes.CBC(vector))


def cmac8(key: bytes, data: bytes) -> bytes:
    mac = CMAC(algorithms.AES(key))
    mac.update(data)
    return mac.finalize()[:8]


def padded(data: bytes) -> bytes:
    return data + b"\x80" + b"\x00" * (15 - len(data) % 16)


class LittleReader:
    """Runs commands over `transmit`; `status` and `data` are of the last response."""

    def __init__(self, transmit: Transmit) -> None:
        self.transmit = transmit
        self.enc = self.mac = b""
        self.ssc = 0
        self.data = b""
        self.status = 0

    def plain(self, apdu: str | bytes) -> int:
        """Send a command in the clear; return the status word."""
        answer = self.transmit(bytes.fromhex(apdu) if isinstance(apdu, str) else apdu)
        self.data, self.status = answer[:-2], int.from_bytes(answer[-2:], "big")
        return self.status

    def authenticate(self, cla: int, tag: int | None, value: bytes = b"") -> bytes:
        """One General Authenticate; return the value in the answer's template, b"" unless 9000."""
        template = b"" if tag is None else bytes([tag, len(value)]) + value
        body = bytes([0x7C, len(template)]) + template
        if self.plain(bytes([cla, 0x86, 0, 0, len(body)]) + body + b"\x00") != 0x9000:
            return b""
        assert self.data[0] == 0x7C
        assert self.data[1] == len(self.data) - 2
        assert self.data[3] == len(self.data) - 4
        return self.data[4:]

    def pace(self, password: bytes, reference: int = 2) -> int:
        """Run PACE from MSE to the token; return the last status word."""
        body = bytes.fromhex(f"800A{OID}8301{reference:02X}84010D")
        if self.plain(bytes([0x00, 0x22, 0xC1, 0xA4, len(body)]) + body) != 0x9000:
            return self.status
        sealed = self.authenticate(0x10, None)
        decryptor = cbc(kdf(password, 3), bytes(16)).decryptor()
        nonce = int.from_bytes(decryptor.update(sealed) + decryptor.finalize(), "big")
        one, two = secrets.randbelow(2**255) + 1, secrets.randbelow(2**255) + 1
        shared = point(self.authenticate(0x10, 0x81, encoded(G * one))) * one
        mapped = G * nonce + shared
        own = encoded(mapped * two)
        chip = self.authenticate(0x10, 0x83, own)
        secret = int((point(chip) * two).x()).to_bytes(32, "big")
        enc, mac = kdf(secret, 1), kdf(secret, 2)
        token = self.authenticate(0x00, 0x85, cmac8(mac, keyed(chip)))
        if self.status == 0x9000:
            assert token == cmac8(mac, keyed(own)), "the chip's token is wrong"
            self.enc, self.mac, self.ssc = enc, mac, 0
        return self.status

    def protected(self, header: str, data: bytes = b"", le: int | None = None) -> int:
        """Send a command under secure messaging and check the answer's; return the status word inside."""
        return self.check(self.transmit(self.protect(bytes.fromhex(header), data, le)))

    def protect(self, header: bytes, data: bytes, le: int | None) -> bytes:
        """Return the protected command."""
        self.ssc += 1
        head = bytes([header[0] | 0x0C]) + header[1:]
        body = b""
        if data:
            encryptor = self._cipher().encryptor()
            sealed = b"\x01" + encryptor.update(padded(data)) + encryptor.finalize()
            body += bytes([0x87, len(sealed)]) + sealed
        if le is not None:
            body += bytes([0x97, 1, le])
        body += b"\x8e\x08" + cmac8(self.mac, padded(self._counter() + padded(head) + body))
        return head + bytes([len(body)]) + body + b"\x00"

    def check(self, answer: bytes) -> int:
        """Open a protected response; an unprotected one is its bare status word."""
        self.data, self.status = b"", int.from_bytes(answer[-2:], "big")
        body = answer[:-2]
        if not body:
            return self.status
        self.ssc += 1
        assert body[-10:-8] == b"\x8e\x08"
        assert body[-8:] == cmac8(self.mac, padded(self._counter() + body[:-10]))
        assert body[-14:-10] == b"\x99\x02" + answer[-2:]
        sealed = body[:-14]
        if sealed:
            start = 3 if sealed[1] == 0x81 else 2
            assert sealed[start : start + 1] == b"\x01"
            decryptor = self._cipher().decryptor()
            self.data = (decryptor.update(sealed[start + 1 :]) + decryptor.finalize()).rstrip(b"\x00")[:-1]
        return self.status

    def _counter(self) -> bytes:
        return self.ssc.to_bytes(16, "big")

    def _cipher(self) -> Cipher:
        encryptor = Cipher(algorithms.AES(self.enc), modes.ECB()).encryptor()  # noqa: S305 - one block, as the protocol wants
        return cbc(self.enc, encryptor.update(self._counter()) + encryptor.finalize())


def encoded(place: PointJacobi) -> bytes:
    return b"\x04" + int(place.x()).to_bytes(32, "big") + int(place.y()).to_bytes(32, "big")


def point(data: bytes) -> PointJacobi:
    return PointJacobi.from_bytes(BRAINPOOLP256r1.curve, data)


def keyed(public_key: bytes) -> bytes:
    """Make the public key data object that a token is taken over."""
    return bytes.fromhex("7F494F060A" + OID + "8641") + public_key
