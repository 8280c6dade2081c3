"""The link layer of the terminal: ACK and NAK, T1, T2, repeats and duplicates (PA00P016 rev. 04, 3.2 to 3.5).

A received frame is acknowledged at once, before anybody looks into it. A frame of ours is sent three times at most. While we
wait for an ACK, a frame of the register may come in first (both sides spoke at once): it is acknowledged and kept.
"""

from __future__ import annotations

import time
from collections import deque

from hardware.terminal.sim_controls import Controls
from hardware.terminal.sim_frame import ACK, NAK, Receiver, Signal, wrap
from hardware.terminal.sim_times import Timings
from hardware.terminal.sim_wire import Wire

SENDS = 3


class LinkLost(Exception):
    """A message was not acknowledged: a transmission error, reported to the application (PA00P016 3.5)."""


def is_response(apdu: bytes) -> bool:
    """Whether this answers a command of ours (80 00 or 84 xx) rather than being a command."""
    return apdu[:1] in {b"\x80", b"\x84"}


class Link:
    """Carries APDUs over one wire. Only the device's thread uses it."""

    def __init__(self, wire: Wire, controls: Controls, timings: Timings) -> None:
        self.wire = wire
        self._controls = controls
        self._timings = timings
        self.forget()

    def forget(self) -> None:
        """Lose everything that is kept in memory, as at a power cut."""
        self._receiver = Receiver()
        self._last_byte_at = 0.0
        self._inbox: deque[bytes] = deque()
        self._last_received: bytes | None = None
        self._signal: Signal | None = None

    def send(self, apdu: bytes, *, final: bool = False) -> None:
        """Send one APDU and wait for its ACK. Raises LinkLost after three sends without one.

        ``final``: with this message the register becomes master again, so a new command of its ends our wait as well.
        """
        if is_response(apdu):
            self._last_received = None if apdu[0] == 0x84 else self._last_received
        else:
            self._begin_command(final=final)
        muted = self._controls.faults.take_mute(apdu[:2])
        for _ in range(SENDS):
            self._transmit(wrap(apdu), muted=muted)
            if self._acknowledged(final=final):
                return
        raise LinkLost(apdu[:2].hex(" "))

    def poll(self, deadline: float) -> bytes | None:
        """Wait once for the next APDU. None may come early: look at the time and at what has changed, and ask again."""
        if not self._inbox:
            self._pump(deadline)
        return self._inbox.popleft() if self._inbox else None

    def put_back(self, apdu: bytes) -> None:
        """Return an APDU to the head of the queue."""
        self._inbox.appendleft(apdu)

    def say(self, raw: bytes) -> None:
        """Put bytes on the line that no protocol asks for."""
        self.wire.write(raw)

    def end_dialogue(self) -> None:
        """Nothing is in progress any more: an equal command is a new one, not a repeat."""
        self._last_received = None

    def _begin_command(self, *, final: bool) -> None:
        """Drop responses that came before our command: they cannot answer it; and let the next equal response be a new one."""
        self._inbox = deque(apdu for apdu in self._inbox if not is_response(apdu))
        if final or (self._last_received and is_response(self._last_received)):
            self._last_received = None

    def _transmit(self, frame: bytes, *, muted: bool) -> None:
        faults = self._controls.faults
        if faults.late_s:
            self.wire.sleep(faults.late_s)
        self._signal = None
        if not muted and not faults.silent:
            self.wire.write(faults.spoil(frame))

    def _acknowledged(self, *, final: bool) -> bool:
        deadline = time.monotonic() + self._timings.t2_s
        while self._signal is None and time.monotonic() < deadline:
            self._pump(deadline)
            if final and self._signal is None and any(not is_response(apdu) for apdu in self._inbox):
                return True
        return self._signal is Signal.ACK

    def _pump(self, deadline: float) -> None:
        """Take in what the line brings, once."""
        if self._receiver.mid_frame:
            deadline = min(deadline, self._last_byte_at + self._timings.t1_s)
        data = self.wire.read(deadline)
        if self._controls.faults.silent:
            self._receiver.reset()
            return
        if data:
            self._last_byte_at = time.monotonic()
            for event in self._receiver.feed(data):
                self._take(event)
        elif self._receiver.mid_frame and time.monotonic() >= self._last_byte_at + self._timings.t1_s:
            self._receiver.reset()
            self._answer(NAK)

    def _take(self, event: bytes | Signal) -> None:
        faults = self._controls.faults
        if event is Signal.BROKEN:
            self._answer(NAK)
        elif isinstance(event, bytes):
            self._accept(event)
        elif not (event is Signal.ACK and self._signal is None and faults.take("lose_their_acks")):
            self._signal = self._signal or event

    def _accept(self, apdu: bytes) -> None:
        """Acknowledge a good frame; keep it unless it repeats the one before because our ACK was lost."""
        if not self._controls.faults.take("lose_own_acks"):
            self._answer(ACK)
        if apdu != self._last_received:
            self._last_received = apdu
            self._inbox.append(apdu)

    def _answer(self, byte: int) -> None:
        if not self._controls.faults.silent:
            self.wire.write(bytes([byte]))
