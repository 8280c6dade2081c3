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
from hardware.cash.validator import ENABLED, Validator
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


def open_driver(settings: CashSettings) -> CcnetAcceptor:
    """Return the driver; the validator may be away."""
    return CcnetAcceptor(settings)


class CcnetAcceptor:
    """See ``kiosk.ports.CashAcceptor``. One thread calls everything except ``cancel``.

    A ``cancel`` just before a wait begins ends that wait too: the worker may have been late, and the citizen has already chosen.
    """

    def __init__(self, settings: CashSettings) -> None:
        self._times = settings.timings
        self._validator = Validator(settings)
        self._cancelled = threading.Event()

    # --- a note ---
    def next_note(self, most: Money, timeout_s: float) -> Money | None:
        """See the port."""
        validator, note = self._validator, None
        try:
            validator.raise_trouble(validator.rest())
            kinds = [kind for kind, minor in validator.table.items() if minor <= most.minor]
            if kinds and not self._cancelled.is_set():
                validator.order(messages.enable(kinds))
                note = self._wait_for_note(time.monotonic() + timeout_s)
        finally:
            self._cancelled.clear()
            if note is None:
                self._close_slot()
        return note

    def _wait_for_note(self, end: float) -> Money | None:
        validator, accepting = self._validator, False
        # A note that has begun to go in is waited for: only when it lies in escrow can it be given back.
        while accepting or (time.monotonic() < end and not self._cancelled.is_set()):
            told = validator.look()
            validator.raise_trouble(told)
            if told.state is State.ESCROW:
                return self._held(told)
            if told.state in messages.POWER_UPS:
                raise DeviceSilent("the validator lost power")
            accepting = told.state is State.ACCEPTING
            self._cancelled.wait(self._times.poll_s) if not accepting else time.sleep(self._times.poll_s)
        return None

    def _held(self, told: Told) -> Money:
        kind = told.detail if told.detail is not None else -1
        if kind not in self._validator.table:
            self._validator.order(bytes((Order.RETURN,)))
            raise ProtocolError(f"the validator holds bill type {kind}, which its table does not have")
        return Money(self._validator.table[kind])

    def _close_slot(self) -> None:
        """Disable, whatever went wrong: a note that came in meanwhile is given back."""
        try:
            told = self._validator.look()
            if told.state is State.ESCROW:
                self.give_back()
                told = self._validator.look()
            if told.state in ENABLED:
                self._validator.order(messages.enable(()))
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
            if self._validator.look().state not in (State.ESCROW, State.HOLDING):
                return False
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
        told = self._validator.look(acknowledge=False)
        if told.state not in (State.ESCROW, State.HOLDING):
            return self._gone(told)
        with contextlib.suppress(DeviceFault):  # it may have been heard all the same: only the state tells
            self._validator.order(bytes((Order.STACK,)))
        return self._followed(value)

    def _gone(self, told: Told) -> NoteOutcome:
        """Say what became of a note that no longer lay in escrow when it was to be stacked: no order to stack it ever left."""
        if told.state in (
            State.RETURNING,
            State.RETURNED,
            State.IDLING,
            State.DISABLED,
            State.POWER_UP_BILL_IN_VALIDATOR,
        ):
            return Returned()
        return Unresolved(f"the note was not in escrow: the validator tells {told}")

    def _followed(self, value: Money) -> NoteOutcome:
        ended = (State.STACKED, State.RETURNED, State.IDLING, State.DISABLED, *messages.POWER_UPS, *TROUBLES)
        try:
            told = self._validator.until(lambda seen: seen.state in ended, acknowledge=False)
        except DeviceFault as fault:
            return Unresolved(f"after the order to stack: {fault}")
        if told.state is State.STACKED:
            return self._stacked(told, value)
        if told.state is State.RETURNED:
            return self._came_back()
        return Unresolved(f"after the order to stack the validator tells {told}")

    def _stacked(self, told: Told, value: Money) -> NoteOutcome:
        minor = self._validator.table.get(told.detail) if told.detail is not None else None
        if minor is not None and minor != value.minor:
            return Unresolved(f"the validator stacked a note of {minor}, not of {value.minor}")
        return Stacked(value)

    def _came_back(self) -> Returned:
        """Acknowledge 82: nothing about it has to be on disk first."""
        self._quietly_acknowledge()
        return Returned()

    def acknowledge(self) -> None:
        """See the port. Polls first: what is acknowledged is what was told last."""
        told = self._validator.look(acknowledge=False)
        if told.state is State.STACKED:
            self._validator.link.acknowledge()
        self._close_slot()

    def give_back(self) -> NoteOutcome:
        """See the port."""
        self._cancelled.clear()
        told = self._validator.look(acknowledge=False)
        if told.state in (State.ESCROW, State.HOLDING):
            with contextlib.suppress(DeviceFault):  # as with STACK
                self._validator.order(bytes((Order.RETURN,)))
            ended = (State.STACKED, State.RETURNED, State.IDLING, State.DISABLED, *messages.POWER_UPS, *TROUBLES)
            told = self._validator.until(lambda seen: seen.state in ended, acknowledge=False)
        if told.state is State.STACKED:
            return Unresolved("the note was to be given back and was stacked")
        if told.state in TROUBLES:
            return Unresolved(f"while giving the note back the validator tells {told}")
        self._quietly_acknowledge()
        self._close_slot()
        return Returned()

    def _quietly_acknowledge(self) -> None:
        try:
            self._validator.link.acknowledge()
        except DeviceFault:
            self._validator.link.close()

    # --- after a power cut ---
    def outcome_of_note(self, value: Money, *, stacking: bool) -> NoteOutcome:
        """See the port. What a state proves: ``_judged``, ``_finished``."""
        try:
            told = self._validator.look(acknowledge=False)
            outcome = self._judged(told, value, stacking=stacking)
            if not isinstance(outcome, Stacked) or told.state is not State.STACKED:
                self._quietly_rest()
        except DeviceFault as fault:
            return Unresolved(f"the validator could not be asked: {fault}")
        return outcome

    def _judged(self, told: Told, value: Money, *, stacking: bool) -> NoteOutcome:
        if told.state in (State.ESCROW, State.HOLDING):
            return self.give_back()
        if told.state in (State.STACKING, State.RETURNING):
            told = self._validator.until(lambda seen: seen.state is not told.state, acknowledge=False)
        if told.state is State.RETURNED:
            return self._came_back()
        if told.state is State.POWER_UP_BILL_IN_VALIDATOR:
            self._validator.reset()
            return Returned()
        if not stacking:
            # STACK never left: in the cash box it can only be by a hand of somebody else's.
            in_doubt = told.state in (State.STACKED, State.POWER_UP_BILL_IN_STACKER) or told.state in TROUBLES
            return (
                Unresolved(f"never ordered to be stacked, and the validator tells {told}") if in_doubt else Returned()
            )
        if told.state is State.STACKED:
            return self._stacked(told, value)
        if told.state is State.POWER_UP_BILL_IN_STACKER:
            return self._finished(value)
        return Unresolved(f"ordered to be stacked, and the validator tells {told}")

    def _finished(self, value: Money) -> NoteOutcome:
        """RESET finishes the note's way; only a clean end of it is a credit (a second cut could still bring the note back)."""
        self._validator.order(bytes((Order.RESET,)))
        busy = (*messages.POWER_UPS, State.INITIALISE, State.BUSY, State.STACKING)
        told = self._validator.until(lambda seen: seen.state not in busy, acknowledge=False)
        if told.state is State.STACKED:
            return self._stacked(told, value)
        if told.state in (State.DISABLED, State.IDLING):
            return Stacked(value)
        return self._came_back() if told.state is State.RETURNED else Unresolved(f"after a reset: {told}")

    def _quietly_rest(self) -> None:
        try:
            self._validator.rest()
        except DeviceFault:
            self._validator.link.close()

    # --- how it is ---
    def health(self) -> Health:
        """See the port. Brings an idle validator to rest: its table is read and its slot closed before anybody comes."""
        try:
            told = self._validator.rest()
        except DeviceFault as fault:
            return Failed(fault.reason, str(fault))
        reason = TROUBLES.get(told.state)
        if reason is not None:
            return Failed(reason, f"the validator tells {told}")
        if told.state is State.PAUSE:
            return Degraded("paused", "a note is stuck in the mouth")
        identity = self._validator.identity
        return Ready(f"{identity.part} {identity.serial}, {len(self._validator.table)} notes")

    def self_test(self) -> SelfTest:
        """See the port."""
        health = self.health()
        if isinstance(health, Failed):
            return SelfTest(
                "cash", (Check("answers", "failed", health.detail, ADVICE.get(health.reason, ADVICE["silent"])),)
            )
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
