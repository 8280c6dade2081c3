"""Secure messaging from the chip's side, Triple-DES and AES (ICAO Doc 9303-11, section 9.8).

    command    0C INS P1 P2 Lc  [87 01‖cryptogram]  [97 Le]  8E checksum  00
    response                    [87 01‖cryptogram]  99 SW    8E checksum  SW

The checksum is taken over the send sequence counter, the padded header and the objects before 8E, padded. For an odd
instruction byte the cryptogram stands in 85, without the padding indicator.
"""

from __future__ import annotations

from hardware.card.sim_apdu import Command, data_objects, encode_object
from hardware.card.sim_cipher import SessionKeys, Suite

_PADDING_INDICATOR = b"\x01"  # ISO/IEC 7816-4, 10.2: padded by ISO/IEC 9797-1, method 2
CRYPTOGRAM, ODD_CRYPTOGRAM, EXPECTED_LENGTH, STATUS, CHECKSUM = 0x87, 0x85, 0x97, 0x99, 0x8E


class MessagingError(Exception):
    """A command that was not protected as it must be: the chip answers ``status`` in the clear and forgets the keys."""

    def __init__(self, status: int, evidence: str) -> None:
        super().__init__(f"{status:04X}: {evidence}")
        self.status = status


class SecureMessaging:
    """One session: unwraps commands, wraps responses, counts both. BAC starts its counter from the nonces (9.8.6.3)."""

    def __init__(self, suite: Suite, keys: SessionKeys, counter: int = 0) -> None:
        self._suite = suite
        self._keys = keys
        self._counter = counter
        self._cryptogram_tag = CRYPTOGRAM

    def unwrap(self, command: Command) -> Command:
        """Return the command inside. Raises MessagingError."""
        self._count()
        self._cryptogram_tag = ODD_CRYPTOGRAM if command.ins & 1 else CRYPTOGRAM
        try:
            objects = list(data_objects(command.data))
        except ValueError as error:
            raise MessagingError(0x6988, str(error)) from error
        tags = [tag for tag, _, _ in objects]
        if CHECKSUM not in tags:
            raise MessagingError(0x6987, "no checksum")
        if tags not in (
            [CHECKSUM],
            [self._cryptogram_tag, CHECKSUM],
            [EXPECTED_LENGTH, CHECKSUM],
            [self._cryptogram_tag, EXPECTED_LENGTH, CHECKSUM],
        ):
            raise MessagingError(0x6988, f"objects {tags}")
        values = {tag: value for tag, value, _ in objects}
        protected = b"".join(encoded for _, _, encoded in objects[:-1])
        if values[CHECKSUM] != self._checksum(self._suite.pad(command.header) + protected):
            raise MessagingError(0x6988, "the checksum differs")
        return Command(
            command.cla & ~0x0C,
            *command[1:4],
            self._decrypt(values.get(self._cryptogram_tag)),
            _expected(values.get(EXPECTED_LENGTH)),
        )

    def wrap(self, data: bytes, status: int) -> bytes:
        """Return the protected response APDU."""
        self._count()
        status_word = status.to_bytes(2, "big")
        indicator = _PADDING_INDICATOR if self._cryptogram_tag == CRYPTOGRAM else b""
        body = encode_object(bytes([self._cryptogram_tag]), indicator + self._encrypt(data)) if data else b""
        body += encode_object(bytes([STATUS]), status_word)
        return body + encode_object(bytes([CHECKSUM]), self._checksum(body)) + status_word

    def _count(self) -> None:
        self._counter = (self._counter + 1) % (1 << 8 * self._suite.block_bytes)

    @property
    def _counter_block(self) -> bytes:
        return self._counter.to_bytes(self._suite.block_bytes, "big")

    def _checksum(self, data: bytes) -> bytes:
        return self._suite.checksum(self._keys.authentication, self._counter_block + data)

    def _vector(self) -> bytes:
        """AES: each message has its own vector, the encrypted counter (section 9.8.6.1); Triple-DES: zero."""
        if self._suite.block_bytes == 8:
            return bytes(8)
        return self._suite.encrypt(self._keys.encryption, self._counter_block)

    def _encrypt(self, data: bytes) -> bytes:
        return self._suite.encrypt(self._keys.encryption, self._suite.pad(data), self._vector())

    def _decrypt(self, value: bytes | None) -> bytes:
        if value is None:
            return b""
        sealed = value
        if self._cryptogram_tag == CRYPTOGRAM:
            if value[:1] != _PADDING_INDICATOR:
                raise MessagingError(0x6988, f"not a padded cryptogram: {value.hex()}")
            sealed = value[1:]
        if not sealed or len(sealed) % self._suite.block_bytes:
            raise MessagingError(0x6988, f"not whole blocks: {value.hex()}")
        padded = self._suite.decrypt(self._keys.encryption, sealed, self._vector())
        plain, mark, zeros = padded.rpartition(b"\x80")
        if not mark or zeros.strip(b"\x00"):
            raise MessagingError(0x6988, "no padding inside the cryptogram")
        return plain


def _expected(value: bytes | None) -> int | None:
    if value is None:
        return None
    if len(value) not in (1, 2):
        raise MessagingError(0x6988, f"Le object of {len(value)} bytes")
    return int.from_bytes(value, "big") or 0x100 ** len(value)
