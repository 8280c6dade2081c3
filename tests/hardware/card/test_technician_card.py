"""The simulated technician's card, by APDUs as NIST SP 800-73-4, part 2, writes them; signatures judged by a library."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card.sim_memory import CardMemory
from hardware.card.sim_persons import TECHNICIAN
from hardware.card.sim_piv import TechnicianChip
from hardware.card.sim_trust import export_trust
from tests.hardware.card.wide_reader import first_tlv, tlv

SELECT = "00A404000BA00000030800001000010000"
GET_CERTIFICATE = "00CB3FFF055C035FC10500"
VERIFY = "0020008008"
RIGHT, WRONG = "323436383130FFFF", "303030303030FFFF"


class Talk:
    """Sends commands, and asks for the rest where there is one."""

    def __init__(self, chip: TechnicianChip) -> None:
        self.chip = chip
        self.data = b""

    def send(self, apdu: str) -> int:
        answer = self.chip.process(bytes.fromhex(apdu))
        self.data = answer[:-2]
        while answer[-2] == 0x61:
            assert len(answer) <= 258
            answer = self.chip.process(b"\x00\xc0\x00\x00" + answer[-1:])
            self.data += answer[:-2]
        return int.from_bytes(answer[-2:], "big")

    def certificate(self) -> x509.Certificate:
        assert self.send(GET_CERTIFICATE) == 0x9000
        tag, inside, rest = first_tlv(self.data)
        assert (tag, rest) == (0x53, b"")
        tag, encoded, rest = first_tlv(inside)
        assert (tag, rest) == (0x70, bytes.fromhex("710100FE00"))
        return x509.load_der_x509_certificate(encoded)


def selected(memory: CardMemory | None = None, **fields: Any) -> Talk:
    talk = Talk(TechnicianChip(msgspec.structs.replace(TECHNICIAN, **fields), memory))
    assert talk.send(SELECT) == 0x9000
    return talk


@pytest.mark.parametrize("name", ["A000000308", "A00000030800001000", "A000000308000010000100"])
def test_the_application_is_selected_by_its_name(name: str):
    """Whole, without version, or by its registered part; the template says what was selected."""
    talk = Talk(TechnicianChip(TECHNICIAN))
    assert talk.send(f"00A40400{len(name) // 2:02X}{name}00") == 0x9000
    assert talk.data.hex().upper() == "6111" + "4F06000010000100" + "79074F05A000000308"
    assert talk.send("00A4040007A000000247100100") == 0x6A82


def test_the_certificate_names_the_technician_and_the_role():
    """Subject: organisation, role as unit, name in its own letters, staff number; authentication only."""
    certificate = selected().certificate()
    names = {name.rfc4514_attribute_name: name.value for name in certificate.subject}
    assert names["OU"] == "technician"
    assert names["CN"] == "Elçin Quliyev"
    assert certificate.subject.get_attributes_for_oid(x509.NameOID.SERIAL_NUMBER)[0].value == "T-0007"
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.key_cert_sign) == (True, False)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("good", "OK"), ("expired", "expired"), ("revoked", "revoked"), ("foreign", "unable to get local issuer")],
)
def test_openssl_judges_the_certificate(state: str, sentence: str, tmp_path: Path):
    """Against the operator's exported anchor and list a good one is accepted, and each bad one is refused for what it is."""
    export_trust(tmp_path)
    anchor = x509.load_der_x509_certificate((tmp_path / "operator.der").read_bytes())
    revoked = x509.load_der_x509_crl((tmp_path / "operator.crl").read_bytes())
    (tmp_path / "both.pem").write_bytes(anchor.public_bytes(Encoding.PEM) + revoked.public_bytes(Encoding.PEM))
    (tmp_path / "own.pem").write_bytes(selected(certificate=state).certificate().public_bytes(Encoding.PEM))
    command = ["openssl", "verify", "-crl_check", "-CAfile", "both.pem", "own.pem"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode == 0) is (state == "good")
    assert sentence in done.stdout + done.stderr


def test_the_key_signs_after_the_pin_only():
    """Without PIN 6982; with it the signature over the hash fits the certificate (algorithm 11, ECDSA)."""
    talk, hashed = selected(), hashlib.sha256(b"challenge").digest()
    command = "0087119A267C2482008120" + hashed.hex() + "00"
    assert talk.send(command) == 0x6982
    assert talk.send(VERIFY + RIGHT) == 0x9000
    assert talk.send(command) == 0x9000
    signature = first_tlv(first_tlv(talk.data)[1])[1]
    key = talk.certificate().public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(signature, hashed, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
    assert talk.chip.session.signed == 1


@pytest.mark.parametrize("chaining", [True, False])
def test_an_rsa_key_signs_a_padded_block(chaining: bool):
    """Algorithm 07: the block comes in a chain of two commands or one long one, and the signature goes out in pieces or whole."""
    talk = selected(key="rsa-2048", chaining=chaining)
    info = bytes.fromhex("3031300D060960864801650304020105000420") + hashlib.sha256(b"challenge").digest()
    block = b"\x00\x01" + b"\xff" * (253 - len(info)) + b"\x00" + info
    template = tlv("7C", b"\x82\x00" + tlv("81", block))
    assert talk.send(VERIFY + RIGHT) == 0x9000
    if chaining:
        assert talk.send("1087079AC8" + template[:200].hex()) == 0x9000
        assert talk.send(f"0087079A{len(template) - 200:02X}" + template[200:].hex() + "00") == 0x9000
    else:
        assert talk.send(f"0087079A00{len(template):04X}" + template.hex() + "0000") == 0x9000
    signature = first_tlv(first_tlv(talk.data)[1])[1]
    key: Any = talk.certificate().public_key()
    key.verify(signature, b"challenge", padding.PKCS1v15(), hashes.SHA256())


def test_a_clone_signs_with_another_key():
    """The certificate is the technician's, and the signature does not fit it."""
    talk = selected(faults=msgspec.structs.replace(TECHNICIAN.faults, cloned_active=True))
    talk.send(VERIFY + RIGHT)
    hashed = bytes(32)
    assert talk.send("0087119A267C2482008120" + hashed.hex() + "00") == 0x9000
    signature = first_tlv(first_tlv(talk.data)[1])[1]
    key: Any = talk.certificate().public_key()
    with pytest.raises(InvalidSignature):
        key.verify(signature, hashed, ec.ECDSA(utils.Prehashed(hashes.SHA256())))


def test_three_wrong_pins_block_the_card_for_good():
    """63C2, 63C1, 6983, over a reset too; the right PIN before that gives all tries back."""
    memory = CardMemory()
    talk = selected(memory)
    assert [talk.send(VERIFY + pin) for pin in (WRONG, RIGHT, WRONG)] == [0x63C2, 0x9000, 0x63C2]
    talk = selected(memory)
    assert talk.send("00200080") == 0x63C2
    assert [talk.send(VERIFY + pin) for pin in (WRONG, WRONG, RIGHT)] == [0x63C1, 0x6983, 0x6983]
    assert selected(memory).send("00200080") == 0x6983
    assert talk.chip.session.wrong_pin == 2


def test_a_reset_forgets_the_pin():
    """After power on the PIN must be given again; an empty VERIFY tells whether it was."""
    talk = selected()
    talk.send(VERIFY + RIGHT)
    assert talk.send("00200080") == 0x9000
    talk.chip.reset()
    assert talk.send(GET_CERTIFICATE) == 0x6D00
    assert talk.send(SELECT) == 0x9000
    assert talk.send("00200080") == 0x63C3


@pytest.mark.parametrize(
    ("apdu", "status"),
    [
        ("00CB3FFF055C035FC10A00", 0x6A82),  # the certificate of another slot
        ("00CB0000055C035FC10500", 0x6A86),
        ("0020008108" + RIGHT, 0x6A88),  # another PIN
        ("0020008006323436383130", 0x6A80),  # not padded
        ("0087079A047C02820000", 0x6A86),  # RSA on a card with a curve
        ("0087119E047C02820000", 0x6A86),  # another slot
        ("0087119A047C02820000", 0x6982),
        ("00C0000000", 0x6985),
        ("0CCB3FFF055C035FC10500", 0x6E00),
        ("0084000008", 0x6D00),
        ("00CB", 0x6700),
    ],
)
def test_mistakes_have_their_own_status(apdu: str, status: int):
    """Each mistake is answered with the status word that names it."""
    assert selected().send(apdu) == status


def test_a_short_challenge_is_refused():
    """P-256 signs a hash of 32 bytes and nothing else."""
    talk = selected()
    talk.send(VERIFY + RIGHT)
    assert talk.send("0087119A087C068200810201FF00") == 0x6A80


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=6))
def test_any_bytes_are_answered(commands: list[bytes]):
    """Whatever is sent, the chip answers with a status word, and does not sign."""
    chip = TechnicianChip(TECHNICIAN)
    for command in commands:
        assert len(chip.process(command)) >= 2
    assert chip.session.signed == 0
