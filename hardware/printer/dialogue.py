"""Questions and answers on a line that also carries reports and acknowledgements: one question at a time, each wait bounded."""

from __future__ import annotations

import time

from hardware.printer.commands import FULL_STATUS, NAME_REQUEST, QUESTIONS
from hardware.printer.profiles import Profile
from hardware.printer.status import (
    Block,
    Condition,
    FullStatus,
    Listener,
    PaperStatus,
    ProcessDone,
    RealTime,
    Report,
    answered,
)
from hardware.printer.transport import Line

TRIES = 3
QUIET_S = 0.2


class Dialogue:
    """A conversation with the printer at the end of a line. ``condition`` is what it said of itself last."""

    def __init__(self, line: Line, profile: Profile, answer_s: float) -> None:
        self.condition = Condition()
        self.heard_s = time.monotonic()
        self._line, self._profile, self._answer_s = line, profile, answer_s
        self._listener = Listener()
        self._realtime: int | None = None
        self._block: Block | None = None
        self._in_mouth: bool | None = None
        self._acknowledged = ""

    @property
    def unchecked(self) -> bool:
        """Whether bytes may be lost or changed unnoticed: a serial line has no check sums, USB and TCP have."""
        return self._line.is_tty

    def exchange(self, out: bytes, wait_s: float) -> bytes:
        """Write what the line takes and hear what comes, waiting at most ``wait_s`` for either. Returns the unwritten rest."""
        written, read = self._line.step(out, wait_s)
        if written or read:
            self.heard_s = time.monotonic()
        # A wire that is not connected picks up noise, and noise looks like faults.
        for answer in self._listener.hear(read) if self._profile.answers else ():
            match answer:
                case RealTime(value):
                    self._realtime = value
                case ProcessDone(identifier):
                    self._acknowledged = identifier
                case PaperStatus():
                    # Zeros on the wire look like this: they must not take away an acknowledgement that came before them.
                    if self._profile.acknowledges == "paper_status":
                        self._acknowledged = "any"
                    if answer.ended:
                        self.condition = Condition(self.condition.faults | {"paper_out"}, paper_low=True)
                case Report(condition):
                    self.condition = condition
                case FullStatus(in_mouth):
                    self._in_mouth = in_mouth
                case Block():
                    self._block = answer
        return out[written:]

    def expect(self) -> None:
        """Forget acknowledgements that came so far."""
        self._acknowledged = ""

    def acknowledged(self, identifier: str) -> bool:
        """Whether the acknowledgement of this window came. GS r 1 carries no identifier: there any answer counts."""
        wanted = identifier if self._profile.acknowledges == "process_id" else "any"
        return self._acknowledged == wanted

    def write(self, data: bytes, stall_s: float) -> bool:
        """Write all of it; False when the line took nothing for ``stall_s``."""
        moved_s = time.monotonic()
        while data:
            rest = self.exchange(data, stall_s)
            if len(rest) < len(data):
                moved_s = time.monotonic()
            elif time.monotonic() - moved_s >= stall_s:
                return False
            data = rest
        return True

    def settle(self, quiet_s: float = QUIET_S) -> None:
        """Hear and drop what still comes, until nothing has for ``quiet_s`` (at most ten times as long)."""
        end_s = time.monotonic() + 10 * quiet_s
        self.heard_s = time.monotonic()
        while (now_s := time.monotonic()) < min(end_s, self.heard_s + quiet_s):
            self.exchange(b"", self.heard_s + quiet_s - now_s)
        self._listener.forget()

    def ask(self, number: int) -> int | None:
        """Ask DLE EOT ``number``; None when no answer came. Only between commands: inside a picture it would be dots."""
        self._realtime = None
        end_s = time.monotonic() + self._answer_s
        out = QUESTIONS[number]
        while self._realtime is None and (left_s := end_s - time.monotonic()) > 0:
            out = self.exchange(out, left_s)
        return self._realtime

    def survey(self) -> Condition | None:
        """Ask all four questions, one at a time. None when the printer does not answer at all."""
        first = next((answer for _ in range(TRIES) if (answer := self.ask(1)) is not None), None)
        if first is None:
            return None
        answers = {number: answer for number in (2, 3, 4) if (answer := self.ask(number)) is not None}
        self.condition = answered({1: first, **answers})
        return self.condition

    def in_mouth(self) -> bool | None:
        """Ask whether a paper is held out by the presenter; None when no answer came."""
        self._in_mouth = None
        end_s = time.monotonic() + self._answer_s
        out = FULL_STATUS
        while self._in_mouth is None and (left_s := end_s - time.monotonic()) > 0:
            out = self.exchange(out, left_s)
        return self._in_mouth

    def name(self) -> str:
        """Ask for the model's name; "" when it does not tell."""
        self._block = None
        end_s = time.monotonic() + self._answer_s
        out = NAME_REQUEST
        while self._block is None and (left_s := end_s - time.monotonic()) > 0:
            out = self.exchange(out, left_s)
        return self._block.data[1:-1].decode("ascii", "replace") if self._block is not None else ""
