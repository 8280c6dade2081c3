"""How a simulated eMRTD lets a terminal in: PACE and BAC as commands, and what wrong passwords do to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hardware.card.sim_apdu import Answer, Command, Refused, data_objects
from hardware.card.sim_bac import BacChip
from hardware.card.sim_cipher import TRIPLE_DES
from hardware.card.sim_issue import Personalisation
from hardware.card.sim_memory import CardMemory, Session
from hardware.card.sim_messaging import SecureMessaging
from hardware.card.sim_pace import PaceChip, PaceRefused, PaceSetting

_CHAINING = 0x10
_MRZ, _CAN = 1, 2
_MAX_DELAY_MS = 30_000
_DOUBLINGS_MAX = 15


class Opened(NamedTuple):
    """The answer to a command, and the session that starts after it, if one does."""

    answer: Answer
    messaging: SecureMessaging | None = None


class Access:
    """Both protocols of one powered chip. `delay_s` is how long the last command keeps the chip busy."""

    def __init__(
        self,
        personalisation: Personalisation,
        passwords: dict[int, bytes],
        draw: Callable[[int], bytes],
        memory: CardMemory,
        session: Session,
    ) -> None:
        self._files, self._profile = personalisation, personalisation.profile
        self._passwords = passwords
        self._draw, self._memory, self._session = draw, memory, session
        self._password = 0
        self._pace: PaceChip | None = None
        self._setting: PaceSetting | None = None
        self._bac: BacChip | None = None
        self.delay_s = 0.0

    def forget(self) -> None:
        """Forget a run of PACE that something else came into."""
        self._pace = None

    def choose(self, command: Command) -> Answer:
        """MSE:Set AT for PACE (Doc 9303-11, section 4.4.4.1). While wrong CANs count, 63Cx tells how many are left."""
        try:
            wanted = {tag: value for tag, value, _ in data_objects(command.data)}
        except ValueError as error:
            raise Refused(0x6A80) from error
        setting = self._find_setting(wanted.pop(0x80, b""), wanted.pop(0x84, None))
        password = int.from_bytes(wanted.pop(0x83, b""), "big")
        if wanted:
            raise Refused(0x6A80)
        if password not in self._passwords:
            raise Refused(0x6A88)
        left = self._tries_left(password)
        if left == 0:
            raise Refused(0x6983)
        static = self._files.mapping_key(setting.parameter_id) if setting.mapping == "ECDH-CAM" else None
        self._pace, self._setting = PaceChip(setting, self._passwords[password], self._draw, static), setting
        self._password = password
        return Answer(status=0x9000 if left is None else 0x63C0 | min(left, 15))

    def authenticate(self, command: Command) -> Opened:
        """GENERAL AUTHENTICATE, chained until the last step (Doc 9303-11, section 4.4.4.2)."""
        pace, self._pace = self._pace, None
        if pace is None or self._setting is None:
            raise Refused(0x6985)
        if command.p1 or command.p2:
            raise Refused(0x6A86)
        if command.le is None:
            raise Refused(0x6700)
        if pace.is_last_step == bool(command.cla & _CHAINING):
            raise Refused(0x6883)
        self._wait_after_wrong_passwords(command)
        try:
            data = pace.answer(command.data)
        except PaceRefused as refusal:
            if refusal.wrong_password:
                self._count_wrong(self._password)
            raise Refused(refusal.status) from refusal
        if len(data) > command.le:
            raise Refused(0x6700)
        if pace.keys is None:
            self._pace = pace
            return Opened(Answer(data))
        self._memory.wrong_passwords = 0
        self._memory.wrong_can = 0
        return Opened(Answer(data), SecureMessaging(self._setting.suite, pace.keys))

    def challenge(self, command: Command) -> Answer:
        """GET CHALLENGE for BAC (Doc 9303-11, section 4.3.4.1)."""
        if "BAC" not in self._profile.access:
            raise Refused(0x6D00)
        if command.p1 or command.p2:
            raise Refused(0x6A86)
        if command.le != 8 or command.data:
            raise Refused(0x6700)
        self._bac = BacChip(self._profile.mrz_information(), self._draw)
        return Answer(self._bac.challenge())

    def external_authenticate(self, command: Command) -> Opened:
        """EXTERNAL AUTHENTICATE for BAC (Doc 9303-11, section 4.3.4.2)."""
        bac, self._bac = self._bac, None
        if "BAC" not in self._profile.access:
            raise Refused(0x6D00)
        if command.p1 or command.p2:
            raise Refused(0x6A86)
        if len(command.data) != 40 or command.le not in (40, 256):
            raise Refused(0x6700)
        if bac is None:
            raise Refused(0x6985)
        self._wait_after_wrong_passwords(command)
        outcome = bac.authenticate(command.data)
        if outcome is None:
            self._count_wrong(_MRZ)
            raise Refused(int(self._profile.habits.wrong_mrz, 16))
        self._memory.wrong_passwords = 0
        return Opened(Answer(outcome.answer), SecureMessaging(TRIPLE_DES, outcome.keys, outcome.counter))

    def _find_setting(self, oid: bytes, parameter: bytes | None) -> PaceSetting:
        """Return the variant asked for; the parameters may be left out where only one variant has the identifier."""
        offered = [offer.setting() for offer in self._profile.pace] if "PACE" in self._profile.access else []
        named = [each for each in offered if each.oid == oid]
        fitting = [each for each in named if parameter in (None, bytes([each.parameter_id]))]
        if not fitting:
            raise Refused(0x6A80)
        if len(fitting) > 1:
            raise Refused(0x6A88)
        return fitting[0]

    def _tries_left(self, password: int) -> int | None:
        """Return how many CANs may still be tried; None where none was wrong, or they do not count."""
        limit, wrong = self._profile.suspend_can_after, self._memory.wrong_can
        return max(0, limit - wrong) if password == _CAN and limit and wrong else None

    def _wait_after_wrong_passwords(self, command: Command) -> None:
        """Each wrong password doubles the time that the next attempt takes to begin."""
        wrong = self._memory.wrong_passwords
        begins = command.ins == 0x82 or command.data == b"\x7c\x00"
        if wrong and begins:
            delay_ms = min(_MAX_DELAY_MS, self._profile.wrong_delay_ms << min(wrong - 1, _DOUBLINGS_MAX))
            self.delay_s = delay_ms / 1000

    def _count_wrong(self, password: int) -> None:
        self._memory.wrong_passwords += 1
        if password == _CAN:
            self._session.wrong_can += 1
            self._memory.wrong_can += 1
        else:
            self._session.wrong_mrz += 1
