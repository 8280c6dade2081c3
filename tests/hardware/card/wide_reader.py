"""A terminal for all that a simulated eMRTD offers: every PACE variant, BAC, both ciphers, active and chip authentication.

Written for the tests from ICAO Doc 9303-11 alone, with python-ecdsa's curves and OpenSSL's groups; it shares nothing with
the card. Where the card has its own arithmetic the reader has a library's, so that no mistake can hide on both sides.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC
from ecdsa import curves
from ecdsa.ellipticcurve import PointJacobi

from tests.hardware.card.groups import GROUPS

CURVES = {
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
MAPPINGS = {"DH-GM": 1, "ECDH-GM": 2, "DH-IM": 3, "ECDH-IM": 4, "ECDH-CAM": 6}
KEY_BYTES = {"3DES": 16, "AES-128": 16, "AES-192": 24, "AES-256": 32}
CIPHER_NUMBERS = {"3DES": 1, "AES-128": 2, "AES-192": 3, "AES-256": 4}
C0 = {16: "A668892A7C41E3CA739F40B057D85904", 32: "D463D65234124EF7897054986DCA0A174E28DF758CBAA03F240616414D5A1676"}
C1 = {16: "A4E136AC725F738B01C1F60217C188AD", 32: "54BD7255F0AAF831BEC3423FCF39D69B6CBF066677D0FAAE5AADD99DF8E53517"}


def tlv(tag: str, value: bytes) -> bytes:
    size = len(value)
    length = (
        bytes([size]) if size < 0x80 else bytes([0x81, size]) if size < 0x100 else b"\x82" + size.to_bytes(2, "big")
    )
    return bytes.fromhex(tag) + length + value


def first_tlv(data: bytes) -> tuple[int, bytes, bytes]:
    """Split off the first object with a one-byte tag: tag, value, rest."""
    size, start = data[1], 2
    if size & 0x80:
        start = 2 + (size & 0x7F)
        size = int.from_bytes(data[2:start], "big")
    assert len(data) >= start + size
    return data[0], data[start : start + size], data[start + size :]


class Crypto:
    """A cipher as Doc 9303-11 uses it."""

    def __init__(self, name: str) -> None:
        self.name, self.key_bytes = name, KEY_BYTES[name]
        self.block = 8 if name == "3DES" else 16

    def kdf(self, secret: bytes, counter: int) -> bytes:
        hashing = hashlib.sha1 if self.key_bytes == 16 else hashlib.sha256
        return hashing(secret + bytes([0, 0, 0, counter])).digest()[: self.key_bytes]

    def algorithm(self, key: bytes) -> Any:
        return TripleDES(key + key[:8]) if self.block == 8 else algorithms.AES(key)

    def cbc(self, key: bytes, data: bytes, vector: bytes | None = None, *, back: bool = False) -> bytes:
        cipher = Cipher(self.algorithm(key), modes.CBC(vector or bytes(self.block)))
        worker = cipher.decryptor() if back else cipher.encryptor()
        return worker.update(data) + worker.finalize()

    def padded(self, data: bytes) -> bytes:
        return data + b"\x80" + b"\x00" * (self.block - 1 - len(data) % self.block)

    def mac(self, key: bytes, data: bytes) -> bytes:
        """AES: CMAC of the data as they are. 3DES: retail MAC by its definition, block after block, of whole blocks."""
        if self.block == 16:
            mac = CMAC(algorithms.AES(key))
            mac.update(data)
            return mac.finalize()[:8]
        one, two = (Cipher(TripleDES(half * 3), modes.ECB()) for half in (key[:8], key[8:]))  # noqa: S305 - single blocks
        state = bytes(8)
        for start in range(0, len(data), 8):
            state = one.encryptor().update(bytes(a ^ b for a, b in zip(state, data[start : start + 8], strict=True)))
        return one.encryptor().update(two.decryptor().update(state))

    def token(self, key: bytes, data: bytes) -> bytes:
        return self.mac(key, data if self.block == 16 else self.padded(data))


class Field:
    """A group of either kind: `power(k, element)`, `combine`, `encode`, `decode`, `secret`."""

    def __init__(self, parameter: int) -> None:
        self.elliptic = parameter >= 8
        if self.elliptic:
            self.curve = CURVES[parameter]
            self.p, self.order = self.curve.curve.p(), self.curve.order
            self.generator: Any = self.curve.generator
        else:
            self.p, self.generator, self.order = GROUPS[parameter]
        self.size = (self.p.bit_length() + 7) // 8

    def power(self, scalar: int, element: Any) -> Any:
        return element * scalar if self.elliptic else pow(element, scalar, self.p)

    def combine(self, one: Any, other: Any) -> Any:
        return one + other if self.elliptic else one * other % self.p

    def encode(self, element: Any) -> bytes:
        if not self.elliptic:
            return element.to_bytes(self.size, "big").lstrip(b"\x00")
        return b"\x04" + b"".join(int(number).to_bytes(self.size, "big") for number in (element.x(), element.y()))

    def decode(self, data: bytes) -> Any:
        return PointJacobi.from_bytes(self.curve.curve, data) if self.elliptic else int.from_bytes(data, "big")

    def secret(self, element: Any) -> bytes:
        return int(element.x() if self.elliptic else element).to_bytes(self.size, "big")

    def draw(self) -> int:
        return secrets.randbelow(self.order - 1) + 1

    def integrated(self, crypto: Crypto, s: bytes, t: bytes) -> Any:
        """f(R_p(s, t)): the point encoding of appendix B, or the cofactor's power."""
        key, stream = crypto.cbc(t, s), b""
        while len(stream) * 8 < self.p.bit_length() + 64:
            key = key[: crypto.key_bytes]
            stream, key = (
                stream + crypto.cbc(key, bytes.fromhex(C1[len(s)])),
                crypto.cbc(key, bytes.fromhex(C0[len(s)])),
            )
        number = int.from_bytes(stream, "big") % self.p
        if not self.elliptic:
            return pow(number, (self.p - 1) // self.order, self.p)
        p, a, b = self.p, self.curve.curve.a() % self.p, self.curve.curve.b()
        alpha = -pow(number, 2, p) % p
        x2 = -b * pow(a, -1, p) * (1 + pow(alpha + alpha**2, -1, p)) % p
        right = lambda x: (x**3 + a * x + b) % p  # noqa: E731 - the curve's equation
        h2 = right(x2)
        inverse_root = pow(h2, (3 * p - 5) // 4, p)
        if pow(h2, (p - 1) // 2, p) == 1:
            return PointJacobi(self.curve.curve, x2, inverse_root * h2 % p, 1, self.order)
        return PointJacobi(self.curve.curve, alpha * x2 % p, inverse_root * number**3 * h2 % p, 1, self.order)


class WideReader:
    """Runs commands over `transmit`; `status` and `data` are of the last response."""

    def __init__(self, transmit: Callable[[bytes], bytes]) -> None:
        self.transmit = transmit
        self.crypto = Crypto("AES-128")
        self.enc = self.mac_key = self.data = b""
        self.ssc = self.status = 0
        self.chip_mapping_key = self.sealed_chip_data = b""

    def plain(self, apdu: str | bytes) -> int:
        answer = self.transmit(bytes.fromhex(apdu) if isinstance(apdu, str) else apdu)
        self.data, self.status = answer[:-2], int.from_bytes(answer[-2:], "big")
        return self.status

    def bac(self, information: str) -> int:
        """Run BAC inside the application; return the last status word."""
        self.crypto = des = Crypto("3DES")
        seed = hashlib.sha1(information.encode(), usedforsecurity=False).digest()[:16]
        enc, mac = des.kdf(seed, 1), des.kdf(seed, 2)
        if self.plain("0084000008") != 0x9000:
            return self.status
        theirs, ours, key = self.data, secrets.token_bytes(8), secrets.token_bytes(16)
        sealed = des.cbc(enc, ours + theirs + key)
        if self.plain(bytes.fromhex("0082000028") + sealed + des.mac(mac, des.padded(sealed)) + b"\x28") != 0x9000:
            return self.status
        assert self.data[32:] == des.mac(mac, des.padded(self.data[:32]))
        opened = des.cbc(enc, self.data[:32], back=True)
        assert opened[:16] == theirs + ours
        seed = bytes(a ^ b for a, b in zip(key, opened[16:], strict=True))
        self.enc, self.mac_key = des.kdf(seed, 1), des.kdf(seed, 2)
        self.ssc = int.from_bytes(theirs[4:] + ours[4:], "big")
        return self.status

    def choose(self, mapping: str, cipher: str, parameter: int | None, reference: int) -> int:
        """MSE:Set AT for PACE."""
        self.oid = bytes.fromhex("04007F0007020204") + bytes([MAPPINGS[mapping], CIPHER_NUMBERS[cipher]])
        body = tlv("80", self.oid) + tlv("83", bytes([reference]))
        body += b"" if parameter is None else tlv("84", bytes([parameter]))
        return self.plain(bytes.fromhex("0022C1A4") + bytes([len(body)]) + body)

    def pace(self, password: bytes, mapping: str, cipher: str, parameter: int, reference: int = 2) -> int:
        """Run PACE from MSE to the token; return the last status word."""
        crypto, field = Crypto(cipher), Field(parameter)
        if self.choose(mapping, cipher, parameter, reference) & 0xFFF0 not in {0x9000, 0x63C0}:
            return self.status
        nonce = crypto.cbc(crypto.kdf(password, 3), self.step(0x80, None), back=True)
        mapped = self.map(crypto, field, nonce, integrated=mapping.endswith("IM"))
        private = field.draw()
        own = field.encode(field.power(private, mapped))
        chip = self.step(0x84, tlv("83", own))
        secret = field.secret(field.power(private, field.decode(chip)))
        enc, mac = crypto.kdf(secret, 1), crypto.kdf(secret, 2)
        token = self.step(0x86, tlv("85", crypto.token(mac, self.keyed(chip, field))), last=True)
        if self.status == 0x9000:
            assert token == crypto.token(mac, self.keyed(own, field)), "the chip's token is wrong"
            self.crypto, self.enc, self.mac_key, self.ssc = crypto, enc, mac, 0
        return self.status

    def map(self, crypto: Crypto, field: Field, nonce: bytes, *, integrated: bool) -> Any:
        if integrated:
            ours = secrets.token_bytes(crypto.key_bytes)
            assert self.step(0x82, tlv("81", ours)) == b""
            return field.integrated(crypto, nonce, ours)
        private = field.draw()
        self.chip_mapping_key = self.step(0x82, tlv("81", field.encode(field.power(private, field.generator))))
        shared = field.power(private, field.decode(self.chip_mapping_key))
        return field.combine(field.power(int.from_bytes(nonce, "big"), field.generator), shared)

    def keyed(self, public_key: bytes, field: Field) -> bytes:
        return tlv("7F49", tlv("06", self.oid) + tlv("86" if field.elliptic else "84", public_key))

    def step(self, expected: int, inner: bytes | None, *, last: bool = False) -> bytes:
        """One General Authenticate; return the value under the expected tag, and keep DO'8A'."""
        body = tlv("7C", inner or b"")
        head = bytes([0x00 if last else 0x10, 0x86, 0, 0])
        if len(body) < 0x100:
            self.plain(head + bytes([len(body)]) + body + b"\x00")
        else:
            self.plain(head + b"\x00" + len(body).to_bytes(2, "big") + body + b"\x00\x00")
        if self.status != 0x9000:
            return b""
        tag, inner, rest = first_tlv(self.data)
        assert (tag, rest) == (0x7C, b"")
        tag, value, rest = first_tlv(inner)
        assert tag == expected
        if rest:
            tag, self.sealed_chip_data, rest = first_tlv(rest)
            assert (tag, rest) == (0x8A, b"")
        return value

    def protected(self, header: str, data: bytes = b"", le: int | None = None) -> int:
        """Send a command under secure messaging and check the answer's; return the status word inside."""
        return self.check(self.transmit(self.protect(bytes.fromhex(header), data, le)))

    def protect(self, header: bytes, data: bytes, le: int | None) -> bytes:
        self.ssc += 1
        head = bytes([header[0] | 0x0C]) + header[1:]
        body = b""
        if data:
            sealed = self.crypto.cbc(self.enc, self.crypto.padded(data), self.vector())
            body += tlv("85", sealed) if header[1] & 1 else tlv("87", b"\x01" + sealed)
        if le is not None:
            body += tlv("97", bytes([le % 0x100]) if le <= 0x100 else (le % 0x10000).to_bytes(2, "big"))
        covered = self.counter() + self.crypto.padded(head) + body
        body += tlv("8E", self.crypto.mac(self.mac_key, self.crypto.padded(covered)))
        if len(body) < 0x100 and (le or 0) <= 0x100:
            return head + bytes([len(body)]) + body + b"\x00"
        return head + b"\x00" + len(body).to_bytes(2, "big") + body + b"\x00\x00"

    def check(self, answer: bytes) -> int:
        """Open a protected response; an unprotected one is its bare status word."""
        self.data, self.status = b"", int.from_bytes(answer[-2:], "big")
        body = answer[:-2]
        if not body:
            return self.status
        self.ssc += 1
        assert body[-10:-8] == b"\x8e\x08"
        assert body[-8:] == self.crypto.mac(self.mac_key, self.crypto.padded(self.counter() + body[:-10])), "the MAC"
        assert body[-14:-10] == b"\x99\x02" + answer[-2:]
        if body[:-14]:
            tag, sealed, rest = first_tlv(body[:-14])
            assert rest == b""
            assert tag in {0x85, 0x87}
            sealed = sealed[1:] if tag == 0x87 else sealed
            self.data = self.crypto.cbc(self.enc, sealed, self.vector(), back=True).rstrip(b"\x00")[:-1]
        return self.status

    def counter(self) -> bytes:
        return (self.ssc % (1 << 8 * self.crypto.block)).to_bytes(self.crypto.block, "big")

    def vector(self) -> bytes:
        return bytes(8) if self.crypto.block == 8 else self.crypto.cbc(self.enc, self.counter())

    def enter(self) -> None:
        """Select the application under secure messaging."""
        assert self.protected("00A4040C", bytes.fromhex("A0000002471001")) == 0x9000

    def file(self, short: int, piece: int = 200) -> bytes:
        """Read a whole file by its short identifier: the first piece says how long it is."""
        assert self.protected(f"00B0{0x80 | short:02X}00", le=piece) in {0x9000, 0x6282}, f"{self.status:04X}"
        content = self.data
        size = content[1] if content[1] < 0x80 else int.from_bytes(content[2 : 2 + (content[1] & 0x7F)], "big")
        whole = size + 2 + (content[1] & 0x7F if content[1] & 0x80 else 0)
        while len(content) < whole:
            le = min(piece, whole - len(content))
            assert self.protected(f"00B0{len(content):04X}", le=le) in {0x9000, 0x6282}, f"{self.status:04X}"
            content += self.data
        return content[:whole]

    def authenticate_chip(self, domain: Field, public: bytes, cipher: str, *, oid: str) -> int:
        """Chip authentication: KAT for 3DES, AT and General Authenticate else; the new keys are in use afterwards."""
        private = domain.draw()
        own = domain.encode(domain.power(private, domain.generator))
        if cipher == "3DES":
            self.protected("002241A6", tlv("91", own))
        elif self.protected("002241A4", tlv("80", bytes.fromhex(oid))) == 0x9000:
            self.protected("00860000", tlv("7C", tlv("80", own)), le=256)
        if self.status == 0x9000:
            secret = domain.secret(domain.power(private, domain.decode(public)))
            self.crypto = Crypto(cipher)
            self.enc, self.mac_key, self.ssc = self.crypto.kdf(secret, 1), self.crypto.kdf(secret, 2), 0
        return self.status
