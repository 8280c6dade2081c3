"""Delivering a paper so that its fate is known: no window is sent before the one before it was acknowledged.

    prepare:  ask → (clear an error) → (complete a torn band with NULs) → initialise, acknowledged → (cut off an old rest)
    deliver:  window, acknowledged → … → window with the cut, acknowledged → Printed
              a fault → wait for the cause to be removed (grace) → the printer goes on by itself
                      → or not in time: Partial, and what is left of this paper is cut off before the next one

At most 2 KB are unacknowledged, so the printer's buffer never fills and questions always get through, and after a fault at
most one window's rest can still appear. The dots of one citizen never reach another's paper.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from hardware.printer.dialogue import Dialogue
from hardware.printer.encode import RESYNC, acknowledgement_request, cut, start
from hardware.printer.profiles import Profile
from hardware.printer.status import FIXABLE, RECOVER_AND_CLEAR, Condition
from kiosk.domain.faults import DeviceAbsent
from kiosk.domain.receipt import NotStarted, Partial, Printed, PrintOutcome, Unverified

ACKNOWLEDGE_S = 8.0
"""For a window's way through the mechanism: 24 rows take 30 ms, a cut 1 s, a hot head's pause a few seconds."""
SYNCHRONISE_S = 1.5
LOOK_EVERY_S = 1.0
GRACE_LOOK_S = 0.4
STALL_S = 3.0
DRAIN_S = 0.02
RECOVER_S = 2.0
STEP_S = 0.25
BITS_PER_BYTE = 10


class Delivery:
    """Delivers papers over one dialogue. ``unfinished``: dots of an earlier paper may be on the paper or in the printer."""

    def __init__(self, dialogue: Dialogue, profile: Profile, *, baudrate: int, grace_s: float, limit_s: float) -> None:
        self.unfinished = False
        self._rest = b""
        self._dialogue, self._profile = dialogue, profile
        self._byte_s, self._grace_s, self._limit_s = BITS_PER_BYTE / baudrate, grace_s, limit_s
        # Another start of this program begins elsewhere, so an old acknowledgement is not taken for a new one.
        self._job = os.getpid() % 100
        self._end_s = 0.0
        self._gave_up: Callable[[], bool] = lambda: False

    @property
    def torn(self) -> bool:
        """Whether part of a window has not left: the line is in the middle of a command."""
        return bool(self._rest)

    def deliver(self, windows: list[bytes], gave_up: Callable[[], bool]) -> PrintOutcome:
        """Print one paper. ``gave_up`` ends the wait for a fault to be removed. Never raises a DeviceFault."""
        self._gave_up, self._end_s = gave_up, time.monotonic() + self._limit_s
        self._job = (self._job + 1) % 100
        sent = 0
        try:
            if reason := self._prepare():
                return NotStarted(reason)
            self.unfinished = True
            for sent, window in enumerate(windows):
                if reason := self._send(window, f"{self._job:02}{1 + sent % 99:02}"):
                    return Partial(reason, sent)
            reason = self._afterthought()
        except DeviceAbsent:
            return Partial("lost", sent) if self.unfinished else NotStarted("lost")
        if reason:
            return Partial(reason, len(windows) - 1)
        self.unfinished = False
        return Printed() if self._profile.acknowledges != "nothing" else Unverified("unconfirmed")

    def tidy(self, within_s: float) -> str:
        """Cut off an unfinished paper while nobody waits for the next. Returns "" or the reason why it could not be."""
        self._gave_up, self._end_s = lambda: True, time.monotonic() + within_s
        return self._prepare()

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
            if not (self._resynchronise() and self._synchronised(ACKNOWLEDGE_S)):
                return self._dialogue.condition.fault or "unconfirmed"
        if self.unfinished:
            if reason := self._send(cut(self._profile), f"{self._job:02}00"):
                return reason
            self.unfinished = False
        return ""

    def recover(self) -> Condition | None:
        """Clear buffers and leave an error whose cause is gone (DLE ENQ 2). Returns the condition after that."""
        self._dialogue.write(RECOVER_AND_CLEAR, STALL_S)
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
        if not self._dialogue.write(RECOVER_AND_CLEAR + RESYNC, STALL_S):
            return False
        self._dialogue.settle()
        return True

    def _synchronised(self, wait_s: float) -> bool:
        self._dialogue.expect()
        identifier = f"{self._job:02}00"
        out = start(self._profile) + acknowledgement_request(self._profile, identifier)
        if not self._dialogue.write(out, STALL_S):
            return False
        end_s = min(time.monotonic() + wait_s, self._end_s)
        while not self._acknowledged(identifier) and (left_s := end_s - time.monotonic()) > 0:
            self._dialogue.exchange(b"", left_s)
        if self.unfinished:
            # A late answer to an old GS r 1 would count as ours, and all that follow would be one window early.
            self._dialogue.settle()
        return self._acknowledged(identifier)

    def _acknowledged(self, identifier: str) -> bool:
        return self._profile.acknowledges == "nothing" or self._dialogue.acknowledged(identifier)

    def _send(self, window: bytes, identifier: str) -> str:
        """Send a window and wait until it is acknowledged. Returns "" or the reason why it was not."""
        self._dialogue.expect()
        self._rest = window + acknowledgement_request(self._profile, identifier)
        allowed_s = ACKNOWLEDGE_S + len(self._rest) * self._byte_s
        end_s = time.monotonic() + allowed_s
        while self._rest or not self._through(identifier):
            self._rest = self._dialogue.exchange(self._rest, STEP_S)
            if fault := self._dialogue.condition.fault or self._looked():
                if not self._removed(fault):
                    return fault
                end_s = time.monotonic() + allowed_s
            elif time.monotonic() > min(end_s, self._end_s):
                return self._excuse()
        return ""

    def _through(self, identifier: str) -> bool:
        # GS ( H says that it is printed; GS r 1 only that the printer got there, so a fault beside it weighs more.
        certain = self._profile.acknowledges == "process_id"
        return self._acknowledged(identifier) and (certain or not self._dialogue.condition.fault)

    def _looked(self) -> str:
        """After a while of silence, look for a fault that nobody reported."""
        quiet_s = time.monotonic() - self._dialogue.heard_s
        if self._rest:
            return "offline" if quiet_s > STALL_S else ""
        if quiet_s < LOOK_EVERY_S or not self._profile.answers:
            return ""
        condition = self._dialogue.survey()
        return condition.fault if condition is not None else ""

    def _removed(self, fault: str) -> bool:
        """Wait until the fault is gone; False when it cannot be, the grace is over, or nobody waits any more."""
        end_s = min(time.monotonic() + self._grace_s, self._end_s)
        while fault in FIXABLE and time.monotonic() < end_s and not self._gave_up():
            before = len(self._rest)
            self._rest = self._dialogue.exchange(self._rest, GRACE_LOOK_S)
            if not self._rest and self._profile.answers:
                self._dialogue.survey()
            stalled = bool(self._rest) and len(self._rest) == before
            if not (self._dialogue.condition.fault or stalled):
                return True
            fault = self._dialogue.condition.fault or fault
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
