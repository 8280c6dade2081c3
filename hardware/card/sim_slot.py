"""A simulated card lying in vpcd's slot: the card's end of vpcd's TCP line, and what a hand can make go wrong there.

Both ways a frame is two bytes of length (big-endian) and a payload. From vpcd one byte is a control: 0 power off, 1 power
on, 2 reset (no answer), 4 asks for the ATR; anything longer is a command APDU. Connecting inserts the card, closing
removes it (vsmartcard's documentation of vpcd and vicc).
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Protocol

from hardware.card.sim_memory import Session, TechnicianSession
from hardware.sim_sockets import cut

_POWER_OFF, _POWER_ON, _RESET, _GET_ATR = 0, 1, 2, 4
_IDLE_S = 0.5  # vpcd asks for the ATR every 0.4 s; only a sleeping line is silent for longer
_RECONNECT_S = 0.05
_HANG_LOOK_S = 0.05
_NOISE = 0xA5


class AnyChip(Protocol):
    """What lies in the slot: something that answers command APDUs."""

    @property
    def session(self) -> Session | TechnicianSession:
        """What it saw since it was powered."""
        ...

    @property
    def atr(self) -> bytes:
        """Its answer to reset."""
        ...

    @property
    def working_s(self) -> float:
        """How long the last command kept it busy."""
        ...

    def reset(self) -> None:
        """Power on or reset."""
        ...

    def process(self, apdu: bytes) -> bytes:
        """Answer a command APDU."""
        ...


class Faults:
    """What the hand has armed. APDUs are counted from arming, and anew from each power-on or reset."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: dict[str, int] = {}
        self._count = 0
        self._hanging = False
        self._slow_s = 0.0

    @property
    def slow_s(self) -> float:
        """How long each answer is held back."""
        return self._slow_s

    @property
    def hanging(self) -> bool:
        """Whether the card that was told to hang still does."""
        return self._hanging

    def arm(self, fault: str, apdu: int) -> None:
        """Let ``remove``, ``hang`` or ``garble`` happen at the apdu-th command from now (1 is the next)."""
        with self._lock:
            self._armed[fault] = apdu
            self._count = 0

    def slow_down(self, seconds: float) -> None:
        """Hold each answer back."""
        self._slow_s = seconds

    def clear(self) -> None:
        """Back to a healthy card; one that hangs gives its late answer."""
        with self._lock:
            self._armed.clear()
            self._hanging = False
            self._slow_s = 0.0

    def power_on(self) -> None:
        """Start counting anew."""
        with self._lock:
            self._count = 0

    def next_apdu(self) -> str | None:
        """Count one command; return the fault that is due, once."""
        with self._lock:
            self._count += 1
            due = next((fault for fault, apdu in self._armed.items() if apdu <= self._count), None)
            if due is not None:
                del self._armed[due]
            self._hanging = due == "hang"
            return due


class InsertedCard:
    """A card in the slot, with a thread of its own, until it is taken out.

    `not_before`: when it touches the contacts (time.monotonic()). `seen` hears of a session after each APDU. `faults` are
    the hand's, `own_faults` the card's, which go with it.
    """

    def __init__(
        self,
        name: str,
        chip: AnyChip,
        address: tuple[str, int],
        faults: Faults,
        own_faults: Faults,
        seen: Callable[[Session | TechnicianSession], None],
        not_before: float = 0.0,
    ) -> None:
        self.name = name
        self.gone_at = 0.0
        self._not_before = not_before
        self._chip = chip
        self._address = address
        self._faults = (faults, own_faults)
        self._seen = seen
        self._out = threading.Event()
        self._line: socket.socket | None = None
        self._thread = threading.Thread(target=self._lie_in_slot, name=f"card-{name}", daemon=True)
        self._thread.start()

    @property
    def is_in(self) -> bool:
        """Whether it still lies in the slot."""
        return not self._out.is_set()

    def take_out(self) -> None:
        """Take it out, in at most a second."""
        self._leave()
        if (line := self._line) is not None:
            cut(line)
        self._thread.join(1.0)

    def _leave(self) -> None:
        if self.is_in:
            self.gone_at = time.monotonic()
            self._out.set()

    def _lie_in_slot(self) -> None:
        self._out.wait(max(0.0, self._not_before - time.monotonic()))
        while self.is_in:
            try:
                with socket.create_connection(self._address, timeout=_IDLE_S) as line:
                    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self._line = line
                    self._serve(line)
            except OSError:  # no service, or it went: the card lies there until the service is back
                self._out.wait(_RECONNECT_S)
            self._chip.reset()

    def _serve(self, line: socket.socket) -> None:
        while (length := self._receive(line, 2)) is not None:
            payload = self._receive(line, int.from_bytes(length, "big"))
            if payload is None:
                return
            answer = self._control(payload[0]) if len(payload) == 1 else self._command(payload)
            if not self.is_in:
                return
            if answer is not None:
                line.sendall(len(answer).to_bytes(2, "big") + answer)

    def _receive(self, line: socket.socket, size: int) -> bytes | None:
        """Exactly `size` bytes, or None when the card was taken out; OSError when vpcd went."""
        data = b""
        while self.is_in:
            # vpcd sends length and body apart, without TCP_NODELAY: a late acknowledgement costs 40 ms each time.
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            if len(data) == size:
                return data
            try:
                part = line.recv(size - len(data))
            except TimeoutError:
                continue
            if not part:
                raise ConnectionResetError("vpcd closed the line")
            data += part
        return None

    def _control(self, code: int) -> bytes | None:
        if code in (_POWER_OFF, _POWER_ON, _RESET):
            self._chip.reset()
            for faults in self._faults:
                faults.power_on()
        return self._chip.atr if code == _GET_ATR else None

    def _command(self, apdu: bytes) -> bytes:
        due = [faults.next_apdu() for faults in self._faults]
        self._out.wait(max(faults.slow_s for faults in self._faults))
        if "remove" in due:
            self._leave()
            return b""
        answer = self._chip.process(apdu)
        self._out.wait(self._chip.working_s)
        self._seen(self._chip.session)
        while any(faults.hanging for faults in self._faults) and not self._out.wait(_HANG_LOOK_S):
            pass
        return _garbled(answer) if "garble" in due else answer


def _garbled(answer: bytes) -> bytes:
    """Turn bits over on the way: in the body where there is one (the hardest to notice), else in the status word."""
    body, status = answer[:-2], answer[-2:]
    noisy = bytes(byte ^ _NOISE for byte in body or status)
    return noisy + status if body else noisy
