"""Questions and answers on a line that also carries reports and acknowledgements: one question at a time, each wait bounded."""

from __future__ import annotations

import time
from collections.abc import Callable

from hardware.printer.dialect import Dialect
from hardware.printer.status import Condition
from hardware.printer.transport import Line

QUIET_S = 0.2


class Dialogue:
    """A conversation with the printer at the end of a line, in its dialect."""

    def __init__(self, line: Line, dialect: Dialect, answer_s: float) -> None:
        self.dialect = dialect
        self.heard_s = time.monotonic()
        self._line, self._answer_s = line, answer_s

    @property
    def condition(self) -> Condition:
        """What the printer said of itself last."""
        return self.dialect.condition

    @property
    def unchecked(self) -> bool:
        """Whether bytes may be lost or changed unnoticed: a serial line has no check sums, USB and TCP have."""
        return self._line.is_tty

    def exchange(self, out: bytes, wait_s: float) -> bytes:
        """Write what the line takes and hear what comes, waiting at most ``wait_s`` for either. Returns the unwritten rest."""
        written, read = self._line.step(out, wait_s)
        if written or read:
            self.heard_s = time.monotonic()
        self.dialect.hear(read)
        return out[written:]

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
        self.dialect.forget()

    def inquire(self, question: bytes, answered: Callable[[], bool]) -> bool:
        """Send a question and listen until it is answered. False when no answer came in time."""
        end_s = time.monotonic() + self._answer_s
        while not answered() and (left_s := end_s - time.monotonic()) > 0:
            question = self.exchange(question, left_s)
        return answered()

    def paper_ended(self) -> bool:
        """Whether the port itself says that paper has ended: for when the printer takes no question."""
        return self._line.paper_ended()

    def survey(self) -> Condition | None:
        """Ask for the printer's condition. None when it does not answer at all."""
        return self.dialect.survey(self.inquire)

    def in_mouth(self) -> bool | None:
        """Ask whether a paper is held out by the presenter; None when no answer came."""
        return self.dialect.in_mouth(self.inquire)

    def cut_again(self) -> bytes | None:
        """Return what makes sure of a cut; empty if nothing has to, None if nobody can know."""
        return self.dialect.cut_again(self.inquire) if self.unchecked else b""

    def name(self) -> str:
        """Ask for the model's name; "" when it does not tell."""
        return self.dialect.name(self.inquire)
