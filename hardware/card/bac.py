"""Basic Access Control (ICAO Doc 9303-11, 4.3): the door of older eMRTDs, opened with the machine readable zone.

    GET CHALLENGE → RND.IC │ EXTERNAL AUTHENTICATE  E(RND.IFD ‖ RND.IC ‖ K.IFD) ‖ MAC → E(RND.IC ‖ RND.IFD ‖ K.IC) ‖ MAC

Its session keys are no stronger than the zone can be guessed, and whoever listened can guess at leisure. So it is for
cards alone that have no PACE (``dialogue``), and never a second try after it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable

from hardware.card import cipher
from hardware.card.apdu import Command, Transmit, status_name
from hardware.card.cipher import TRIPLE_DES
from hardware.card.refusal import Refused
from hardware.card.secure_messaging import SecureMessaging
from kiosk.domain.access_key import MrzKey
from kiosk.domain.faults import ProtocolError

_GET_CHALLENGE, _EXTERNAL_AUTHENTICATE = 0x00840000, 0x00820000
_NONCE_BYTES, _KEY_BYTES = 8, 16
_SEALED_BYTES = 2 * _NONCE_BYTES + _KEY_BYTES
_ANSWER_BYTES = _SEALED_BYTES + cipher.MAC_BYTES
_NO_VECTOR = bytes(TRIPLE_DES.block)
_WRONG_KEY = frozenset({0x6982, 0x6985, 0x6988, 0x6A80, 0x6A88})
"""Beside 63xx: what chips call a cryptogram that they cannot verify, having given the challenge for it.

A card with PACE alone says 6A88 too, of every key; it is never asked, since it shows that it has PACE.
"""

_UNSUPPORTED = frozenset({0x6A81, 0x6A86, 0x6D00, 0x6E00})

Draw = Callable[[int], bytes]
"""Returns so many random bytes."""


def open_session(transmit: Transmit, key: MrzKey, draw: Draw = secrets.token_bytes) -> SecureMessaging:
    """Authenticate to the eMRTD application, which must be selected, and return the session.

    Refused: wrong_key, unsupported. ProtocolError: the card's answer is not as it must be.
    """
    challenge = _challenge(transmit)
    encryption_key, mac_key = _document_keys(key)
    nonce, seed = draw(_NONCE_BYTES), bytearray(draw(_KEY_BYTES))
    try:
        sealed = TRIPLE_DES.encrypt(encryption_key, _NO_VECTOR, nonce + challenge + seed)
        answer = _authenticate(transmit, sealed + TRIPLE_DES.token(mac_key, sealed))
        chip_seed = _open(answer, encryption_key, mac_key, challenge + nonce)
        for place, octet in enumerate(chip_seed):
            seed[place] ^= octet
        return SecureMessaging(
            TRIPLE_DES.derive(seed, cipher.ENCRYPTION, _KEY_BYTES),
            TRIPLE_DES.derive(seed, cipher.AUTHENTICATION, _KEY_BYTES),
            int.from_bytes(challenge[4:] + nonce[4:], "big"),
            TRIPLE_DES,
        )
    finally:
        for used in (encryption_key, mac_key, seed):
            cipher.wipe(used)


def _document_keys(key: MrzKey) -> tuple[bytearray, bytearray]:
    """Return K_Enc and K_MAC (4.3.2 and 9.7.2)."""
    information = key.octets()
    seed = bytearray(hashlib.sha1(information, usedforsecurity=False).digest()[:_KEY_BYTES])
    keys = tuple(TRIPLE_DES.derive(seed, counter, _KEY_BYTES) for counter in (cipher.ENCRYPTION, cipher.AUTHENTICATION))
    cipher.wipe(information)
    cipher.wipe(seed)
    return keys[0], keys[1]


def _challenge(transmit: Transmit) -> bytes:
    response = transmit(Command(_GET_CHALLENGE, le=_NONCE_BYTES))
    if not response.ok:
        raise Refused("unsupported", f"GET CHALLENGE: {status_name(response.status)}")
    if len(response.data) != _NONCE_BYTES:
        raise ProtocolError(f"expected a challenge of {_NONCE_BYTES} bytes, got {len(response.data)}")
    return response.data


def _authenticate(transmit: Transmit, data: bytes) -> bytes:
    response = transmit(Command(_EXTERNAL_AUTHENTICATE, data, _ANSWER_BYTES))
    evidence = f"EXTERNAL AUTHENTICATE: {status_name(response.status)}"
    if response.status >> 8 == 0x63 or response.status in _WRONG_KEY:
        raise Refused("wrong_key", evidence)
    if response.status in _UNSUPPORTED:
        raise Refused("unsupported", evidence)
    if not response.ok:
        raise ProtocolError(evidence)
    return response.data


def _open(answer: bytes, encryption_key: bytearray, mac_key: bytearray, expected: bytes) -> bytes:
    """Verify the card's answer and return its keying material. ``expected``: RND.IC ‖ RND.IFD."""
    sealed, mac = answer[:_SEALED_BYTES], answer[_SEALED_BYTES:]
    if len(answer) != _ANSWER_BYTES or not hmac.compare_digest(TRIPLE_DES.token(mac_key, sealed), mac):
        raise ProtocolError(f"wrong MAC of the card's answer of {len(answer)} bytes")
    plain = TRIPLE_DES.decrypt(encryption_key, _NO_VECTOR, sealed)
    if not hmac.compare_digest(plain[: len(expected)], expected):
        raise ProtocolError("the card did not return both challenges")
    return plain[len(expected) :]
