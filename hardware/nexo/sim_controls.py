"""What the bench decides about the simulated nexo terminal: how the next payments go, and what is wrong.

The bench's thread writes, the terminal's threads read and count down. Every fault is off until asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from hardware.sim_card_holder import Act, CardHolder
from hardware.sim_faults import How, LineControls, LineFaults

Condition = Literal["Refusal", "WrongPIN", "InvalidCard", "PaymentRestriction", "UnreachableHost"]
Instant = Literal["card", "approved", "recorded", "reversing", "reversed"]
"""Where the power can be cut: before a card is presented; after the host has approved and before the terminal has recorded
it; after that, before the answer. And before the host hears of a reversal, or after it is done and recorded."""
Spoiling = How | Literal["wrong_service_id"]
"""How an answer can be spoilt; the last: it is the answer to somebody else."""


@dataclass
class Faults(LineFaults):
    """What is wrong now, besides the line.

    busy              everything that needs the card reader or the host is refused (Busy)
    out_of_order      the same with DeviceOut
    refuse_reversals  the host refuses each reversal
    lose_reversal     the next reversal is never answered: "done" it is, or "undone"
    in_progress       so many status queries are answered InProgress, whatever is true
    """

    busy: bool = False
    out_of_order: bool = False
    refuse_reversals: bool = False
    lose_reversal: Literal["done", "undone"] | None = None
    in_progress: int = 0


@dataclass
class Controls(LineControls, CardHolder):
    """How the next payments go, besides the card holder.

    host_s          the host takes so long; None: as the terminal's Delays say
    condition       ErrorCondition of a refusal
    version         counts the bench's changes, so that who waits sees that something is new
    """

    faults: Faults = field(default_factory=Faults)
    host_s: float | None = None
    condition: Condition = "Refusal"
    version: int = 0

    def reset(self) -> None:
        """End every plan and every fault."""
        for name, value in vars(Controls()).items():
            if name not in {"_lock", "version", "unheard"}:
                setattr(self, name, value)

    def decide(self, waited_s: float, insert_s: float, card_s: float) -> tuple[Act | None, float]:
        """Say what the card holder does now, after so long, or None and how long to wait on if nothing else is told."""
        if self.act_now:
            return self.act_now, 0.0
        if waited_s >= card_s:
            return "timeout", 0.0
        if self.plan in {"hold", "timeout"}:
            return None, card_s - waited_s
        delay_s = insert_s if self.delay_s is None else self.delay_s
        if waited_s < delay_s:
            return None, min(delay_s, card_s) - waited_s
        return self.plan, 0.0  # type: ignore[return-value]  # "hold" is dealt with above

    def take_in_progress(self) -> bool:
        """Count the falsely running down; say whether this query meets one."""
        with self._lock:
            left = self.faults.in_progress
            self.faults.in_progress = max(0, left - 1)
            return left > 0

    def take_lost_reversal(self) -> Literal["done", "undone"] | None:
        """Take what is to become of this reversal whose answer never comes, if it is such a one."""
        with self._lock:
            lost, self.faults.lose_reversal = self.faults.lose_reversal, None
            return lost
