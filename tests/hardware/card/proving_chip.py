"""A chip that opens with PACE, has a security object, and proves itself: the card's side of Doc 9303-11, 6, for the tests alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

from hardware.card.apdu import Command, Response
from tests.hardware.card import pki
from tests.hardware.card.school_chip import ECDH_CAM, ECDH_GM, Curve, Residues, SchoolChip, inside, retail_mac, sized

CARD_ACCESS = bytes.fromhex("31143012060A04007F0007020204020202010202010D")
CARD_ACCESS_CAM = bytes.fromhex("31143012060A04007F0007020204060202010202010D")
OIDS = {"3des": 1, "aes128": 2, "aes192": 3, "aes256": 4}
CA_KEY = 0x5EC2E7


class Session:
    """The chip's side of secure messaging. ``last``: 1 for 3DES, else AES."""

    def __init__(self, keys: tuple[bytes, bytes], last: int) -> None:
        (self.enc, self.mac_key), self.last, self.counter = keys, last, 0
        self.block = 8 if last == 1 else 16

    def cipher(self) -> Cipher[Any]:
        if self.last == 1:
            return Cipher(TripleDES(self.enc + self.enc[:8]), modes.CBC(bytes(8)))
        lone = Cipher(algorithms.AES(self.enc), modes.ECB()).encryptor()  # noqa: S305 - one block, as the protocol wants
        return Cipher(algorithms.AES(self.enc), modes.CBC(lone.update(self.count())))

    def count(self) -> bytes:
        return self.counter.to_bytes(self.block, "big")

    def pad(self, data: bytes) -> bytes:
        return data + b"\x80" + bytes(-(len(data) + 1) % self.block)

    def mac(self, data: bytes) -> bytes:
        if self.last == 1:
            return retail_mac(self.mac_key, self.count() + data)
        worker = CMAC(algorithms.AES(self.mac_key))
        worker.update(self.count() + data)
        return worker.finalize()[:8]

    def open(self, command: Command) -> Command | None:
        """Return the command inside; None where its MAC is not of these keys."""
        self.counter += 1
        head, body = self.pad(command.header.to_bytes(4, "big")), command.data[:-10]
        if command.data[-8:] != self.mac(self.pad(head + body) if body else head):
            return None
        data, le = b"", None
        while body:
            tag, value = body[0], inside(body)
            body = body[2 + (body[1] & 0x7F if body[1] & 0x80 else 0) + len(value) :]
            if tag == 0x87:
                data = self.cipher().decryptor().update(value[1:]).rstrip(b"\0")[:-1]
            else:
                le = int.from_bytes(value, "big") or 256 ** len(value)
        return Command(command.header & ~0x0C000000, data, le)

    def seal(self, response: Response) -> Response:
        self.counter += 1
        body = b""
        if response.data:
            sealed = b"\x01" + self.cipher().encryptor().update(self.pad(response.data))
            body = b"\x87" + sized(sealed)
        body += b"\x99\x02" + response.status.to_bytes(2, "big")
        return Response(body + b"\x8e\x08" + self.mac(self.pad(body)), response.status)


class ProvingChip:
    """``files`` by their short identifier. ``signs``: answers a challenge; ``ca``: cipher of Chip Authentication, key ``CA_KEY``."""

    def __init__(
        self,
        files: Mapping[int, bytes],
        signs: Callable[[bytes], bytes] | None = None,
        ca: str = "",
        group: int = 13,
        ca_key: int = CA_KEY,
        master: Mapping[int, bytes] | None = None,
    ) -> None:
        self.files, self.signs, self.ca, self.ca_key = dict(files), signs, ca, ca_key
        self.master, self.at_master = master, False
        self.card_access = CARD_ACCESS if master is None else CARD_ACCESS_CAM
        self.pace = SchoolChip(2, 13, b"123456", ECDH_GM if master is None else ECDH_CAM)
        self.group: Any = Curve(group) if group > 7 else Residues(group)
        self.session: Session | None = None
        self.next: Session | None = None
        self.current = b""
        self.told: list[str] = []

    def __call__(self, command: Command) -> Response:
        self.told.append(f"{command.header:08X}")
        if not command.header & 0x0C000000:
            return self.in_clear(command)
        if self.session is None:
            return Response(b"", 0x6882)
        plain = self.session.open(command)
        if plain is None:
            self.session = None
            return Response(b"", 0x6988)
        answer = self.session.seal(self.carry_out(plain))
        self.session, self.next = self.next or self.session, None
        return answer

    def in_clear(self, command: Command) -> Response:
        if command.header >> 16 & 0xFF in {0x22, 0x86}:
            answer = self.pace(command)
            if command.header == 0x00860000 and answer.ok:
                self.session = Session(self.pace.keys, 2)
            return answer
        allowed, kept = {0x1C: self.card_access}, self.files
        self.files = allowed
        answer = self.carry_out(command)
        self.files = kept
        return answer

    def carry_out(self, command: Command) -> Response:
        ins, place = command.header >> 16 & 0xFF, command.header & 0xFFFF
        self.told[-1] = f"{command.header:08X}"
        if ins == 0xA4:
            self.at_master = command.header == 0x00A4000C
            known = command.header != 0x00A4020C or command.data[1] in (self.master or {})
            return Response(b"", 0x9000 if known else 0x6A82)
        if ins == 0xB0:
            return self.read(place, command.le or 0)
        if ins == 0x88 and self.signs:
            return Response(b"", 0x6982) if self.at_master else Response(self.signs(command.data), 0x9000)
        if command.header in {0x002241A6, 0x002241A4, 0x00860000} and self.ca:
            return self.authenticate(command)
        return Response(b"", 0x6D00)

    def read(self, place: int, le: int) -> Response:
        if place & 0x8000:
            files = self.master or {} if self.at_master else self.files
            if place >> 8 & 0x1F not in files:
                return Response(b"", 0x6A82)
            self.current, place = files[place >> 8 & 0x1F], place & 0xFF
        return Response(self.current[place : place + le], 0x9000)

    def authenticate(self, command: Command) -> Response:
        if command.header == 0x002241A4:
            return Response(b"", 0x9000)
        public = inside(command.data) if command.header == 0x002241A6 else inside(inside(command.data))
        deriving = SchoolChip(OIDS[self.ca], 13, b"")
        secret = self.group.secret(self.group.times(self.group.place(public), self.ca_key))
        self.next = Session((deriving.kdf(secret, 1), deriving.kdf(secret, 2)), OIDS[self.ca])
        return Response(b"" if command.header == 0x002241A6 else b"\x7c\x00", 0x9000)


def dg14_of(
    ca: str, group: int = 13, key: int = CA_KEY, *, with_info: bool = True, access: bytes = CARD_ACCESS
) -> bytes:
    """Return EF.DG14 with the chip's public key, the cipher it is for, and what EF.CardAccess says (shorter than 128 bytes)."""
    place: Any = Curve(group) if group > 7 else Residues(group)
    point = place.code(place.times(place.generator, key))
    if group > 7:
        from tests.hardware.card.school_chip import CURVES

        kind, info = 2, pki.explicit_info(point, CURVES[group])
    else:
        numbers = pki.seq(*(pki.number(each) for each in (place.p, place.generator, place.order)))
        public = pki.bits(pki.number(int.from_bytes(point, "big")))
        kind, info = 1, pki.seq(pki.seq(pki.oid("1.2.840.10046.2.1"), numbers), public)
    infos = [pki.seq(pki.oid(f"0.4.0.127.0.7.2.2.1.{kind}"), info), access[2:]]
    if with_info:
        infos.append(pki.seq(pki.oid(f"0.4.0.127.0.7.2.2.3.{kind}.{OIDS[ca]}"), pki.number(1)))
    return pki.tlv(0x6E, pki.tlv(0x31, *infos))
