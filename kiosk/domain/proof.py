"""Whether an ID card is genuine: what each of the proofs of ICAO Doc 9303-11 came to, and which of them are enough.

passive   Passive Authentication (5.1): the data are those that the issuing state signed
active    Active Authentication (6.1): the chip has the private key that belongs to the signed EF.DG15
chip      Chip Authentication (6.2): likewise with the signed EF.DG14

Signed data can be copied onto another chip, so passive alone cannot tell a copy; a key whose public half nobody signed
proves nothing at all. Hence the two levels of ``suffices``.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Outcome = Literal["held", "failed", "not_offered", "not_checked"]

Level = Literal["none", "authentic", "genuine"]

LEVELS: tuple[Level, ...] = ("none", "authentic", "genuine")
"""In rising order. ``authentic``: the data are the state's. ``genuine``: and the chip is the one they were issued on."""


class Check(Struct, frozen=True):
    """What one proof came to. ``detail``: why it failed; where it held, what to know about it (a weak hash, no revocation list)."""

    outcome: Outcome = "not_checked"
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.outcome} ({self.detail})" if self.detail else self.outcome


class Proof(Struct, frozen=True):
    """The verdict on one card: each proof by itself."""

    passive: Check = Check()
    active: Check = Check()
    chip: Check = Check()

    @property
    def failed(self) -> bool:
        """Whether a proof failed: such a card is refused, whatever else held."""
        return "failed" in {self.passive.outcome, self.active.outcome, self.chip.outcome}

    @property
    def level(self) -> Level:
        """How much is proven."""
        if self.failed or self.passive.outcome != "held":
            return "none"
        return "genuine" if "held" in {self.active.outcome, self.chip.outcome} else "authentic"

    def suffices(self, needed: Level) -> bool:
        """Say whether this much is proven."""
        return LEVELS.index(self.level) >= LEVELS.index(needed)

    def __str__(self) -> str:
        return f"passive {self.passive}, active {self.active}, chip {self.chip}"
