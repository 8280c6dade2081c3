"""The cipher suites of a simulated chip: two-key Triple-DES and AES, as access control and secure messaging use them.

ICAO Doc 9303-11: key derivation 9.7.1, modes 9.8.6 and 9.8.7, authentication tokens 4.4.3.4. Parity bits of DES keys are
left as they fall: no implementation looks at them.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha1, sha256
from typing import NamedTuple

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.cmac import CMAC

_CHECKSUM_BYTES = 8
_DES_BYTES = 8


class SessionKeys(NamedTuple):
    """What access control leaves to secure messaging (Doc 9303-11, section 9.7)."""

    encryption: bytes
    authentication: bytes


@dataclass(frozen=True)
class Suite:
    """A block cipher with its key length; ``number`` is the last part of its object identifiers."""

    name: str
    number: int
    key_bytes: int
    block_bytes: int

    @property
    def nonce_bytes(self) -> int:
        """The length of PACE's nonce: whole blocks, not shorter than the key (Doc 9303-11, section 4.4.3.3)."""
        return -(-self.key_bytes // self.block_bytes) * self.block_bytes

    def derive(self, secret: bytes, counter: int) -> bytes:
        """Derive a key: 1 encryption, 2 authentication, 3 from a password."""
        digest = sha1 if self.key_bytes == 16 else sha256
        return digest(secret + counter.to_bytes(4, "big"), usedforsecurity=False).digest()[: self.key_bytes]

    def session_keys(self, secret: bytes) -> SessionKeys:
        """Derive both session keys."""
        return SessionKeys(self.derive(secret, 1), self.derive(secret, 2))

    def encrypt(self, key: bytes, data: bytes, vector: bytes | None = None) -> bytes:
        """Encrypt whole blocks in CBC mode; the vector is zero unless given."""
        encryptor = self._cipher(key, vector).encryptor()
        return encryptor.update(data) + encryptor.finalize()

    def decrypt(self, key: bytes, data: bytes, vector: bytes | None = None) -> bytes:
        """Decrypt whole blocks in CBC mode."""
        decryptor = self._cipher(key, vector).decryptor()
        return decryptor.update(data) + decryptor.finalize()

    def pad(self, data: bytes) -> bytes:
        """ISO/IEC 9797-1, padding method 2."""
        return data + b"\x80" + bytes(-(len(data) + 1) % self.block_bytes)

    def checksum(self, key: bytes, data: bytes) -> bytes:
        """Eight bytes over padded data: CMAC, or the retail MAC (ISO/IEC 9797-1, algorithm 3)."""
        return self._authenticate(key, self.pad(data))

    def token(self, key: bytes, data: bytes) -> bytes:
        """PACE's authentication token: CMAC pads by itself, the retail MAC by method 2."""
        return self._authenticate(key, data) if self.block_bytes == 16 else self.checksum(key, data)

    def _authenticate(self, key: bytes, data: bytes) -> bytes:
        if self.block_bytes == 16:
            mac = CMAC(AES(key))
            mac.update(data)
            return mac.finalize()[:_CHECKSUM_BYTES]
        return _retail_mac(key, data)

    def _cipher(self, key: bytes, vector: bytes | None) -> Cipher[CBC]:
        algorithm = AES(key) if self.block_bytes == 16 else TripleDES(key + key[:8])
        return Cipher(algorithm, CBC(vector if vector is not None else bytes(self.block_bytes)))


def _retail_mac(key: bytes, data: bytes) -> bytes:
    first, second = (Cipher(TripleDES(half * 3), CBC(bytes(_DES_BYTES))) for half in (key[:8], key[8:16]))
    chained = first.encryptor().update(data)[-_DES_BYTES:]
    return first.encryptor().update(second.decryptor().update(chained))


TRIPLE_DES = Suite("3DES", 1, 16, 8)
AES_128 = Suite("AES-128", 2, 16, 16)
SUITES = {
    suite.name: suite for suite in (TRIPLE_DES, AES_128, Suite("AES-192", 3, 24, 16), Suite("AES-256", 4, 32, 16))
}
