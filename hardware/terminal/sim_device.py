"""The parts of one terminal under one roof, and how it talks with the register while a command runs.

While the terminal is master, the register answers; whatever else it sends meanwhile is refused with "please wait" (84 9C),
except an abort (06 B0), which ends the command as long as no card has been read (PA00P015 2.23).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from hardware.sim_times import Delays
from hardware.terminal import sim_messages as messages
from hardware.terminal.sim_controls import Controls
from hardware.terminal.sim_ledger import Ledger
from hardware.terminal.sim_link import Link, LinkLost, is_response
from hardware.terminal.sim_messages import Session
from hardware.terminal.sim_times import Timings

ABORT = bytes.fromhex("06B0")


class NoResponse(Exception):
    """The register acknowledged a command of ours and did not answer it within T3."""


@dataclass
class Device:
    """A terminal with its power on. Only its own thread uses it.

    ``enter`` tells the bench which phase begins: boot, idle, card, pin, bank, remove, held, reversing, completing;
    ``asking_minor`` is the amount on the display while a payment runs.
    """

    link: Link
    ledger: Ledger
    controls: Controls
    delays: Delays
    timings: Timings
    clock: Callable[[], datetime]
    enter: Callable[[str], None]
    session: Session = field(default_factory=Session)
    abortable: bool = False
    aborted: bool = False
    asking_minor: int | None = None

    def lose_memory(self) -> None:
        """Be as after switching on: what is not in the ledger is gone."""
        self.session = Session()
        self.abortable = self.aborted = False
        self.asking_minor = None
        self.link.forget()

    def reply(self, response: bytes) -> None:
        """Answer the register's command."""
        self.link.send(response)

    def ask(self, command: bytes, wait_s: float | None = None) -> bytes | None:
        """Send a command and give the register's response; None if none came in time (T3). Raises LinkLost."""
        self.link.send(command)
        deadline = time.monotonic() + (self.timings.t3_s if wait_s is None else wait_s)
        while True:
            answer = self.link.poll(deadline)
            if answer is not None and is_response(answer):
                return answer
            if answer is not None:
                self._interrupted_by(answer)
            elif time.monotonic() >= deadline:
                return None

    def show(self, code: int) -> None:
        """Tell the register what goes on, if it asked to be told. Raises LinkLost or NoResponse."""
        if not self.session.config & messages.INTERMEDIATE_STATUS:
            return
        if self.ask(messages.intermediate(code, self.session)) is None:
            raise NoResponse(f"04 FF {code:02X}")

    def complete(self, message: bytes) -> None:
        """Give the register back its master-rights. Whether it hears of it changes nothing (PA00P015 2.2.9)."""
        self.enter("completing")
        try:
            self.link.send(message, final=True)
            deadline = time.monotonic() + self.timings.t3_s
            answer = None
            while answer is None and time.monotonic() < deadline:
                answer = self.link.poll(deadline)
        except LinkLost:
            return
        if answer is not None and not is_response(answer):
            self.link.put_back(answer)

    def pause(self, seconds: float, until: Callable[[], bool] = bool) -> None:
        """Let time pass, or end early when ``until`` comes true or an abort is accepted."""
        deadline = time.monotonic() + seconds
        while not (until() or self.aborted) and time.monotonic() < deadline:
            command = self.link.poll(deadline)
            if command is not None and not is_response(command):
                self._interrupted_by(command)

    def _interrupted_by(self, command: bytes) -> None:
        if command[:2] != ABORT:
            self.reply(messages.PLEASE_WAIT)
        elif self.abortable:
            self.aborted = True
            self.reply(messages.POSITIVE)
        else:
            self.reply(messages.NOT_POSSIBLE)
