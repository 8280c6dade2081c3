"""The files of a simulated eMRTD as its commands see them: SELECT and READ BINARY (ICAO Doc 9303-10, section 3.6)."""

from __future__ import annotations

from hardware.card import sim_issue
from hardware.card.sim_apdu import Answer, Command, Refused, data_objects, encode_object
from hardware.card.sim_issue import Personalisation
from hardware.card.sim_memory import Session

MASTER_FILE = bytes.fromhex("3F00")
EMRTD_APPLICATION = bytes.fromhex("A0000002471001")
_PLAIN_READ_MAX = 256
_OPEN_FILES = (sim_issue.CARD_ACCESS, sim_issue.ATR_INFO)
_NEVER_READ = (
    0x0103,
    0x0104,
)  # fingers and irises: only a terminal with a certificate of its own may (Doc 9303-11, 7.1)
_CARD_NAMES = {
    sim_issue.CARD_ACCESS: "EF.CardAccess",
    sim_issue.CARD_SECURITY: "EF.CardSecurity",
    sim_issue.ATR_INFO: "EF.ATR/INFO",
}
_SHORT_CARD_IDS = {0x01: sim_issue.ATR_INFO}


class Files:
    """Selection and reading. `protected` says whether a command came under secure messaging."""

    def __init__(self, personalisation: Personalisation, session: Session) -> None:
        self._files = personalisation
        self._profile = personalisation.profile
        self._session = session
        self._current: int | None = None
        self.in_application = False

    def select(self, command: Command, *, protected: bool) -> Answer:
        """SELECT an application, the master file, or an elementary file; no file control information is given."""
        if command.p1 == 0x04 and command.data != EMRTD_APPLICATION:
            raise Refused(0x6A82)
        if command.p2 != 0x0C:
            raise Refused(0x6A86)
        if command.le is not None and self._profile.habits.strict_le:
            raise Refused(0x6700)
        if command.p1 == 0x04:
            self.in_application, self._current = True, None
        elif command.p1 == 0x00 and command.data in (b"", MASTER_FILE):
            if (status := int(self._profile.habits.master_file, 16)) != 0x9000:
                raise Refused(status)
            self.in_application, self._current = False, None
        elif command.p1 == 0x02 and len(command.data) == 2:
            self._current = self._find(int.from_bytes(command.data, "big"), protected=protected)
        else:
            raise Refused(0x6A82 if command.p1 in (0x00, 0x02) else 0x6A86)
        return Answer()

    def read(self, command: Command, *, protected: bool) -> Answer:
        """READ BINARY with an offset of 15 bits, or of 8 bits in a file named by its short identifier."""
        size = self._length(command, protected=protected)
        if command.data:
            raise Refused(0x6700)
        offset = command.p1 << 8 | command.p2
        if command.p1 & 0x80:  # short file identifier; the identifier's last five bits (Doc 9303-10, 3.6.3)
            self._current = self._find(self._file_of(command.p1 & 0x1F), protected=protected)
            offset = command.p2
        answer = self._part(offset, size, protected=protected)
        return answer if command.le == size else answer._replace(status=0x6282)

    def read_far(self, command: Command, *, protected: bool) -> Answer:
        """READ BINARY with the offset in a data object, for files over 32767 bytes (ISO/IEC 7816-4, section 11.2.3)."""
        most = self._length(command, protected=protected)
        short = command.p2 & 0x1F
        if command.p1 or command.p2 & 0xE0:
            raise Refused(0x6A86)
        try:
            ((tag, value, _),) = data_objects(command.data)
        except ValueError as error:
            raise Refused(0x6A80) from error
        if tag != 0x54 or not 1 <= len(value) <= 3:
            raise Refused(0x6A80)
        if short:
            self._current = self._find(self._file_of(short), protected=protected)
        room = most - (2 if most < 0x82 else 3 if most < 0x103 else 4)  # what an answer of that length holds
        data, status = self._part(int.from_bytes(value, "big"), max(room, 0), protected=protected)
        return Answer(encode_object(b"\x53", data), status)

    def _length(self, command: Command, *, protected: bool) -> int:
        """Return how much may be read at once; what the card does about more is its habit."""
        most = self._profile.max_read if protected else max(_PLAIN_READ_MAX, self._profile.max_read)
        if command.le is None:
            raise Refused(0x6700)
        if command.le <= most:
            return command.le
        habit = self._profile.habits.long_read
        if habit == "6282":
            return most
        raise Refused(0x6C00 | most & 0xFF if habit == "6C" else int(habit, 16))

    def _file_of(self, short: int) -> int:
        return 0x0100 | short if self.in_application else _SHORT_CARD_IDS.get(short, 0x0100 | short)

    def _find(self, file_id: int, *, protected: bool) -> int:
        """Return the identifier of a file that is there and may be read; what needs protection does not show before."""
        is_open = not self._profile.access or (not self.in_application and file_id in _OPEN_FILES)
        if self.in_application and not (protected or is_open):
            raise Refused(0x6982)
        if not self._files.has(file_id, application=self.in_application):
            raise Refused(0x6A82)
        if not (protected or is_open) or (self.in_application and file_id in _NEVER_READ):
            raise Refused(0x6982)
        return file_id

    def _part(self, offset: int, size: int, *, protected: bool) -> Answer:
        if self._current is None:
            raise Refused(0x6986)
        content = self._files.content(self._find(self._current, protected=protected), application=self.in_application)
        if offset >= len(content):
            raise Refused(0x6B00)
        self._note(self._current)
        data = content[offset : offset + size]
        return Answer(data, 0x9000 if len(data) == size or size in (_PLAIN_READ_MAX, 0x10000) else 0x6282)

    def _note(self, file_id: int) -> None:
        name = _application_name(file_id) if self.in_application else _CARD_NAMES[file_id]
        if name not in self._session.read:
            self._session.read.append(name)


def _application_name(file_id: int) -> str:
    special = {sim_issue.COMMON: "EF.COM", sim_issue.SECURITY_OBJECT: "EF.SOD"}
    return special.get(file_id, f"EF.DG{file_id & 0x1F}")
