"""How long the people and the bank behind a simulated payment terminal take, in seconds, whatever protocol it speaks."""

from __future__ import annotations

from msgspec import Struct


class Delays(Struct, frozen=True, kw_only=True):
    """The people and the bank behind the terminal: short, but visible in a demonstration."""

    insert_s: float = 2.0
    pin_s: float = 2.0
    bank_s: float = 1.5
    remove_s: float = 1.0
    boot_s: float = 1.0

    @classmethod
    def none(cls) -> Delays:
        """Everybody acts at once: for tests."""
        return cls(insert_s=0.0, pin_s=0.0, bank_s=0.0, remove_s=0.0, boot_s=0.0)
