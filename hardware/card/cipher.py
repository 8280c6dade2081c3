"""AES as eMRTDs use it: CBC without padding, CMAC cut to 8 bytes, and the key derivation (ICAO Doc 9303-11, 9.7 and 9.8)."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

BLOCK = 16
MAC_BYTES = 8

ENCRYPTION, AUTHENTICATION, PASSWORD = 1, 2, 3
"""The counters of the key derivation: KDF_Enc, KDF_MAC and KDF_π."""


def derive(secret: bytes | bytearray, counter: int, key_bytes: int) -> bytearray:
    """Derive a key of 16, 24 or 32 bytes (Doc 9303-11, 9.7.1): SHA-1 for the first, SHA-256 for the others, cut."""
    work = bytearray(secret) + counter.to_bytes(4, "big")
    digest = bytearray(
        hashlib.sha1(work, usedforsecurity=False).digest() if key_bytes == BLOCK else hashlib.sha256(work).digest()
    )
    key = digest[:key_bytes]
    wipe(work)
    wipe(digest)
    return key


def wipe(secret: bytearray) -> None:
    """Overwrite a secret in place. Copies inside the libraries are beyond Python's reach."""
    secret[:] = bytes(len(secret))


def encrypt(key: bytearray, iv: bytes, data: bytes) -> bytes:
    """AES-CBC over whole blocks."""
    worker = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return worker.update(data) + worker.finalize()


def decrypt(key: bytearray, iv: bytes, data: bytes) -> bytes:
    """AES-CBC over whole blocks."""
    worker = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return worker.update(data) + worker.finalize()


def mac(key: bytearray, data: bytes) -> bytes:
    """CMAC (NIST SP 800-38B), its first 8 bytes."""
    worker = CMAC(algorithms.AES(key))
    worker.update(data)
    return worker.finalize()[:MAC_BYTES]


def pad(data: bytes) -> bytes:
    """ISO/IEC 9797-1 padding method 2: 80, then zeros up to a whole block."""
    return data + b"\x80" + bytes(-(len(data) + 1) % BLOCK)
