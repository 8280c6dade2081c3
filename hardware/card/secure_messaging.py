"""Secure messaging (ICAO Doc 9303-11, 9.8): every command and response encrypted, counted and authenticated.

    command    0C INS P1 P2 │ 87 01‖encrypted data │ 97 Le │ 8E MAC │ 00
    response   87 01‖encrypted data │ 99 SW │ 8E MAC │ SW

Where INS is odd (READ BINARY with its offset in a data object) the encrypted data stand in 85, without 01 before them.
MAC over: send sequence counter ‖ padded header ‖ the data objects, padded; the response has no header.
IV of the encryption: with AES the counter, encrypted; with 3DES zeros. The counter, one block long, grows by one before
each command and each response.
"""

from __future__ import annotations

import hmac

from hardware.card import cipher, tlv
from hardware.card.apdu import EXTENDED_LE_MAX, SHORT_DATA_MAX, SHORT_LE_MAX, Command, Response, Transmit, status_name
from kiosk.domain.faults import ProtocolError

READ_MAX = 0xDF
"""223: what a chip with a buffer of 256 bytes can return under secure messaging, with all data objects around it."""

_ENCRYPTED, _ENCRYPTED_OBJECTS, _LE, _STATUS, _MAC = 0x87, 0x85, 0x97, 0x99, 0x8E
_ENDED = "the secure messaging session has ended"
_PADDED = b"\x01"
_ODD_INSTRUCTION = 0x00010000
_MAC_OBJECT_BYTES = 2 + cipher.MAC_BYTES
_MAC_HEAD = bytes([_MAC, cipher.MAC_BYTES])
_ANSWERS = ((_STATUS,), (_ENCRYPTED, _STATUS))
_ODD_ANSWERS = (*_ANSWERS, (_ENCRYPTED_OBJECTS, _STATUS))


class SessionEnded(ProtocolError):
    """The card answered in the clear: it has ended the session (Doc 9303-11, 9.8.5)."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the card ended secure messaging: {status_name(status)}")
        self.status = status


class SecureMessaging:
    """One session with one chip. It ends, and its keys go, with the first response that is not as it must be."""

    def __init__(
        self, encryption_key: bytearray, mac_key: bytearray, counter: int = 0, suite: cipher.Suite = cipher.AES
    ) -> None:
        self._enc, self._mac, self._counter, self._suite = encryption_key, mac_key, counter, suite
        self._keyed: cipher.Keyed | None = suite.keyed(encryption_key, mac_key)
        self._odd = False

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._keyed is not None

    def over(self, transmit: Transmit) -> Transmit:
        """Return a transmit that speaks plain APDUs to its caller and protected ones to the card."""
        return lambda command: self.unwrap(transmit(self.wrap(command)))

    def end(self) -> None:
        """End the session and overwrite its keys."""
        self._keyed = None
        cipher.wipe(self._enc)
        cipher.wipe(self._mac)

    def wrap(self, command: Command) -> Command:
        """Protect a command. ProtocolError after the end of the session: nothing is ever sent unprotected."""
        keyed = self._step()
        self._odd = bool(command.header & _ODD_INSTRUCTION)
        header = command.header | 0x0C000000
        body = b""
        if command.data:
            sealed = keyed.encrypt(keyed.vector(self._count()), self._pad(command.data))
            body += tlv.encode(_ENCRYPTED_OBJECTS, sealed) if self._odd else tlv.encode(_ENCRYPTED, _PADDED + sealed)
        if command.le is not None:
            body += tlv.encode(_LE, _le_bytes(command.le))
        covered = self._pad(header.to_bytes(4, "big")) + body
        body += tlv.encode(_MAC, keyed.mac(self._count() + (self._pad(covered) if body else covered)))
        extended = len(body) > SHORT_DATA_MAX or (command.le or 0) > SHORT_LE_MAX
        return Command(header, body, EXTENDED_LE_MAX if extended else SHORT_LE_MAX)

    def unwrap(self, response: Response) -> Response:
        """Verify and open a response. ProtocolError, and the end of the session, for anything not authentic."""
        try:
            return self._unwrap(response)
        except ProtocolError:
            self.end()
            raise

    def _unwrap(self, response: Response) -> Response:
        keyed = self._step()
        if not response.data:
            raise SessionEnded(response.status)
        covered, mac = response.data[:-_MAC_OBJECT_BYTES], response.data[-_MAC_OBJECT_BYTES:]
        objects = tlv.parse(covered)
        tags = tuple(found.tag for found in objects)
        if tags not in (_ODD_ANSWERS if self._odd else _ANSWERS) or mac[:2] != _MAC_HEAD:
            raise ProtocolError(
                f"data objects {', '.join(f'{tag:X}' for tag in tags)} ‖ {mac.hex()} in a protected response"
            )
        if not hmac.compare_digest(keyed.mac(self._count() + self._pad(covered)), mac[2:]):
            raise ProtocolError("wrong MAC of a protected response")
        if objects[-1].value != response.status.to_bytes(2, "big"):
            raise ProtocolError(f"status {response.status:04X} outside, {objects[-1].value.hex()} inside")
        if len(objects) == 1:
            return Response(b"", response.status)
        bare = objects[0].tag == _ENCRYPTED_OBJECTS
        sealed = _PADDED + objects[0].value if bare else objects[0].value
        return Response(self._open(keyed, sealed), response.status)

    def _open(self, keyed: cipher.Keyed, sealed: bytes) -> bytes:
        if sealed[:1] != _PADDED or len(sealed) % self._suite.block != 1 or len(sealed) == 1:
            raise ProtocolError(f"encrypted data of {len(sealed)} bytes with padding indicator {sealed[:1].hex()}")
        padded = keyed.decrypt(keyed.vector(self._count()), sealed[1:]).rstrip(b"\x00")
        if not padded.endswith(b"\x80"):
            raise ProtocolError("encrypted data without padding")
        return padded[:-1]

    def _step(self) -> cipher.Keyed:
        """Count one message, and return the ciphers that it is for. ProtocolError after the end of the session."""
        if self._keyed is None:
            raise ProtocolError(_ENDED)
        self._counter = (self._counter + 1) % (1 << 8 * self._suite.block)
        return self._keyed

    def _pad(self, data: bytes) -> bytes:
        return cipher.pad(data, self._suite.block)

    def _count(self) -> bytes:
        return self._counter.to_bytes(self._suite.block, "big")


def _le_bytes(le: int) -> bytes:
    return bytes([le % SHORT_LE_MAX]) if le <= SHORT_LE_MAX else (le % EXTENDED_LE_MAX).to_bytes(2, "big")
