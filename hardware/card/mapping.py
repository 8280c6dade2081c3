"""How PACE turns the chip's nonce into a generator that only who knows the password knows (ICAO Doc 9303-11, 4.4.3.3).

generic      s × G + H, H being shared by two mapping keys (chip authentication mapping does the same)
integrated   a point, or residue, that is made of the nonce s and of the terminal's nonce t
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from hardware.card.cipher import Suite
from hardware.card.groups import Group, masked_power

Draw = Callable[[int], int]
"""Returns a random number from 1 to the limit, the limit excluded."""

Exchange = Callable[[bytes], bytes]
"""Sends our mapping data and returns the chip's."""

_CONSTANTS = {
    16: ("A668892A7C41E3CA739F40B057D85904", "A4E136AC725F738B01C1F60217C188AD"),
    32: (
        "D463D65234124EF7897054986DCA0A174E28DF758CBAA03F240616414D5A1676",
        "54BD7255F0AAF831BEC3423FCF39D69B6CBF066677D0FAAE5AADD99DF8E53517",
    ),
}
"""c0 and c1 by their length in bytes."""

_EXTRA_BITS = 64


class Mapped(Struct, frozen=True):
    """The generator of this run, and the chip's mapping key as it came (generic mapping; else nothing)."""

    generator: Any
    chip_key: bytes = b""


def generic(group: Group, nonce: bytes | bytearray, exchange: Exchange, draw: Draw) -> Mapped:
    """Map as 4.4.3.3.1. ProtocolError where the chip's key is none."""
    own_key = draw(group.order)
    chip_key = exchange(group.encode(group.power(group.generator, own_key)))
    shared = group.power(group.decode(chip_key), own_key)
    return Mapped(group.product(masked_power(group, int.from_bytes(nonce, "big")), shared), chip_key)


def integrated(
    group: Group, nonce: bytes | bytearray, exchange: Exchange, draw: Draw, suite: Suite, key_bytes: int
) -> Mapped:
    """Map as 4.4.3.3.2. ProtocolError where the nonces make no generator."""
    own_nonce = draw(1 << 8 * key_bytes).to_bytes(key_bytes, "big")
    exchange(own_nonce)
    return Mapped(group.from_field(field_element(group.prime, nonce, own_nonce, suite)))


def field_element(prime: int, nonce: bytes | bytearray, own_nonce: bytes, suite: Suite) -> int:
    """Return Rp(s, t): the chain k₀ = E(t, s), xᵢ = E(kᵢ₋₁, c₁), kᵢ = E(kᵢ₋₁, c₀), all x joined, modulo the prime."""
    first, second = (bytes.fromhex(constant) for constant in _CONSTANTS[len(nonce)])
    size, iv = len(own_nonce), bytes(suite.block)
    key = bytearray(suite.encrypt(bytearray(own_nonce), iv, bytes(nonce))[:size])
    stream = b""
    while 8 * len(stream) < prime.bit_length() + _EXTRA_BITS:
        stream += suite.encrypt(key, iv, second)
        key = bytearray(suite.encrypt(key, iv, first)[:size])
    return int.from_bytes(stream, "big") % prime
