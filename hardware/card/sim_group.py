"""The simulated card's Diffie-Hellman groups: integers modulo a prime, in a subgroup of prime order (RFC 2631)."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.card.sim_prime_order import PrimeOrder


@dataclass(frozen=True)
class Group(PrimeOrder):
    """A group and the number it has in PACEInfo. Its elements are integers; times do not hide the exponents."""

    parameter_id: int
    p: int
    generator: int
    order: int
    key_tag = 0x84  # of a public key in its data object (Doc 9303-11, section 9.4.3)

    def multiply(self, scalar: int, element: int) -> int:
        """Raise an element to a power."""
        return pow(element, scalar, self.p)

    def add(self, one: int, other: int) -> int:
        """Multiply two elements."""
        return one * other % self.p

    def encode(self, element: int) -> bytes:
        """Write an element as an unsigned integer without leading zeros (Doc 9303-11, section 9.4.1)."""
        return element.to_bytes((element.bit_length() + 7) // 8, "big")

    def decode(self, data: bytes) -> int:
        """Read an element; ValueError unless it belongs to the subgroup (RFC 2631, section 2.1.5)."""
        element = int.from_bytes(data, "big")
        if not 1 < element < self.p - 1 or pow(element, self.order, self.p) != 1:
            raise ValueError("not an element of the subgroup")
        return element

    def secret(self, element: int) -> bytes:
        """Return the shared secret as it enters key derivation: as long as the prime."""
        return element.to_bytes(self.field_bytes, "big")

    def map_number(self, number: int) -> int:
        """Map a number into the subgroup, for integrated mapping (Doc 9303-11, section 4.4.3.3.2). ValueError for 1."""
        element = pow(number, (self.p - 1) // self.order, self.p)
        if element == 1:
            raise ValueError("mapped to 1")
        return element
