"""The reference of a visit's order: what stands as code on its papers, and by which the centre knows it.

It is counted, so that no two are alike, and ends in letters that only this journal can work out, so that whoever holds one
paper cannot guess the next one's code: a code alone brings a copy, and may be worth money (a surplus, a claim).
"""

from __future__ import annotations

import hashlib
import hmac

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Those that nobody takes for another: no I, L, O, 0, 1."""
COUNT = 5
"""31 to the fifth is 28 million; the centre bears twenty wrong ones an hour."""


def letters_of(secret: str, number: int) -> str:
    """Return the letters of a visit, "" for a journal without a secret. The same at every replay (law 6)."""
    if not secret:
        return ""
    digest = int.from_bytes(hmac.digest(secret.encode(), str(number).encode(), hashlib.sha256))
    return "".join(LETTERS[digest // len(LETTERS) ** place % len(LETTERS)] for place in range(COUNT))


def reference_of(kiosk_id: str, epoch: str, secret: str, number: int, attempt: int = 1) -> str:
    """Return ``<kiosk>-<epoch>-<visit>-<letters>``, with ``-2`` for the second attempt of a visit, and so on."""
    parts = (kiosk_id, epoch, f"{number:06d}", letters_of(secret, number), str(attempt) if attempt > 1 else "")
    return "-".join(part for part in parts if part)
