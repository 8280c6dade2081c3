"""A key that everybody may know, and seals by it."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from kiosk.uplink.messages import SigningKey, SigningKeys
from kiosk.uplink.seal import VERSION, Seal, key_id_of, sealed_text

ISSUED_S = 1_795_500_000
DAY_S = 86_400
ADDRESS = "https://central.example/v1/verify/91442G5CJY7Q0HY24Q626QN1BK"
FACTS = {
    "fin": "7ABC1D2",
    "born": "01.01.1990",
    "address": "Зангиланский район, село Агалы, 14-я улица, дом 6",
    "since": "19.07.2022",
}


def key(number: int = 7) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def public(number: int = 7, **changes: Any) -> SigningKey:
    raw = key(number).public_key().public_bytes_raw()
    made = SigningKey(key_id_of(raw).hex(), raw.hex(), 0, (ISSUED_S + 1000 * DAY_S) * 1000, "The issuer")
    return replace(made, **changes)


def a_seal(number: int = 7, **changes: Any) -> Seal:
    made = Seal(
        VERSION,
        bytes.fromhex(public(number).key_id),
        "residence-certificate",
        "26-FCZDZK",
        ISSUED_S,
        ISSUED_S + 30 * DAY_S,
        "AGALI-1",
        "ru",
        "Məmmədova Aygün Elçin qızı",
        FACTS,
    )
    return replace(made, **changes)


def text(number: int = 7, address: str = ADDRESS, **changes: Any) -> str:
    return sealed_text(key(number), address, a_seal(number, **changes))


def keys(*numbers: int) -> SigningKeys:
    return SigningKeys([public(number) for number in numbers or (7,)])
