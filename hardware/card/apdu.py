"""Command and response APDUs (ISO/IEC 7816-4, 5.1), short and extended, and the status words by name.

    command   CLA INS P1 P2 │ Lc data │ Le     Lc, Le: one byte each; extended: 00 and two bytes for the first of them
    response  data │ SW1 SW2                   SW1 is 6x or 9x, anything else is no status word

``le`` is a number of bytes, 1…65536; the wire says 256 (short) and 65536 (extended) as zeros. None: no Le at all.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from kiosk.domain.faults import ProtocolError

SHORT_DATA_MAX = 255
SHORT_LE_MAX = 256
EXTENDED_LE_MAX = 65536

OK = 0x9000
END_OF_FILE = 0x6282

STATUS_NAMES = {
    0x6282: "end of file reached before Le bytes",
    0x6300: "authentication failed",
    0x6700: "wrong length",
    0x6882: "secure messaging not supported",
    0x6982: "security status not satisfied",
    0x6983: "authentication method blocked",
    0x6984: "reference data not usable",
    0x6985: "conditions of use not satisfied",
    0x6986: "command not allowed, no current file",
    0x6987: "secure messaging data objects missing",
    0x6988: "secure messaging data objects incorrect",
    0x6A80: "incorrect parameters in the data field",
    0x6A81: "function not supported",
    0x6A82: "file or application not found",
    0x6A86: "incorrect parameters P1-P2",
    0x6A88: "referenced data not found",
    0x6B00: "wrong parameters P1-P2, offset outside the file",
    0x6D00: "instruction not supported",
    0x6E00: "class not supported",
    0x6F00: "no precise diagnosis",
    0x9000: "success",
}


def status_name(status: int) -> str:
    """Say a status word as a technician reads it: ``6A82 (file or application not found)``."""
    name = STATUS_NAMES.get(status)
    if name is None and status >> 4 == 0x63C:
        name = f"authentication failed, {status & 0x0F} tries left"
    if name is None:
        name = {0x61: f"{status & 0xFF} bytes still available", 0x6C: f"wrong Le, {status & 0xFF} bytes"}.get(
            status >> 8, "unnamed"
        )
    return f"{status:04X} ({name})"


class Command(Struct, frozen=True):
    """A command. ``header`` is CLA INS P1 P2 in one number as the manuals print it: 0x00A4040C."""

    header: int
    data: bytes = b""
    le: int | None = None

    def to_bytes(self) -> bytes:
        """Encode; extended only where short does not suffice."""
        head = self.header.to_bytes(4, "big")
        if len(self.data) > SHORT_DATA_MAX or (self.le or 0) > SHORT_LE_MAX:
            return head + self._extended()
        body = bytes([len(self.data)]) + self.data if self.data else b""
        return head + body + (b"" if self.le is None else bytes([self.le % SHORT_LE_MAX]))

    def _extended(self) -> bytes:
        body = b"\x00" + len(self.data).to_bytes(2, "big") + self.data if self.data else b""
        if self.le is None:
            return body
        return body + (b"" if body else b"\x00") + (self.le % EXTENDED_LE_MAX).to_bytes(2, "big")

    @classmethod
    def from_bytes(cls, frame: bytes) -> Command:
        """Decode; ProtocolError where the lengths do not fit each other."""
        if len(frame) < 4:
            raise ProtocolError(f"a command has at least 4 bytes, got {frame.hex()}")
        header, body = int.from_bytes(frame[:4], "big"), frame[4:]
        if len(body) <= 1:
            return cls(header, le=(body[0] or SHORT_LE_MAX) if body else None)
        width = 1 if body[0] else 3
        length = int.from_bytes(body[:width], "big")
        if width == len(body) == 3:
            return cls(header, le=length or EXTENDED_LE_MAX)
        data, tail = body[width : width + length], body[width + length :]
        if not length or len(data) < length or len(tail) not in {0, 1 if width == 1 else 2}:
            raise ProtocolError(f"Lc {length} does not fit the {len(body)} bytes after the header of {frame.hex()}")
        limit = SHORT_LE_MAX if width == 1 else EXTENDED_LE_MAX
        return cls(header, data, (int.from_bytes(tail, "big") or limit) if tail else None)


class Response(Struct, frozen=True):
    """A response: data and status word."""

    data: bytes
    status: int

    @property
    def ok(self) -> bool:
        """Whether the command was carried out (9000)."""
        return self.status == OK

    @classmethod
    def from_bytes(cls, frame: bytes) -> Response:
        """Decode; ProtocolError where there is no status word at the end."""
        if len(frame) < 2 or frame[-2] >> 4 not in {0x6, 0x9}:
            raise ProtocolError(
                f"expected a response ending in a status word 6xxx or 9xxx, got {frame[-8:].hex() or 'nothing'}"
            )
        return cls(frame[:-2], int.from_bytes(frame[-2:], "big"))

    def to_bytes(self) -> bytes:
        """Encode."""
        return self.data + self.status.to_bytes(2, "big")


Transmit = Callable[[Command], Response]
"""Sends one command and returns its response; raises where the card or the reader fails."""

_GET_RESPONSE = 0x00C00000
_PIECES_MAX = 64


def over_t0(transmit: Transmit) -> Transmit:
    """Carry APDUs over T=0 (ISO/IEC 7816-3, 12.2), where a command has data or Le, not both.

    6Cxx: the card names the right Le and has done nothing yet. 61xx: its data waits for GET RESPONSE.
    """

    def exchange(command: Command) -> Response:
        sent = Command(command.header, command.data) if command.data else command
        response = transmit(sent)
        if response.status >> 8 == 0x6C and not command.data:
            response = transmit(Command(command.header, le=response.status & 0xFF or SHORT_LE_MAX))
        return whole(transmit, response)

    return exchange


def whole(transmit: Transmit, response: Response) -> Response:
    """Fetch the rest of a response that comes in pieces: 61xx, then GET RESPONSE (ISO/IEC 7816-4, 5.3.4)."""
    data = response.data
    for _ in range(_PIECES_MAX):
        if response.status >> 8 != 0x61:
            return Response(data, response.status)
        response = transmit(Command(_GET_RESPONSE, le=response.status & 0xFF or SHORT_LE_MAX))
        data += response.data
    raise ProtocolError(f"the card still announces data after {_PIECES_MAX} GET RESPONSE")


class UnexpectedStatus(ProtocolError):
    """The card refused a command that it should carry out."""

    def __init__(self, status: int, doing: str) -> None:
        super().__init__(f"{doing}: {status_name(status)}")
        self.status = status


def expect_ok(response: Response, doing: str) -> None:
    """Raise UnexpectedStatus unless the command was carried out."""
    if not response.ok:
        raise UnexpectedStatus(response.status, doing)
