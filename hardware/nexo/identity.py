"""ServiceIDs: ten letters and digits each, never used twice within the two days for which terminals keep them apart.

That of a payment follows from what the journal holds, so that after a crash the terminal can be asked what became of it.
"""

from __future__ import annotations

import hashlib
import secrets

LENGTH = 10
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def service_id_of(*parts: str) -> str:
    """Return the ServiceID that always belongs to these parts."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return _spelled(int.from_bytes(digest, "big"))


def fresh_service_id() -> str:
    """Return a ServiceID that nobody has used: one of 36 to the tenth."""
    return _spelled(secrets.randbelow(len(ALPHABET) ** LENGTH))


def _spelled(number: int) -> str:
    spelled = ""
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        spelled += ALPHABET[digit]
    return spelled
