"""The dialogue with a technician's PIV card (NIST SP 800-73-4, part 2; algorithms: SP 800-78-4, table 6-2), over any ``Transmit``.

    SELECT                00A40400 A000000308000010000100
    GET DATA              00CB3FFF 5C 5FC105                         53 {70 certificate, 71 how it is packed, FE}
    VERIFY, empty         00200080                                   63Cx tries left, 6983 blocked, 9000 the PIN was given
    VERIFY, P1 FF         0020FF80                                   the PIN counts as not given
    VERIFY                00200080 the PIN, filled up with FF to 8
    GENERAL AUTHENTICATE  0087 algorithm 9A  7C {82 empty, 81 challenge}   7C {82 signature}

Nothing is asked of the card that costs a try before its certificate is known to be a technician's of ours.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from hardware.card import tlv
from hardware.card.apdu import (
    SHORT_DATA_MAX,
    SHORT_LE_MAX,
    Command,
    Response,
    Transmit,
    UnexpectedStatus,
    expect_ok,
    whole,
)
from hardware.card.certificates import CERTIFICATE_BYTES_MAX
from hardware.card.public_keys import EcKey, PublicKey, RsaKey
from hardware.card.signatures import Scheme, verify
from kiosk.domain.faults import ProtocolError
from kiosk.domain.secret import Secret
from kiosk.domain.technician import UNKNOWN, Technician, TechnicianRefusal

APPLICATION = bytes.fromhex("A000000308000010000100")
_SELECT, _GET_DATA, _VERIFY, _AUTHENTICATE = 0x00A40400, 0x00CB3FFF, 0x00200080, 0x0087009A
_FORGET = 0x0020FF80
"""VERIFY that takes back that the PIN was given (part 2, 3.2.1, since SP 800-73-4)."""
_CHAINED = 0x10000000
_CERTIFICATE = tlv.encode(0x5C, bytes.fromhex("5FC105"))
_BLOCKED = 0x6983
_NOTHING_THERE = frozenset({0x6A82, 0x6A81, 0x6A88, 0x6D00})
_PACKED = 0x81
"""CertInfo: 01 means gzip (part 1, appendix A); the first cards had it in the other end of the byte."""
PIN_BYTES, PIN_BYTES_MIN = 8, 6
_NONCE_BYTES = 32
_EC_ALGORITHMS = {"NIST256p": (0x11, "sha256"), "NIST384p": (0x14, "sha384")}
_RSA_ALGORITHMS = {256: 0x07, 384: 0x05}
_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""DigestInfo of SHA-256 up to the hash (RFC 8017, 9.2, note 1)."""


class Holder(Struct, frozen=True):
    """Whom a certificate names, and the key that the card must have for it."""

    technician: Technician
    key: PublicKey


class Challenge(Struct, frozen=True):
    """What the card is to sign: ``block`` goes to the card, ``signed`` is what the signature is over."""

    algorithm: int
    block: bytes
    signed: bytes
    scheme: Scheme


Judge = Callable[[bytes], Holder | TechnicianRefusal]
"""Says of a certificate in DER whom it names, or why it lets nobody in."""


def authenticate(
    transmit: Transmit,
    pin: Secret,
    judge: Judge,
    *,
    last_try: str = "",
    random: Callable[[int], bytes] = os.urandom,
) -> Technician | TechnicianRefusal:
    """Have the card prove that it is a technician's and the PIN its holder's. ProtocolError: its answers are damaged.

    ``last_try``: the serial number of the card whose holder knows that one try is left, and wants it.
    """
    if not _send(transmit, Command(_SELECT, APPLICATION, SHORT_LE_MAX)).ok:
        return TechnicianRefusal("not_a_technician_card", evidence="no PIV application")
    certificate = read_certificate(transmit)
    if certificate is None:
        return TechnicianRefusal("not_a_technician_card", evidence="no certificate for PIV authentication")
    holder = judge(certificate)
    if isinstance(holder, TechnicianRefusal):
        return holder
    challenge = challenge_for(holder.key, random(_NONCE_BYTES))
    if challenge is None:
        return TechnicianRefusal("untrusted", evidence="a key of a kind that PIV does not know")
    serial = holder.technician.serial
    refusal = _give(transmit, pin, last_try=last_try == serial)
    if refusal is not None:
        return replace(refusal, serial=serial)
    if not verify(holder.key, challenge.scheme, sign(transmit, challenge), challenge.signed):
        return TechnicianRefusal("untrusted", evidence="the card does not have the key of its certificate")
    return holder.technician


def read_certificate(transmit: Transmit) -> bytes | None:
    """Return the certificate for PIV authentication in DER; None where the card has none (part 1, 3.1.1 and appendix A)."""
    response = _send(transmit, Command(_GET_DATA, _CERTIFICATE, SHORT_LE_MAX))
    if response.status in _NOTHING_THERE or (response.ok and not response.data):
        return None
    expect_ok(response, "GET DATA 5FC105")
    inside = tlv.only(response.data, 0x53)
    if not inside:
        return None
    objects = {found.tag: found.value for found in tlv.parse(inside)}
    content, info = objects.get(0x70, b""), objects.get(0x71, b"\x00")
    return unpacked(content) if info and info[0] & _PACKED else content or None


def unpacked(content: bytes) -> bytes:
    """Return a certificate that was packed with gzip (RFC 1952). ProtocolError: damaged, or too long."""
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        certificate = unpacking.decompress(content, CERTIFICATE_BYTES_MAX + 1)
    except zlib.error as error:
        raise ProtocolError(f"a packed certificate that is damaged: {error}") from error
    if not unpacking.eof or len(certificate) > CERTIFICATE_BYTES_MAX:
        raise ProtocolError("a packed certificate that is cut off or too long")
    return certificate


def tries_left(transmit: Transmit) -> int:
    """Ask how many tries the PIN has left; 0: it is blocked, UNKNOWN: the card does not tell.

    A card to which the PIN was given in this session, by whomever, tells no number: it is made to forget that, and asked again.
    """
    response = _send(transmit, Command(_VERIFY))
    if response.ok:
        _send(transmit, Command(_FORGET))
        response = _send(transmit, Command(_VERIFY))
    return UNKNOWN if response.ok else _left(response)


def challenge_for(key: PublicKey, nonce: bytes) -> Challenge | None:
    """Return what a card with this key is to sign; None for a key that PIV does not know (SP 800-78-4, 3.1).

    RSA: the card applies its key to a block that we fill up (RFC 8017, 9.2). Curves: it signs a hash as it comes.
    """
    if isinstance(key, EcKey) and key.curve in _EC_ALGORITHMS:
        algorithm, digest = _EC_ALGORITHMS[key.curve]
        return Challenge(algorithm, hashlib.new(digest, nonce).digest(), nonce, Scheme("ecdsa", digest))
    if isinstance(key, RsaKey) and key.size in _RSA_ALGORITHMS:
        info = _SHA256_INFO + hashlib.sha256(nonce).digest()
        block = b"\x00\x01" + b"\xff" * (key.size - len(info) - 3) + b"\x00" + info
        return Challenge(_RSA_ALGORITHMS[key.size], block, nonce, Scheme("pkcs1", "sha256"))
    return None


def sign(transmit: Transmit, challenge: Challenge) -> bytes:
    """Have the key for PIV authentication sign a challenge (part 2, 3.2.4)."""
    template = tlv.encode(0x7C, tlv.encode(0x82, b"") + tlv.encode(0x81, challenge.block))
    response = _send(transmit, Command(_AUTHENTICATE | challenge.algorithm << 8, template, SHORT_LE_MAX))
    expect_ok(response, "GENERAL AUTHENTICATE")
    return tlv.find(tlv.only(response.data, 0x7C), 0x82)


def _give(transmit: Transmit, pin: Secret, *, last_try: bool) -> TechnicianRefusal | None:
    """Give the card the PIN, if that can be afforded; None when it is right."""
    left = tries_left(transmit)
    if left == UNKNOWN:  # the connection's end resets the card: the next try may be another matter
        return TechnicianRefusal("unreadable", evidence="the card does not tell how many tries its PIN has left")
    if left == 0:
        return TechnicianRefusal("blocked", 0)
    padded = pin.octets()
    try:
        if not PIN_BYTES_MIN <= len(padded) <= PIN_BYTES or not padded.isdigit():
            return TechnicianRefusal("wrong_pin", left, "not six to eight digits; it was not sent")
        if left == 1 and not last_try:
            return TechnicianRefusal("last_try", left)
        padded.extend(b"\xff" * (PIN_BYTES - len(padded)))
        response = _send(transmit, Command(_VERIFY, bytes(padded)))
    finally:
        padded[:] = bytes(len(padded))
    if response.ok:
        return None
    left = _left(response)
    return TechnicianRefusal("wrong_pin", left) if left else TechnicianRefusal("blocked", 0)


def _left(response: Response) -> int:
    """Return the tries that an answer to VERIFY tells (part 2, 3.2.1)."""
    if response.status == _BLOCKED:
        return 0
    if response.status >> 4 != 0x63C:
        raise UnexpectedStatus(response.status, "VERIFY")
    return response.status & 0x0F


def _send(transmit: Transmit, command: Command) -> Response:
    """Send a command, in a chain where it is longer than a short one, and fetch all of its answer (ISO/IEC 7816-4, 5.3.3)."""
    rest = command.data
    while len(rest) > SHORT_DATA_MAX:
        part, rest = rest[:SHORT_DATA_MAX], rest[SHORT_DATA_MAX:]
        response = transmit(Command(command.header | _CHAINED, part))
        if not response.ok:
            return response
    return whole(transmit, transmit(Command(command.header, rest, command.le)))
