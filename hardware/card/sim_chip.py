"""The simulated card's chip: an eMRTD that opens by PACE alone (ICAO Doc 9303-10 for its files, 9303-11 for access).

It is as strict as the strictest cards in the field: no Le on SELECT and MSE (6700), no more than 223 bytes per protected
read (6700), nothing of the application before PACE (6982), and any mistake in secure messaging ends the session.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from hardware.card.sim_apdu import Command, data_objects, encode_object, parse_command
from hardware.card.sim_messaging import MessagingError, SecureMessaging
from hardware.card.sim_pace import OID_GM_AES_128, PARAMETER_ID, PaceChip, PaceRefused
from hardware.card.sim_persons import Person

ATR = bytes.fromhex("3B80800101")  # contactless style: T=0 and T=1, check byte (PC/SC part 3, section 3.1.3.2.3)
MASTER_FILE = bytes.fromhex("3F00")
EMRTD_APPLICATION = bytes.fromhex("A0000002471001")
PROTECTED_READ_MAX = 223
_PLAIN_READ_MAX = 256
_PROTECTED = 0x0C
_CHAINING = 0x10
_PASSWORD_NAMES = {1: "mrz", 2: "can"}
_NAMES = {0x011C: "EF.CardAccess", 0x011E: "EF.COM", 0x0101: "EF.DG1"}


class _Refused(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


@dataclass
class Session:
    """What the chip saw since it was powered: for the ledger."""

    card: str
    apdus: int = 0
    read: list[str] = field(default_factory=list)
    wrong_can: int = 0
    wrong_mrz: int = 0


class Chip:
    """A person's chip. `process` answers any bytes with a response APDU and never raises."""

    def __init__(
        self,
        person: Person,
        draw: Callable[[int], bytes] = secrets.token_bytes,
        passwords: dict[int, bytes] | None = None,
    ) -> None:
        self._name = person.name
        self._passwords = passwords if passwords is not None else person.passwords()
        self._draw = draw
        self._card_files = {0x011C: _card_access()}
        self._application_files = {0x011E: _common(), 0x0101: _mrz_group(person.mrz())}
        self._commands = {0xA4: self._select, 0xB0: self._read, 0x22: self._choose_password, 0x86: self._authenticate}
        self.reset()

    def reset(self) -> None:
        """Power on or reset: everything but the files is forgotten."""
        self.session = Session(self._name)
        self._in_application = False
        self._current: int | None = None
        self._password = 0
        self._pace: PaceChip | None = None
        self._messaging: SecureMessaging | None = None

    def process(self, apdu: bytes) -> bytes:
        """Answer a command APDU."""
        self.session.apdus += 1
        try:
            command = parse_command(apdu)
        except ValueError:
            self._messaging = None
            return _response(b"", 0x6700)
        if command.cla & _PROTECTED == _PROTECTED:
            return self._process_protected(command)
        self._messaging = None  # Doc 9303-11, 9.8.3: a command in the clear ends the session
        return _response(*self._execute(command))

    def _process_protected(self, command: Command) -> bytes:
        messaging = self._messaging
        if messaging is None:
            return _response(b"", 0x6988)
        try:
            inner = messaging.unwrap(command)
        except MessagingError as error:
            self._messaging = None
            return _response(b"", error.status)
        return messaging.wrap(*self._execute(inner))

    def _execute(self, command: Command) -> tuple[bytes, int]:
        if command.ins != 0x86:
            self._pace = None
        if command.cla and (command.cla, command.ins) != (_CHAINING, 0x86):
            return b"", 0x6E00
        try:
            return self._commands.get(command.ins, _unknown)(command)
        except _Refused as refusal:
            return b"", refusal.status

    def _select(self, command: Command) -> tuple[bytes, int]:
        if command.p2 != 0x0C:
            raise _Refused(0x6A86)
        if command.le is not None:
            raise _Refused(0x6700)
        if command.p1 == 0x04 and command.data == EMRTD_APPLICATION:
            self._in_application, self._current = True, None
        elif command.p1 == 0x00 and command.data in (b"", MASTER_FILE):
            self._in_application, self._current = False, None
        elif command.p1 == 0x02 and len(command.data) == 2:
            self._current = self._find(int.from_bytes(command.data, "big"))
        else:
            raise _Refused(0x6A82 if command.p1 in (0x00, 0x02, 0x04) else 0x6A86)
        return b"", 0x9000

    def _find(self, file_id: int) -> int:
        if self._in_application and self._messaging is None:
            raise _Refused(0x6982)
        if file_id not in self._files:
            raise _Refused(0x6A82)
        return file_id

    @property
    def _files(self) -> dict[int, bytes]:
        return self._application_files if self._in_application else self._card_files

    def _read(self, command: Command) -> tuple[bytes, int]:
        most = _PLAIN_READ_MAX if self._messaging is None else PROTECTED_READ_MAX
        if command.le is None or command.le > most or command.data:
            raise _Refused(0x6700)
        offset = command.p1 << 8 | command.p2
        if command.p1 & 0x80:  # short file identifier; the identifier's last five bits (Doc 9303-10, 3.6.3)
            self._current = self._find(0x0100 | command.p1 & 0x1F)
            offset = command.p2
        if self._current is None:
            raise _Refused(0x6986)
        content = self._files[self._find(self._current)]
        if offset >= len(content):
            raise _Refused(0x6B00)
        if (name := _NAMES[self._current]) not in self.session.read:
            self.session.read.append(name)
        data = content[offset : offset + command.le]
        return data, 0x9000 if len(data) == command.le or command.le == _PLAIN_READ_MAX else 0x6282

    def _choose_password(self, command: Command) -> tuple[bytes, int]:
        """MSE:Set AT (Doc 9303-11, section 4.4.4.1)."""
        if (command.p1, command.p2) != (0xC1, 0xA4):
            raise _Refused(0x6A86)
        if command.le is not None:
            raise _Refused(0x6700)
        if self._messaging is not None:
            raise _Refused(0x6985)
        try:
            wanted = {tag: value for tag, value, _ in data_objects(command.data)}
        except ValueError as error:
            raise _Refused(0x6A80) from error
        known = wanted.pop(0x80, b"") == OID_GM_AES_128 and wanted.pop(0x84, b"\x0d") == bytes([PARAMETER_ID])
        password = int.from_bytes(wanted.pop(0x83, b""), "big")
        if not known or wanted:
            raise _Refused(0x6A80)
        if password not in self._passwords:
            raise _Refused(0x6A88)
        self._password, self._pace = password, PaceChip(self._passwords[password], self._draw)
        return b"", 0x9000

    def _authenticate(self, command: Command) -> tuple[bytes, int]:
        """GENERAL AUTHENTICATE, chained until the last step (Doc 9303-11, section 4.4.4.2)."""
        pace, self._pace = self._pace, None
        if pace is None or self._messaging is not None:
            raise _Refused(0x6985)
        if command.p1 or command.p2:
            raise _Refused(0x6A86)
        if command.le is None:
            raise _Refused(0x6700)
        if pace.is_last_step == bool(command.cla & _CHAINING):
            raise _Refused(0x6883)
        try:
            answer = pace.answer(command.data)
        except PaceRefused as refusal:
            if refusal.wrong_password:
                self._count_wrong_password()
            raise _Refused(refusal.status) from refusal
        if pace.keys is None:
            self._pace = pace
        else:
            self._messaging = SecureMessaging(pace.keys)
        return answer, 0x9000

    def _count_wrong_password(self) -> None:
        counter = f"wrong_{_PASSWORD_NAMES[self._password]}"
        setattr(self.session, counter, getattr(self.session, counter) + 1)


def _unknown(_: Command) -> tuple[bytes, int]:
    raise _Refused(0x6D00)


def _response(data: bytes, status: int) -> bytes:
    return data + status.to_bytes(2, "big")


def _card_access() -> bytes:
    """EF.CardAccess: a SET of one PACEInfo, version 2 (Doc 9303-11, section 9.2.1)."""
    oid = encode_object(b"\x06", OID_GM_AES_128)
    info = encode_object(b"\x30", oid + encode_object(b"\x02", b"\x02") + encode_object(b"\x02", bytes([PARAMETER_ID])))
    return encode_object(b"\x31", info)


def _common() -> bytes:
    """EF.COM: LDS version 1.7, Unicode 4.0.0, data group 1 alone (Doc 9303-10, section 4.6.1)."""
    versions = encode_object(b"\x5f\x01", b"0107") + encode_object(b"\x5f\x36", b"040000")
    return encode_object(b"\x60", versions + encode_object(b"\x5c", b"\x61"))


def _mrz_group(mrz: str) -> bytes:
    """EF.DG1: the machine readable zone (Doc 9303-10, section 4.7.1)."""
    return encode_object(b"\x61", encode_object(b"\x5f\x1f", mrz.encode("ascii")))
