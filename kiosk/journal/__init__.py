"""The journal: an append-only, hash-chained log of events in SQLite, and the vault that can forget persons."""

from kiosk.journal.store import Journal, Verdict
from kiosk.journal.vault import Cipher

__all__ = ["Cipher", "Journal", "Verdict"]
