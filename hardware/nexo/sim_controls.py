"""What the bench decides about the simulated nexo terminal: how the next payments go, and what is wrong.

The bench's thread writes, the terminal's threads read and count down. Every fault is off until asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

from msgspec import Struct

Plan = Literal["approve", "decline", "cancel", "timeout", "hold"]
Act = Literal["approve", "decline", "cancel", "timeout"]
Condition = Literal["Refusal", "WrongPIN", "InvalidCard", "PaymentRestriction", "UnreachableHost"]
Instant = Literal["card", "approved", "recorded", "reversing", "reversed"]
"""Where the power can be cut: before a card is presented; after the host has approved and before the terminal has recorded
it; after that, before the answer. And before the host hears of a reversal, or after it is done and recorded."""
How = Literal["lost", "hangs", "half", "double", "garbage", "noise", "http_error", "wrong_service_id"]


class Spoilt(Struct, frozen=True):
    """What becomes of one answer.

    how      lost: the connection is cut; hangs: nothing comes, the connection stands; half: cut after ``number`` bytes;
             double: the same HTTP response twice; garbage: HTTP 200 with ``raw`` as its body; noise: ``raw`` in place of HTTP;
             http_error: status ``number`` and no message; wrong_service_id: the answer to somebody else
    message  only an answer to this MessageCategory; None: whatever is answered next
    early    an HTTP error before the terminal's application has heard of the request
    """

    how: How
    message: str | None = None
    number: int = 0
    raw: bytes = b""
    early: bool = False


@dataclass
class Faults:
    """What is wrong now.

    silent            requests are taken and never answered, nor worked on
    busy              everything that needs the card reader or the host is refused (Busy)
    out_of_order      the same with DeviceOut
    refuse_reversals  the host refuses each reversal
    lose_reversal     the next reversal is never answered: "done" it is, or "undone"
    late_s            each answer leaves that much later than it should
    in_progress       so many status queries are answered InProgress, whatever is true
    cut_at, stay_off  the power is cut at this instant; it does not come back by itself
    spoilt            what becomes of the next answers
    """

    silent: bool = False
    busy: bool = False
    out_of_order: bool = False
    refuse_reversals: bool = False
    lose_reversal: Literal["done", "undone"] | None = None
    late_s: float = 0.0
    in_progress: int = 0
    cut_at: Instant | None = None
    stay_off: bool = False
    spoilt: list[Spoilt] = field(default_factory=list)


@dataclass
class Controls:
    """How the next payments go.

    plan            what the card holder (or the bank) will do; "timeout": nobody comes with a card; "hold": a person decides
    one_payment     the plan is for one payment, then it is ``approve`` again
    delay_s         the card holder acts after so long; None: as the terminal's Delays say
    host_s          the host takes so long; None: as the terminal's Delays say
    act_now         a person's act for the payment that waits on hold
    condition       ErrorCondition of a refusal
    wrong_amount    charge this amount (minor units) instead of the one asked; wrong_currency: and report this currency
    version         counts the bench's changes, so that who waits sees that something is new
    unheard         counts the requests that were lost in silence
    """

    plan: Plan = "approve"
    one_payment: bool = False
    delay_s: float | None = None
    host_s: float | None = None
    act_now: Act | None = None
    condition: Condition = "Refusal"
    wrong_amount: int | None = None
    wrong_currency: str | None = None
    faults: Faults = field(default_factory=Faults)
    version: int = 0
    unheard: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

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

    def payment_over(self) -> None:
        """Forget what was meant for one payment only."""
        self.act_now = None
        if self.one_payment:
            self.plan, self.one_payment = "approve", False

    def take_spoilt(self, category: str | None, *, early: bool) -> Spoilt | None:
        """Take what is to become of the answer to a message of this category, if anything is."""
        with self._lock:
            for spoilt in self.faults.spoilt:
                if spoilt.early == early and spoilt.message in {None, category}:
                    self.faults.spoilt.remove(spoilt)
                    return spoilt
        return None

    def lose_request(self) -> None:
        """Count a request that nobody heard."""
        with self._lock:
            self.unheard += 1

    def take_in_progress(self) -> bool:
        """Count the falsely running down; say whether this query meets one."""
        with self._lock:
            left = self.faults.in_progress
            self.faults.in_progress = max(0, left - 1)
            return left > 0

    def take_cut(self, instant: Instant) -> bool:
        """Say whether the power is cut now."""
        with self._lock:
            if self.faults.cut_at != instant:
                return False
            self.faults.cut_at = None
            return True

    def take_lost_reversal(self) -> Literal["done", "undone"] | None:
        """Take what is to become of this reversal whose answer never comes, if it is such a one."""
        with self._lock:
            lost, self.faults.lose_reversal = self.faults.lose_reversal, None
            return lost
