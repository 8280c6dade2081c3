"""The card holder at a simulated payment terminal, and the amount it charges: as the bench has told.

The bench's thread writes, the terminal's threads read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from hardware.sim_manners import BadCommand, Command

Act = Literal["approve", "decline", "cancel", "timeout"]
Plan = Literal["approve", "decline", "cancel", "timeout", "hold"]


@dataclass
class CardHolder:
    """How the next payments go.

    plan            what the card holder (or the bank) will do; "timeout": nobody comes with a card; "hold": a person decides
    one_payment     the plan is for one payment, then it is ``approve`` again
    delay_s         the card holder acts after so long; None: as the terminal's Delays say
    act_now         a person's act for the payment that waits on hold
    wrong_amount    charge this amount (minor units) instead of the one asked; wrong_currency: and report this currency
    """

    plan: Plan = "approve"
    one_payment: bool = False
    delay_s: float | None = None
    act_now: Act | None = None
    wrong_amount: int | None = None
    wrong_currency: str | None = None

    def tell(self, plan: Plan, delay_s: float | None, *, once: bool, phase: str) -> None:
        """Plan the next payments, or act for the one that waits on hold in the terminal's phase."""
        if plan in {"decline", "cancel"} and self.plan == "hold" and phase in {"card", "pin"}:
            self.act_now = plan
            return
        self.plan, self.delay_s = plan, delay_s
        self.one_payment, self.act_now = once, None

    @property
    def stop_pressed(self) -> bool:
        """Whether the card holder wants to stop."""
        return (self.act_now or self.plan) == "cancel"

    def payment_over(self) -> None:
        """Forget what was meant for one payment only."""
        self.act_now = None
        if self.one_payment:
            self.plan, self.one_payment = "approve", False


class PaymentTerminal(Protocol):
    """What a card can be shown to."""

    @property
    def phase(self) -> str:
        """What it is doing."""
        ...

    @property
    def controls(self) -> CardHolder:
        """What the card holder does."""
        ...


def show_card(terminal: PaymentTerminal, _options: Command) -> None:
    """Show a good card for the payment that waits on hold. Raises BadCommand if none does."""
    if terminal.phase != "card":
        raise BadCommand("no payment waits for a card")
    terminal.controls.act_now = "approve"
