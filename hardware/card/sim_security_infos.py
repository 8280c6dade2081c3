"""SecurityInfos of simulated cards: what EF.CardAccess, EF.CardSecurity and EF.DG14 announce (ICAO Doc 9303-11, section 9.2)."""

from __future__ import annotations

from hardware.card import sim_der as der
from hardware.card.sim_apdu import encode_object
from hardware.card.sim_cipher import Suite
from hardware.card.sim_group import Group
from hardware.card.sim_keys import EcKey
from hardware.card.sim_pace import PaceSetting

_ACTIVE_AUTHENTICATION = "2.23.136.1.1.5"
_PLAIN_ECDSA = "0.4.0.127.0.7.1.1.4.1"
_PLAIN_HASHES = {"sha224": 2, "sha256": 3, "sha384": 4, "sha512": 5}
_PK, _CA = "0.4.0.127.0.7.2.2.1", "0.4.0.127.0.7.2.2.3"
_DH_KEY_AGREEMENT = "1.2.840.10046.2.1"  # dhpublicnumber: with the subgroup's order, as RFC 3279 has it


def pace_info(setting: PaceSetting) -> bytes:
    """Return a PACEInfo, version 2."""
    return der.sequence(encode_object(b"\x06", setting.oid), der.integer(2), der.integer(setting.parameter_id))


def active_authentication_info(hash_name: str) -> bytes:
    """Return an ActiveAuthenticationInfo: ECDSA, plain format, with this hash. KeyError for sha1, which ECDSA may not use."""
    algorithm = der.oid(f"{_PLAIN_ECDSA}.{_PLAIN_HASHES[hash_name]}")
    return der.sequence(der.oid(_ACTIVE_AUTHENTICATION), der.integer(1), algorithm)


def chip_authentication_oid(suite: Suite, *, elliptic: bool) -> str:
    """Return the object identifier of a variant of chip authentication."""
    return f"{_CA}.{2 if elliptic else 1}.{suite.number}"


def chip_authentication_info(suite: Suite, key_id: int | None, *, elliptic: bool) -> bytes:
    """Return a ChipAuthenticationInfo, version 1."""
    return der.sequence(der.oid(chip_authentication_oid(suite, elliptic=elliptic)), der.integer(1), _key_id(key_id))


def elliptic_key_info(key: EcKey, encoding: str, key_id: int | None) -> bytes:
    """Return a ChipAuthenticationPublicKeyInfo with a point."""
    return der.sequence(der.oid(f"{_PK}.2"), key.public_key_info(encoding), _key_id(key_id))


def group_key_info(group: Group, public: int, key_id: int | None) -> bytes:
    """Return a ChipAuthenticationPublicKeyInfo with a group element."""
    parameters = der.sequence(der.integer(group.p), der.integer(group.generator), der.integer(group.order))
    algorithm = der.sequence(der.oid(_DH_KEY_AGREEMENT), parameters)
    info = der.sequence(algorithm, der.bits(der.integer(public)))
    return der.sequence(der.oid(f"{_PK}.1"), info, _key_id(key_id))


def _key_id(key_id: int | None) -> bytes:
    return b"" if key_id is None else der.integer(key_id)
