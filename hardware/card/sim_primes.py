"""Numbers and primes derived from labels, so that simulated keys need neither storage nor dice."""

from __future__ import annotations

from functools import cache
from hashlib import shake_256
from itertools import count

_SMALL = 2000
_WITNESSES = (2, 3, 5, 7, 11, 13, 17, 19)
_PUBLIC_EXPONENT = 65537
# How far behind its starting point a label's prime lies: known ones need no search (about 0.3 s per 1024 bits).
_KNOWN = {
    ("csca rsa p", 1024): 1218,
    ("csca rsa q", 1024): 58,
    ("csca rsa foreign p", 1024): 1736,
    ("csca rsa foreign q", 1024): 376,
    ("document signer rsa good p", 1024): 334,
    ("document signer rsa good q", 1024): 362,
    ("document signer rsa expired p", 1024): 174,
    ("document signer rsa expired q", 1024): 328,
    ("document signer rsa revoked p", 1024): 2652,
    ("document signer rsa revoked q", 1024): 304,
    ("document signer rsa foreign p", 1024): 568,
    ("document signer rsa foreign q", 1024): 1540,
}


def derived_number(label: str, size_bits: int) -> int:
    """Return a number of at most `size_bits` bits that only the label decides."""
    size = (size_bits + 7) // 8
    return int.from_bytes(shake_256(label.encode()).digest(size), "big") >> (8 * size - size_bits)


@cache
def derived_prime(label: str, size_bits: int) -> int:
    """Return a prime of `size_bits` bits, its two highest set, that suits the public exponent 65537."""
    start = derived_number(label, size_bits) | 0b11 << (size_bits - 2) | 1
    known = _KNOWN.get((label, size_bits))
    return start + (known if known is not None else _distance(start))


def _distance(start: int) -> int:
    small = [number for number in range(3, _SMALL, 2) if all(number % divisor for divisor in range(3, number, 2))]
    residues = [(prime, start % prime) for prime in small]
    for distance in count(0, 2):
        candidate = start + distance
        if all((residue + distance) % prime for prime, residue in residues) and _is_prime(candidate):
            return distance
    raise AssertionError("primes do not end")


def _is_prime(number: int) -> bool:
    """Miller and Rabin's test; for numbers this long a few witnesses are enough."""
    if number % _PUBLIC_EXPONENT == 1:
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for witness in _WITNESSES:
        value = pow(witness, odd, number)
        if value not in (1, number - 1) and all(
            (value := value * value % number) != number - 1 for _ in range(twos - 1)
        ):
            return False
    return True
