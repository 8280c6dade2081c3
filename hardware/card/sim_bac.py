"""Basic Access Control from the chip's side (ICAO Doc 9303-11, section 4.3)."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha1
from typing import NamedTuple

from hardware.card.sim_cipher import TRIPLE_DES, SessionKeys

_NONCE_BYTES = 8
_KEY_BYTES = 16
_CRYPTOGRAM_BYTES = 32


class BacOutcome(NamedTuple):
    """The answer to External Authenticate, and what secure messaging starts with."""

    answer: bytes
    keys: SessionKeys
    counter: int


class BacChip:
    """One chip's side of the protocol. `mrz_information`: number, birth and expiry with their check digits."""

    def __init__(self, mrz_information: str, draw: Callable[[int], bytes]) -> None:
        seed = sha1(mrz_information.encode("ascii"), usedforsecurity=False).digest()[:_KEY_BYTES]
        self._keys = TRIPLE_DES.session_keys(seed)
        self._draw = draw
        self._nonce: bytes | None = None

    def challenge(self) -> bytes:
        """Draw the nonce that the terminal must seal."""
        self._nonce = self._draw(_NONCE_BYTES)
        return self._nonce

    def authenticate(self, data: bytes) -> BacOutcome | None:
        """Answer External Authenticate; None when the terminal has another MRZ, or no challenge was asked for."""
        nonce, self._nonce = self._nonce, None
        sealed, checksum = data[:_CRYPTOGRAM_BYTES], data[_CRYPTOGRAM_BYTES:]
        if nonce is None or checksum != TRIPLE_DES.checksum(self._keys.authentication, sealed):
            return None
        plain = TRIPLE_DES.decrypt(self._keys.encryption, sealed)
        terminal_nonce, returned, terminal_key = plain[:8], plain[8:16], plain[16:]
        if returned != nonce:
            return None
        chip_key = self._draw(_KEY_BYTES)
        answer = TRIPLE_DES.encrypt(self._keys.encryption, nonce + terminal_nonce + chip_key)
        answer += TRIPLE_DES.checksum(self._keys.authentication, answer)
        seed = bytes(one ^ other for one, other in zip(terminal_key, chip_key, strict=True))
        return BacOutcome(answer, TRIPLE_DES.session_keys(seed), int.from_bytes(nonce[4:] + terminal_nonce[4:], "big"))
