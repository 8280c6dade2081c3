"""What a simulated card proves: its data by EF.SOD, itself by active and chip authentication; judged by OpenSSL and python-ecdsa."""

from __future__ import annotations

import hashlib
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key
from ecdsa import VerifyingKey
from ecdsa.util import sigdecode_string
from PIL import Image

from hardware.card.sim_chip import Chip
from hardware.card.sim_persons import BROKEN, PERSONS
from hardware.card.sim_pki import KINDS
from hardware.card.sim_profile import CardHabits, CardProfile
from hardware.card.sim_trust import export_trust
from tests.hardware.card.wide_reader import Field, WideReader, first_tlv

AYGUN = PERSONS["aygun"]
CAN = b"123456"
OPENSSL_KINDS = [kind for kind in KINDS if kind != "ecdsa-explicit"]  # OpenSSL 3 refuses explicit curves in any chain


def card(**fields: object) -> CardProfile:
    return msgspec.structs.replace(AYGUN, **fields)


def broken(name: str, **fields: object) -> CardProfile:
    return card(faults=BROKEN[name], **fields)


def inside(profile: CardProfile) -> WideReader:
    reader = WideReader(Chip(profile).process)
    assert reader.pace(CAN, "ECDH-GM", "AES-128", 13) == 0x9000
    reader.enter()
    return reader


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trust")
    export_trust(folder)
    return folder


def openssl(folder: Path, *arguments: str) -> tuple[bool, str]:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode == 0, done.stdout + done.stderr


def judged(trust: Path, folder: Path, content: bytes, kind: str) -> tuple[bool, str, bytes]:
    """Let OpenSSL verify a security object against the anchor, revocation list and all; return what was signed too."""
    (folder / "sod.der").write_bytes(content)
    openssl(folder, "x509", "-inform", "DER", "-in", str(trust / f"csca-{kind}.der"), "-out", "anchor.pem")
    openssl(folder, "crl", "-inform", "DER", "-in", str(trust / f"csca-{kind}.crl"), "-out", "list.pem")
    (folder / "both.pem").write_bytes((folder / "anchor.pem").read_bytes() + (folder / "list.pem").read_bytes())
    command = "cms -verify -inform DER -in sod.der -purpose any -crl_check -CAfile both.pem -out signed.der"
    well, said = openssl(folder, *command.split())
    return well, said, (folder / "signed.der").read_bytes() if well else b""


def digests_of(security_object: bytes) -> dict[int, bytes]:
    """Read group numbers and digests out of an LDS security object."""
    inside = first_tlv(first_tlv(security_object)[1])[2]  # behind the version
    groups = first_tlv(first_tlv(inside)[2])[1]  # behind the algorithm
    found = {}
    while groups:
        _, group, groups = first_tlv(groups)
        _, number, rest = first_tlv(group)
        found[int.from_bytes(number, "big")] = first_tlv(rest)[1]
    return found


@pytest.mark.parametrize("kind", OPENSSL_KINDS)
def test_openssl_accepts_the_security_object(kind: Any, trust: Path, tmp_path: Path):
    """Signature, chain to the exported anchor and revocation list hold, and the digests are those of the files read."""
    reader = inside(card(signer=kind, digest="sha512"))
    well, said, signed = judged(trust, tmp_path, first_tlv(reader.file(0x1D))[1], kind)
    assert well, said
    assert digests_of(signed) == {number: hashlib.sha512(reader.file(number)).digest() for number in (1, 11, 14, 15)}


def test_a_signer_under_the_renewed_key_needs_it(trust: Path, tmp_path: Path):
    """Two keys under one name: the chain holds to the second anchor, and to the first one only over the link certificate."""
    content = first_tlv(inside(card(habits=CardHabits(csca_key="renewed"))).file(0x1D))[1]
    (tmp_path / "sod.der").write_bytes(content)
    for name in ("csca", "csca-renewed", "csca-link"):
        openssl(tmp_path, "x509", "-inform", "DER", "-in", str(trust / f"{name}.der"), "-out", f"{name}.pem")
    verify = ["cms", "-verify", "-inform", "DER", "-in", "sod.der", "-purpose", "any", "-out", "signed.der", "-CAfile"]
    assert openssl(tmp_path, *verify, "csca-renewed.pem")[0]
    assert not openssl(tmp_path, *verify, "csca.pem")[0]
    assert openssl(tmp_path, "verify", "-CAfile", "csca.pem", "csca-link.pem")[0]


def test_openssl_accepts_the_master_list(trust: Path, tmp_path: Path):
    """The list is signed under the first CSCA, and has each exported anchor and the link certificate."""
    openssl(tmp_path, "x509", "-inform", "DER", "-in", str(trust / "csca.der"), "-out", "anchor.pem")
    command = ["cms", "-verify", "-inform", "DER", "-in", str(trust / "masterlist.ml"), "-CAfile", "anchor.pem"]
    well, said = openssl(tmp_path, *command, "-purpose", "any", "-out", "list.der")
    assert well, said
    listed = first_tlv(first_tlv(first_tlv((tmp_path / "list.der").read_bytes())[1])[2])[1]
    certificates = set()
    while listed:
        rest = first_tlv(listed)[2]
        certificates.add(listed[: len(listed) - len(rest)])
        listed = rest
    names = [*(f"csca-{kind}" for kind in KINDS), "csca-renewed", "csca-link"]
    assert certificates == {(trust / f"{name}.der").read_bytes() for name in names}


def test_a_signature_over_explicit_curves_holds(trust: Path, tmp_path: Path):
    """OpenSSL accepts the signature itself, and refuses the chain for the curve's encoding alone."""
    content = first_tlv(inside(card(signer="ecdsa-explicit")).file(0x1D))[1]
    assert "explicit ECC parameters" in judged(trust, tmp_path, content, "ecdsa-explicit")[1]
    well, said = openssl(
        tmp_path, *["cms", "-verify", "-inform", "DER", "-in", "sod.der", "-noverify", "-out", "signed.der"]
    )
    assert well, said


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [("expired_signer", "expired"), ("revoked_signer", "revoked"), ("foreign_csca", "unable to get local issuer")],
)
@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_openssl_refuses_each_bad_signer(kind: Any, fault: str, sentence: str, trust: Path, tmp_path: Path):
    """An expired, a revoked, and a foreign document signer are each refused for what they are."""
    content = first_tlv(inside(broken(fault, signer=kind)).file(0x1D))[1]
    well, said, _ = judged(trust, tmp_path, content, kind)
    assert not well
    assert sentence in said


@pytest.mark.parametrize(("fault", "well"), [("tampered", False), ("wrong_digest", False), ("cloned_active", True)])
def test_a_changed_zone_differs_from_its_digest(fault: str, well: bool, trust: Path, tmp_path: Path):
    """With a tampered group or a wrong digest the signature holds and the digest does not; a clone's data are all well."""
    reader = inside(broken(fault))
    accepted, said, signed = judged(trust, tmp_path, first_tlv(reader.file(0x1D))[1], "ecdsa")
    assert accepted, said
    digests = digests_of(signed)
    assert (digests[1] == hashlib.sha256(reader.file(1)).digest()) is well
    assert digests[11] == hashlib.sha256(reader.file(11)).digest()


def test_a_tampered_zone_looks_like_any_other():
    """What was changed is a letter of the names: only the signature tells."""
    zone = inside(broken("tampered")).file(1)[5:].decode()
    assert zone != AYGUN.mrz()
    assert zone[:60] == AYGUN.mrz()[:60]
    assert zone.replace("<", "A").isalnum()


def test_the_version_stands_in_the_newer_security_object(trust: Path, tmp_path: Path):
    """LDS 1.8: in EF.COM, and signed in a security object of version 1."""
    reader = inside(card(habits=CardHabits(lds="1.8")))
    well, said, signed = judged(trust, tmp_path, first_tlv(reader.file(0x1D))[1], "ecdsa")
    assert well, said
    assert first_tlv(signed)[1].startswith(b"\x02\x01\x01")
    assert signed.endswith(b"\x30\x0e\x13\x040108\x13\x06040000")
    assert b"0108" in reader.file(0x1E)
    assert set(digests_of(signed)) == {1, 11, 14, 15}


def test_a_truncated_file_ends_in_the_middle():
    """The header promises 95 bytes, and there are 47."""
    reader = inside(broken("truncated"))
    assert reader.protected("00B08100", le=95) == 0x6282
    assert len(reader.data) == 47
    assert reader.protected("00B0002F", le=10) == 0x6B00


def test_a_wrong_checksum_comes_when_it_should():
    """The second protected answer has one bit turned in its checksum; the session itself goes on."""
    reader = WideReader(Chip(broken("wrong_mac")).process)
    assert reader.pace(CAN, "ECDH-GM", "AES-128", 13) == 0x9000
    reader.enter()
    with pytest.raises(AssertionError, match="the MAC"):
        reader.protected("00B08100", le=95)
    assert reader.protected("00B08100", le=95) == 0x9000


def test_names_are_in_their_own_letters():
    """EF.DG11 has the full name, place and address in Azerbaijani letters, in UTF-8, after the list of its tags."""
    content = inside(AYGUN).file(11)
    assert content[:2] + content[3:5] == b"\x6b\x81\x5c\x0a"
    text = content.decode(errors="replace")
    assert "Məmmədova<<Aygün" in text
    letters = "".join(person.names + person.birth_place + person.address for person in PERSONS.values())
    assert set("əğışçöüİ") <= set(letters)


@pytest.mark.parametrize(("photo", "form"), [("jpeg", "JPEG"), ("jpeg2000", "JPEG2000")])
def test_the_photo_is_a_real_picture(photo: str, form: str):
    """EF.DG2 of 12 kB is read piece by piece, and Pillow opens the face in it."""
    content = inside(card(data_groups=(1, 2), photo=photo)).file(2, 223)
    start = content.index(b"FAC\x00010\x00")
    size = int.from_bytes(content[start + 8 : start + 12], "big")
    assert start + size == len(content)
    assert 12_000 <= len(content) < 12_300
    with Image.open(BytesIO(content[start + 14 + 32 :])) as picture:
        picture.load()
        assert (picture.format, picture.size) == (form, (120, 150))


def public_key(reader: WideReader) -> bytes:
    return first_tlv(reader.file(15))[1]


@pytest.mark.parametrize(
    "curve", ["secp224r1", "secp256r1", "secp384r1", "secp521r1", "brainpoolP256r1", "brainpoolP512r1"]
)
@pytest.mark.parametrize("encoding", ["named", "explicit"])
def test_active_authentication_with_a_curve(curve: str, encoding: str):
    """The signature over the challenge is r‖s and fits EF.DG15, named curve or explicit."""
    reader = inside(card(active=curve, key_encoding=encoding, active_hash="sha224"))
    challenge = bytes.fromhex("F173589974BF40C6")
    key = VerifyingKey.from_der(public_key(reader), valid_curve_encodings=["named_curve", "explicit"])
    assert reader.protected("00880000", challenge, 256) == 0x9000
    assert key.verify(reader.data, challenge, hashlib.sha224, sigdecode=sigdecode_string, allow_truncate=True)


@pytest.mark.parametrize(
    ("size", "hash_name", "trailer"),
    [(1024, "sha1", "BC"), (1024, "sha256", "34CC"), (1536, "sha512", "35CC")],
)
def test_active_authentication_with_rsa(size: int, hash_name: Any, trailer: str):
    """The signature opens to 6A, a nonce, the hash over nonce and challenge, and the trailer (ISO/IEC 9796-2, scheme 1)."""
    reader = inside(card(active=f"rsa-{size}", active_hash=hash_name))
    numbers: Any = load_der_public_key(public_key(reader))
    assert numbers.key_size == size
    opened = recovered(reader, numbers.public_numbers())
    assert opened[:1] == b"\x6a"
    end = bytes.fromhex(trailer)
    assert opened.endswith(end)
    digest_size = hashlib.new(hash_name).digest_size
    nonce, hashed = opened[1 : -digest_size - len(end)], opened[-digest_size - len(end) : -len(end)]
    assert hashed == hashlib.new(hash_name, nonce + bytes(range(8))).digest()


def recovered(reader: WideReader, numbers: Any) -> bytes:
    assert reader.protected("00880000", bytes(range(8)), 256) == 0x9000
    return pow(int.from_bytes(reader.data, "big"), numbers.e, numbers.n).to_bytes(len(reader.data), "big")


def test_a_long_signature_needs_extended_length():
    """RSA-2048 does not fit a short protected answer: 256 is the signature alone, and Le of 255 is 6700."""
    reader = inside(card(active="rsa-2048", extended=True, max_read=1000))
    assert reader.protected("00880000", bytes(8), 255) == 0x6700
    assert reader.protected("00880000", bytes(8), 256) == 0x9000
    assert len(reader.data) == 256


def test_a_clone_fails_active_authentication():
    """Another card's data are there and its key is not."""
    reader = inside(broken("cloned_active"))
    assert public_key(reader) == public_key(inside(AYGUN))
    key = VerifyingKey.from_der(public_key(reader), valid_curve_encodings=["explicit"])
    assert reader.protected("00880000", bytes(8), 256) == 0x9000
    with pytest.raises(Exception, match="Signature verification failed"):
        key.verify(reader.data, bytes(8), hashlib.sha256, sigdecode=sigdecode_string)


def test_active_authentication_only_where_there_is_a_key():
    """Without a key there is no EF.DG15 and no such command; with one, not before access control."""
    reader = inside(card(active="none"))
    assert reader.protected("00B08F00", le=10) == 0x6A82
    assert reader.protected("00880000", bytes(8), 256) == 0x6D00
    reader = WideReader(Chip(AYGUN).process)
    reader.plain("00A4040C07A0000002471001")
    assert reader.plain("0088000008" + "00" * 8 + "00") == 0x6982


def chip_key(content: bytes, field: Field) -> bytes:
    """Find the public key among the SecurityInfos of EF.DG14: behind id-PK-DH or id-PK-ECDH (Doc 9303-11, section 9.2.6)."""
    wanted = bytes.fromhex("04007F0007020201") + bytes([2 if field.elliptic else 1])
    rest = first_tlv(first_tlv(content)[1])[1]
    while rest:
        _, info, rest = first_tlv(rest)
        _, protocol, behind = first_tlv(info)
        if protocol == wanted:
            key = first_tlv(first_tlv(first_tlv(behind)[1])[2])[1][1:]  # the BIT STRING behind the algorithm
            return key if field.elliptic else first_tlv(key)[1].lstrip(b"\x00")
    raise AssertionError("no chip authentication key")


@pytest.mark.parametrize(
    ("curve", "number"),
    [("brainpoolP256r1", 13), ("secp256r1", 12), ("secp384r1", 15), ("dh-0", 0), ("dh-2", 2)],
)
@pytest.mark.parametrize("cipher", ["3DES", "AES-128", "AES-256"])
def test_chip_authentication_starts_a_new_session(curve: str, number: int, cipher: Any):
    """After key agreement with the key of EF.DG14 the card speaks under the new keys, and no longer under the old."""
    reader = inside(card(chip_curve=curve, chip_ciphers=(cipher,), key_encoding="named", extended=True, max_read=1000))
    content, field = reader.file(14), Field(number)
    oid = f"04007F0007020203{2 if field.elliptic else 1:02X}{['3DES', 'AES-128', 'AES-192', 'AES-256'].index(cipher) + 1:02X}"
    assert bytes.fromhex("060A" + oid) in content
    public = chip_key(content, field)
    assert reader.authenticate_chip(field, public, cipher, oid=oid) == 0x9000
    assert reader.file(1)[5:].decode() == AYGUN.mrz()


def test_a_clone_fails_chip_authentication():
    """The agreement goes through, and the next answer shows that the chip has other keys."""
    field = Field(13)
    reader = inside(broken("cloned_chip", key_encoding="named"))
    public = chip_key(reader.file(14), field)
    assert public == chip_key(inside(card(key_encoding="named")).file(14), field)
    assert reader.authenticate_chip(field, public, "AES-128", oid="04007F00070202030202") == 0x9000
    assert reader.protected("00B08100", le=95) == 0x6988


def test_a_bad_key_leaves_the_old_session():
    """A point off the curve is 6A80, and the session before it goes on."""
    reader = inside(AYGUN)
    assert reader.protected("002241A4", bytes.fromhex("800A04007F00070202030202")) == 0x9000
    assert reader.protected("00860000", b"\x7c\x43\x80\x41\x04" + bytes(63) + b"\x01", le=256) == 0x6A80
    assert reader.file(1)[5:].decode() == AYGUN.mrz()
    assert reader.protected("002241A4", bytes.fromhex("800A04007F00070202030204")) == 0x6A80
    assert reader.protected("002241A6", b"\x91\x41\x04" + bytes(64)) == 0x6A80
