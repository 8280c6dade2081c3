"""One exclusive connection to the card in one reader, in a thread and with a context that only connections use.

A hung card blocks its call for ever and no function of PC/SC ends it. So every call has a limit; when one is late, the
connection is given up with its thread and context, which clean up after themselves once the call comes back. A connection
that ends well leaves both to the next one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from smartcard import scard

from hardware.card.apdu import Command, Response, Transmit, over_t0
from hardware.card.capabilities import reader_extended
from hardware.card.lane import Lane
from hardware.card.pcsc import SHARING_VIOLATION, check_card, new_context
from hardware.card.refusal import Refused
from kiosk.domain.faults import DeviceAbsent, DeviceSilent

T = TypeVar("T")

_PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1

_BUSY_S = 1.0
"""How long another program may hold the reader; they do so for moments, when a card comes."""

_BUSY_PAUSE_S = 0.05
_CLOSE_S = 1.0
_SLACK_S = 2.0
"""Between two commands the host computes; the next command tells whether the whole reading is late."""


class Workplace:
    """The thread and the context in which connections follow one another. One that fails takes them with it."""

    def __init__(self) -> None:
        self.lane = Lane("card-connection")
        self.context: Any = None

    def renew(self) -> None:
        """Connect to the service, in the lane. DeviceAbsent when it is not there."""
        self._release()
        self.context = new_context()

    def give_up(self) -> None:
        """Let both go, after the call in hand."""
        self.lane.end(self._release, 0.0 if self.lane.lost else _CLOSE_S)

    def _release(self) -> None:
        context, self.context = self.context, None
        if context is not None:
            with suppress(Exception):
                scard.SCardReleaseContext(context)


class Connection:
    """A connection. After the first error nothing more is sent: what lies in the reader now may be another card."""

    def __init__(
        self, place: Workplace, reader: str, call_limit_s: float, whole_limit_s: float, *, reset: bool = False
    ) -> None:
        """``reset``: begin with a reset, because the last connection failed and the card may be another one since."""
        self.reader = reader
        self.failed = False
        self._reset = reset
        self._call_limit_s = call_limit_s
        self._deadline = time.monotonic() + whole_limit_s
        self._place = place
        self._lane = place.lane
        self._card: Any = None
        self._protocol = scard.SCARD_PROTOCOL_UNDEFINED
        self._late_at = self._deadline
        self._doing = ""

    @property
    def stuck(self) -> bool:
        """Whether the card has still not answered the call that was given up."""
        return self._lane.stuck

    def open(self) -> None:
        """Power the card and take it for us alone. Refused or DeviceFault."""
        self._supervise(self._power)

    def use(self, work: Callable[[Transmit], T]) -> T:
        """Do work with the card, in the connection's own thread; ``work`` is given what sends an APDU. Opens it where need be.

        The caller's thread waits, and gives the connection up where one command is late: changing threads at each would take
        longer than the commands. Raises what the work raises; Refused or DeviceFault.
        """
        return self._supervise(partial(self._used_for, work))

    def close(self) -> None:
        """Reset the card, so that nothing of the session stays in it, and let go. After an error: just let go.

        A reset that fails makes pcscd believe that the reader is empty, until the card is taken out and put back; where
        another card took its place between two looks of pcscd, that would be until a citizen has no idea what to do.
        """
        back = self._lane.run(self._disconnect, 0.0 if self._lane.lost else _CLOSE_S)
        if self.failed or not back:
            self._place.give_up()

    def reader_extended(self) -> bool | None:
        """Ask the opened reader whether it carries extended APDUs, in the connection's own thread. None: it does not say."""
        return reader_extended(self._control, scard.SCARD_CTL_CODE)

    def _begin(self, doing: str) -> float:
        """Begin a call: how long it may take. The connection counts as failed until it has come back well."""
        if self.failed:
            raise Refused("removed", f"{doing}: the connection has failed before")
        self.failed, self._doing = True, doing
        limit_s = min(self._call_limit_s, self._deadline - time.monotonic())
        if limit_s <= 0:
            raise DeviceSilent(f"{doing}: the whole reading takes too long")
        return limit_s

    def _supervise(self, work: Callable[[], T]) -> T:
        self._late_at = self._deadline + _SLACK_S
        return self._lane.supervise(work, lambda: self._late_at, lambda: self._doing)

    def _used_for(self, work: Callable[[Transmit], T]) -> T:
        if self._card is None:
            self._power()
        return work(over_t0(self._transmit) if self._protocol == scard.SCARD_PROTOCOL_T0 else self._transmit)

    def _power(self) -> None:
        self._in_time("connecting to the card", self._connect)

    def _transmit(self, command: Command) -> Response:
        """Send one APDU; in the connection's own thread."""
        return self._in_time(f"command {command.header:08X}", partial(self._send, command))

    def _in_time(self, doing: str, call: Callable[[], T]) -> T:
        """Make one call that may not come back; it tells the waiting thread when it is late."""
        self._late_at = time.monotonic() + self._begin(doing)
        outcome = call()
        if self._lane.lost:  # given up meanwhile: what comes now is for nobody
            raise DeviceSilent(f"{doing}: too late")
        self._late_at = self._deadline + _SLACK_S
        self.failed = False
        return outcome

    def _send(self, command: Command) -> Response:
        pci = scard.SCARD_PCI_T0 if self._protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
        result, answer = scard.SCardTransmit(self._card, pci, list(command.to_bytes()))
        check_card(result, "sending to the card")
        if not answer:
            raise Refused("removed", "sending to the card: success without an answer, it went while it was thinking")
        return Response.from_bytes(bytes(answer))

    def _connect(self) -> None:
        kept = self._place.context is not None
        try:
            self._take_card()
        except DeviceAbsent as fault:
            if not kept or fault.reason != "no_service":
                raise
            self._place.renew()  # the service was restarted since the last connection
            self._take_card()

    def _take_card(self) -> None:
        if self._place.context is None:
            self._place.renew()
        give_up = time.monotonic() + min(_BUSY_S, self._call_limit_s / 2)
        while True:
            result, card, protocol = scard.SCardConnect(
                self._place.context, self.reader, scard.SCARD_SHARE_EXCLUSIVE, _PROTOCOLS
            )
            if result & 0xFFFFFFFF != SHARING_VIOLATION or time.monotonic() > give_up:
                break
            time.sleep(_BUSY_PAUSE_S)
        check_card(result, "connecting to the card")
        self._card, self._protocol = card, protocol
        if self._reset:
            result, self._protocol = scard.SCardReconnect(
                card, scard.SCARD_SHARE_EXCLUSIVE, _PROTOCOLS, scard.SCARD_RESET_CARD
            )
            check_card(result, "resetting the card")

    def _control(self, code: int) -> bytes:
        """Ask the reader; one that does not know the question says nothing."""
        result, answer = scard.SCardControl(self._card, code, [])
        return bytes(answer) if result == scard.SCARD_S_SUCCESS else b""

    def _disconnect(self) -> None:
        with suppress(Exception):
            if self._card is not None:
                scard.SCardDisconnect(self._card, scard.SCARD_LEAVE_CARD if self.failed else scard.SCARD_RESET_CARD)
