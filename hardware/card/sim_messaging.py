"""Secure messaging from the chip's side, AES-128 (ICAO Doc 9303-11, section 9.8).

    command    0C INS P1 P2 Lc  [87 01‖cryptogram]  [97 Le]  8E checksum  00
    response                    [87 01‖cryptogram]  99 SW    8E checksum  SW

The checksum is taken over the send sequence counter, the padded header and the objects before 8E, padded.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB
from cryptography.hazmat.primitives.cmac import CMAC

from hardware.card.sim_apdu import Command, data_objects, encode_object
from hardware.card.sim_pace import SessionKeys

_BLOCK_BYTES = 16
_CHECKSUM_BYTES = 8
_PADDING_INDICATOR = b"\x01"  # ISO/IEC 7816-4, 10.2: padded by ISO/IEC 9797-1, method 2
CRYPTOGRAM, EXPECTED_LENGTH, STATUS, CHECKSUM = 0x87, 0x97, 0x99, 0x8E


class MessagingError(Exception):
    """A command that was not protected as it must be: the chip answers ``status`` in the clear and forgets the keys."""

    def __init__(self, status: int, evidence: str) -> None:
        super().__init__(f"{status:04X}: {evidence}")
        self.status = status


class SecureMessaging:
    """One session: unwraps commands, wraps responses, counts both."""

    def __init__(self, keys: SessionKeys) -> None:
        self._keys = keys
        self._counter = 0

    def unwrap(self, command: Command) -> Command:
        """Return the command inside. Raises MessagingError."""
        self._counter += 1
        try:
            objects = list(data_objects(command.data))
        except ValueError as error:
            raise MessagingError(0x6988, str(error)) from error
        tags = [tag for tag, _, _ in objects]
        if CHECKSUM not in tags:
            raise MessagingError(0x6987, "no checksum")
        if tags not in (
            [CHECKSUM],
            [CRYPTOGRAM, CHECKSUM],
            [EXPECTED_LENGTH, CHECKSUM],
            [CRYPTOGRAM, EXPECTED_LENGTH, CHECKSUM],
        ):
            raise MessagingError(0x6988, f"objects {tags}")
        values = {tag: value for tag, value, _ in objects}
        protected = b"".join(encoded for _, _, encoded in objects[:-1])
        if values[CHECKSUM] != self._checksum(_pad(command.header) + protected):
            raise MessagingError(0x6988, "the checksum differs")
        return Command(
            command.cla & ~0x0C,
            *command[1:4],
            self._decrypt(values.get(CRYPTOGRAM)),
            _expected(values.get(EXPECTED_LENGTH)),
        )

    def wrap(self, data: bytes, status: int) -> bytes:
        """Return the protected response APDU."""
        self._counter += 1
        status_word = status.to_bytes(2, "big")
        body = encode_object(bytes([CRYPTOGRAM]), _PADDING_INDICATOR + self._encrypt(data)) if data else b""
        body += encode_object(bytes([STATUS]), status_word)
        return body + encode_object(bytes([CHECKSUM]), self._checksum(body)) + status_word

    def _checksum(self, data: bytes) -> bytes:
        mac = CMAC(AES(self._keys.authentication))
        mac.update(_pad(self._counter.to_bytes(_BLOCK_BYTES, "big") + data))
        return mac.finalize()[:_CHECKSUM_BYTES]

    def _cipher(self) -> Cipher[CBC]:
        """Each message has its own vector: the encrypted counter (section 9.8.6.1)."""
        encryptor = Cipher(AES(self._keys.encryption), ECB()).encryptor()  # noqa: S305 - one block, as the protocol wants
        vector = encryptor.update(self._counter.to_bytes(_BLOCK_BYTES, "big")) + encryptor.finalize()
        return Cipher(AES(self._keys.encryption), CBC(vector))

    def _encrypt(self, data: bytes) -> bytes:
        encryptor = self._cipher().encryptor()
        return encryptor.update(_pad(data)) + encryptor.finalize()

    def _decrypt(self, value: bytes | None) -> bytes:
        if value is None:
            return b""
        if value[:1] != _PADDING_INDICATOR or len(value) == 1 or (len(value) - 1) % _BLOCK_BYTES:
            raise MessagingError(0x6988, f"not a padded cryptogram: {value.hex()}")
        decryptor = self._cipher().decryptor()
        plain, mark, zeros = (decryptor.update(value[1:]) + decryptor.finalize()).rpartition(b"\x80")
        if not mark or zeros.strip(b"\x00"):
            raise MessagingError(0x6988, "no padding inside the cryptogram")
        return plain


def _expected(value: bytes | None) -> int | None:
    if value is None:
        return None
    if len(value) not in (1, 2):
        raise MessagingError(0x6988, f"Le object of {len(value)} bytes")
    return int.from_bytes(value, "big") or 0x100 ** len(value)


def _pad(data: bytes) -> bytes:
    """ISO/IEC 9797-1, padding method 2."""
    return data + b"\x80" + bytes(-(len(data) + 1) % _BLOCK_BYTES)
