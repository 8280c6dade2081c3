"""PACE from the chip's side: generic mapping, ECDH, brainpoolP256r1, AES-128 (ICAO Doc 9303-11, section 4.4).

The dialogue, each step a General Authenticate in a 7C template (section 4.4.4.2):

    terminal                        chip
    (nothing)                   →   80 encrypted nonce
    81 mapping key              →   82 mapping key
    83 public key               →   84 public key
    85 token over chip's key    →   86 token over terminal's key
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha1
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.cmac import CMAC

from hardware.card.sim_curve import COORDINATE_BYTES, GENERATOR, ORDER, Point, add, decode_point, multiply

OID_GM_AES_128 = bytes.fromhex("04007F00070202040202")  # id-PACE-ECDH-GM-AES-CBC-CMAC-128
PARAMETER_ID = 0x0D  # BrainpoolP256r1 (Doc 9303-11, section 9.5.1)
_BLOCK_BYTES = 16
_TOKEN_BYTES = 8


class PaceRefused(Exception):
    """The chip does not go on. ``status`` is the status word; ``wrong_password`` when the token proves a wrong password."""

    def __init__(self, status: int, *, wrong_password: bool = False) -> None:
        super().__init__(f"{status:04X}")
        self.status = status
        self.wrong_password = wrong_password


class SessionKeys(NamedTuple):
    """What a finished PACE leaves to secure messaging (Doc 9303-11, section 9.7)."""

    encryption: bytes
    authentication: bytes


class PaceChip:
    """One run of the protocol. `password` as it enters the key derivation; `draw` gives random bytes."""

    def __init__(self, password: bytes, draw: Callable[[int], bytes]) -> None:
        self._draw = draw
        self._password_key = derive_key(password, 3)
        self._steps: list[tuple[int, Callable[[bytes], tuple[int, bytes]]]] = [
            (0x80, self._send_nonce),
            (0x81, self._map),
            (0x83, self._agree),
            (0x85, self._prove),
        ]
        self._nonce = 0
        self._own = GENERATOR
        self._private = 0
        self._mapped = GENERATOR
        self._peer = GENERATOR
        self.keys: SessionKeys | None = None

    @property
    def is_last_step(self) -> bool:
        """Whether the next step is the last of the command chain."""
        return len(self._steps) == 1

    def answer(self, template: bytes) -> bytes:
        """Answer one General Authenticate; both sides are 7C templates. Raises PaceRefused."""
        if not self._steps:
            raise PaceRefused(0x6985)
        expected_tag, step = self._steps.pop(0)
        try:
            tag, answer = step(_content(template, expected_tag))
        except ValueError as error:  # a point that is none
            raise PaceRefused(0x6A80) from error
        return bytes([0x7C, len(answer) + 2, tag, len(answer)]) + answer

    def _send_nonce(self, _: bytes) -> tuple[int, bytes]:
        nonce = self._draw(_BLOCK_BYTES)
        self._nonce = int.from_bytes(nonce, "big")
        encryptor = Cipher(AES(self._password_key), CBC(bytes(_BLOCK_BYTES))).encryptor()
        return 0x80, encryptor.update(nonce) + encryptor.finalize()

    def _map(self, data: bytes) -> tuple[int, bytes]:
        peer = decode_point(data)
        private = self._draw_scalar()
        self._mapped = add(multiply(self._nonce, GENERATOR), multiply(private, peer))
        return 0x82, multiply(private, GENERATOR).to_bytes()

    def _agree(self, data: bytes) -> tuple[int, bytes]:
        self._peer = decode_point(data)
        self._private = self._draw_scalar()
        self._own = multiply(self._private, self._mapped)
        if self._own == self._peer:
            raise PaceRefused(0x6300)
        return 0x84, self._own.to_bytes()

    def _prove(self, data: bytes) -> tuple[int, bytes]:
        secret = multiply(self._private, self._peer).x.to_bytes(COORDINATE_BYTES, "big")
        keys = SessionKeys(derive_key(secret, 1), derive_key(secret, 2))
        if data != _token(keys.authentication, self._own):
            raise PaceRefused(0x6300, wrong_password=True)
        self.keys = keys
        return 0x86, _token(keys.authentication, self._peer)

    def _draw_scalar(self) -> int:
        while not 0 < (scalar := int.from_bytes(self._draw(COORDINATE_BYTES), "big")) < ORDER:
            pass
        return scalar


def derive_key(secret: bytes, counter: int) -> bytes:
    """Derive an AES-128 key (Doc 9303-11, section 9.7.1.2)."""
    return sha1(secret + counter.to_bytes(4, "big"), usedforsecurity=False).digest()[:16]


def _token(key: bytes, public_key: Point) -> bytes:
    """Make the authentication token over the other side's public key data object (Doc 9303-11, section 4.4.3.4)."""
    point = public_key.to_bytes()
    body = bytes([0x06, len(OID_GM_AES_128)]) + OID_GM_AES_128 + bytes([0x86, len(point)]) + point
    mac = CMAC(AES(key))
    mac.update(b"\x7f\x49" + bytes([len(body)]) + body)
    return mac.finalize()[:_TOKEN_BYTES]


def _content(template: bytes, tag: int) -> bytes:
    """Return what a 7C template holds under its one expected tag; the first step's template is empty."""
    if tag == 0x80 and template == b"\x7c\x00":
        return b""
    if len(template) < 4 or template[:3] != bytes([0x7C, len(template) - 2, tag]) or template[3] != len(template) - 4:
        raise PaceRefused(0x6A80)
    return template[4:]
