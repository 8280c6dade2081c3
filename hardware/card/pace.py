"""PACE with elliptic curves and generic mapping (ICAO Doc 9303-11, 4.4): from a password to a secure messaging session.

    MSE:Set AT          which protocol, which password, which curve
    GENERAL AUTHENTICATE 7C: -- → 80 encrypted nonce │ 81 → 82 mapping keys │ 83 → 84 key agreement │ 85 → 86 tokens

What is supported is data: ``CURVES`` and ``KEY_BYTES``. A card that offers nothing of it is refused, never opened by
an older protocol instead.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import Any

from asn1crypto import core
from ecdsa import curves
from ecdsa.ellipticcurve import PointJacobi
from msgspec import Struct

from hardware.card import cipher, tlv
from hardware.card.apdu import SHORT_LE_MAX, Command, Transmit, status_name
from hardware.card.refusal import Refused
from hardware.card.secure_messaging import SecureMessaging
from kiosk.domain.faults import ProtocolError
from kiosk.domain.secret import Secret

CURVES: dict[int, Any] = {
    12: curves.NIST256p,
    13: curves.BRAINPOOLP256r1,
    14: curves.BRAINPOOLP320r1,
    15: curves.NIST384p,
    16: curves.BRAINPOOLP384r1,
    17: curves.BRAINPOOLP512r1,
    18: curves.NIST521p,
}
"""Standardised domain parameters by their number (Doc 9303-11, 9.5.1)."""

KEY_BYTES = {
    "0.4.0.127.0.7.2.2.4.2.2": 16,
    "0.4.0.127.0.7.2.2.4.2.3": 24,
    "0.4.0.127.0.7.2.2.4.2.4": 32,
}
"""AES key lengths of id-PACE-ECDH-GM-AES-CBC-CMAC-128, -192 and -256 (Doc 9303-11, 9.2.1)."""

MRZ, CAN = 1, 2
"""References of the passwords (Doc 9303-11, 4.4.4.1)."""

_PACE_ARC = "0.4.0.127.0.7.2.2.4."
_SET_AT, _AUTHENTICATE_MORE, _AUTHENTICATE_LAST = 0x0022C1A4, 0x10860000, 0x00860000

Draw = Callable[[int], int]
"""Returns a private key from 1 to the limit, the limit excluded."""


class PaceInfo(Struct, frozen=True):
    """One way to run PACE that a card offers."""

    oid: str
    parameter_id: int

    @property
    def supported(self) -> bool:
        """Whether this module can run it."""
        return self.oid in KEY_BYTES and self.parameter_id in CURVES

    def __str__(self) -> str:
        curve = CURVES.get(self.parameter_id)
        return f"PACE {self.oid}, parameters {self.parameter_id} ({curve.name if curve else 'not supported'})"


class _SecurityInfo(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    _fields = [("protocol", core.ObjectIdentifier), ("required", core.Any), ("extra", core.Any, {"optional": True})]  # noqa: RUF012 - asn1crypto's way


class _SecurityInfos(core.SetOf):  # type: ignore[misc]  # asn1crypto has no types
    _child_spec = _SecurityInfo


def parse_card_access(content: bytes) -> list[PaceInfo]:
    """Return the PACEInfos of EF.CardAccess (SecurityInfos, Doc 9303-11, 9.2). ProtocolError where it is damaged."""
    try:
        infos = [_pace_info(info) for info in _SecurityInfos.load(content, strict=True)]
    except (ValueError, TypeError) as error:
        raise ProtocolError(f"damaged EF.CardAccess: {content.hex() or 'empty'}") from error
    return [info for info in infos if info is not None]


def _pace_info(info: Any) -> PaceInfo | None:
    """Return a PACEInfo (arc …4.n.m with a parameter number); None for every other security info."""
    protocol, extra = str(info["protocol"].dotted), info["extra"]
    is_pace = protocol.startswith(_PACE_ARC) and protocol.count(".") == _PACE_ARC.count(".") + 1
    if not is_pace or isinstance(extra, core.Void) or not extra.contents:
        return None
    return PaceInfo(protocol, int(extra.parse(core.Integer).native))


def choose(infos: list[PaceInfo]) -> PaceInfo:
    """Return the first offer that is supported. Refused unsupported where there is none."""
    for info in infos:
        if info.supported:
            return info
    raise Refused("unsupported", "; ".join(map(str, infos)) or "the card offers no PACE")


def draw_private_key(order: int) -> int:
    """Draw from 1 to order - 1."""
    return secrets.randbelow(order - 1) + 1


def open_session(
    transmit: Transmit, info: PaceInfo, password: Secret | bytes, reference: int = CAN, draw: Draw = draw_private_key
) -> SecureMessaging:
    """Run PACE. A Secret is a CAN, revealed only once the card has sent its nonce; bytes are the password itself.

    Refused: wrong_key (63xx), unsupported (the card refuses the protocol). ProtocolError: anything not as it must be.
    """
    return _Run(transmit, info, draw).run(password, reference)


class _Run:
    """One run of the protocol."""

    def __init__(self, transmit: Transmit, info: PaceInfo, draw: Draw) -> None:
        self._transmit, self._draw = transmit, draw
        self._oid = core.ObjectIdentifier(info.oid).contents
        self._parameter_id, self._key_bytes = info.parameter_id, KEY_BYTES[info.oid]
        self._curve = CURVES[info.parameter_id]
        self._field_bytes = (int(self._curve.curve.p()).bit_length() + 7) // 8

    def run(self, password: Secret | bytes, reference: int) -> SecureMessaging:
        self._set_protocol(reference)
        nonce = self._nonce(password)
        generator = self._mapped(nonce)
        own_key = self._draw(self._curve.order)
        own_point = self._encode(generator * own_key)
        chip_point = self._authenticate(0x83, own_point, 0x84)
        if hmac.compare_digest(own_point, chip_point):
            raise ProtocolError("the card sent our own public key back")
        shared = bytearray(self._encode(self._decode(chip_point) * own_key)[1 : 1 + self._field_bytes])
        encryption_key = cipher.derive(shared, cipher.ENCRYPTION, self._key_bytes)
        mac_key = cipher.derive(shared, cipher.AUTHENTICATION, self._key_bytes)
        cipher.wipe(shared)
        session = SecureMessaging(encryption_key, mac_key)
        try:
            self._exchange_tokens(self._token(mac_key, chip_point), self._token(mac_key, own_point))
        except Exception:
            session.end()
            raise
        return session

    def _exchange_tokens(self, ours: bytes, expected: bytes) -> None:
        if not hmac.compare_digest(self._authenticate(0x85, ours, 0x86, last=True), expected):
            raise ProtocolError("wrong authentication token of the card")

    def _set_protocol(self, reference: int) -> None:
        data = tlv.encode(0x80, self._oid) + tlv.encode(0x83, bytes([reference]))
        response = self._transmit(Command(_SET_AT, data + tlv.encode(0x84, bytes([self._parameter_id]))))
        if not response.ok:
            raise Refused("unsupported", f"MSE:Set AT of PACE: {status_name(response.status)}")

    def _nonce(self, password: Secret | bytes) -> int:
        sealed = self._authenticate(0, b"", 0x80)
        if not sealed or len(sealed) % cipher.BLOCK:
            raise ProtocolError(f"expected a nonce of whole blocks, got {len(sealed)} bytes")
        secret = bytearray(password.reveal(), "utf-8") if isinstance(password, Secret) else bytearray(password)
        key = cipher.derive(secret, cipher.PASSWORD, self._key_bytes)
        nonce = bytearray(cipher.decrypt(key, bytes(cipher.BLOCK), sealed))
        number = int.from_bytes(nonce, "big")
        for used in (secret, key, nonce):
            cipher.wipe(used)
        return number

    def _mapped(self, nonce: int) -> Any:
        """Return the generator of this run: s × G + H, H being shared by the two mapping keys (Doc 9303-11, 4.4.3.3.1)."""
        own_key = self._draw(self._curve.order)
        own_point = self._encode(self._curve.generator * own_key)
        chip_point = self._authenticate(0x81, own_point, 0x82)
        shared = self._decode(chip_point) * own_key
        return self._curve.generator * (nonce % self._curve.order) + shared

    def _authenticate(self, tag: int, value: bytes, expected: int, *, last: bool = False) -> bytes:
        data = tlv.encode(0x7C, tlv.encode(tag, value) if tag else b"")
        response = self._transmit(Command(_AUTHENTICATE_LAST if last else _AUTHENTICATE_MORE, data, SHORT_LE_MAX))
        if response.status >> 8 == 0x63:
            raise Refused("wrong_key", f"PACE: {status_name(response.status)}")
        if not response.ok:
            raise ProtocolError(f"PACE, waiting for {expected:02X}: {status_name(response.status)}")
        return tlv.find(tlv.only(response.data, 0x7C), expected)

    def _token(self, mac_key: bytearray, point: bytes) -> bytes:
        """MAC over the public key data object of the other side (Doc 9303-11, 4.4.3.4)."""
        return cipher.mac(mac_key, tlv.encode(0x7F49, tlv.encode(0x06, self._oid) + tlv.encode(0x86, point)))

    def _encode(self, point: Any) -> bytes:
        """Uncompressed: 04 ‖ x ‖ y. The point at infinity has no coordinates: ProtocolError."""
        if point.x() is None or point.y() is None or (not point.x() and not point.y()):
            raise ProtocolError("the point at infinity came out of the key agreement")
        return b"\x04" + b"".join(int(c).to_bytes(self._field_bytes, "big") for c in (point.x(), point.y()))

    def _decode(self, encoded: bytes) -> Any:
        """Return a point of the curve, checked: one beside it would tell our private key (invalid curve attack)."""
        if len(encoded) != 1 + 2 * self._field_bytes or encoded[0] != 0x04:
            raise ProtocolError(
                f"expected an uncompressed point of {self._field_bytes} byte coordinates, got {encoded.hex()}"
            )
        x, y = (
            int.from_bytes(half, "big")
            for half in (encoded[1 : 1 + self._field_bytes], encoded[1 + self._field_bytes :])
        )
        curve = self._curve.curve
        if max(x, y) >= curve.p() or not curve.contains_point(x, y):
            raise ProtocolError("the card sent a point that is not on the curve")
        return PointJacobi(curve, x, y, 1, self._curve.order)
