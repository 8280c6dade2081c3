"""A banknote acceptor that speaks CCNET (CashCode): the driver of ``kiosk.ports.CashAcceptor``.

    80 escrow ─ caller journals ─ 35 STACK ─► 17 ─► 81 stacked, not acknowledged ─ caller journals ─ ACK ─► 14

Credit is given by 81 alone, never by 80 or by the ACK of 35. STACK is sent once: without an answer the state is asked for.
"""

from __future__ import annotations

import contextlib
import threading
import time

from hardware.cash import messages
from hardware.cash.messages import TROUBLES, Order, State, Told
from hardware.cash.settings import CashSettings
from hardware.cash.validator import IN_ESCROW, UNDER_WAY, Validator
from kiosk.domain.cash import NoteOutcome, Returned, Stacked
from kiosk.domain.faults import DeviceFault, DeviceSilent, ProtocolError
from kiosk.domain.health import Check, Degraded, Failed, Health, Ready, SelfTest
from kiosk.domain.money import Money
from kiosk.domain.payment import Unresolved

ADVICE = {
    "absent": "Check the validator's cable and its port in kiosk.toml [cash].",
    "silent": "Check the validator's power supply and cable; a red lamp on its back blinks its own code.",
    "cash_full": "Collect the cash box.",
    "cash_removed": "Put the cash box in until it clicks.",
    "jammed": "Open the validator, take out the note by hand and write down its value; then close it.",
    "cheated": "Look for a string or tape in the note path; then switch the validator off and on.",
    "wrong_currency": "The validator's firmware does not know the manat: have it loaded.",
}

GONE = (State.RETURNED, State.IDLING, State.DISABLED)
"""Told instead of escrow: the note is out."""
MOVING = (State.INITIALISE, State.ACCEPTING, State.REJECTING, State.STACKING, State.RETURNING, State.BUSY)
"""On its way to a state that tells something of a note."""
ENDED = (State.STACKED, State.RETURNED, State.IDLING, State.DISABLED, *messages.POWER_UPS, *TROUBLES)


def open_driver(settings: CashSettings) -> CcnetAcceptor:
    """Return the driver; the validator may be away."""
    return CcnetAcceptor(settings)


class CcnetAcceptor:
    """See ``kiosk.ports.CashAcceptor``. One thread calls everything except ``cancel``.

    A ``cancel`` just before a wait begins ends that wait too: the worker may have been late, and the citizen has already chosen.
    While a note may be open in the journal, ``health`` leaves the validator alone: a RESET would destroy the evidence.
    """

    def __init__(self, settings: CashSettings) -> None:
        self._times = settings.timings
        self._validator = Validator(settings)
        self._cancelled = threading.Event()
        self._note_open = True  # after a start only the journal knows

    # --- a note ---
    def next_note(self, most: Money, timeout_s: float) -> Money | None:
        """See the port."""
        validator, note = self._validator, None
        try:
            self._note_open = False
            validator.raise_trouble(validator.rest())
            kinds = [kind for kind, minor in validator.table.items() if most.currency == "AZN" and minor <= most.minor]
            if kinds and not self._cancelled.is_set():
                validator.order(messages.enable(kinds))
                note = self._wait_for_note(time.monotonic() + timeout_s)
        finally:
            self._cancelled.clear()
            self._note_open = note is not None
            if note is None:
                self._close_slot()
        return note

    def _wait_for_note(self, end: float) -> Money | None:
        validator, latest, accepting = self._validator, end + self._times.motion_s, False
        # A note that has begun to go in is waited for: only when it lies in escrow can it be given back.
        while accepting or (time.monotonic() < end and not self._cancelled.is_set()):
            told = validator.look()
            validator.raise_trouble(told)
            if told.state is State.ESCROW:
                return self._held(told)
            if told.state in messages.POWER_UPS or time.monotonic() > latest:
                raise DeviceSilent(f"while a note was awaited the validator came to tell {told}")
            accepting = told.state is State.ACCEPTING or (accepting and told.state is State.BUSY)
            self._pause(accepting=accepting)
        return None

    def _pause(self, *, accepting: bool) -> None:
        if accepting:
            time.sleep(self._times.poll_s)
        else:
            self._cancelled.wait(self._times.poll_s)

    def _held(self, told: Told) -> Money:
        value = self._value(told)
        if value is None:
            self._validator.order(bytes((Order.RETURN,)))
            raise ProtocolError(f"the validator tells {told}, a bill type which its table does not have")
        return value

    def _value(self, told: Told) -> Money | None:
        minor = self._validator.table.get(-1 if told.detail is None else told.detail)
        return None if minor is None else Money(minor)

    def _close_slot(self) -> None:
        """Disable, whatever went wrong. No note is open: one that came in meanwhile is given back."""
        try:
            self._validator.rest()
        except DeviceFault:
            self._validator.link.close()  # the next call opens it anew and disables first

    def hold(self, timeout_s: float) -> bool:
        """See the port."""
        try:
            return self._hold(time.monotonic() + timeout_s)
        finally:
            self._cancelled.clear()

    def _hold(self, end: float) -> bool:
        anew = 0.0
        while True:
            told = self._looked()
            if told.state in GONE:
                return False
            if told.state not in IN_ESCROW:
                raise ProtocolError(f"a note was held, and the validator tells {told}", "in_doubt")
            now = time.monotonic()
            if now >= anew:
                self._validator.order(bytes((Order.HOLD,)))
                anew = now + self._times.hold_s
            if now >= end or self._cancelled.is_set():
                return True
            self._cancelled.wait(min(self._times.poll_s, end - now))

    def stack(self, value: Money) -> NoteOutcome:
        """See the port."""
        self._cancelled.clear()  # meant for a wait that has ended by itself
        told = self._looked()
        if told.state in GONE:
            return Returned()
        if told.state not in IN_ESCROW:
            return Unresolved(f"the note was not in escrow: the validator tells {told}")
        told_after = self._moved(Order.STACK)
        if isinstance(told_after, Unresolved):
            return told_after
        if told_after.state is State.STACKED:
            return self._stacked(told_after, value)
        if told_after.state is State.RETURNED:
            return Returned()
        return Unresolved(f"after the order to stack the validator tells {told_after}")

    def _looked(self) -> Told:
        """Look at the note; one that is on its way out is not out before it has come there: it may jam."""
        told = self._validator.look()
        return told if told.state is not State.RETURNING else self._validator.until(lambda seen: seen.state in ENDED)

    def _moved(self, order: Order) -> Told | Unresolved:
        """Order a note out of escrow, once, and follow it to its end."""
        with contextlib.suppress(DeviceFault):  # it may have been heard all the same: only the state tells
            self._validator.order(bytes((order,)))
        try:
            return self._validator.until(lambda seen: seen.state in ENDED)
        except DeviceFault as fault:
            return Unresolved(f"after {order.name}: {fault}")

    def _stacked(self, told: Told, value: Money) -> NoteOutcome:
        stacked = self._value(told)
        if stacked is not None and stacked != value:
            return Unresolved(f"the validator stacked a note of {stacked.minor}, not of {value.minor}")
        return Stacked(value)

    def acknowledge(self) -> None:
        """See the port. Polls first: what is acknowledged is what was told last."""
        if self._validator.look().state is State.STACKED:
            self._validator.link.acknowledge()
        self._note_open = False
        self._close_slot()

    def give_back(self) -> NoteOutcome:
        """See the port."""
        self._cancelled.clear()
        told: Told | Unresolved = self._looked()
        if isinstance(told, Told) and told.state in IN_ESCROW:
            told = self._moved(Order.RETURN)
        if isinstance(told, Unresolved):
            return told
        if told.state is State.STACKED:
            value = self._value(told)
            return Unresolved(f"to be given back, and the validator tells {told}") if value is None else Stacked(value)
        if told.state not in GONE:
            return Unresolved(f"while giving the note back the validator tells {told}")
        self._note_open = False
        self._close_slot()
        return Returned()

    # --- after a power cut ---
    def outcome_of_note(self, value: Money, *, stacking: bool) -> NoteOutcome:
        """See the port. What a state proves: ``_judged``, ``_finished``."""
        try:
            outcome = self._judged(self._validator.look(), value, stacking=stacking)
        except DeviceFault as fault:
            return Unresolved(f"the validator could not be asked: {fault}")
        self._note_open = not isinstance(outcome, Returned)
        if isinstance(outcome, Returned):
            self._close_slot()
        return outcome

    def _judged(self, told: Told, value: Money, *, stacking: bool) -> NoteOutcome:
        if told.state in MOVING:
            told = self._validator.until(lambda seen: seen.state not in MOVING)
        if told.state in IN_ESCROW:
            return self.give_back()
        if told.state is State.RETURNED:
            return Returned()
        if told.state is State.POWER_UP_BILL_IN_VALIDATOR:
            cleared = self._validator.reset()
            return (
                Returned() if cleared.state in GONE else Unresolved(f"given back by a reset, which ended in {cleared}")
            )
        if not stacking:
            # STACK never left: in the cash box it can only be by a hand of somebody else's.
            gone = told.state in GONE or told.state is State.POWER_UP
            return Returned() if gone else Unresolved(f"never ordered to be stacked, and the validator tells {told}")
        if told.state is State.STACKED:
            return self._stacked(told, value)
        if told.state is State.POWER_UP_BILL_IN_STACKER:
            return self._finished(value)
        return Unresolved(f"ordered to be stacked, and the validator tells {told}")

    def _finished(self, value: Money) -> NoteOutcome:
        """RESET finishes the note's way; only a clean end of it is a credit (a second cut could still bring the note back)."""
        seen: list[State] = []

        def ended(told: Told) -> bool:
            seen.append(told.state)
            return told.state not in UNDER_WAY or told.state is State.RETURNED

        self._validator.order(bytes((Order.RESET,)))
        told = self._validator.until(ended)
        if told.state is State.STACKED:
            return self._stacked(told, value)
        if told.state in (State.DISABLED, State.IDLING) and State.INITIALISE in seen:
            return Stacked(value)
        return Returned() if told.state is State.RETURNED else Unresolved(f"after a reset: {told}")

    # --- how it is ---
    def health(self) -> Health:
        """See the port. Brings an idle validator to rest; one that may hold a note of the journal's is only looked at."""
        try:
            told = self._validator.look() if self._note_open else self._validator.rest()
            self._validator.learn(told)
        except DeviceFault as fault:
            return Failed(fault.reason, str(fault))
        reason = TROUBLES.get(told.state)
        if reason is not None:
            return Failed(reason, f"the validator tells {told}")
        if told.state is State.PAUSE:
            return Degraded("paused", "a note is stuck in the mouth")
        identity = self._validator.identity
        return Ready(f"{identity.part} {identity.serial}, {len(self._validator.table)} notes".strip())

    def self_test(self) -> SelfTest:
        """See the port."""
        health = self.health()
        if isinstance(health, Failed):
            advised = health.reason if health.reason in ADVICE else "silent"
            return SelfTest("cash", (Check("answers", "failed", health.detail, ADVICE[advised], advised),))
        notes = ", ".join(str(minor // 100) for minor in sorted(self._validator.table.values()))
        checks: tuple[Check, ...] = (
            Check("answers", "passed", getattr(health, "detail", "")),
            Check("notes", "passed", f"{notes} AZN"),
        )
        if isinstance(health, Degraded):
            checks += (Check("slot", "degraded", health.detail, "Take the note out of the mouth."),)
        return SelfTest("cash", checks)

    def cancel(self) -> None:
        """See the port."""
        self._cancelled.set()

    def close(self) -> None:
        """Disable the slot and let go of the line."""
        if self._validator.link.is_open:
            self._close_slot()
        self._validator.link.close()
