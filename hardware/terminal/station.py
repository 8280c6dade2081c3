"""The terminal as a partner one can reach: opens its line, registers, asks. Every method ends by its ``limit`` or raises.

``limit`` is a moment of ``time.monotonic()``. Any DeviceFault leaves the line closed, except that a terminal is busy with work of
its own; the next ``connect`` opens it anew, which also throws away what stood in its buffers, and registers again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from hardware.terminal import commands, messages
from hardware.terminal.apdu import Apdu
from hardware.terminal.dialogue import (
    Completed,
    Dialogue,
    End,
    Judge,
    Refused,
    answer_leftovers,
    refuse_sales,
    report_nothing,
)
from hardware.terminal.link import SerialLink
from hardware.terminal.links import Link
from hardware.terminal.messages import IntermediateStatus, StatusInformation, TerminalStatus
from hardware.terminal.settings import TerminalSettings
from hardware.terminal.tcp import TcpLink
from kiosk.domain.faults import DeviceAbsent, DeviceFault, ProtocolError

BUSY = "busy"
REFUSALS = {
    messages.PLEASE_WAIT: BUSY,
    messages.WRONG_CURRENCY: "wrong_currency",
    "77": "needs_end_of_day",
    "F0": "needs_end_of_day",
    "C2": "needs_diagnosis",
    "E4": "needs_activation",
}
"""Result codes of a refused command → the fault's reason; every other is ``refused``."""


def link_of(settings: TerminalSettings) -> Link:
    """Return the line that the settings name, closed."""
    times, address = settings.timings, settings.address
    if address is not None:
        return TcpLink(address, times.connect_s, times.stall_s)
    return SerialLink(settings.port, settings.baudrate, times.t1_s, times.t2_s)


class Station:
    """One terminal on one line."""

    def __init__(self, settings: TerminalSettings) -> None:
        self._settings, self._times = settings, settings.timings
        self.link = link_of(settings)
        self._registered = False
        self._pause_s = self._times.retry_first_s
        self._next_attempt = 0.0

    def connect(self, limit: float, *, eager: bool = True, anew: bool = False) -> None:
        """Make the terminal ready for a command: line open, nothing left unanswered, registered.

        With ``eager`` False an absent terminal is not tried again before its pause is over. With ``anew`` it is
        registered in any case: a power cycle of the terminal does not show on a serial line.
        """
        if self.link.is_open:
            try:
                answer_leftovers(self.link, limit)
            except DeviceFault as fault:
                if fault.reason == BUSY:  # it speaks, of work of its own: hung up on, it would have to begin anew
                    raise
                self.disconnect()
        if not self.link.is_open:
            self._open(eager=eager)
        if anew or not self._registered:
            self._register(limit)

    def _open(self, *, eager: bool) -> None:
        if not eager and time.monotonic() < self._next_attempt:
            raise DeviceAbsent(f"{self._settings.port} was not there a moment ago")
        self._registered = False
        try:
            self.link.open()
        except DeviceAbsent:
            self._next_attempt = time.monotonic() + self._pause_s
            self._pause_s = min(self._pause_s * 2, self._times.retry_longest_s)
            raise
        self._pause_s = self._times.retry_first_s

    def disconnect(self) -> None:
        """Close the line."""
        self.link.close()
        self._registered = False

    def _register(self, limit: float) -> None:
        settings = self._settings
        end = self.exchange(commands.registration(settings.password, settings.currency_code), limit)
        completed = self._completed(end, "registration")
        code = messages.parse_registered_currency(completed.apdu)
        if code not in ("", settings.currency_code):
            raise ProtocolError(
                f"the terminal works in currency {code}, not {settings.currency_code}", "wrong_currency"
            )
        self._registered = True

    def enquire(self, limit: float) -> TerminalStatus:
        """Ask for the terminal's status (05 01)."""
        end = self.exchange(commands.status_enquiry(self._settings.password), limit)
        status = messages.parse_terminal_status(self._completed(end, "status enquiry").apdu)
        if status.code == "51":
            self._registered = False
        return status

    def repeat_receipt(self, limit: float) -> StatusInformation | None:
        """Ask for the last transaction (06 20); None if it completes without telling of any.

        A refusal is a ProtocolError and never taken for "none": what cannot be asked now cannot be asked after a payment.
        """
        last = self._repeat_receipt(limit)
        # "None" decides about money by the absence of a frame, so it must be said twice.
        return last if last is not None else self._repeat_receipt(limit)

    def _repeat_receipt(self, limit: float) -> StatusInformation | None:
        heard: list[StatusInformation] = []

        def hear(status: StatusInformation) -> Apdu | None:
            heard.append(status)
            return commands.YES

        self._completed(self.exchange(commands.repeat_receipt(self._settings.password), limit, hear), "repeat receipt")
        return heard[-1] if heard else None

    def exchange(self, command: Apdu, limit: float, judge: Judge = refuse_sales) -> End:
        """Lead one command to its end.

        A status enquiry may start the terminal's timed jobs (end of day, update; PA00P015 2.56), which last longer than
        anybody here waits: then the line stays open, and what they bring is answered when somebody asks again.
        """
        try:
            return self.dialogue(limit, judge).begin(command)
        except DeviceFault as fault:
            if fault.reason != BUSY or command.command != commands.STATUS_ENQUIRY:
                self.disconnect()
            raise

    def dialogue(
        self,
        limit: float,
        judge: Judge,
        report: Callable[[IntermediateStatus], None] = report_nothing,
        abort_wanted: threading.Event | None = None,
    ) -> Dialogue:
        """Return a dialogue with this terminal's times."""
        return Dialogue(self.link, self._times.t3_s, self._times.t4_s, limit, judge, report, abort_wanted)

    def ask_to_stop(self) -> None:
        """Post an abort, for whatever the terminal may still be doing for us; its answer does not matter."""
        if self.link.is_open:
            self.link.post(commands.abort())

    def refused(self, code: str) -> None:
        """Take note of a refusal: the terminal may have lost our registration in a power cut that the line does not show."""
        self._registered = self._registered and code != messages.NOT_REGISTERED

    def _completed(self, end: End, what: str) -> Completed:
        if isinstance(end, Completed):
            return end
        code = getattr(end, "code", "")
        self._registered = False
        verb = "refused" if isinstance(end, Refused) else "aborted"
        raise ProtocolError(f"the terminal {verb} the {what} with {code or 'no code'}", REFUSALS.get(code, "refused"))
