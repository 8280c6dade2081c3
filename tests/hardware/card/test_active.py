"""Active Authentication: a chip that has the key is believed, a copy is not."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from ecdsa import curves

from hardware.card import active
from hardware.card.apdu import Command, Response
from hardware.card.public_keys import RsaKey
from hardware.card.refusal import Refused
from kiosk.domain.faults import ProtocolError
from tests.hardware.card import pki
from tests.hardware.card.proof_examples import (
    PRINTED_CHALLENGE,
    PRINTED_MESSAGE,
    SIGNATURE,
    SIGNED_CHALLENGE,
    SIGNED_DG15,
)

TRAILERS = {"sha1": "BC", "sha224": "38CC", "sha256": "34CC", "sha384": "36CC", "sha512": "35CC"}
CHALLENGE = bytes(range(8))


def message(digest: str, trailer: str, header: str = "6A", size: int = 256, challenge: bytes = CHALLENGE) -> bytes:
    """Return what a chip signs: header, its own random bytes, the hash over them and the challenge, trailer."""
    head, tail = bytes.fromhex(header), bytes.fromhex(trailer)
    own = bytes(i % 251 for i in range(size - len(head) - hashlib.new(digest).digest_size - len(tail)))
    return head + own + hashlib.new(digest, own + challenge, usedforsecurity=False).digest() + tail


def signed(key: pki.Key, content: bytes, *, smaller: bool = False) -> bytes:
    """Raise to the private exponent; ``smaller``: as a signer does who sends min(s, n - s)."""
    numbers = key.private.private_numbers()
    n = numbers.public_numbers.n
    number = pow(int.from_bytes(content, "big"), numbers.d, n)
    return (min(number, n - number) if smaller else number).to_bytes(n.bit_length() // 8, "big")


def rsa_of(key: pki.Key) -> RsaKey:
    numbers = key.private.public_key().public_numbers()
    return RsaKey(numbers.n, numbers.e)


def test_the_printed_message_is_the_answer_to_the_printed_challenge():
    """ICAO Doc 9303-11, appendix F; another challenge it does not answer."""
    assert active.verify_recovered(PRINTED_MESSAGE, PRINTED_CHALLENGE) == "sha1"
    assert active.verify_recovered(PRINTED_MESSAGE, SIGNED_CHALLENGE) == ""


def test_a_real_chip_s_signature():
    """A trace: key of 1800 bits from EF.DG15, challenge, signature."""
    key = active.parse_public_key_of(SIGNED_DG15)
    assert active.verify_signature(key, SIGNATURE, SIGNED_CHALLENGE) == "sha256"
    assert active.verify_signature(key, SIGNATURE, CHALLENGE) == ""


@pytest.mark.parametrize(("digest", "trailer"), [*TRAILERS.items(), ("sha1", "33CC")])
@pytest.mark.parametrize("header", ["6A", "6BBBBBBA"])
def test_each_trailer_names_its_hash(digest: str, trailer: str, header: str):
    """Implicit and explicit trailers, with and without padding before the message."""
    content = message(digest, trailer, header)
    assert active.verify_recovered(content, CHALLENGE) == digest
    key = pki.new_key("rsa")
    assert active.verify_signature(rsa_of(key), signed(key, content), CHALLENGE) == digest


def test_the_smaller_of_two_numbers_is_a_signature_too():
    """ISO/IEC 9796-2 lets the signer send n - s: both are taken."""
    key = pki.new_key("rsa")
    for challenge in (bytes([number]) * 8 for number in range(8)):
        signature = signed(key, message("sha256", "34CC", challenge=challenge), smaller=True)
        assert active.verify_signature(rsa_of(key), signature, challenge) == "sha256"


@pytest.mark.parametrize(
    "content",
    [
        message("sha256", "34CC", "4A"), message("sha256", "34CC", "6C"), message("sha256", "31CC"),
        message("sha256", "35CC"), message("sha256", "BC"), message("sha256", "34CD"), b"\x6b" + b"\xbb" * 255,
        b"\x6a\xbc", b"\x6a" + bytes(18) + b"\xbc",
    ],
)  # fmt: skip
def test_anything_else_is_no_answer(content: bytes):
    """Another header, an unknown trailer, a trailer of another hash, no room for the hash: nothing of it holds."""
    assert active.verify_recovered(content, CHALLENGE) == ""


def test_an_rsa_signature_is_as_long_as_the_key_and_smaller_than_it():
    """A signature of another length, or one that is the same number again above the modulus, does not hold."""
    key = pki.new_key("rsa")
    good = signed(key, message("sha256", "34CC"))
    for bad in (
        b"",
        good[1:],
        b"\x00" + good,
        (int.from_bytes(good, "big") + rsa_of(key).modulus).to_bytes(257, "big"),
    ):
        assert active.verify_signature(rsa_of(key), bad, CHALLENGE) == ""


class Chip:
    """A chip that signs with a key, and refuses lengths as it is told."""

    def __init__(self, key: pki.Key, refuses: int = 0) -> None:
        self.key, self.refuses, self.sent = key, refuses, list[Command]()

    def __call__(self, command: Command) -> Response:
        self.sent.append(command)
        if command.le == self.refuses:
            return Response(b"", 0x6700)
        if self.key.kind == "rsa":
            return Response(signed(self.key, message("sha256", "34CC", challenge=command.data)), 0x9000)
        return Response(self.key.sign(command.data), 0x9000)


@pytest.mark.parametrize("key", [pki.new_key("rsa"), pki.new_key("plain"), pki.new_key("ecdsa", label="der")])
def test_the_chip_with_the_key_is_believed_and_a_copy_is_not(key: pki.Key):
    """RSA and ECDSA, plain and as some chips send it in DER; the same chip with another key is a copy."""
    public = active.parse_public_key_of(pki.tlv(0x6F, key.info()))
    chip = Chip(key)
    assert active.authenticate(chip, public) == ""
    assert [f"{command.header:08X} {len(command.data)}" for command in chip.sent] == ["00880000 8"]
    with pytest.raises(Refused, match="it is a copy"):
        active.authenticate(Chip(pki.new_key(key.kind, label="another")), public)


def test_a_chip_that_answers_yesterday_s_challenge_is_a_copy():
    """Each run has a challenge of its own; an answer that was recorded does not fit it."""
    key = pki.new_key("plain")
    recorded = key.sign(CHALLENGE)
    public = active.parse_public_key_of(pki.tlv(0x6F, key.info()))
    with pytest.raises(Refused, match="it is a copy"):
        active.authenticate(lambda _: Response(recorded, 0x9000), public)
    assert active.authenticate(lambda _: Response(recorded, 0x9000), public, draw=lambda _: CHALLENGE) == ""


@pytest.mark.parametrize("refuses", [0x10000, 0x100])
def test_a_chip_may_refuse_one_of_two_lengths(refuses: int):
    """A key of 2048 bits is asked with extended length, then with short, and the chip may want either."""
    key = pki.new_key("rsa")
    assert active.authenticate(Chip(key, refuses), rsa_of(key)) == ""


def test_a_chip_that_refuses_to_sign_is_not_believed():
    """A key was signed into the card: a chip that does not use it has not got it."""
    with pytest.raises(Refused, match="does not sign: INTERNAL AUTHENTICATE: 6982"):
        active.authenticate(lambda _: Response(b"", 0x6982), rsa_of(pki.new_key("rsa")))


def test_the_hash_is_the_one_that_dg14_names():
    """With ActiveAuthenticationInfo only that hash counts; without it each that fits the curve."""
    info = pki.seq(pki.oid("2.23.136.1.1.5"), pki.number(1), pki.oid("0.4.0.127.0.7.1.1.4.1.5"))
    assert active.hash_of_signatures(pki.tlv(0x6E, pki.tlv(0x31, info))) == "sha512"
    assert active.hash_of_signatures(pki.tlv(0x6E, b"\x31\x00")) == ""
    key = pki.new_key("plain", "sha224")
    public = active.parse_public_key_of(pki.tlv(0x6F, key.info()))
    assert active.verify_signature(public, key.sign(CHALLENGE), CHALLENGE) == "sha224"
    assert active.verify_signature(public, key.sign(CHALLENGE), CHALLENGE, "sha256") == ""


@pytest.mark.parametrize("curve", [curves.BRAINPOOLP224r1, curves.BRAINPOOLP320r1], ids=lambda curve: curve.name)
def test_curves_that_openssl_does_not_know(curve):
    """Keys on the two brainpool curves outside OpenSSL's list sign as well, named or written out."""
    from ecdsa import SigningKey

    private = SigningKey.generate(curve)
    digest = hashlib.sha224(CHALLENGE).digest()
    plain = private.sign_digest(digest)
    public = active.parse_public_key_of(
        pki.tlv(0x6F, pki.explicit_info(private.verifying_key.to_string("uncompressed"), curve))
    )
    assert active.verify_signature(public, plain, CHALLENGE, "sha224") == "sha224"
    assert active.verify_signature(public, plain, bytes(8), "sha224") == ""
    assert active.parse_public_key_of(pki.tlv(0x6F, private.verifying_key.to_der())) == public


def test_a_key_on_a_small_curve_is_not_taken():
    """A curve of 192 bits proves nothing today."""
    key = pki.Key(ec.generate_private_key(ec.SECP192R1()), "plain")
    with pytest.raises(ProtocolError, match=r"the curve 1\.2\.840\.10045\.3\.1\.1"):
        active.parse_public_key_of(pki.tlv(0x6F, key.info()))
