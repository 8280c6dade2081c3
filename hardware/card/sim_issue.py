"""Personalisation: the files and keys of a simulated eMRTD, made from its profile (ICAO Doc 9303-10).

A file is made when it is first read: most journeys read two, and the security object costs a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property, partial
from hashlib import shake_256

from hardware.card import sim_security_infos as infos
from hardware.card.sim_apdu import encode_object
from hardware.card.sim_chip_authentication import StaticKey
from hardware.card.sim_cipher import SUITES
from hardware.card.sim_domains import CURVES, CURVES_BY_NAME, GROUPS
from hardware.card.sim_keys import EcKey, RsaKey, digest
from hardware.card.sim_pki import Signer, document_signer
from hardware.card.sim_profile import CardProfile
from hardware.card.sim_security_object import card_security, document_security_object

CARD_ACCESS, CARD_SECURITY, ATR_INFO, DIRECTORY = 0x011C, 0x011D, 0x2F01, 0x2F00
COMMON, SECURITY_OBJECT = 0x011E, 0x011D
_TAGS = (0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70)
_APPLICATION = bytes.fromhex("A0000002471001")
_FINGERPRINT_BYTES = 8000
_LDS_VERSIONS, _UNICODE = {"1.7": "0107", "1.8": "0108"}, "040000"


def group_file(number: int) -> int:
    """Return the file identifier of a data group."""
    return 0x0100 | number


def group_tag(number: int) -> int:
    """Return the tag of a data group."""
    return _TAGS[number - 1]


class Personalisation:
    """One card's files, by identifier, and its private keys."""

    def __init__(self, profile: CardProfile) -> None:
        self.profile = profile
        self._made: dict[tuple[bool, int], bytes] = {}
        self._card: dict[int, Callable[[], bytes]] = {ATR_INFO: self._atr_info} if profile.extended else {}
        if "PACE" in profile.access:
            self._card[CARD_ACCESS] = self._card_access
        if self.has_chip_authentication_mapping:
            self._card[CARD_SECURITY] = self._card_security
        self._application: dict[int, Callable[[], bytes]] = {COMMON: self._common}
        for number in self.groups:
            self._application[group_file(number)] = partial(self._group_as_read, number)
        self._application[SECURITY_OBJECT] = self._security_object

    @property
    def groups(self) -> tuple[int, ...]:
        """The numbers of the data groups: as in the profile, but no key group without its key."""
        profile = self.profile
        absent = {15} if profile.active == "none" else set()
        return tuple(sorted(set(profile.data_groups) - absent))

    @property
    def has_chip_authentication_mapping(self) -> bool:
        """Whether a PACE variant proves the chip's key too."""
        return any(offer.mapping == "ECDH-CAM" for offer in self.profile.pace)

    def has(self, file_id: int, *, application: bool) -> bool:
        """Whether there is such a file, in the application or beside it."""
        return file_id in (self._application if application else self._card)

    def content(self, file_id: int, *, application: bool) -> bytes:
        """Return a file, making it if need be."""
        key = (application, file_id)
        if key not in self._made:
            self._made[key] = (self._application if application else self._card)[file_id]()
        return self._made[key]

    @cached_property
    def active_key(self) -> EcKey | RsaKey | None:
        """The private key of active authentication; a clone has one that does not go with EF.DG15."""
        return self._active_key("clone of " if self.profile.faults.cloned_active else "")

    @cached_property
    def chip_key(self) -> StaticKey | None:
        """The private key of chip authentication; a clone has one that does not go with EF.DG14."""
        return self._chip_key("clone of " if self.profile.faults.cloned_chip else "")

    def mapping_key(self, parameter_id: int) -> int:
        """Return the private key that chip authentication mapping proves."""
        return self._mapping_key(parameter_id, "clone of " if self.profile.faults.cloned_chip else "").private

    def _label(self, purpose: str) -> str:
        return f"{purpose} of {self.profile.document_number}"

    def _active_key(self, prefix: str) -> EcKey | RsaKey | None:
        kind, label = self.profile.active, prefix + self._label("active authentication")
        if kind == "none":
            return None
        if kind.startswith("rsa-"):
            return RsaKey.derived(int(kind[4:]), label)
        return EcKey.derived(CURVES_BY_NAME[kind], label)

    def _chip_key(self, prefix: str) -> StaticKey | None:
        kind, label = self.profile.chip_curve, prefix + self._label("chip authentication")
        if not kind or not self.profile.chip_ciphers:
            return None
        domain = GROUPS[int(kind[3:])] if kind.startswith("dh-") else CURVES_BY_NAME[kind]
        return StaticKey.derived(domain, label, tuple(SUITES[name] for name in self.profile.chip_ciphers))

    def _mapping_key(self, parameter_id: int, prefix: str) -> EcKey:
        return EcKey.derived(CURVES[parameter_id], prefix + self._label(f"mapping {parameter_id}"))

    def _card_access(self) -> bytes:
        return encode_object(b"\x31", b"".join(infos.pace_info(offer.setting()) for offer in self.profile.pace))

    def _card_security(self) -> bytes:
        keys = {offer.parameter_id for offer in self.profile.pace if offer.mapping == "ECDH-CAM"}
        parts = [
            infos.elliptic_key_info(self._mapping_key(number, ""), "standardised", number) for number in sorted(keys)
        ]
        parts += [infos.pace_info(offer.setting()) for offer in self.profile.pace]
        signer = self._signer()
        return card_security(encode_object(b"\x31", b"".join(parts)), signer)

    def _atr_info(self) -> bytes:
        """Return the extended length information: the longest command and response (ISO/IEC 7816-4, section 12.7.1)."""
        lengths = b"\x02\x02\x7f\xff" + encode_object(
            b"\x02", min(self.profile.max_read + 64, 0xFFFF).to_bytes(3, "big")
        )
        return encode_object(b"\x7f\x66", lengths) + encode_object(b"\x47", b"\x00\x00\xc0")

    def _common(self) -> bytes:
        """EF.COM: LDS version, Unicode 4.0.0, the tags of the data groups (Doc 9303-10, section 4.6.1)."""
        version = _LDS_VERSIONS[self.profile.habits.lds].encode()
        versions = encode_object(b"\x5f\x01", version) + encode_object(b"\x5f\x36", _UNICODE.encode())
        return encode_object(b"\x60", versions + encode_object(b"\x5c", bytes(group_tag(each) for each in self.groups)))

    def _group_as_read(self, number: int) -> bytes:
        content, faults = self._group(number), self.profile.faults
        if number == faults.tampered_group:
            content = _tampered(content) if number == 1 else content[:-1] + bytes([content[-1] ^ 0x01])
        return content[: len(content) // 2] if number == faults.truncated_group else content

    def _group(self, number: int) -> bytes:
        special: dict[int, Callable[[], bytes]] = {
            1: self._zone,
            2: self._face,
            11: self._details,
            14: self._options,
            15: self._key,
        }
        if number in special:
            return special[number]()
        filling = shake_256(self._label(f"group {number}").encode()).digest(
            _FINGERPRINT_BYTES if number in (3, 4) else 64
        )
        return encode_object(bytes([group_tag(number)]), encode_object(b"\x04", filling))

    def _zone(self) -> bytes:
        return encode_object(b"\x61", encode_object(b"\x5f\x1f", self.profile.mrz().encode("ascii")))

    def _face(self) -> bytes:
        from hardware.card.sim_photo import face_group  # noqa: PLC0415 - Pillow is slow to import

        profile = self.profile
        return face_group(profile.document_number, profile.sex, profile.photo, profile.photo_bytes)

    def _details(self) -> bytes:
        """EF.DG11: what the zone has no letters for, in UTF-8 (Doc 9303-10, section 4.7.11)."""
        profile = self.profile
        names = profile.names or f"{profile.surname}<<{profile.given_names.replace(' ', '<')}"
        fields = [
            (b"\x5f\x0e", names),
            (b"\x5f\x10", profile.personal_number),
            (b"\x5f\x2b", f"{profile.birth:%Y%m%d}"),
            (b"\x5f\x11", profile.birth_place),
            (b"\x5f\x42", profile.address),
        ]
        present = [(tag, text.encode()) for tag, text in fields if text]
        tags = encode_object(b"\x5c", b"".join(tag for tag, _ in present))
        return encode_object(b"\x6b", tags + b"".join(encode_object(tag, value) for tag, value in present))

    def _options(self) -> bytes:
        """EF.DG14: the SecurityInfos, those of EF.CardAccess among them (Doc 9303-11, section 9.2.11)."""
        profile = self.profile
        parts = [infos.pace_info(offer.setting()) for offer in profile.pace] if "PACE" in profile.access else []
        if profile.active in CURVES_BY_NAME:
            parts.append(infos.active_authentication_info(profile.active_hash))
        key = self._chip_key("")
        if key is not None:
            parts += key.security_infos(profile.key_encoding)
        return encode_object(b"\x6e", encode_object(b"\x31", b"".join(parts)))

    def _key(self) -> bytes:
        key, encoding = self._active_key(""), self.profile.key_encoding
        if key is None:
            raise AssertionError("a card without a key has no EF.DG15")
        return encode_object(
            b"\x6f", key.public_key_info(encoding) if isinstance(key, EcKey) else key.public_key_info()
        )

    def _security_object(self) -> bytes:

        profile, faults = self.profile, self.profile.faults
        digests = {number: digest(profile.digest, self._group(number)) for number in self.groups}
        if faults.wrong_digest in digests:
            digests[faults.wrong_digest] = digest(profile.digest, b"another card")
        version = (_LDS_VERSIONS["1.8"], _UNICODE) if profile.habits.lds == "1.8" else None
        return document_security_object(digests, profile.digest, self._signer(), version)

    def _signer(self) -> Signer:
        renewed, faults = self.profile.habits.csca_key == "renewed", self.profile.faults
        return document_signer(self.profile.signer, "renewed" if renewed and faults.signer == "good" else faults.signer)


def _tampered(zone: bytes) -> bytes:
    """Change the last letter of the names: a zone as good as any, about somebody else."""
    place = max(place for place, byte in enumerate(zone) if chr(byte).isupper())
    return zone[:place] + (b"A" if zone[place : place + 1] != b"A" else b"O") + zone[place + 1 :]


@cache
def personalise(profile: CardProfile) -> Personalisation:
    """Return a card's files and keys; the same profile is personalised once in a process."""
    return Personalisation(profile)
