"""Active Authentication from the chip's side (ICAO Doc 9303-11, section 6.1)."""

from __future__ import annotations

from collections.abc import Callable

from hardware.card.sim_keys import EcKey, RsaKey, digest

_TRAILERS = {"sha1": "BC", "sha224": "38CC", "sha256": "34CC", "sha384": "36CC", "sha512": "35CC"}
_HEADER = b"\x6a"  # partial recovery, and no padding before the message


def sign_challenge(challenge: bytes, key: EcKey | RsaKey, hash_name: str, draw: Callable[[int], bytes]) -> bytes:
    """Sign a terminal's nonce: ECDSA in plain format over it, RSA by ISO/IEC 9796-2 scheme 1 over a nonce and it."""
    if isinstance(key, EcKey):
        return key.sign_plain(challenge, hash_name)
    return key.apply(recoverable(challenge, key.modulus_bytes, hash_name, draw))


def recoverable(challenge: bytes, size: int, hash_name: str, draw: Callable[[int], bytes]) -> bytes:
    """Return the message representative: header, own nonce, hash over both nonces, trailer (Doc 9303-11, section 6.1.2.2)."""
    trailer = bytes.fromhex(_TRAILERS[hash_name])
    room = size - len(_HEADER) - len(digest(hash_name, b"")) - len(trailer)
    nonce = draw(room)
    return _HEADER + nonce + digest(hash_name, nonce + challenge) + trailer
