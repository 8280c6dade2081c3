"""What the simulated card's curves and groups have in common: a field of ``p`` elements, and a generator of prime order."""

from __future__ import annotations


class PrimeOrder:
    """The lengths that follow from the two primes."""

    p: int
    order: int

    @property
    def scalar_bytes(self) -> int:
        """The length of a private key."""
        return (self.order.bit_length() + 7) // 8

    @property
    def field_bits(self) -> int:
        """The length of the prime."""
        return self.p.bit_length()

    @property
    def field_bytes(self) -> int:
        """The same in whole bytes: the length of a coordinate, or of a residue."""
        return (self.field_bits + 7) // 8
