"""The simulated technician's card: a PIV applet with one key, slot 9A, PIV authentication (NIST SP 800-73-4, part 2).

    SELECT 00A40400 A000000308000010000100 (or its first five or nine bytes)     application property template
    GET DATA 00CB3FFF 5C 03 tag                                                  53 object
    VERIFY 00200080 PIN padded with FF                                           63Cx tries left, 6983 blocked
    GENERAL AUTHENTICATE 0087 algorithm 9A  7C {82 00, 81 challenge}             7C {82 signature}

Answers longer than a short response come in pieces: 61xx, then GET RESPONSE. Commands may be chained (CLA 10).
"""

from __future__ import annotations

from collections.abc import Callable

from hardware.card.sim_apdu import Answer, Command, Refused, data_objects, encode_object, parse_command
from hardware.card.sim_der import integer, sequence
from hardware.card.sim_domains import CURVES_BY_NAME
from hardware.card.sim_keys import EcKey, RsaKey
from hardware.card.sim_memory import CardMemory, TechnicianSession
from hardware.card.sim_pki import technician_certificate
from hardware.card.sim_profile import TechnicianProfile

APPLICATION = bytes.fromhex("A000000308000010000100")
_RID_BYTES, _WITHOUT_VERSION_BYTES = 5, 9
_AUTHENTICATION_KEY = 0x9A
_APPLICATION_PIN = 0x80
_TAKEN_BACK = 0xFF
_ALGORITHMS = {"secp256r1": 0x11, "rsa-2048": 0x07}
_CERTIFICATE, _HOLDER_ID, _DISCOVERY = b"\x5f\xc1\x05", b"\x5f\xc1\x02", b"\x7e"
_NAMES = {_CERTIFICATE: "certificate 9A", _HOLDER_ID: "CHUID", _DISCOVERY: "discovery"}
_PIN_BYTES = 8
_PIECE_BYTES = 256
_CHAINING = 0x10
_ATR = bytes.fromhex("3B80800101")  # T=0 and T=1, check byte: a card with both faces


class TechnicianChip:
    """A technician's chip. `process` answers any bytes with a response APDU and never raises."""

    def __init__(self, profile: TechnicianProfile, memory: CardMemory | None = None) -> None:
        self._profile = profile
        self._memory = memory or CardMemory()
        self._commands: dict[int, Callable[[Command], Answer]] = {
            0xA4: self._select,
            0xCB: self._get_data,
            0x20: self._verify,
            0x87: self._authenticate,
            0xC0: self._get_response,
        }
        self.reset()

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        return _ATR

    @property
    def working_s(self) -> float:
        """How long the last command kept the chip busy."""
        return self._profile.faults.slow_ms / 1000

    def reset(self) -> None:
        """Power on or reset: nothing is selected, no PIN was given."""
        self.session = TechnicianSession(self._profile.name)
        self._selected = False
        self._verified = False
        self._rest = b""
        self._chained = b""

    def process(self, apdu: bytes) -> bytes:
        """Answer a command APDU."""
        self.session.apdus += 1
        try:
            command = parse_command(apdu)
        except ValueError:
            return Answer(status=0x6700).encoded
        try:
            return self._execute(command).encoded
        except Refused as refusal:
            self._chained = b""
            return Answer(status=refusal.status).encoded

    def _execute(self, command: Command) -> Answer:
        if command.ins not in self._commands:
            raise Refused(0x6D00)
        if command.cla == _CHAINING and command.ins == 0x87:
            self._chained += command.data
            return Answer()
        if command.cla:
            raise Refused(0x6E00)
        if not self._selected and command.ins != 0xA4:
            raise Refused(0x6D00)
        whole, self._chained = command._replace(data=self._chained + command.data), b""
        if command.ins != 0xC0:
            self._rest = b""
        return self._in_pieces(self._commands[command.ins](whole), command)

    def _in_pieces(self, answer: Answer, command: Command) -> Answer:
        """Give as much as fits; 61xx says how much is left, 61 00 for 256 or more."""
        most = _PIECE_BYTES if self._profile.chaining else (command.le or _PIECE_BYTES)
        data = answer.data
        if answer.status != 0x9000 or len(data) <= min(most, command.le or most):
            return answer
        size = min(most, command.le or most)
        self._rest = data[size:]
        return Answer(data[:size], 0x6100 | (len(self._rest) if len(self._rest) < 0x100 else 0))

    def _get_response(self, _: Command) -> Answer:
        if not self._rest:
            raise Refused(0x6985)
        rest, self._rest = self._rest, b""
        return Answer(rest)

    def _select(self, command: Command) -> Answer:
        """SELECT by name, whole or from its left (SP 800-73-4, part 2, section 3.1.1)."""
        if (command.p1, command.p2) != (0x04, 0x00):
            raise Refused(0x6A86)
        names = (APPLICATION, APPLICATION[:_WITHOUT_VERSION_BYTES], APPLICATION[:_RID_BYTES])
        if command.data not in names:
            raise Refused(0x6A82)
        self._selected = True
        authority = encode_object(b"\x79", encode_object(b"\x4f", APPLICATION[:_RID_BYTES]))
        return Answer(encode_object(b"\x61", encode_object(b"\x4f", APPLICATION[_RID_BYTES:]) + authority))

    def _get_data(self, command: Command) -> Answer:
        if (command.p1, command.p2) != (0x3F, 0xFF):
            raise Refused(0x6A86)
        tag = _objects(command.data).get(0x5C)
        if tag is None or tag not in _NAMES:
            raise Refused(0x6A82)
        if (name := _NAMES[tag]) not in self.session.read:
            self.session.read.append(name)
        return Answer(self._object(tag))

    def _object(self, tag: bytes) -> bytes:
        if tag == _DISCOVERY:  # the name, and that the application's own PIN is the only one
            policy = encode_object(b"\x5f\x2f", b"\x40\x00")
            return encode_object(b"\x7e", encode_object(b"\x4f", APPLICATION) + policy)
        parts = [(b"\x70", self._certificate()), (b"\x71", b"\x00"), (b"\xfe", b"")]
        if tag == _HOLDER_ID:
            number = self._profile.staff_number.encode().ljust(16, b"\x00")[:16]
            parts = [(b"\x30", bytes(25)), (b"\x34", number), (b"\x35", b"20490101"), (b"\x3e", b""), (b"\xfe", b"")]
        return encode_object(b"\x53", b"".join(encode_object(each, value) for each, value in parts))

    def _certificate(self) -> bytes:
        profile = self._profile
        certificate = technician_certificate(
            profile.common_name, profile.staff_number, profile.role, self._key(), profile.certificate
        )
        return certificate.encoded

    def _key(self, prefix: str = "") -> EcKey | RsaKey:
        label = f"{prefix}technician {self._profile.staff_number}"
        if self._profile.key == "secp256r1":
            return EcKey.derived(CURVES_BY_NAME["secp256r1"], label)
        return RsaKey.derived(2048, label)

    def _verify(self, command: Command) -> Answer:
        """VERIFY; without data it tells how many tries are left, or that none is needed (part 2, section 3.2.1).

        With P1 = FF the PIN counts as not given.
        """
        if command.p1 not in {0, _TAKEN_BACK} or command.p2 != _APPLICATION_PIN:
            raise Refused(0x6A88)
        if command.p1:
            if command.data:
                raise Refused(0x6A80)
            self._verified = False
            return Answer()
        left = self._profile.tries - self._memory.wrong_pin
        if not command.data and self._verified:
            return Answer()
        if left <= 0:
            raise Refused(0x6983)
        if not command.data:
            raise Refused(0x63C0 | left)
        if len(command.data) != _PIN_BYTES:
            raise Refused(0x6A80)
        self._verified = command.data == self._profile.pin.encode().ljust(_PIN_BYTES, b"\xff")
        if self._verified:
            self._memory.wrong_pin = 0
            return Answer()
        self._memory.wrong_pin += 1
        self.session.wrong_pin += 1
        raise Refused(0x63C0 | left - 1 if left > 1 else 0x6983)

    def _authenticate(self, command: Command) -> Answer:
        """GENERAL AUTHENTICATE: sign a challenge with the key in slot 9A (part 2, section 3.2.4)."""
        if command.p1 != _ALGORITHMS[self._profile.key] or command.p2 != _AUTHENTICATION_KEY:
            raise Refused(0x6A86)
        if not self._verified:
            raise Refused(0x6982)
        template = _objects(command.data).get(0x7C)
        inner = _objects(template) if template is not None else {}
        challenge = inner.get(0x81)
        if challenge is None or inner.get(0x82) != b"":
            raise Refused(0x6A80)
        self.session.signed += 1
        return Answer(encode_object(b"\x7c", encode_object(b"\x82", self._sign(challenge))))

    def _sign(self, challenge: bytes) -> bytes:
        """RSA: apply the key to a padded block; P-256: sign a hash as it is."""
        key = self._key("clone of " if self._profile.faults.cloned_active else "")
        if isinstance(key, RsaKey):
            if len(challenge) != key.modulus_bytes:
                raise Refused(0x6A80)
            return key.apply(challenge)
        if len(challenge) != key.curve.scalar_bytes:
            raise Refused(0x6A80)
        plain, size = key.sign_hash(challenge), key.curve.scalar_bytes
        return sequence(*(integer(int.from_bytes(part, "big")) for part in (plain[:size], plain[size:])))


def _objects(data: bytes) -> dict[int, bytes]:
    try:
        return {tag: value for tag, value, _ in data_objects(data)}
    except ValueError as error:
        raise Refused(0x6A80) from error
