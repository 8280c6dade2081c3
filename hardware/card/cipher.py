"""The block ciphers of eMRTDs with their MACs, and the key derivation (ICAO Doc 9303-11, 9.7 and 9.8).

AES    CBC, CMAC cut to 8 bytes, keys of 16, 24 or 32 bytes
3DES   two keys of 8 bytes, CBC; ISO/IEC 9797-1 MAC algorithm 3 ("retail MAC"): DES-CBC with the first, 3DES for the last block
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Protocol

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC
from msgspec import Struct

from kiosk.domain.secret import overwrite

BLOCK = 16
MAC_BYTES = 8
_DES_BLOCK = 8

ENCRYPTION, AUTHENTICATION, PASSWORD = 1, 2, 3
"""The counters of the key derivation: KDF_Enc, KDF_MAC and KDF_π."""


def derive(secret: bytes | bytearray, counter: int, key_bytes: int) -> bytearray:
    """Derive a key of 16, 24 or 32 bytes (Doc 9303-11, 9.7.1): SHA-1 for the first, SHA-256 for the others, cut."""
    work = bytearray(len(secret) + 4)  # at once as long as it gets: one that grows leaves copies behind
    work[:-4], work[-4:] = secret, counter.to_bytes(4, "big")
    digest = bytearray(
        hashlib.sha1(work, usedforsecurity=False).digest() if key_bytes == BLOCK else hashlib.sha256(work).digest()
    )
    key = digest[:key_bytes]
    wipe(work)
    wipe(digest)
    return key


def wipe(secret: bytearray) -> None:
    """Overwrite a secret in place. Copies that Python or a library made are overwritten when they are freed (systemd/kiosk.service)."""
    overwrite(secret)


def encrypt(key: bytearray, iv: bytes, data: bytes) -> bytes:
    """AES-CBC over whole blocks."""
    return _cbc(algorithms.AES(key), iv, data)


def decrypt(key: bytearray, iv: bytes, data: bytes) -> bytes:
    """AES-CBC over whole blocks."""
    return _cbc_open(algorithms.AES(key), iv, data)


def mac(key: bytearray, data: bytes) -> bytes:
    """CMAC (NIST SP 800-38B), its first 8 bytes."""
    worker = CMAC(algorithms.AES(key))
    worker.update(data)
    return worker.finalize()[:MAC_BYTES]


def pad(data: bytes, block: int = BLOCK) -> bytes:
    """ISO/IEC 9797-1 padding method 2: 80, then zeros up to a whole block."""
    return data + b"\x80" + bytes(-(len(data) + 1) % block)


class Keyed(Struct, frozen=True):
    """The ciphers of one session with their keys in them: let it go with the session.

    To set a cipher up takes ten times as long as to open a message with it. All data are whole blocks.
    """

    vector: Callable[[bytes], bytes]
    """Returns the initial vector of the message of a counter."""
    encrypt: Callable[[bytes, bytes], bytes]
    """CBC of data under an initial vector, which comes first."""
    decrypt: Callable[[bytes, bytes], bytes]
    """CBC likewise."""
    mac: Callable[[bytes], bytes]
    """Returns the MAC of 8 bytes over data that was padded already."""


class Suite(Protocol):
    """A block cipher as secure messaging, PACE and Basic Access Control use it. All data are whole blocks but ``token``'s."""

    @property
    def block(self) -> int:
        """Bytes of a block, and of the send sequence counter."""

    def derive(self, secret: bytes | bytearray, counter: int, key_bytes: int) -> bytearray:
        """Derive a key from a shared secret."""

    def encrypt(self, key: bytearray, iv: bytes, data: bytes) -> bytes:
        """CBC."""

    def decrypt(self, key: bytearray, iv: bytes, data: bytes) -> bytes:
        """CBC."""

    def keyed(self, encryption_key: bytearray, mac_key: bytearray) -> Keyed:
        """Return the ciphers of a session."""

    def mac(self, key: bytearray, data: bytes) -> bytes:
        """Return the MAC of 8 bytes over data that was padded already."""

    def token(self, key: bytearray, data: bytes) -> bytes:
        """Return the MAC of 8 bytes over data of any length: it pads by itself where it must (Doc 9303-11, 4.4.3.4)."""


class Aes:
    """AES with CMAC (Doc 9303-11, 9.8.7)."""

    block = BLOCK

    def derive(self, secret: bytes | bytearray, counter: int, key_bytes: int) -> bytearray:
        """Derive a key of 16, 24 or 32 bytes."""
        return derive(secret, counter, key_bytes)

    def encrypt(self, key: bytearray, iv: bytes, data: bytes) -> bytes:
        """CBC."""
        return encrypt(key, iv, data)

    def decrypt(self, key: bytearray, iv: bytes, data: bytes) -> bytes:
        """CBC."""
        return decrypt(key, iv, data)

    def keyed(self, encryption_key: bytearray, mac_key: bytearray) -> Keyed:
        """Return the ciphers of a session; the initial vector is the counter, encrypted."""
        algorithm, fresh = algorithms.AES(encryption_key), CMAC(algorithms.AES(mac_key))

        def mac_of(data: bytes) -> bytes:
            worker = fresh.copy()
            worker.update(data)
            return worker.finalize()[:MAC_BYTES]

        vector = Cipher(algorithm, modes.ECB()).encryptor().update  # noqa: S305 - one block, never the same twice
        return Keyed(vector, partial(_cbc, algorithm), _opener(algorithm, BLOCK), mac_of)

    def mac(self, key: bytearray, data: bytes) -> bytes:
        """CMAC."""
        return mac(key, data)

    def token(self, key: bytearray, data: bytes) -> bytes:
        """CMAC, which pads in its own way."""
        return mac(key, data)


class TwoKeyTripleDes:
    """3DES with two keys and the retail MAC (Doc 9303-11, 9.8.6)."""

    block = _DES_BLOCK

    def derive(self, secret: bytes | bytearray, counter: int, key_bytes: int) -> bytearray:
        """Derive a pair of DES keys with odd parity (9.7.1.1)."""
        key = derive(secret, counter, key_bytes)
        for place, octet in enumerate(key):
            key[place] = octet & 0xFE | (octet >> 1).bit_count() + 1 & 1
        return key

    def encrypt(self, key: bytearray, iv: bytes, data: bytes) -> bytes:
        """CBC."""
        return _cbc(_triple(key), iv, data)

    def decrypt(self, key: bytearray, iv: bytes, data: bytes) -> bytes:
        """CBC."""
        return _cbc_open(_triple(key), iv, data)

    def keyed(self, encryption_key: bytearray, mac_key: bytearray) -> Keyed:
        """Return the ciphers of a session; the initial vector is zero."""
        algorithm = _triple(encryption_key)
        opener = _opener(algorithm, _DES_BLOCK)
        return Keyed(lambda _: bytes(_DES_BLOCK), partial(_cbc, algorithm), opener, partial(self.mac, mac_key))

    def mac(self, key: bytearray, data: bytes) -> bytes:
        """Retail MAC."""
        single = TripleDES(bytes(key[:_DES_BLOCK]) * 3)
        chained = (bytes(_DES_BLOCK) + _cbc(single, bytes(_DES_BLOCK), data[:-_DES_BLOCK]))[-_DES_BLOCK:]
        return self.encrypt(key, chained, data[-_DES_BLOCK:])

    def token(self, key: bytearray, data: bytes) -> bytes:
        """Retail MAC over the padded data."""
        return self.mac(key, pad(data, _DES_BLOCK))


AES, TRIPLE_DES = Aes(), TwoKeyTripleDes()


def _triple(key: bytearray) -> TripleDES:
    return TripleDES(bytes(key + key[:_DES_BLOCK]))


def _cbc(algorithm: BlockCipherAlgorithm, iv: bytes, data: bytes) -> bytes:
    worker = Cipher(algorithm, modes.CBC(iv)).encryptor()
    return worker.update(data) + worker.finalize()


def _opener(algorithm: BlockCipherAlgorithm, block: int) -> Callable[[bytes, bytes], bytes]:
    """Return what opens one message after the other: to the chain a message's vector is the block that came before it."""
    worker = Cipher(algorithm, modes.CBC(bytes(block))).decryptor()
    return lambda iv, data: worker.update(iv + data)[block:]


def _cbc_open(algorithm: BlockCipherAlgorithm, iv: bytes, data: bytes) -> bytes:
    worker = Cipher(algorithm, modes.CBC(iv)).decryptor()
    return worker.update(data) + worker.finalize()
