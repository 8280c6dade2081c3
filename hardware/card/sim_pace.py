"""PACE from the chip's side: generic, integrated and chip authentication mapping (ICAO Doc 9303-11, section 4.4).

The dialogue, each step a General Authenticate in a 7C template (section 4.4.4.2):

    terminal                        chip
    (nothing)                   →   80 encrypted nonce
    81 mapping key or nonce     →   82 mapping key, or empty
    83 public key               →   84 public key
    85 token over chip's key    →   86 token over terminal's key, 8A encrypted chip authentication data
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hardware.card.sim_apdu import data_objects, encode_object
from hardware.card.sim_cipher import SessionKeys, Suite
from hardware.card.sim_curve import Curve
from hardware.card.sim_domains import DOMAINS
from hardware.card.sim_group import Group
from hardware.card.sim_mapping import integrated_number

_PACE = bytes.fromhex("04007F0007020204")  # id-PACE, value only
_MAPPINGS = {"DH-GM": 1, "ECDH-GM": 2, "DH-IM": 3, "ECDH-IM": 4, "ECDH-CAM": 6}
MAPPINGS = tuple(_MAPPINGS)


class PaceRefused(Exception):
    """The chip does not go on. ``status`` is the status word; ``wrong_password`` when the token proves a wrong password."""

    def __init__(self, status: int, *, wrong_password: bool = False) -> None:
        super().__init__(f"{status:04X}")
        self.status = status
        self.wrong_password = wrong_password


@dataclass(frozen=True)
class PaceSetting:
    """One variant a chip offers: what one PACEInfo announces. ValueError for one that the standard does not have."""

    mapping: str
    suite: Suite
    parameter_id: int

    def __post_init__(self) -> None:
        if self.mapping not in _MAPPINGS or self.parameter_id not in DOMAINS:
            raise ValueError(f"there is no PACE with {self.mapping} and parameters {self.parameter_id}")
        if self.mapping.startswith("EC") != isinstance(self.domain, Curve):
            raise ValueError(f"{self.mapping} does not go with parameters {self.parameter_id}")
        if self.mapping == "ECDH-IM" and self.domain.p % 4 != 3:
            raise ValueError(f"parameters {self.parameter_id} have no integrated mapping")
        if self.mapping == "ECDH-CAM" and self.suite.block_bytes == 8:
            raise ValueError("chip authentication mapping has no 3DES")

    @property
    def domain(self) -> Curve | Group:
        """The curve or group."""
        return DOMAINS[self.parameter_id]

    @property
    def oid(self) -> bytes:
        """The protocol's object identifier, value only (Doc 9303-11, section 9.2.3)."""
        return _PACE + bytes([_MAPPINGS[self.mapping], self.suite.number])


class PaceChip:
    """One run of the protocol.

    `password` as it enters the key derivation; `draw` gives random bytes; `static` is the private key that chip
    authentication mapping proves.
    """

    def __init__(
        self, setting: PaceSetting, password: bytes, draw: Callable[[int], bytes], static: int | None = None
    ) -> None:
        self._setting, self._suite = setting, setting.suite
        self._domain: Any = setting.domain
        self._draw = draw
        self._static = static
        self._password_key = self._suite.derive(password, 3)
        self._steps: list[tuple[int, Callable[[bytes], bytes]]] = [
            (0x80, self._send_nonce),
            (0x81, self._map_integrated if setting.mapping.endswith("IM") else self._map),
            (0x83, self._agree),
            (0x85, self._prove),
        ]
        self._nonce = b""
        self._mapping_private = 0
        self._private = 0
        self._mapped: Any = self._domain.generator
        self._own: Any = self._domain.generator
        self._peer: Any = self._domain.generator
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
            return encode_object(b"\x7c", step(_content(template, expected_tag)))
        except ValueError as error:  # a point that is none
            raise PaceRefused(0x6A80) from error

    def _send_nonce(self, _: bytes) -> bytes:
        self._nonce = self._draw(self._suite.nonce_bytes)
        return encode_object(b"\x80", self._suite.encrypt(self._password_key, self._nonce))

    def _map(self, data: bytes) -> bytes:
        domain = self._domain
        peer = domain.decode(data)
        self._mapping_private = self._draw_scalar()
        shared = domain.multiply(self._mapping_private, peer)
        self._mapped = domain.add(domain.multiply(int.from_bytes(self._nonce, "big"), domain.generator), shared)
        return encode_object(b"\x82", domain.encode(domain.multiply(self._mapping_private, domain.generator)))

    def _map_integrated(self, data: bytes) -> bytes:
        number = integrated_number(self._suite, self._nonce, data, self._domain)
        self._mapped = self._domain.map_number(number)
        return encode_object(b"\x82", b"")

    def _agree(self, data: bytes) -> bytes:
        self._peer = self._domain.decode(data)
        self._private = self._draw_scalar()
        self._own = self._domain.multiply(self._private, self._mapped)
        if self._own == self._peer:
            raise PaceRefused(0x6300)
        return encode_object(b"\x84", self._domain.encode(self._own))

    def _prove(self, data: bytes) -> bytes:
        secret = self._domain.secret(self._domain.multiply(self._private, self._peer))
        keys = self._suite.session_keys(secret)
        if data != self._token(keys, self._own):
            raise PaceRefused(0x6300, wrong_password=True)
        self.keys = keys
        token = encode_object(b"\x86", self._token(keys, self._peer))
        return token + self._chip_authentication_data(keys)

    def _chip_authentication_data(self, keys: SessionKeys) -> bytes:
        """Seal the inverse static key times the mapping key (Doc 9303-11, section 4.4.3.5)."""
        if self._setting.mapping != "ECDH-CAM":
            return b""
        if self._static is None:
            raise PaceRefused(0x6A88)
        order = self._domain.order
        data = (pow(self._static, -1, order) * self._mapping_private % order).to_bytes(self._domain.scalar_bytes, "big")
        vector = self._suite.encrypt(keys.encryption, b"\xff" * self._suite.block_bytes)
        return encode_object(b"\x8a", self._suite.encrypt(keys.encryption, self._suite.pad(data), vector))

    def _token(self, keys: SessionKeys, public_key: Any) -> bytes:
        """Make the authentication token over a public key data object (Doc 9303-11, section 4.4.3.4)."""
        value = encode_object(bytes([self._domain.key_tag]), self._domain.encode(public_key))
        key_object = encode_object(b"\x7f\x49", encode_object(b"\x06", self._setting.oid) + value)
        return self._suite.token(keys.authentication, key_object)

    def _draw_scalar(self) -> int:
        while not 0 < (scalar := int.from_bytes(self._draw(self._domain.scalar_bytes), "big")) < self._domain.order:
            pass
        return scalar


def _content(template: bytes, tag: int) -> bytes:
    """Return what a 7C template holds under its one expected tag; the first step's template is empty."""
    if tag == 0x80 and template == b"\x7c\x00":
        return b""
    outer = list(data_objects(template))
    inner = list(data_objects(outer[0][1])) if len(outer) == 1 and outer[0][0] == 0x7C else []
    if len(inner) != 1 or inner[0][0] != tag:
        raise PaceRefused(0x6A80)
    return inner[0][1]
