"""The PIV dialogue, byte by byte as NIST SP 800-73-4 (part 2) and SP 800-78-4 write it; signatures by a library's keys."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hardware.card.apdu import Command, Response
from hardware.card.piv import Holder, authenticate, challenge_for, read_certificate, tries_left, unpacked
from hardware.card.public_keys import RsaKey, parse_public_key
from hardware.card.sim_persons import TECHNICIAN
from hardware.card.sim_piv import TechnicianChip
from kiosk.domain.faults import ProtocolError
from kiosk.domain.secret import Secret
from kiosk.domain.technician import Technician, TechnicianRefusal
from tests.hardware.card.wide_reader import tlv

SELECT = "00A404000BA00000030800001000010000"
GET_CERTIFICATE = "00CB3FFF055C035FC10500"
EMPTY_VERIFY = "00200080"
VERIFY = "0020008008323436383130FFFF"
NONCE = bytes(range(32))
RANA = Technician("Rəna Əliyeva", "77", ("technician",))
CERTIFICATE = b"\x30\x03abc"
OBJECT = tlv("53", tlv("70", CERTIFICATE) + tlv("71", b"\x00") + tlv("FE", b""))


class Card:
    """Answers each command from a table, and keeps what was said to it. A function answers by what it is given."""

    def __init__(self, **answers: str | Callable[[Command], str]) -> None:
        self.answers: dict[str, Any] = {"A4": "9000", "CB": OBJECT.hex() + "9000", "20": "63C3", **answers}
        self.said: list[str] = []

    def __call__(self, command: Command) -> Response:
        self.said.append(command.to_bytes().hex().upper())
        answer = self.answers[f"{command.header >> 16 & 0xFF:02X}"]
        return Response.from_bytes(bytes.fromhex(answer(command) if callable(answer) else answer))


def by_pin(left: str, given: str = "9000") -> Callable[[Command], str]:
    return lambda command: given if command.data else left


def let(card: Card, key: Any, pin: str = "246810", **options: Any) -> Technician | TechnicianRefusal:
    public = parse_public_key(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return authenticate(card, Secret(pin), lambda _: Holder(RANA, public), random=lambda _: NONCE, **options)


def signing(key: Any, size: int) -> Callable[[Command], str]:
    """A curve's key that signs the hash at the end of the template."""

    def sign(command: Command) -> str:
        hashed = hashes_of(size)
        assert command.data.endswith(hashed)
        algorithm = ec.ECDSA(utils.Prehashed(utils_hash(size)))
        return (tlv("7C", tlv("82", key.sign(hashed, algorithm)))).hex() + "9000"

    return sign


def hashes_of(size: int) -> bytes:
    return (hashlib.sha256 if size == 32 else hashlib.sha384)(NONCE).digest()


def utils_hash(size: int) -> Any:
    from cryptography.hazmat.primitives import hashes

    return hashes.SHA256() if size == 32 else hashes.SHA384()


P256, P384, P521 = (ec.generate_private_key(curve()) for curve in (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1))


@pytest.mark.parametrize(
    ("key", "head", "size"), [(P256, "0087119A267C2482008120", 32), (P384, "0087149A367C3482008130", 48)]
)
def test_a_curve_signs_the_hash_of_a_fresh_challenge(key: Any, head: str, size: int):
    """Five commands, to the byte: name, certificate, counter, PIN filled up with FF, challenge (algorithm 11 or 14)."""
    card = Card(**{"20": by_pin("63C3"), "87": signing(key, size)})
    assert let(card, key) == RANA
    hashed = hashes_of(size).hex().upper()
    assert card.said == [SELECT, GET_CERTIFICATE, EMPTY_VERIFY, VERIFY, f"{head}{hashed}00"]


@pytest.mark.parametrize(("bits", "algorithm"), [(2048, "07"), (3072, "05")])
def test_rsa_gets_a_filled_up_block_in_a_chain(bits: int, algorithm: str):
    """The block is 00 01 FF… 00 DigestInfo hash (RFC 8017, 9.2), in pieces of 255; the answer comes in pieces too."""
    key = rsa.generate_private_key(65537, bits)
    numbers, size = key.private_numbers(), bits // 8
    sent, rest = bytearray(), b""

    def card_sign(command: Command) -> str:
        nonlocal rest
        sent.extend(command.data)
        if command.header >> 28:
            return "9000"
        block = int.from_bytes(sent[-size:], "big")
        signature = pow(block, numbers.d, numbers.public_numbers.n).to_bytes(size, "big")
        answer = tlv("7C", tlv("82", signature))
        rest = answer[200:]
        return answer[:200].hex() + f"61{len(rest) if len(rest) < 256 else 0:02X}"

    card = Card(**{"20": by_pin("63C3"), "87": card_sign, "C0": lambda _: rest.hex() + "9000"})
    assert let(card, key) == RANA
    commands = [each for each in card.said if each[2:4] == "87"]
    assert [each[:10] for each in commands[:-1]] == [f"1087{algorithm}9AFF"] * (len(commands) - 1)
    assert commands[-1].startswith(f"0087{algorithm}9A")
    info = "3031300D060960864801650304020105000420" + hashlib.sha256(NONCE).hexdigest().upper()
    head = f"7C82{size + 10 - 4:04X}82008182{size:04X}"
    assert sent.hex().upper() == f"{head}0001{'FF' * (size - 54)}00{info}"
    assert card.said[-1].startswith("00C00000")


def test_a_key_that_piv_does_not_know_signs_nothing():
    """A P-521 certificate is refused before a try is risked."""
    card = Card()
    answer = let(card, P521)
    assert isinstance(answer, TechnicianRefusal)
    assert (answer.reason, card.said) == ("untrusted", [SELECT, GET_CERTIFICATE])


@pytest.mark.parametrize(
    ("answers", "pin", "reason", "left", "commands"),
    [
        ({"A4": "6A82"}, "246810", "not_a_technician_card", -1, 1),
        ({"CB": "6A82"}, "246810", "not_a_technician_card", -1, 2),
        ({"CB": "53009000"}, "246810", "not_a_technician_card", -1, 2),
        ({"20": "6983"}, "246810", "blocked", 0, 3),
        ({"20": "63C0"}, "246810", "blocked", 0, 3),
        ({"20": "63C1"}, "246810", "last_try", 1, 3),
        ({"20": by_pin("63C3", "63C2")}, "246810", "wrong_pin", 2, 4),
        ({"20": by_pin("63C2", "63C0")}, "246810", "blocked", 0, 4),
        ({"20": by_pin("63C2", "6983")}, "246810", "blocked", 0, 4),
        ({"20": "63C3"}, "24681", "wrong_pin", 3, 3),
        ({"20": "63C3"}, "246810246", "wrong_pin", 3, 3),
        ({"20": "63C3"}, "24681x", "wrong_pin", 3, 3),
        ({"20": "63C3"}, "", "wrong_pin", 3, 3),
    ],
)
def test_each_refusal_is_told_and_ends_the_dialogue(
    answers: dict[str, Any], pin: str, reason: str, left: int, commands: int
):
    """What was refused, how many tries are left, and not one command more: a PIN that cannot be right is never sent."""
    card = Card(**answers)
    answer = let(card, P256, pin)
    assert isinstance(answer, TechnicianRefusal)
    assert (answer.reason, answer.tries_left, len(card.said)) == (reason, left, commands)


def already_given(forgets: bool) -> Card:
    """Return a card to which the PIN was given before; 1 try is left."""
    given = True

    def verify(command: Command) -> str:
        nonlocal given
        given = given and not (forgets and command.header == 0x0020FF80)
        if command.header == 0x0020FF80:
            return "9000" if forgets else "6A86"
        return "9000" if given else "63C1"

    return Card(**{"20": verify})


@pytest.mark.parametrize(("forgets", "reason"), [(True, "last_try"), (False, "unreadable")])
def test_no_try_is_spent_where_the_card_does_not_tell_how_many_are_left(forgets: bool, reason: str):
    """A card whose PIN was given before tells no number: it must forget that and tell, or it never sees the PIN."""
    card = already_given(forgets)
    answer = let(card, P256)
    assert isinstance(answer, TechnicianRefusal)
    assert answer.reason == reason
    assert card.said == [SELECT, GET_CERTIFICATE, EMPTY_VERIFY, "0020FF80", EMPTY_VERIFY]


def test_the_simulated_card_forgets_that_the_pin_was_given():
    """VERIFY with P1 = FF, and the counter is told again."""
    chip = TechnicianChip(TECHNICIAN)
    said = [bytes.fromhex(each) for each in (SELECT, VERIFY, EMPTY_VERIFY, "0020FF80", EMPTY_VERIFY)]
    assert [chip.process(each)[-2:].hex().upper() for each in said][1:] == ["9000", "9000", "9000", "63C3"]


def test_the_last_try_is_spent_only_when_that_was_said():
    """With one try left the PIN goes to the card only by the holder's will, and not to another card than was spoken of."""
    other = let(Card(**{"20": "63C1"}), P256, last_try="78")
    assert isinstance(other, TechnicianRefusal)
    assert (other.reason, other.serial) == ("last_try", RANA.serial)
    card = Card(**{"20": by_pin("63C1"), "87": signing(P256, 32)})
    assert let(card, P256, last_try=RANA.serial) == RANA


def test_a_card_that_is_not_ours_never_sees_the_pin():
    """Whatever the judge has against the certificate: neither counter nor PIN follow."""
    card = Card()
    refusal = TechnicianRefusal("revoked")
    assert authenticate(card, Secret("246810"), lambda _: refusal) == refusal
    assert card.said == [SELECT, GET_CERTIFICATE]


def test_another_keys_signature_is_no_proof():
    """A copy that holds the certificate and another key is not let in."""
    card = Card(**{"20": by_pin("63C3"), "87": signing(ec.generate_private_key(ec.SECP256R1()), 32)})
    answer = let(card, P256)
    assert isinstance(answer, TechnicianRefusal)
    assert answer.reason == "untrusted"


def test_each_challenge_is_another():
    """An answer that was recorded fits no second time: without a choice of ours the challenge comes from the system."""
    card = Card(**{"20": by_pin("63C3"), "87": "6A80"})
    public = parse_public_key(P256.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    for _ in range(2):
        with pytest.raises(ProtocolError):
            authenticate(card, Secret("246810"), lambda _: Holder(RANA, public))
    first, second = [each for each in card.said if each[2:4] == "87"]
    assert first[:22] == second[:22]
    assert first != second


@pytest.mark.parametrize("info", ["01", "80"])
def test_a_packed_certificate_is_unpacked(info: str):
    """CertInfo 01, and 80 as the first cards had it: gzip."""
    packed = tlv("53", tlv("70", gzip.compress(CERTIFICATE)) + tlv("71", bytes.fromhex(info)))
    assert read_certificate(Card(CB=packed.hex() + "9000")) == CERTIFICATE


@pytest.mark.parametrize(
    "content",
    [b"", b"no gzip", gzip.compress(CERTIFICATE)[:-9], gzip.compress(bytes(10_000_000))],
    ids=["nothing", "something else", "half", "too long"],
)
def test_what_cannot_be_unpacked_is_damaged(content: bytes):
    """Nothing, something else, half of it, or more than a certificate can be: damaged, in bounded room."""
    with pytest.raises(ProtocolError):
        unpacked(content)


@pytest.mark.parametrize(
    "answers",
    [
        {"CB": "5303709000"},
        {"CB": "54009000"},
        {"CB": "6982"},
        {"20": "6A88"},
        {"20": by_pin("63C3", "6700")},
        {"20": by_pin("63C3"), "87": "7C009000"},
        {"20": by_pin("63C3"), "87": "6982"},
        {"20": by_pin("63C3"), "87": "9000"},
        {"20": by_pin("63C3"), "87": "6100", "C0": "6100"},
    ],
)
def test_damaged_answers_are_told_as_such(answers: dict[str, Any]):
    """An answer that does not fit ends the dialogue with an error of ours, an endless one too."""
    with pytest.raises(ProtocolError):
        let(Card(**answers), P256)


def test_a_card_that_already_has_the_pin_tells_no_counter():
    """9000 to an empty VERIFY: nobody knows how many tries are left."""
    assert tries_left(Card(**{"20": "9000"})) == -1


def test_a_short_rsa_key_has_no_algorithm():
    """RSA with 1024 bits is none of the algorithms for authentication: no challenge."""
    assert challenge_for(RsaKey(1 << 1023, 65537), NONCE) is None
