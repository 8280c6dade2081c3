"""A validator as a partner one can bring to rest: line open, reset when it must be, table read, disabled.

Every method ends by its ``limit`` (a moment of ``time.monotonic()``) or raises a DeviceFault, which leaves the line closed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from hardware.cash import messages
from hardware.cash.link import CcnetLink
from hardware.cash.messages import POWER_UPS, TROUBLES, Identification, Order, State, Told
from hardware.cash.settings import CashSettings
from kiosk.domain.faults import DeviceFault, DeviceSilent, ProtocolError

SILENT_POLLS = 3
IN_ESCROW = (State.ESCROW, State.HOLDING)
ENABLED = (State.IDLING, State.ACCEPTING, State.REJECTING)
UNDER_WAY = (*POWER_UPS, State.INITIALISE, State.BUSY, State.STACKING, State.RETURNING, State.RETURNED)
"""What a RESET goes through before it has come to an end."""


class Validator:
    """One validator on one line."""

    def __init__(self, settings: CashSettings) -> None:
        self._settings, self._times = settings, settings.timings
        self.link = CcnetLink(settings.port, settings.baudrate, self._times.answer_s)
        self.table: dict[int, int] = {}
        self.identity = Identification("", "")
        self._pause = threading.Event()

    def look(self) -> Told:
        """Open the line if need be and poll; a poll may be lost, three in a row are silence."""
        for left in reversed(range(SILENT_POLLS)):
            try:
                if not self.link.is_open:
                    self.table = {}
                    self.link.open()
                return self.link.poll()
            except DeviceSilent:
                if not left:
                    self.link.close()
                    raise
        raise AssertionError  # the loop returns or raises

    def rest(self) -> Told:
        """Bring it to rest: disabled, its table known. What an earlier life left in it is reset, and "stacked" acknowledged.

        Only for when no note is open in the journal: this decides about a note.
        """
        told = self.look()
        if told.state is State.STACKED:
            self.link.acknowledge()
            told = self.look()
        if told.state in POWER_UPS or told.state in IN_ESCROW:
            told = self.reset()
        if told.state in ENABLED:
            self.order(messages.enable(()))
            told = self.until(lambda seen: seen.state not in ENABLED)
        self.learn(told)
        return told

    def learn(self, told: Told) -> None:
        """Read who it is and which notes it knows, where that is not known and it is in a state in which it says so."""
        if not self.table and told.state in (*POWER_UPS, State.INITIALISE, State.DISABLED):
            self._learn()

    def reset(self) -> Told:
        """RESET, and what it comes to after its initialisation."""
        self.table = {}
        self.order(bytes((Order.RESET,)))
        return self.until(lambda seen: seen.state not in UNDER_WAY)

    def order(self, data: bytes) -> None:
        """Give an order that is answered by ACK. ProtocolError if the validator will not."""
        answer = self.link.ask(data)
        if answer != messages.ACK:
            raise ProtocolError(f"the validator answered {data[0]:02X} by {answer[:4].hex(' ')}", "refused")

    def until(self, wanted: Callable[[Told], bool]) -> Told:
        """Poll until it tells what is wanted. DeviceSilent if it does not in the time that a motion takes."""
        end = time.monotonic() + self._times.motion_s
        while time.monotonic() < end:
            told = self.look()
            if wanted(told):
                return told
            self._pause.wait(self._times.poll_s)
        self.link.close()
        raise DeviceSilent(f"the validator did not come to an end within {self._times.motion_s:.0f} s")

    def raise_trouble(self, told: Told) -> None:
        """Raise what keeps it from accepting."""
        reason = TROUBLES.get(told.state)
        if reason is not None:
            raise DeviceFault(f"the validator tells {told}", reason)

    def _learn(self) -> None:
        identity = messages.parse_identification(self._told(Order.IDENTIFICATION))
        table = messages.parse_table(self._told(Order.GET_BILL_TABLE), self._settings.currencies)
        if not table:
            raise ProtocolError("the validator's table has no note of ours", "wrong_currency")
        self.identity, self.table = identity, table

    def _told(self, order: Order) -> bytes:
        answer = self.link.ask(bytes((order,)))
        if answer in (messages.NAK, messages.ILLEGAL):
            raise ProtocolError(f"the validator answered {order:02X} by {answer.hex()}", "refused")
        self.link.acknowledge()
        return answer
