"""A chip's side of Basic Access Control and of secure messaging with 3DES (Doc 9303-11, 4.3 and 9.8.6), block by block.

Before access control it shows nothing of its application, and it has no EF.CardAccess, or one that a test gives it.
"""

from __future__ import annotations

import hashlib

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from hardware.card.apdu import Command, Response
from tests.hardware.card.school_chip import odd, retail_mac, sized

CHALLENGE, KEYING = bytes.fromhex("4608F91988702212"), bytes.fromhex("0B4F80323EB3191CB04970CB4052790B")
APPLICATION = bytes.fromhex("A0000002471001")


class BacChip:
    """``information``: the MRZ_information that opens it; ``files`` of the application by identifier."""

    def __init__(self, information: str, files: dict[int, bytes], card_access: bytes | None = None) -> None:
        seed = hashlib.sha1(information.encode(), usedforsecurity=False).digest()[:16]
        self.enc, self.mac = kdf(seed, 1), kdf(seed, 2)
        self.files, self.card_access = files, card_access
        self.session: tuple[bytes, bytes] | None = None
        self.counter, self.current = 0, b""
        self.in_application = False
        self.sent: list[Command] = []

    def headers(self) -> list[str]:
        return [f"{command.header:08X}" for command in self.sent]

    def __call__(self, command: Command) -> Response:
        self.sent.append(command)
        if command.header >> 24 == 0x0C:
            return self.protected(command)
        return self.plain(command)

    def plain(self, command: Command) -> Response:
        ins = command.header >> 16 & 0xFF
        if ins == 0x84:
            return Response(CHALLENGE, 0x9000)
        if ins == 0x82:
            return self.authenticate(command.data)
        if ins == 0xA4:
            return self.select(command)
        return self.read(command)

    def select(self, command: Command) -> Response:
        if command.data == APPLICATION:
            self.in_application = True
            return Response(b"", 0x9000)
        name = int.from_bytes(command.data, "big")
        content = self.files.get(name) if self.in_application else {0x011C: self.card_access}.get(name)
        if content is None:
            return Response(b"", 0x6A82)
        self.current = content
        return Response(b"", 0x9000)

    def read(self, command: Command) -> Response:
        place = command.header & 0xFFFF
        if self.in_application and self.session is None:
            return Response(b"", 0x6982)
        if place & 0x8000:
            found = self.select(Command(0x00A4020C, bytes([0x01, place >> 8 & 0x1F])))
            if not found.ok:
                return found
            place &= 0xFF
        return Response(self.current[place : place + (command.le or 0)], 0x9000)

    def authenticate(self, data: bytes) -> Response:
        sealed, mac = data[:32], data[32:]
        if mac != retail_mac(self.mac, sealed + b"\x80" + bytes(7)):
            return Response(b"", 0x6300)
        plain = cbc(self.enc).decryptor().update(sealed)
        if plain[8:16] != CHALLENGE:
            return Response(b"", 0x6300)
        nonce, theirs = plain[:8], plain[16:]
        seed = bytes(one ^ two for one, two in zip(theirs, KEYING, strict=True))
        self.session, self.counter = (kdf(seed, 1), kdf(seed, 2)), int.from_bytes(CHALLENGE[4:] + nonce[4:], "big")
        answer = cbc(self.enc).encryptor().update(CHALLENGE + nonce + KEYING)
        return Response(answer + retail_mac(self.mac, answer + b"\x80" + bytes(7)), 0x9000)

    def protected(self, command: Command) -> Response:
        assert self.session is not None
        enc, mac = self.session
        self.counter += 1
        body, check = command.data[:-10], command.data[-8:]
        head = command.header.to_bytes(4, "big") + b"\x80\x00\x00\x00"
        covered = self.counter.to_bytes(8, "big") + (padded(head + body) if body else head)
        assert check == retail_mac(mac, covered), "the command's MAC is wrong"
        data, le = b"", None
        if body[:1] == b"\x87":
            data = cbc(enc).decryptor().update(body[3 : 2 + body[1]]).rstrip(b"\x00")[:-1]
            body = body[2 + body[1] :]
        if body[:1] == b"\x97":
            le = body[2]
        inner = self.plain(Command(command.header & 0x00FFFFFF, data, le))
        self.counter += 1
        answer = b"\x87" + sized(b"\x01" + cbc(enc).encryptor().update(padded(inner.data))) if inner.data else b""
        answer += b"\x99\x02" + inner.status.to_bytes(2, "big")
        check = retail_mac(mac, self.counter.to_bytes(8, "big") + padded(answer))
        return Response(answer + b"\x8e\x08" + check, inner.status)


def kdf(seed: bytes, counter: int) -> bytes:
    return bytes(map(odd, hashlib.sha1(seed + bytes([0, 0, 0, counter]), usedforsecurity=False).digest()[:16]))


def cbc(key: bytes) -> Cipher:
    return Cipher(TripleDES(key + key[:8]), modes.CBC(bytes(8)))


def padded(data: bytes) -> bytes:
    return data + b"\x80" + bytes(-(len(data) + 1) % 8)
