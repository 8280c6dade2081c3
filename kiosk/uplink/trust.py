"""Which keys are believed, and what a seal is worth by them: a file of public keys, and a judgement without a network."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Literal

import msgspec

from kiosk.domain.faults import ConfigError
from kiosk.uplink.messages import SigningKey, SigningKeys
from kiosk.uplink.seal import Sealed, holds

FILE = "signing-keys.json"
FILE_BYTES_AT_MOST = 1 << 20
AHEAD_MS = 600_000
"""How far the issuing clock may be ahead of the one that judges."""

Reason = Literal["", "tampered", "unknown_key", "key_withdrawn", "key_not_valid", "revoked", "not_yet_valid", "expired"]
"""Why a seal is not good; "" where it is."""


def key_of(sealed: Sealed, keys: SigningKeys) -> SigningKey | None:
    """Return the key that a seal names."""
    name = sealed.seal.key_id.hex()
    return next((key for key in keys.keys if key.key_id == name), None)


def judged(sealed: Sealed, keys: SigningKeys, now_ms: int | None) -> Reason:
    """Say what a seal is worth. Without ``now_ms`` its own dates do not count: for whoever has no clock to trust."""
    seal, key = sealed.seal, key_of(sealed, keys)
    if key is None:
        return "unknown_key"
    if not holds(sealed, raw_key(key)):
        return "tampered"
    if key.withdrawn:
        return "key_withdrawn"
    if not key.not_before_ms <= seal.issued_at_s * 1000 < key.not_after_ms:
        return "key_not_valid"
    if seal.number in keys.revoked:
        return "revoked"
    if now_ms is None:
        return ""
    if seal.issued_at_s * 1000 > now_ms + AHEAD_MS:
        return "not_yet_valid"
    return "expired" if seal.valid_until_s * 1000 <= now_ms else ""


def raw_key(key: SigningKey) -> bytes:
    """Return a key's 32 bytes; what is no hexadecimal is no key that anything was signed with."""
    try:
        return bytes.fromhex(key.public_key)
    except ValueError:
        return b""


def read_keys(path: Path) -> SigningKeys:
    """Read a file of keys. ConfigError if there is none."""
    try:
        if path.stat().st_size > FILE_BYTES_AT_MOST:
            raise ConfigError([f"{path}: is too long for a file of keys"])
        return msgspec.json.decode(path.read_bytes(), type=SigningKeys)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise ConfigError([f"{path}: the keys cannot be read: {reason}"]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError([f"{path}: is no file of keys: {error}"]) from error


def write_keys(path: Path, keys: SigningKeys) -> None:
    """Write a file of keys whole or not at all. OSError."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as made:
        temporary = Path(made.name)
        try:
            made.write(msgspec.json.format(msgspec.json.encode(keys)) + b"\n")
            made.flush()
            os.fsync(made.fileno())
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
