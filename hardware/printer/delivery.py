"""Delivering a paper so that its fate is known: no window is sent before the one before it was acknowledged.

    prepare:  ask → (clear an error) → (complete a torn band with NULs) → initialise, acknowledged → (cut off an old rest)
    deliver:  window, acknowledged → … → window with the cut, acknowledged → Printed
              a fault → wait for the cause to be removed (grace) → the printer goes on by itself
                      → or not in time: Partial, and what is left of this paper is cut off before the next one

At most 2 KB are unacknowledged, so the printer's buffer never fills and questions always get through, and after a fault at
most one window's rest can still appear. The dots of one citizen never reach another's paper.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from typing import NamedTuple

from hardware.printer.dialogue import Dialogue
from hardware.printer.presenter import Presenter
from hardware.printer.profiles import Profile
from hardware.printer.status import FIXABLE, Condition
from kiosk.domain.faults import DeviceAbsent
from kiosk.domain.receipt import NotStarted, Partial, Printed, PrintOutcome, Unverified

GREETING_S = 0.4
SYNCHRONISE_S = 1.0
LOOK_EVERY_S = 1.0
GRACE_LOOK_S = 0.4
STALL_S = 3.0
DRAIN_S = 0.02
RECOVER_S = 1.0
STEP_S = 0.25
GREETING = "HELO"


class Limits(NamedTuple):
    """How long to wait: for a byte to pass, an acknowledgement, a fault to be removed, and one paper altogether."""

    byte_s: float
    acknowledge_s: float
    grace_s: float
    paper_s: float


class Delivery:
    """Delivers papers over one dialogue. ``unfinished``: dots of an earlier paper may be on the paper or in the printer."""

    def __init__(self, dialogue: Dialogue, profile: Profile, limits: Limits) -> None:
        self.unfinished = False
        self._rest = b""
        self._dialogue, self._profile, self._limits = dialogue, profile, limits
        self._dialect = dialogue.dialect
        self.presenter = Presenter(dialogue, profile)
        # Another start of this program begins elsewhere, so an old acknowledgement is not taken for a new one.
        self._job = os.getpid() % 100
        self._end_s = 0.0
        self._gave_up: Callable[[], bool] = lambda: False

    @property
    def torn(self) -> bool:
        """Whether part of a window has not left: the line is in the middle of a command."""
        return bool(self._rest)

    def greet(self) -> None:
        """Find out, before any other byte, whether the printer stands between two commands.

        If a program died in the middle of a band, the printer takes our request for dots and stays silent: then there is
        a torn paper to be cut off. Questions must not come first, for they could complete the band unnoticed.
        """
        if self._profile.acknowledges != "nothing":
            self._dialect.expect()
            self._dialogue.write(self._dialect.greeting(GREETING), GREETING_S)
            if not self._answered(GREETING, GREETING_S):
                self.unfinished = True
                self._resynchronise()

    def deliver(self, windows: list[bytes], gave_up: Callable[[], bool]) -> PrintOutcome:
        """Print one paper. ``gave_up`` ends the wait for a fault to be removed. Never raises a DeviceFault."""
        self._gave_up, self._end_s = gave_up, time.monotonic() + self._limits.paper_s
        self._job = (self._job + 1) % 100
        begun, sent = False, 0
        try:
            if reason := self._prepare():
                return NotStarted(reason)
            begun = self.unfinished = True
            for sent, window in enumerate(windows):
                if reason := self._send(window, f"{self._job:02}{1 + sent % 99:02}"):
                    return Partial(reason, sent)
            reason = self._afterthought()
            cut = not reason and self._surely_cut()
            reason = reason or self._held_out()
        except DeviceAbsent:
            return Partial("lost", sent) if begun else NotStarted("lost")
        if reason:
            return Partial(reason, len(windows) - 1)
        self.unfinished = not cut
        self._close()
        return Printed() if self._profile.acknowledges != "nothing" else Unverified("unconfirmed")

    def _held_out(self) -> str:
        """Hold the paper out, where there is a presenter."""
        order = self._dialect.hold_out if self._profile.presents else b""
        reason = self._send(order, f"{self._job:02}PP") if order else ""
        self.presenter.held_out()
        return reason

    def _surely_cut(self) -> bool:
        """Cut again where a byte of the cut may have been lost unnoticed; False if that fails: then the next paper begins with it."""
        try:
            again = self._dialogue.cut_again()
            return again is not None and (not again or not self._send(again, f"{self._job:02}CC"))
        except DeviceAbsent:
            return False

    def tidy(self, within_s: float) -> str:
        """Cut off an unfinished paper while nobody waits for the next. Returns "" or the reason why it could not be."""
        self._gave_up, self._end_s = lambda: True, time.monotonic() + within_s
        reason = self._prepare()
        self._close()
        return reason

    def _close(self) -> None:
        """Let a printer that remembers know that nothing is unfinished."""
        if not self.unfinished:
            with contextlib.suppress(DeviceAbsent):  # the next step tells of it; this paper is out
                self._dialogue.write(self._dialect.closing, STALL_S)

    def _prepare(self) -> str:
        """Bring the printer to the beginning of a clean paper. Returns "" or the reason why it cannot be."""
        self._dialogue.settle(DRAIN_S)
        if self._profile.answers and (reason := self._ready()):
            return reason
        if (self.unfinished or not self._profile.answers) and not self._resynchronise():
            return "offline"
        if not self._synchronised(SYNCHRONISE_S):
            # It answers questions and does not come to our request: it waits for the rest of a band we know nothing of.
            self.unfinished = True
            if not (self._resynchronise() and self._synchronised(self._limits.acknowledge_s)):
                return self._dialogue.condition.fault or "unconfirmed"
        if self.unfinished:
            if reason := self.draw_in():
                return reason
            if reason := self._send(self._dialect.orders().cut, f"{self._job:02}00"):
                return reason
            self.unfinished = False
        # What the last citizen left in the mouth is not pushed out by the next one's paper.
        return self.draw_in()

    def draw_in(self) -> str:
        """Draw in what lies in the mouth. Returns "" or the reason why it stays there. Raises DeviceAbsent.

        An order that was not obeyed may have been spoilt on its way, and then it lies in the printer as letters.
        """
        reason = self.presenter.draw_in()
        self.unfinished |= bool(reason)
        return reason

    def recover(self) -> Condition | None:
        """Clear buffers and leave an error whose cause is gone. Returns the condition after that."""
        self._dialogue.write(self._dialect.recovery, STALL_S)
        end_s = time.monotonic() + RECOVER_S
        condition = self._dialogue.survey()
        while condition is not None and condition.fault and time.monotonic() < end_s:
            self._dialogue.settle(STEP_S)
            condition = self._dialogue.survey()
        return condition

    def _ready(self) -> str:
        condition = self._dialogue.survey()
        if condition is None:
            # Clones execute even real-time questions only when their band is complete.
            condition = self._dialogue.survey() if self._resynchronise() else None
            self.unfinished = True
        if condition is not None and condition.fault and condition.fault not in FIXABLE:
            condition = self.recover()
        return "silent" if condition is None else condition.fault

    def _resynchronise(self) -> bool:
        if not self._dialogue.write(self._dialect.clearing, STALL_S):
            return False
        self._dialogue.settle()
        return True

    def _synchronised(self, wait_s: float) -> bool:
        self._dialect.expect()
        identifier = f"{self._job:02}00"
        if not self._dialogue.write(self._dialect.opening(identifier), STALL_S):
            return False
        acknowledged = self._answered(identifier, min(wait_s, self._end_s - time.monotonic()))
        if self.unfinished:
            # A late answer to an old GS r 1 would count as ours, and all that follow would be one window early.
            self._dialogue.settle()
        return acknowledged

    def _answered(self, identifier: str, wait_s: float) -> bool:
        end_s = time.monotonic() + wait_s
        while not self._acknowledged(identifier) and (left_s := end_s - time.monotonic()) > 0:
            self._dialogue.exchange(b"", left_s)
        return self._acknowledged(identifier)

    def _acknowledged(self, identifier: str) -> bool:
        return self._profile.acknowledges == "nothing" or self._dialect.acknowledged(identifier)

    def _send(self, window: bytes, identifier: str) -> str:
        """Send a window and wait until it is acknowledged. Returns "" or the reason why it was not."""
        self._dialect.expect()
        self._rest = window + self._dialect.request(identifier)
        allowed_s = self._limits.acknowledge_s + len(self._rest) * self._limits.byte_s
        end_s = time.monotonic() + allowed_s
        while not self._through(identifier):
            self._rest = self._dialogue.exchange(self._rest, STEP_S)
            if self._through(identifier):
                break
            if fault := self._dialogue.condition.fault or self._looked():
                if not self._removed(fault, identifier):
                    return fault
                end_s = time.monotonic() + allowed_s
            elif time.monotonic() > min(end_s, self._end_s):
                return self._excuse()
        return ""

    def _through(self, identifier: str) -> bool:
        # Some say that it is printed, GS r 1 only that the printer got there: then a fault beside it weighs more.
        arrived = not self._rest and self._acknowledged(identifier)
        return arrived and (self._profile.certain or not self._dialogue.condition.fault)

    def _looked(self) -> str:
        """After a while of silence, look for a fault that nobody reported."""
        quiet_s = time.monotonic() - self._dialogue.heard_s
        if self._rest:
            if quiet_s > LOOK_EVERY_S and self._dialogue.paper_ended():
                return "paper_out"
            return "offline" if quiet_s > STALL_S else ""
        if quiet_s < LOOK_EVERY_S or not self._profile.answers:
            return ""
        condition = self._dialogue.survey()
        return condition.fault if condition is not None else ""

    def _removed(self, fault: str, identifier: str) -> bool:
        """Wait until the fault is gone; False when it cannot be, the grace is over, or nobody waits any more.

        What a report says is confirmed by questions where they can be asked: noise can look like a report.
        """
        end_s, before = min(time.monotonic() + self._limits.grace_s, self._end_s), len(self._rest)
        while time.monotonic() < self._end_s:
            if not self._rest and self._profile.answers:
                self._dialogue.survey()
            stalled = bool(self._rest) and len(self._rest) == before
            if self._through(identifier) or not (self._dialogue.condition.fault or stalled):
                return True
            fault = self._dialogue.condition.fault or fault
            if fault not in FIXABLE or time.monotonic() > end_s or self._gave_up():
                return False
            before = len(self._rest)
            self._rest = self._dialogue.exchange(self._rest, GRACE_LOOK_S)
        return False

    def _excuse(self) -> str:
        if not self._profile.answers:
            return "offline"
        condition = None if self._rest else self._dialogue.survey()
        return "silent" if condition is None else condition.fault or "unconfirmed"

    def _afterthought(self) -> str:
        if self._profile.acknowledges != "paper_status":
            return ""
        condition = self._dialogue.survey()
        return condition.fault if condition is not None else ""
