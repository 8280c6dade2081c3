"""What a simulated card is made from: everything that differs from card to card, as data that a card file can hold."""

from __future__ import annotations

from datetime import date
from hashlib import sha1
from pathlib import Path
from typing import Literal

import msgspec

from hardware.card.sim_cipher import SUITES
from hardware.card.sim_domains import CURVES_BY_NAME
from hardware.card.sim_mrz import Holder, machine_readable_zone, mrz_information
from hardware.card.sim_pace import PaceSetting

Mapping = Literal["DH-GM", "ECDH-GM", "DH-IM", "ECDH-IM", "ECDH-CAM"]
CipherName = Literal["3DES", "AES-128", "AES-192", "AES-256"]
HashName = Literal["sha1", "sha224", "sha256", "sha384", "sha512"]
SignerKind = Literal["ecdsa", "ecdsa-explicit", "rsa", "rsa-pss"]
_MAX_READ = 0x10000
_MAX_PHOTO_BYTES = 60_000


class PaceOffer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One PACEInfo: mapping, cipher and standardised domain parameters (ICAO Doc 9303-11, section 9.5.1)."""

    mapping: Mapping = "ECDH-GM"
    cipher: CipherName = "AES-128"
    parameter_id: int = 13

    def setting(self) -> PaceSetting:
        """Return it as the protocol needs it. ValueError where the standard has no such combination."""
        return PaceSetting(self.mapping, SUITES[self.cipher], self.parameter_id)


class CardFaults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is wrong with a card. Data groups by number, 0 for none; APDUs counted from 1 after each power-on, 0 for never.

    ``tampered_group``: one letter differs from what was signed. ``truncated_group``: the file ends in the middle.
    ``cloned_active``, ``cloned_chip``: the data are another card's, whose private key is not there. ``wrong_mac_at``
    counts protected commands.
    """

    tampered_group: int = 0
    wrong_digest: int = 0
    truncated_group: int = 0
    signer: Literal["good", "expired", "revoked", "foreign"] = "good"
    cloned_active: bool = False
    cloned_chip: bool = False
    slow_ms: int = 0
    silent_at: int = 0
    removed_at: int = 0
    wrong_mac_at: int = 0


class CardHabits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a card differs from others where the standard leaves it open, or the field does not keep to it; status words in hex.

    ``long_read``: to an Le above its limit it answers this, 6C with the limit, or 6282 with what it can. ``wrong_mrz``: to
    a wrong zone in BAC. ``master_file``: to SELECT of the master file, which it leaves as it is unless 9000. ``strict_le``:
    6700 for an Le on SELECT and MSE. ``csca_key``: which of the CSCA's keys its signer is under. ``lds``: 1.8 has the version inside the signed security object too.
    """

    long_read: Literal["6700", "6B00", "6C", "6282"] = "6700"
    wrong_mrz: Literal["6300", "6982", "6A88"] = "6300"
    master_file: Literal["9000", "6A82", "6A86", "6985"] = "9000"
    strict_le: bool = True
    csca_key: Literal["first", "renewed"] = "first"
    lds: Literal["1.7", "1.8"] = "1.7"


class CardProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="emrtd"):
    """An eMRTD and its holder. ValueError (msgspec.ValidationError from a file) for what no card can be.

    ``names`` are the holder's in their own letters, as DG11 has them; a hyphen or a space in surname and given names
    parts name components. ``max_read``: the largest Le of a protected read, 6700 above; with ``extended`` it may exceed
    256, which ATR and EF.ATR/INFO announce. ``active``: none, rsa-BITS or a curve's name. ``chip_curve``: of the chip
    authentication key, "dh-0" to "dh-2" for a group, "" for none. ``suspend_can_after``: so many wrong CANs in a row and
    the CAN is suspended until the MRZ has opened the card; 0 never. ``wrong_delay_ms`` doubles with each wrong password.
    """

    name: str
    surname: str
    given_names: str
    birth: date
    sex: Literal["F", "M", "<"]
    document_number: str
    personal_number: str = ""
    expiry: date
    can: str = "123456"
    issuer: str = "AZE"
    nationality: str = "AZE"
    form: Literal["TD1", "TD2", "TD3"] = "TD1"
    names: str = ""
    birth_place: str = ""
    address: str = ""
    access: tuple[Literal["PACE", "BAC"], ...] = ("PACE",)
    pace: tuple[PaceOffer, ...] = (PaceOffer(),)
    passwords_offered: tuple[Literal["MRZ", "CAN"], ...] = ("MRZ", "CAN")
    max_read: int = 223
    extended: bool = False
    data_groups: tuple[int, ...] = (1, 11, 14, 15)
    photo: Literal["jpeg", "jpeg2000"] = "jpeg"
    photo_bytes: int = 12_000
    active: str = "secp256r1"
    active_hash: HashName = "sha256"
    chip_curve: str = "brainpoolP256r1"
    chip_ciphers: tuple[CipherName, ...] = ("AES-128",)
    key_encoding: Literal["named", "explicit"] = "explicit"
    digest: HashName = "sha256"
    signer: SignerKind = "ecdsa"
    suspend_can_after: int = 0
    wrong_delay_ms: int = 0
    habits: CardHabits = CardHabits()
    faults: CardFaults = CardFaults()

    def __post_init__(self) -> None:
        self.mrz()
        for offer in self.pace:
            offer.setting()
        if not 1 <= self.max_read <= (_MAX_READ if self.extended else 256):
            raise ValueError(
                f"max_read of {self.max_read} on a card with{'' if self.extended else 'out'} extended length"
            )
        if not set(self.data_groups) <= set(range(1, 17)) or 1 not in self.data_groups:
            raise ValueError(f"data groups {self.data_groups}: numbers from 1 to 16, and 1 among them")
        if self.active not in ("none", "rsa-1024", "rsa-1536", "rsa-2048", "rsa-3072", *CURVES_BY_NAME):
            raise ValueError(f"active authentication with {self.active}")
        if self.chip_curve not in ("", "dh-0", "dh-1", "dh-2", *CURVES_BY_NAME):
            raise ValueError(f"chip authentication with {self.chip_curve}")
        if not 0 <= self.photo_bytes <= _MAX_PHOTO_BYTES:
            raise ValueError(f"a photo of {self.photo_bytes} bytes; at most {_MAX_PHOTO_BYTES}")
        if not self.can.isdecimal():
            raise ValueError("the CAN is made of digits")

    def mrz(self) -> str:
        """Return the machine readable zone, its lines joined (Doc 9303-4, -5 and -6)."""
        return machine_readable_zone(self.holder())

    def holder(self) -> Holder:
        """Return what the machine readable zone is made of."""
        return Holder(
            form=self.form,
            issuer=self.issuer,
            nationality=self.nationality,
            surname=self.surname,
            given_names=self.given_names,
            document_number=self.document_number,
            personal_number=self.personal_number,
            birth=self.birth,
            sex=self.sex,
            expiry=self.expiry,
        )

    def mrz_information(self) -> str:
        """Return what the MRZ password is made from: number, birth and expiry, each with its check digit (Doc 9303-11, 9.7.3)."""
        return mrz_information(self.holder())

    def passwords(self) -> dict[int, bytes]:
        """Return the PACE passwords by their number in DO'83': 1 is the MRZ, 2 the CAN (Doc 9303-11, section 4.4.4.1)."""
        digest = sha1(self.mrz_information().encode("ascii"), usedforsecurity=False).digest()
        known = {"MRZ": (1, digest), "CAN": (2, self.can.encode("ascii"))}
        return dict(known[name] for name in self.passwords_offered)


class TechnicianProfile(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="piv"
):
    """A technician's PIV card (NIST SP 800-73-4): key in slot 9A, certificate from the test operator's authority.

    ``role`` stands in the certificate's subject as organisational unit. ``chaining``: long answers come in pieces of 256
    bytes that the terminal must ask for, as contact cards do; else in one where Le allows.
    """

    name: str
    common_name: str
    staff_number: str
    role: str = "technician"
    pin: str = "246810"
    tries: int = 3
    key: Literal["secp256r1", "rsa-2048"] = "secp256r1"
    certificate: Literal["good", "expired", "revoked", "foreign"] = "good"
    chaining: bool = True
    faults: CardFaults = CardFaults()

    def __post_init__(self) -> None:
        if not 6 <= len(self.pin) <= 8 or not self.pin.isdecimal():
            raise ValueError("a PIN has six to eight digits (SP 800-73-4, part 2, section 2.4.3)")
        if not 1 <= self.tries <= 15:
            raise ValueError(f"{self.tries} tries; from 1 to 15")


Profile = CardProfile | TechnicianProfile


def load_card(file: Path) -> Profile:
    """Read a card file, JSON or (by its suffix) TOML. OSError, or ValueError that names what is wrong."""
    decode = msgspec.toml.decode if file.suffix == ".toml" else msgspec.json.decode
    profile: Profile = decode(file.read_bytes(), type=Profile)
    return profile


def save_card(profile: Profile, file: Path) -> None:
    """Write a card file in JSON."""
    file.write_bytes(msgspec.json.format(msgspec.json.encode(profile), indent=1) + b"\n")
