"""Active Authentication (ICAO Doc 9303-11, 6.1): the chip signs our challenge with the key whose public half is in EF.DG15.

    INTERNAL AUTHENTICATE  00 88 00 00 │ 08 RND.IFD │ 00 → signature

RSA: ISO/IEC 9796-2, scheme 1. The signature, raised to the exponent, is  6A ‖ M1 ‖ hash(M1 ‖ RND.IFD) ‖ trailer, where
the chip chose M1 and the trailer tells the hash: BC is SHA-1, 3x CC is the x-th of ISO/IEC 10118-3.
ECDSA: r ‖ s over RND.IFD (TR-03111); the hash is told by ActiveAuthenticationInfo in EF.DG14.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Sequence

from asn1crypto import core

from hardware.card import tlv
from hardware.card.apdu import EXTENDED_LE_MAX, SHORT_LE_MAX, Command, Transmit, UnexpectedStatus
from hardware.card.asn1 import reading
from hardware.card.pace_info import SecurityInfos
from hardware.card.public_keys import CURVES, EcKey, PublicKey, RsaKey, parse_public_key
from hardware.card.refusal import Refused
from hardware.card.secure_messaging import SessionEnded
from hardware.card.signatures import WEAK, Scheme, digest_of, scheme_of, verify
from kiosk.domain.faults import ProtocolError

CHALLENGE_BYTES = 8

_DG14_TAG, _DG15_TAG = 0x6E, 0x6F
_INTERNAL_AUTHENTICATE = 0x00880000
_ACTIVE_AUTHENTICATION_INFO = "2.23.136.1.1.5"

_TRAILERS = {0x33: "sha1", 0x34: "sha256", 0x35: "sha512", 0x36: "sha384", 0x38: "sha224"}
"""Numbers of ISO/IEC 10118-3."""

_ECDSA_HASHES = ("sha256", "sha1", "sha224", "sha384", "sha512")
_STATUS_BYTES, _MAC_BYTES = 4, 10
"""Data objects of secure messaging beside the encrypted answer."""

_WRONG_LENGTH = frozenset({0x6700, 0x6883, 0x6B00})

Challenge = Callable[[int], bytes]
"""Returns so many random bytes."""


def parse_public_key_of(dg15: bytes) -> PublicKey:
    """Return the key in EF.DG15 (6F ‖ SubjectPublicKeyInfo). ProtocolError: damaged, or a key that is not taken."""
    return parse_public_key(tlv.only(dg15, _DG15_TAG))


def hash_of_signatures(dg14: bytes) -> str:
    """Return the hash that ActiveAuthenticationInfo names in EF.DG14 (Doc 9303-11, 9.2.7); "" where it has none."""
    with reading("EF.DG14"):
        for info in SecurityInfos.load(tlv.only(dg14, _DG14_TAG), strict=True):
            if str(info["protocol"].dotted) == _ACTIVE_AUTHENTICATION_INFO:
                named = info["extra"].parse(core.ObjectIdentifier)
                return scheme_of(b"\x30" + bytes([len(named.dump())]) + named.dump()).digest
    return ""


class LengthRefused(ProtocolError):
    """The card ended the session at a signature of this ``le``; over a new session another may do."""

    def __init__(self, le: int, error: SessionEnded) -> None:
        super().__init__(f"INTERNAL AUTHENTICATE for {le} bytes: {error}")
        self.le = le


def authenticate(
    protected: Transmit,
    key: PublicKey,
    hash_name: str = "",
    draw: Challenge = secrets.token_bytes,
    lengths: Sequence[int] = (SHORT_LE_MAX, EXTENDED_LE_MAX),
) -> str:
    """Have the chip sign a challenge. Returns what to know about it; Refused not_genuine where it does not hold.

    ``lengths``: what it is asked for, one after the other while it calls them wrong. LengthRefused.
    """
    challenge = draw(CHALLENGE_BYTES)
    for le in lengths:
        try:
            response = protected(Command(_INTERNAL_AUTHENTICATE, challenge, le))
        except SessionEnded as ended:
            if ended.status in _WRONG_LENGTH:
                raise LengthRefused(le, ended) from ended
            raise
        if response.status not in _WRONG_LENGTH:
            break
    if not response.ok:
        error = UnexpectedStatus(response.status, "INTERNAL AUTHENTICATE")
        raise Refused("not_genuine", f"the chip does not sign: {error}")
    digest = verify_signature(key, response.data, challenge, hash_name)
    if not digest:
        raise Refused("not_genuine", "the chip's signature is not of the key in EF.DG15: it is a copy")
    return digest if digest in WEAK else ""


def needs_extended_length(key: PublicKey, block: int) -> bool:
    """Say whether an answer is too long for a short APDU, under secure messaging with blocks of so many bytes."""
    if not isinstance(key, RsaKey):
        return False
    sealed = tlv.encode(0x87, bytes(1 + (key.size // block + 1) * block))
    return len(sealed) + _STATUS_BYTES + _MAC_BYTES > SHORT_LE_MAX


def answer_lengths(key: PublicKey, block: int, *, long_apdus: bool) -> tuple[int, ...]:
    """Return what to ask for, in that order. ``long_apdus``: whether the reader may be sent extended APDUs."""
    if not long_apdus:
        return (SHORT_LE_MAX,)
    long = needs_extended_length(key, block)
    return (EXTENDED_LE_MAX, SHORT_LE_MAX) if long else (SHORT_LE_MAX, EXTENDED_LE_MAX)


def verify_signature(key: PublicKey, signature: bytes, challenge: bytes, hash_name: str = "") -> str:
    """Return the name of the hash with which a signature holds; "" where it does not."""
    if isinstance(key, RsaKey):
        return _verify_recovering(key, signature, challenge)
    if not isinstance(key, EcKey):
        raise ProtocolError("a key in EF.DG15 that cannot sign")
    # The hash is at most as long as the order (6.1.2.3); a card without the info is asked with each of them.
    fitting = [name for name in _ECDSA_HASHES if len(digest_of(name, b"")) * 8 <= CURVES[key.curve].order.bit_length()]
    for name in [hash_name] if hash_name else fitting:
        if any(verify(key, Scheme(kind, name), signature, challenge) for kind in ("plain", "ecdsa")):
            return name
    return ""


def _verify_recovering(key: RsaKey, signature: bytes, challenge: bytes) -> str:
    number = int.from_bytes(signature, "big")
    if len(signature) != key.size or number >= key.modulus:
        return ""
    message = pow(number, key.exponent, key.modulus)
    if message & 0x0F != 0x0C:  # the signer may send the smaller of two numbers (ISO/IEC 9796-2, 7)
        message = key.modulus - message
    return verify_recovered(message.to_bytes(key.size, "big"), challenge)


def verify_recovered(message: bytes, challenge: bytes) -> str:
    """Return the hash with which a recovered message is the answer to the challenge; "" where it is none.

    Header 6A, or 6B BB … BA where the signer filled up: 01 and "more message than is recovered here", then M1.
    """
    name, hash_end = "sha1", len(message) - 1
    if message[-1:] == b"\xcc":
        name, hash_end = _TRAILERS.get(message[-2], ""), len(message) - 2
    elif message[-1:] != b"\xbc":
        return ""
    start = _after_header(message)
    if not name or not start:
        return ""
    hash_start = hash_end - len(digest_of(name, b""))
    if hash_start < start:
        return ""
    ours = digest_of(name, message[start:hash_start] + challenge)
    return name if hmac.compare_digest(ours, message[hash_start:hash_end]) else ""


def _after_header(message: bytes) -> int:
    if message[0] == 0x6A:
        return 1
    if message[0] != 0x6B:
        return 0
    end = 1
    while end < len(message) and message[end] == 0xBB:
        end += 1
    return end + 1 if end < len(message) and message[end] == 0xBA else 0
