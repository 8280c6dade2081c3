"""PACE (ICAO Doc 9303-11, 4.4): from a password to a secure messaging session.

    MSE:Set AT          which protocol, which password, which domain parameters
    GENERAL AUTHENTICATE 7C: -- → 80 encrypted nonce │ 81 → 82 mapping data │ 83 → 84 key agreement │ 85 → 86 tokens
                             with chip authentication mapping the last answer has 8A too: proof of the chip's own key

What can be run is data: ``pace_info`` and ``domain_parameters``. A card that offers nothing of it is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from msgspec import Struct

from hardware.card import cipher, mapping, tlv
from hardware.card.apdu import EXTENDED_LE_MAX, SHORT_DATA_MAX, SHORT_LE_MAX, Command, Transmit, status_name
from hardware.card.domain_parameters import GROUPS
from hardware.card.mapping import Draw
from hardware.card.pace_info import PaceInfo
from hardware.card.refusal import Refused
from hardware.card.secure_messaging import SecureMessaging
from kiosk.domain.access_key import MrzKey
from kiosk.domain.faults import ProtocolError
from kiosk.domain.secret import Secret

MRZ, CAN = 1, 2
"""References of the passwords (Doc 9303-11, 4.4.4.1)."""

_SET_AT, _AUTHENTICATE_MORE, _AUTHENTICATE_LAST = 0x0022C1A4, 0x10860000, 0x00860000
_NONCE, _MAP, _MAPPED, _AGREE, _AGREED, _TOKEN, _TOKEN_BACK, _CHIP = 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x8A


_TRIES_LEFT = range(0x63C1, 0x63D0)
"""A warning with which a card selects a password that was wrong before (BSI TR-03110-3, B.11.1).

63C1 is "suspended" for a PIN, which then wants the CAN first; a CAN or a zone is itself what is wanted.
"""

_UNUSABLE = frozenset({0x63C0, 0x6283, 0x6983, 0x6984, 0x6A88})
"""Of a password: blocked, deactivated, not there."""

_SUSPENDED = frozenset({0x6982, 0x6985})
"""Of a password, in answer to the first GENERAL AUTHENTICATE (BSI TR-03110-3, B.11.2)."""


class ChipProof(Struct, frozen=True):
    """What PACE-CAM leaves to be checked once the chip's public key is known and trusted (Doc 9303-11, 4.4.3.5.2).

    ``parameter_id`` is also the keyId of the ChipAuthenticationPublicKeyInfo in EF.CardSecurity (9.2.1).
    """

    parameter_id: int
    mapping_key: bytes
    data: bytes

    def proves(self, public_key: bytes) -> bool:
        """Whether the chip that was spoken to has the private key to this point (04 ‖ x ‖ y). ProtocolError: it is none."""
        group = GROUPS[self.parameter_id]
        shown = group.power(group.decode(public_key), int.from_bytes(self.data, "big") % group.order)
        return hmac.compare_digest(group.encode(shown), self.mapping_key)


class Opened(Struct, frozen=True):
    """A session, and the proof of the chip where the mapping gave one."""

    session: SecureMessaging
    proof: ChipProof | None = None


def draw_private_key(order: int) -> int:
    """Draw from 1 to order - 1."""
    return secrets.randbelow(order - 1) + 1


def open_session(
    transmit: Transmit, info: PaceInfo, password: Secret | bytes, reference: int = CAN, draw: Draw = draw_private_key
) -> SecureMessaging:
    """Run PACE as ``run`` does, for the session alone."""
    return run(transmit, info, password, reference, draw).session


def run(
    transmit: Transmit, info: PaceInfo, password: Secret | bytes, reference: int = CAN, draw: Draw = draw_private_key
) -> Opened:
    """Run PACE. A Secret is an MrzKey or a CAN, looked at only once the card has sent its nonce; bytes are the password.

    ``reference``: which password it is; an MrzKey is always the MRZ.

    Refused: wrong_key (63xx), zone_needed (the card has no CAN, or has blocked it after wrong ones), unsupported (the card
    refuses the protocol). ProtocolError: anything not as it must be.
    """
    return _Run(transmit, info, draw).run(password, MRZ if isinstance(password, MrzKey) else reference)


class _Run:
    """One run of the protocol."""

    def __init__(self, transmit: Transmit, info: PaceInfo, draw: Draw) -> None:
        self._transmit, self._draw, self._info = transmit, draw, info
        self._oid, self._group = info.object_identifier, info.group
        self._reference = CAN
        self._suite, self._key_bytes = info.suite, info.key_bytes

    def run(self, password: Secret | bytes, reference: int) -> Opened:
        group, self._reference = self._group, reference
        self._set_protocol()
        mapped = self._mapped(self._nonce(password))
        own_key = self._draw(group.order)
        own = group.encode(group.power(mapped.generator, own_key))
        chip = tlv.find(self._authenticate(_AGREE, own), _AGREED)
        chip_element = group.decode(chip)
        if hmac.compare_digest(own, group.encode(chip_element)):
            raise ProtocolError("the card sent our own public key back")
        shared = group.shared_secret(group.power(chip_element, own_key))
        encryption_key = self._suite.derive(shared, cipher.ENCRYPTION, self._key_bytes)
        mac_key = self._suite.derive(shared, cipher.AUTHENTICATION, self._key_bytes)
        cipher.wipe(shared)
        session = SecureMessaging(encryption_key, mac_key, suite=self._suite)
        try:
            last = self._exchange_tokens(self._token(mac_key, chip), self._token(mac_key, own))
            return Opened(session, self._chip_proof(last, encryption_key, mapped.chip_key))
        except Exception:
            session.end()
            raise

    def _exchange_tokens(self, ours: bytes, expected: bytes) -> bytes:
        last = self._authenticate(_TOKEN, ours, last=True)
        if not hmac.compare_digest(tlv.find(last, _TOKEN_BACK), expected):
            raise ProtocolError("wrong authentication token of the card")
        return last

    def _chip_proof(self, last: bytes, key: bytearray, mapping_key: bytes) -> ChipProof | None:
        """Open the encrypted chip authentication data (Doc 9303-11, 4.4.3.5)."""
        if (self._info.mapping == "CAM") != any(found.tag == _CHIP for found in tlv.parse(last)):
            raise ProtocolError(f"PACE-{self._info.mapping} with or without data that only PACE-CAM has")
        if self._info.mapping != "CAM":
            return None
        sealed = tlv.find(last, _CHIP)
        if not sealed or len(sealed) % cipher.BLOCK:
            raise ProtocolError(f"expected chip authentication data of whole blocks, got {len(sealed)} bytes")
        iv = cipher.encrypt(key, bytes(cipher.BLOCK), b"\xff" * cipher.BLOCK)
        data, order_bytes = cipher.decrypt(key, iv, sealed), (self._group.order.bit_length() + 7) // 8
        if cipher.pad(data[:order_bytes]) != data:
            raise ProtocolError(f"expected {order_bytes} padded bytes of chip authentication data, got others")
        return ChipProof(self._info.parameter_id or 0, mapping_key, data[:order_bytes])

    def _set_protocol(self) -> None:
        data = tlv.encode(0x80, self._oid) + tlv.encode(0x83, bytes([self._reference]))
        response = self._transmit(Command(_SET_AT, data + tlv.encode(0x84, bytes([self._info.parameter_id or 0]))))
        self._refuse_useless_number(response.status)
        if not response.ok and response.status not in _TRIES_LEFT:
            raise Refused("unsupported", f"MSE:Set AT of PACE: {status_name(response.status)}")

    def _refuse_useless_number(self, status: int, useless: frozenset[int] = _UNUSABLE) -> None:
        """Refuse where no CAN opens the card, not even the right one: its zone still may."""
        if self._reference == CAN and status in useless:
            raise Refused("zone_needed", f"PACE with the access number: {status_name(status)}")

    def _nonce(self, password: Secret | bytes) -> bytearray:
        sealed = tlv.find(self._authenticate(0, b""), _NONCE)
        if len(sealed) not in self._nonce_lengths():
            raise ProtocolError(f"a nonce of {len(sealed)} bytes does not fit {self._info}")
        secret = _encoded(password)
        key = self._suite.derive(secret, cipher.PASSWORD, self._key_bytes)
        nonce = bytearray(self._suite.decrypt(key, bytes(self._suite.block), sealed))
        cipher.wipe(secret)
        cipher.wipe(key)
        return nonce

    def _nonce_lengths(self) -> range | tuple[int]:
        """Whole blocks; for integrated mapping as many as the key needs (Doc 9303-11, 4.4.3.3)."""
        block = self._suite.block
        if self._info.mapping == "IM":
            return (-(-self._key_bytes // block) * block,)
        return range(block, 8 * block, block)

    def _mapped(self, nonce: bytearray) -> mapping.Mapped:
        try:
            if self._info.mapping == "IM":
                return mapping.integrated(
                    self._group, nonce, self._send_nonce, self._draw, self._suite, self._key_bytes
                )
            return mapping.generic(self._group, nonce, self._send_mapping_key, self._draw)
        finally:
            cipher.wipe(nonce)

    def _send_mapping_key(self, own: bytes) -> bytes:
        return tlv.find(self._authenticate(_MAP, own), _MAPPED)

    def _send_nonce(self, own: bytes) -> bytes:
        """Send the terminal's nonce; the answer is an empty 82 (4.4.5.2.2), which some cards leave out."""
        answer = self._authenticate(_MAP, own, may_be_empty=True)
        if answer not in {b"", tlv.encode(_MAPPED, b"")}:
            raise ProtocolError(f"expected nothing in answer to our nonce, got {answer.hex()}")
        return answer

    def _authenticate(self, tag: int, value: bytes, *, last: bool = False, may_be_empty: bool = False) -> bytes:
        """Send one step and return what the answer's template holds."""
        data = tlv.encode(0x7C, tlv.encode(tag, value) if tag else b"")
        le = SHORT_LE_MAX if len(data) <= SHORT_DATA_MAX else EXTENDED_LE_MAX  # keys of 2048 bits: a pair of long APDUs
        response = self._transmit(Command(_AUTHENTICATE_LAST if last else _AUTHENTICATE_MORE, data, le))
        self._refuse_useless_number(response.status, _UNUSABLE if tag else _UNUSABLE | _SUSPENDED)
        if response.status >> 8 == 0x63:
            raise Refused("wrong_key", f"PACE: {status_name(response.status)}")
        if not response.ok:
            raise ProtocolError(f"PACE, after {tag:02X}: {status_name(response.status)}")
        return b"" if may_be_empty and not response.data else tlv.only(response.data, 0x7C)

    def _token(self, mac_key: bytearray, public_key: bytes) -> bytes:
        """MAC over the public key data object of the other side (Doc 9303-11, 4.4.3.4)."""
        content = tlv.encode(0x06, self._oid) + tlv.encode(self._group.public_key_tag, public_key)
        return self._suite.token(mac_key, tlv.encode(0x7F49, content))


def _encoded(password: Secret | bytes) -> bytearray:
    """Encode a password (Doc 9303-11, 9.7.3): SHA-1 of an MRZ_information, a CAN as it is."""
    octets = password.octets() if isinstance(password, Secret) else bytearray(password)
    if not isinstance(password, MrzKey):
        return octets
    digest = bytearray(hashlib.sha1(octets, usedforsecurity=False).digest())
    cipher.wipe(octets)
    return digest
