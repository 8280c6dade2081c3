"""One command and all that the terminal says until it ends (PA00P015 rev 13.08, chapter 2; PA00P016 rev 04, 5.2).

    us  command                    T3 until the first answer
    PT  80 00 00 | 84 xx           accepted | refused, and that is the end
    PT  04 FF, 04 0F, 06 D1, 06 D3 each answered by us; T4 until the next, begun anew by 04 FF and 04 0F
    PT  06 0F | 06 1E              completed | aborted

What the terminal commands before it has accepted ours belongs to something earlier, and is answered as such. Nothing that
could charge is repeated here, and nothing is decided: what a 04 0F is worth is the caller's to judge.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable

from msgspec import Struct

from hardware.terminal import commands, messages
from hardware.terminal.apdu import Apdu
from hardware.terminal.links import Link
from hardware.terminal.messages import IntermediateStatus, StatusInformation
from hardware.terminal.printing import Receipts
from kiosk.domain.faults import DeviceFault, DeviceSilent

_log = logging.getLogger(__name__)

QUIET_S = 0.1
"""Silence after which the terminal has said all it had to say: its answers follow each other within milliseconds."""
POLL_S = 0.05
"""How soon a wish to abort is noticed: well below what a person feels."""


class Completed(Struct, frozen=True):
    """06 0F: it is done."""

    apdu: Apdu


class Aborted(Struct, frozen=True):
    """06 1E: it was not done. ``code`` in hex, "" if none was given."""

    code: str
    text: str = ""


class Refused(Struct, frozen=True):
    """84 xx in the first answer's place: the terminal did not begin."""

    code: str


class Held(Struct, frozen=True):
    """A 04 0F that the caller wants to answer later. The terminal waits for it."""

    apdu: Apdu
    status: StatusInformation


End = Completed | Aborted | Refused | Held

Judge = Callable[[StatusInformation], Apdu | None]
"""Returns the answer to a 04 0F, or None to hold it."""


def refuse_sales(status: StatusInformation) -> Apdu | None:
    """Judge a 04 0F that belongs to no payment of ours: a sale is refused, so that the terminal reverses it."""
    is_sale = status.approves and status.amount_minor is not None and not status.has_totals
    return commands.NOT_DELIVERED if is_sale else commands.YES


def accept_into(told: list[StatusInformation]) -> Judge:
    """Judge that every 04 0F is welcome, and keep it."""

    def judge(status: StatusInformation) -> Apdu | None:
        told.append(status)
        return commands.YES

    return judge


def report_nothing(_status: IntermediateStatus) -> None:
    """Hear what the terminal is doing, and leave it at that."""


class Dialogue:
    """Leads one command to its end. ``limit`` is the moment (monotonic) at which it is given up, whatever happens.

    Raises DeviceFault: DeviceAbsent if the line dies, DeviceSilent if T3, T4 or the limit pass (reason ``busy`` once the
    terminal had accepted the command), ProtocolError if frames are refused.
    """

    def __init__(
        self,
        link: Link,
        t3_s: float,
        t4_s: float,
        limit: float,
        judge: Judge = refuse_sales,
        report: Callable[[IntermediateStatus], None] = report_nothing,
        abort_wanted: threading.Event | None = None,
    ) -> None:
        self._link, self._t3_s, self._t4_s, self._limit = link, t3_s, t4_s, limit
        self._judge, self._report, self._abort_wanted = judge, report, abort_wanted
        self._accepted = False
        self._until = limit
        self.receipts = Receipts()
        """What the terminal had us print so far."""

    def begin(self, command: Apdu) -> End:
        """Send the command and lead it to its end."""
        self._link.send(command, self._limit)
        self._wait_for(self._t3_s)
        return self._follow([])

    def resume(self, held: Held, answer: Apdu) -> tuple[End, bool]:
        """Answer a held 04 0F and lead the command to its end; also say whether the answer was given.

        If the terminal has meanwhile gone on without it (it has lost patience and reverses), it is not: said too late,
        it would be taken for the answer to something else.
        """
        self._accepted = True
        queued = self._link.gather()
        in_time = all(apdu == held.apdu for apdu in queued)
        if in_time:
            queued = []
            self._link.send(answer, self._limit)
        self._wait_for(self._t4_s)
        return self._follow(queued), in_time

    def _follow(self, queued: list[Apdu]) -> End:
        while True:
            apdu = queued.pop(0) if queued else self._next()
            if apdu is None:
                continue
            end = self._take(apdu)
            if end is not None:
                return end

    def _next(self) -> Apdu | None:
        """Return the next frame, or None after a moment without one."""
        self._abort_if_wanted()
        now, ends = time.monotonic(), min(self._until, self._limit)
        apdu = self._link.receive(min(ends, now + POLL_S) if self._abort_wanted else ends)
        if apdu is None and time.monotonic() >= ends:
            if self._accepted:
                raise DeviceSilent("the terminal began and did not come to an end in time", "busy")
            raise DeviceSilent("the terminal acknowledged the command and did not answer it")
        return apdu

    def _take(self, apdu: Apdu) -> End | None:
        if apdu.command in (commands.POSITIVE, 0x8400):
            if not self._accepted:
                self._accepted = True
                self._wait_for(self._t4_s)
            return None
        if apdu.command >> 8 == 0x84:
            # Once the command is accepted, a refusal can only be meant for our abort.
            return None if self._accepted else Refused(messages.parse_refusal(apdu))
        if not self._accepted:
            self._link.send(answer_to(apdu), self._limit)
            return None
        if apdu.command in (messages.COMPLETION, messages.ABORT):
            return self._end(apdu)
        if apdu.command == messages.STATUS_INFORMATION:
            return self._status(apdu)
        if apdu.command == messages.INTERMEDIATE_STATUS:
            self._progress(apdu)
        if apdu.command in (messages.PRINT_LINE, messages.PRINT_BLOCK):
            self.receipts.take(apdu)
        self._link.send(answer_to(apdu), self._limit)
        return None

    def _end(self, apdu: Apdu) -> End:
        # The end is known even if the line dies under our last word.
        with contextlib.suppress(DeviceFault):
            self._link.send(commands.YES, self._limit)
        if apdu.command == messages.COMPLETION:
            return Completed(apdu)
        return Aborted(messages.parse_abort_code(apdu), messages.parse_abort_text(apdu))

    def _status(self, apdu: Apdu) -> End | None:
        self._wait_for(self._t4_s)
        self._link.give_up_posting()
        status = messages.parse_status_information(apdu)
        _log.info("terminal says result %s%s", status.result or "(none)", ", read in part" if status.partial else "")
        answer = self._judge(status)
        if answer is None:
            return Held(apdu, status)
        self._link.send(answer, self._limit)
        return None

    def _progress(self, apdu: Apdu) -> None:
        status = messages.parse_intermediate_status(apdu)
        self._wait_for(status.timeout_min * 60.0 if status.timeout_min else self._t4_s)
        self._report(status)

    def _abort_if_wanted(self) -> None:
        if self._abort_wanted is not None and self._abort_wanted.is_set() and self._accepted:
            self._abort_wanted = None
            self._link.post(commands.abort())

    def _wait_for(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds


def answer_to(apdu: Apdu) -> Apdu:
    """Return the answer to a command of the terminal that is not ours to judge; dial-up and clock are not for us."""
    known = (
        messages.INTERMEDIATE_STATUS, messages.PRINT_LINE, messages.PRINT_BLOCK, messages.COMPLETION, messages.ABORT,
    )  # fmt: skip
    if apdu.command == messages.STATUS_INFORMATION:
        return refuse_sales(messages.parse_status_information(apdu)) or commands.YES
    return commands.YES if apdu.command in known else commands.NOT_SUPPORTED


def answer_leftovers(link: Link, limit: float) -> None:
    """Answer what the terminal said since anybody listened, until it has nothing more to say.

    Not a frame may stay behind: an old response would be taken for that to the next command, and from then on every
    command would be answered with the end of the one before it.
    """
    while (apdu := link.receive(min(limit, time.monotonic() + QUIET_S))) is not None:
        if apdu.command >> 8 not in (0x80, 0x84):
            link.send(answer_to(apdu), limit)
        if time.monotonic() >= limit:
            raise DeviceSilent("the terminal does not stop talking of something earlier", "busy")
