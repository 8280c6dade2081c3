"""The keys of seals: one file each, 0600, in a folder of their own beside the database.

The newest key that is valid signs. Older ones stay, so that what they signed can still be checked; a withdrawn one stays, too,
so that everybody hears of it.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from central.days import now_ms
from central.store import Store, StoreError
from kiosk.uplink.messages import SigningKey
from kiosk.uplink.seal import Seal, key_id_of, sealed_text

YEAR_MS = 365 * 86_400_000
SIGNS_FOR_MS = 2 * YEAR_MS
ISSUER = "Reference central system (synthetic data)"
SUFFIX = ".seal-key.json"


class KeyFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A key as it lies on disk; ``seed`` is the private key (RFC 8032, 5.1.5), hexadecimal."""

    public: SigningKey
    seed: str


class SealKey(NamedTuple):
    """A key in memory."""

    public: SigningKey
    private: Ed25519PrivateKey


class Keyring:
    """The keys in a folder, newest first. Read at every use: another process may have added or withdrawn one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[SealKey]:
        """Return every key. StoreError for a file that is no key, or that others may read."""
        found = [read_key(path) for path in sorted(self.folder.glob(f"*{SUFFIX}"))]
        return sorted(found, key=lambda key: (key.public.not_before_ms, key.public.key_id), reverse=True)

    def prepare(self) -> None:
        """Make the first key where there is none that signs."""
        if self.signing(now_ms()) is None:
            self.add(now_ms())

    def signing(self, at_ms: int) -> SealKey | None:
        """Return the key that signs at a time: the newest that is valid and not withdrawn."""
        for key in self.all():
            if not key.public.withdrawn and key.public.not_before_ms <= at_ms < key.public.not_after_ms:
                return key
        return None

    def add(self, from_ms: int, issuer: str = ISSUER) -> SigningKey:
        """Make a key that signs from a time on, by the second as seals tell it, for two years."""
        from_ms -= from_ms % 1000
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw()
        key = SigningKey(key_id_of(public).hex(), public.hex(), from_ms, from_ms + SIGNS_FOR_MS, issuer)
        write_private(self._path(key.key_id), msgspec.json.encode(KeyFile(key, private.private_bytes_raw().hex())))
        return key

    def withdraw(self, key_id: str) -> None:
        """Mark a key as one that is believed no more. StoreError if there is none of this id."""
        path = self._path(key_id)
        if not key_id.isalnum() or not path.is_file():
            raise StoreError(f"there is no key {key_id} in {self.folder}")
        kept = msgspec.json.decode(path.read_bytes(), type=KeyFile)
        gone = msgspec.structs.replace(kept.public, withdrawn=True)
        write_private(path, msgspec.json.encode(KeyFile(gone, kept.seed)))

    def seal(self, address: str, seal: Seal) -> str:
        """Return the text of a document's QR, with the key that signs when it is issued filled in. StoreError without one."""
        key = self.signing(seal.issued_at_s * 1000)
        if key is None:
            raise StoreError(f"no key in {self.folder} signs now: run 'kiosk-central new-key'")
        return sealed_text(key.private, address, msgspec.structs.replace(seal, key_id=bytes.fromhex(key.public.key_id)))

    def _path(self, key_id: str) -> Path:
        return self.folder / f"{key_id}{SUFFIX}"


def keyring_of(store: Store) -> Keyring:
    """Return the keys that belong to a store."""
    return Keyring(store.beside("keys"))


def read_key(path: Path) -> SealKey:
    """Read one key. StoreError if it is none, or if others than its owner may read it."""
    try:
        if path.stat().st_mode & 0o077:
            raise StoreError(f"{path} can be read by others: chmod 600 it, and withdraw it if somebody may have")
        kept = msgspec.json.decode(path.read_bytes(), type=KeyFile)
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept.seed))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} is no key of a seal: {error}") from error
    if private.public_key().public_bytes_raw().hex() != kept.public.public_key:
        raise StoreError(f"{path}: its two halves do not belong together")
    return SealKey(kept.public, private)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all, whoever else writes it meanwhile. StoreError."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise StoreError(f"{path} cannot be written: {error}") from error
