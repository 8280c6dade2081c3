"""The vault: sealing with a key, and forgetting by destroying it (AES-256-GCM, NIST SP 800-38D)."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.domain.faults import JournalFault

KEY_BYTES = 32
NONCE_BYTES = 12


def new_key() -> bytes:
    """Return a fresh random key."""
    return os.urandom(KEY_BYTES)


class Cipher:
    """Seals and unseals bytes with one key. The nonce is random and stands before the ciphertext."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """Return nonce + ciphertext + tag; ``aad`` binds it to its place."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, aad)

    def unseal(self, sealed: bytes, aad: bytes) -> bytes:
        """Return what was sealed; JournalFault if it was altered or moved."""
        try:
            return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)
        except InvalidTag:
            raise JournalFault(f"sealed data does not open at {aad!r}") from None
