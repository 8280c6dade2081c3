"""Chip Authentication, version 1 (ICAO Doc 9303-11, 6.2): a key agreement with the key whose public half is in EF.DG14.

    3DES   MSE:Set KAT  00 22 41 A6 │ 91 our public key, 84 number of the key
    AES    MSE:Set AT   00 22 41 A4 │ 80 protocol, 84 number of the key; GENERAL AUTHENTICATE 7C: 80 our public key → --

Both sides now derive new session keys. Only a chip with the private key can, so the first answer protected by them is
the proof; what ran before has proven nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from asn1crypto import core
from msgspec import Struct

from hardware.card import tlv
from hardware.card.apdu import SHORT_LE_MAX, Command, Response, Transmit, UnexpectedStatus
from hardware.card.asn1 import given, integer, reading
from hardware.card.groups import CurveGroup, Group, ResidueGroup
from hardware.card.pace_info import SecurityInfos
from hardware.card.public_keys import CURVES, DhKey, EcKey, PublicKey, RsaKey, parse_public_key
from hardware.card.refusal import Refused
from kiosk.domain.faults import ProtocolError

_DG14_TAG = 0x6E
_KEY_OF_DH, _KEY_OF_ECDH = "0.4.0.127.0.7.2.2.1.1", "0.4.0.127.0.7.2.2.1.2"
_PROTOCOL_ARCS = {"0.4.0.127.0.7.2.2.3.1": "DhKey", "0.4.0.127.0.7.2.2.3.2": "EcKey"}
"""id-CA-DH and id-CA-ECDH, and which kind of key each works with."""

CIPHERS = {1: "3des", 2: "aes128", 3: "aes192", 4: "aes256"}
"""The last number of the protocol's object identifier (Doc 9303-11, 9.2.5)."""

_SHORT_KEY_BYTES_MAX = 192
"""Of a Diffie-Hellman key: what secure messaging adds still fits."""

_SET_KAT, _SET_AT, _AUTHENTICATE = 0x002241A6, 0x002241A4, 0x00860000

Draw = Callable[[int], int]
"""Returns a private key from 1 to the limit, the limit excluded."""


class ChipKey(Struct, frozen=True):
    """A way to run Chip Authentication: the chip's key, its number where it has several (else -1), the protocol."""

    key: DhKey | EcKey
    number: int
    oid: str

    @property
    def cipher(self) -> str:
        """The cipher of the new session, a value of ``CIPHERS``."""
        return CIPHERS[int(self.oid.rpartition(".")[2])]

    @property
    def needs_long_apdus(self) -> bool:
        """Whether our public key, in its data objects, is longer than the data of a protected short APDU."""
        return isinstance(self.key, DhKey) and self.key.size > _SHORT_KEY_BYTES_MAX


class KeyAgreed(Struct, frozen=True):
    """What both sides have if the chip is genuine: the shared secret that the new session keys are derived from.

    Who derives them overwrites it.
    """

    secret: bytearray
    cipher: str

    @property
    def key_bytes(self) -> int:
        """How long its keys are: two of 8 bytes, or one of 16, 24 or 32."""
        return {"aes192": 24, "aes256": 32}.get(self.cipher, 16)


def offered(dg14: bytes) -> list[ChipKey]:
    """Return the ways that EF.DG14 offers and we can, the strongest cipher first.

    A key without a ChipAuthenticationInfo is meant for 3DES, as the first documents were. ProtocolError: damaged.
    """
    infos: list[tuple[int, str]] = []
    with reading("EF.DG14"):
        encoded = tlv.only(dg14, _DG14_TAG)
        keys = keys_in(encoded)
        for info in SecurityInfos.load(encoded, strict=True):
            oid, number = str(info["protocol"].dotted), _number(info["extra"])
            if oid.rpartition(".")[0] in _PROTOCOL_ARCS and oid.rpartition(".")[2] in map(str, CIPHERS):
                infos.append((number, oid))
    ways = [way for number, key in keys for way in _ways(key, number, infos)]
    return sorted(ways, key=lambda way: way.oid[-1], reverse=True)


def keys_in(security_infos: bytes) -> list[tuple[int, PublicKey]]:
    """Return each ChipAuthenticationPublicKeyInfo (Doc 9303-11, 9.2.6): the key's number, -1 for none, and the key."""
    with reading("security infos"):
        return [
            (_number(info["extra"]), parse_public_key(info["required"].dump()))
            for info in SecurityInfos.load(security_infos, strict=True)
            if str(info["protocol"].dotted) in {_KEY_OF_DH, _KEY_OF_ECDH}
        ]


def _number(extra: Any) -> int:
    return integer(extra.parse(core.Integer)) if given(extra) and extra.dump()[:1] == b"\x02" else -1


def _ways(key: PublicKey, number: int, infos: list[tuple[int, str]]) -> list[ChipKey]:
    if isinstance(key, RsaKey):
        return []
    kind = type(key).__name__
    fitting = [
        oid
        for told, oid in infos
        if _PROTOCOL_ARCS[oid.rpartition(".")[0]] == kind and (told == number or -1 in {told, number})
    ]
    first = next(arc for arc, of in _PROTOCOL_ARCS.items() if of == kind)
    return [ChipKey(key, number, oid) for oid in fitting or [f"{first}.1"]]


def agree(protected: Transmit, way: ChipKey, draw: Draw = secrets.randbelow) -> KeyAgreed:
    """Send our ephemeral key over the session that stands, and calculate the secret. Refused not_genuine: the chip refuses."""
    ours, shared = _key_pair(way.key, draw)
    number = _reference(way.number)
    if way.cipher == "3des":
        _expect(protected(Command(_SET_KAT, tlv.encode(0x91, ours) + number)), "MSE:Set KAT")
    else:
        oid = tlv.encode(0x80, core.ObjectIdentifier(way.oid).contents)
        _expect(protected(Command(_SET_AT, oid + number)), "MSE:Set AT")
        data = tlv.encode(0x7C, tlv.encode(0x80, ours))
        _expect(protected(Command(_AUTHENTICATE, data, SHORT_LE_MAX)), "GENERAL AUTHENTICATE")
    return KeyAgreed(shared, way.cipher)


def _reference(number: int) -> bytes:
    """Return the data object that tells the chip which of its keys is meant; nothing where it has one."""
    return b"" if number < 0 else tlv.encode(0x84, number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big"))


def _expect(response: Response, doing: str) -> None:
    if not response.ok:
        error = UnexpectedStatus(response.status, doing)
        raise Refused("not_genuine", f"the chip does not authenticate itself: {error}")


def _key_pair(key: DhKey | EcKey, draw: Draw) -> tuple[bytes, bytearray]:
    """Return our public key as it is sent, and the shared secret."""
    group, theirs = _group_of(key)
    private = draw(group.order - 1) + 1
    ours = group.encode(group.power(group.generator, private))
    return ours, group.shared_secret(group.power(theirs, private))


def _group_of(key: DhKey | EcKey) -> tuple[Group, Any]:
    """Return the group of the chip's key, and the key as an element of it. A group that tells no order is a safe prime's."""
    if isinstance(key, DhKey):
        order = key.order or key.prime >> 1
        return ResidueGroup(f"group of {key.prime.bit_length()} bits", key.prime, key.generator, order), key.public
    group = CurveGroup(CURVES[key.curve])
    return group, group.decode(b"\x04" + b"".join(c.to_bytes(key.size, "big") for c in (key.x, key.y)))


def check_proof(protected: Transmit, command: Command, expected: bytes) -> None:
    """Hear the chip under the new keys: any authentic answer is the proof. ``expected``: what the command reads, if it does.

    Refused not_genuine: the chip has not got the keys, or tells something else than before.
    """
    try:
        response = protected(command)
    except ProtocolError as error:
        raise Refused("not_genuine", f"the chip has no key of EF.DG14, it is a copy: {error}") from error
    if response.ok and response.data != expected:
        raise Refused("not_genuine", "the chip tells something else since its authentication")
