"""The simulated card's chip: an eMRTD made from a profile (ICAO Doc 9303-10 for its files, 9303-11 for its protocols).

It is as strict as the strictest cards in the field: no Le on SELECT and MSE (6700), no more than the profile's limit per
protected read (6700), nothing of the application before access control (6982), and any mistake in secure messaging ends
the session.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from hardware.card.sim_access import Access, Opened
from hardware.card.sim_active_authentication import sign_challenge
from hardware.card.sim_apdu import Answer, Command, Refused, data_objects, encode_object, parse_command
from hardware.card.sim_cipher import TRIPLE_DES, Suite
from hardware.card.sim_files import Files
from hardware.card.sim_issue import personalise
from hardware.card.sim_memory import CardMemory, Session
from hardware.card.sim_messaging import MessagingError, SecureMessaging
from hardware.card.sim_profile import CardProfile

_PROTECTED = 0x0C
_CHAINING = 0x10
_GENERAL_AUTHENTICATE = 0x86
_CHALLENGE_BYTES = 8


class Chip:
    """A person's chip. `process` answers any bytes with a response APDU and never raises.

    `working_s` is how long the last command kept it busy: whoever carries its answers holds them back so long.
    """

    def __init__(
        self,
        profile: CardProfile,
        draw: Callable[[int], bytes] = secrets.token_bytes,
        passwords: dict[int, bytes] | None = None,
        memory: CardMemory | None = None,
    ) -> None:
        self._profile = profile
        self._files_and_keys = personalise(profile)
        self._passwords = passwords if passwords is not None else profile.passwords()
        self._draw = draw
        self._memory = memory or CardMemory()
        self._commands: dict[int, Callable[[Command], Answer]] = {
            0xA4: lambda command: self._files.select(command, protected=self._messaging is not None),
            0xB0: lambda command: self._files.read(command, protected=self._messaging is not None),
            0xB1: lambda command: self._files.read_far(command, protected=self._messaging is not None),
            0x22: self._set_environment,
            0x84: self._challenge,
            0x82: self._external_authenticate,
            0x86: self._general_authenticate,
            0x88: self._internal_authenticate,
        }
        self.reset()

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        return answer_to_reset(extended=self._profile.extended)

    @property
    def working_s(self) -> float:
        """How long the last command kept the chip busy."""
        return self._profile.faults.slow_ms / 1000 + self._access.delay_s

    def reset(self) -> None:
        """Power on or reset: everything but the files and the counters is forgotten."""
        self.session = Session(self._profile.name)
        self._files = Files(self._files_and_keys, self.session)
        self._access = Access(self._files_and_keys, self._passwords, self._draw, self._memory, self.session)
        self._messaging: SecureMessaging | None = None
        self._next: SecureMessaging | None = None
        self._chip_suite: Suite | None = None
        self._protected_commands = 0

    def process(self, apdu: bytes) -> bytes:
        """Answer a command APDU."""
        self.session.apdus += 1
        self._access.delay_s = 0.0
        try:
            command = parse_command(apdu)
        except ValueError:
            self._messaging = None
            return Answer(status=0x6700).encoded
        if command.cla & _PROTECTED == _PROTECTED:
            return self._process_protected(command)
        self._messaging = None  # Doc 9303-11, 9.8.3: a command in the clear ends the session
        answer = self._execute(command).encoded
        self._messaging, self._next = self._next, None
        return answer

    def _process_protected(self, command: Command) -> bytes:
        messaging = self._messaging
        if messaging is None:
            return Answer(status=0x6988).encoded
        try:
            inner = messaging.unwrap(command)
        except MessagingError as error:
            self._messaging = None
            return Answer(status=error.status).encoded
        answer = messaging.wrap(*self._execute(inner))
        if self._next is not None:
            self._messaging, self._next = self._next, None
        return self._perhaps_spoilt(answer)

    def _perhaps_spoilt(self, answer: bytes) -> bytes:
        """Turn one bit of the checksum over where the profile says so."""
        self._protected_commands += 1
        if self._protected_commands != self._profile.faults.wrong_mac_at:
            return answer
        return answer[:-3] + bytes([answer[-3] ^ 0x01]) + answer[-2:]

    def _execute(self, command: Command) -> Answer:
        if command.ins != _GENERAL_AUTHENTICATE:
            self._access.forget()
        if command.cla and (command.cla, command.ins) != (_CHAINING, _GENERAL_AUTHENTICATE):
            return Answer(status=0x6E00)
        try:
            return self._commands.get(command.ins, _unknown)(command)
        except Refused as refusal:
            return Answer(status=refusal.status)

    def _set_environment(self, command: Command) -> Answer:
        """MANAGE SECURITY ENVIRONMENT: PACE's, or one of chip authentication's two."""
        place = (command.p1, command.p2)
        if place not in ((0xC1, 0xA4), (0x41, 0xA4), (0x41, 0xA6)):
            raise Refused(0x6A86)
        if command.le is not None and self._profile.habits.strict_le:
            raise Refused(0x6700)
        if place == (0xC1, 0xA4):
            if self._messaging is not None:
                raise Refused(0x6985)
            return self._access.choose(command)
        if self._messaging is None:
            raise Refused(0x6982)
        if self._files_and_keys.chip_key is None or not self._files.in_application:
            raise Refused(0x6A88)
        return self._choose_chip_key(command) if place == (0x41, 0xA4) else self._agree_at_once(command)

    def _choose_chip_key(self, command: Command) -> Answer:
        """MSE:Set AT for chip authentication (Doc 9303-11, section 6.2.4.2)."""
        key, wanted = self._files_and_keys.chip_key, _objects(command)
        self._chip_suite = key.suite_of(wanted.get(0x80, b"")) if key is not None else None
        if self._chip_suite is None:
            raise Refused(0x6A80)
        if 0x84 in wanted:
            raise Refused(0x6A88)
        return Answer()

    def _agree_at_once(self, command: Command) -> Answer:
        """MSE:Set KAT, Triple-DES only (Doc 9303-11, section 6.2.4.1)."""
        key, wanted = self._files_and_keys.chip_key, _objects(command)
        if key is None or TRIPLE_DES not in key.suites or 0x91 not in wanted:
            raise Refused(0x6A80)
        if 0x84 in wanted:
            raise Refused(0x6A88)
        self._agree(wanted[0x91], TRIPLE_DES)
        return Answer()

    def _agree(self, public_key: bytes, suite: Suite) -> None:
        key = self._files_and_keys.chip_key
        if key is None:
            raise Refused(0x6A88)
        try:
            self._next = key.agree(public_key, suite)
        except ValueError as error:
            raise Refused(0x6A80) from error

    def _general_authenticate(self, command: Command) -> Answer:
        if self._messaging is None:
            return self._opened(self._access.authenticate(command))
        suite, self._chip_suite = self._chip_suite, None
        if suite is None or command.cla:
            raise Refused(0x6985)
        if command.le is None:
            raise Refused(0x6700)
        objects = _objects(command)
        if 0x7C not in objects:
            raise Refused(0x6A80)
        self._agree(_objects(command._replace(data=objects[0x7C])).get(0x80, b""), suite)
        return Answer(encode_object(b"\x7c", b""))

    def _challenge(self, command: Command) -> Answer:
        if self._messaging is not None or ("BAC" in self._profile.access and not self._files.in_application):
            raise Refused(0x6985)  # BAC belongs to the application (Doc 9303-11, section 4.3)
        return self._access.challenge(command)

    def _external_authenticate(self, command: Command) -> Answer:
        if self._messaging is not None:
            raise Refused(0x6985)
        return self._opened(self._access.external_authenticate(command))

    def _internal_authenticate(self, command: Command) -> Answer:
        """Obey INTERNAL AUTHENTICATE for active authentication (Doc 9303-11, section 6.1.3)."""
        key = self._files_and_keys.active_key
        if key is None:
            raise Refused(0x6D00)
        if not self._files.in_application or (self._messaging is None and self._profile.access):
            raise Refused(0x6982)
        if command.p1 or command.p2:
            raise Refused(0x6A86)
        if len(command.data) != _CHALLENGE_BYTES or command.le is None:
            raise Refused(0x6700)
        signature = sign_challenge(command.data, key, self._profile.active_hash, self._draw)
        if len(signature) > command.le:
            raise Refused(0x6700)
        return Answer(signature)

    def _opened(self, opened: Opened) -> Answer:
        self._next = opened.messaging
        return opened.answer


def answer_to_reset(*, extended: bool) -> bytes:
    """Contactless style: T=0 and T=1, check byte (PC/SC part 3, 3.1.3.2.3); card capabilities where lengths are extended."""
    historical = (
        bytes.fromhex("80730000C0") if extended else b""
    )  # ISO/IEC 7816-4, section 12.1.1: chaining, extended Lc and Le
    body = bytes([0x80 | len(historical), 0x80, 0x01]) + historical
    check = 0
    for byte in body:
        check ^= byte
    return b"\x3b" + body + bytes([check])


def _objects(command: Command) -> dict[int, bytes]:
    try:
        return {tag: value for tag, value, _ in data_objects(command.data)}
    except ValueError as error:
        raise Refused(0x6A80) from error


def _unknown(_: Command) -> Answer:
    raise Refused(0x6D00)
