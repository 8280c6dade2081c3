"""The smart card service (pcscd) and its readers, through pyscard's plain functions.

One context is kept for life: the service may end itself when its last client goes. When the service is restarted, every
call with the old context fails (8010001D, 8010001E, 80100013, 80100003) and a new context is made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct
from smartcard import scard

from hardware.card.lane import Lane
from hardware.card.refusal import Reason, Refused
from kiosk.domain.faults import DeviceAbsent, DeviceFault, DeviceSilent

T = TypeVar("T")

PLUG_AND_PLAY = "\\\\?PnP?\\Notification"
"""The pseudo-reader whose state changes when a reader comes or goes."""

CALL_LIMIT_S = 1.4
"""Two such calls fit into the 3 s that health() may take."""

_MASK = 0xFFFFFFFF
_NAMES = {
    getattr(scard, name) & _MASK: name for name in dir(scard) if name.startswith(("SCARD_E_", "SCARD_F_", "SCARD_W_"))
}
SUCCESS = 0
CANCELLED, TIMEOUT, SHARING_VIOLATION, UNKNOWN_READER = 0x80100002, 0x8010000A, 0x8010000B, 0x80100009
SECURITY_VIOLATION, NO_READERS = 0x8010006A, 0x8010002E
_SERVICE_GONE = frozenset({0x8010001D, 0x8010001E, 0x80100013, 0x80100003, 0x80100001, 0x80100012})
_READER_GONE = frozenset({0x80100017, UNKNOWN_READER, NO_READERS})
_CARD: dict[int, Reason] = {
    0x80100016: "removed",  # NOT_TRANSACTED: the first call after the card went, before the service has seen it
    0x80100069: "removed",  # REMOVED_CARD
    0x8010000C: "removed",  # NO_SMARTCARD
    0x80100068: "removed",  # RESET_CARD: somebody else used it, or it was away and came back
    0x80100066: "unreadable",  # UNRESPONSIVE_CARD: upside down, dirty
    0x80100067: "unreadable",  # UNPOWERED_CARD
    0x8010000F: "unsupported",  # PROTO_MISMATCH
    0x80100065: "unsupported",  # UNSUPPORTED_CARD
}


class Slot(Struct, frozen=True):
    """A reader and its event state: flags in the low word, a counter of insertions and removals in the high word.

    ``atr``: the card's answer to reset; empty without a card.
    """

    reader: str
    state: int
    atr: bytes = b""

    @property
    def present(self) -> bool:
        """Whether a card lies in it (even one that does not answer)."""
        return bool(self.state & scard.SCARD_STATE_PRESENT)

    @property
    def counter(self) -> int:
        """How often a card came or went."""
        return self.state >> 16


def card_in(slots: list[Slot]) -> Slot:
    """Return where the card lies. With a card in each of two readers nobody can tell whose turn it is."""
    found = [slot for slot in slots if slot.present]
    if not found:
        raise Refused("removed", "no card in any reader")
    if len(found) > 1:
        names = " and ".join(slot.reader for slot in found)
        raise Refused("two_cards", f"a card in {names}; where it is one card, 'reader' in [card] must name one of them")
    return found[0]


def check(result: int, doing: str) -> None:
    """Raise the DeviceFault that a result code means."""
    code = result & _MASK
    if code == SUCCESS:
        return
    evidence = _evidence(code, doing)
    if code in _SERVICE_GONE:
        raise DeviceAbsent(evidence, "no_service")
    if code == SECURITY_VIOLATION:
        raise DeviceAbsent(f"{evidence}: the service's policy does not let this user in", "no_service")
    if code in _READER_GONE:
        raise DeviceAbsent(evidence)
    raise DeviceSilent(evidence) if code in {TIMEOUT, SHARING_VIOLATION} else DeviceFault(evidence)


def check_card(result: int, doing: str) -> None:
    """Raise Refused where a result code is about the card, the DeviceFault it means where it is not."""
    code = result & _MASK
    if code in _CARD:
        raise Refused(_CARD[code], _evidence(code, doing))
    check(code, doing)


def _evidence(code: int, doing: str) -> str:
    return f"{doing}: {code:08X} {_NAMES.get(code, 'unnamed')}"


def new_context() -> Any:
    """Connect to the service. DeviceAbsent, no_service, when it is not there."""
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    check(result, "connecting to the smart card service")
    return context


class Service:
    """The service as one thread uses it; only ``interrupt`` may come from another. ``reader``: part of the names wanted."""

    def __init__(self, reader: str) -> None:
        self._wanted = reader.casefold()
        self._lane: Lane | None = None
        self._context: Any = None
        self._lock = threading.Lock()

    @property
    def session(self) -> object:
        """What is another one once the service was left or restarted: its counters before and after have nothing in common."""
        return self._context

    def slots(self) -> list[Slot]:
        """Return every wanted reader and its state now. DeviceAbsent without service or reader, DeviceSilent if it hangs."""
        return self._call(self._slots, CALL_LIMIT_S, "asking for the readers")

    def state_of(self, reader: str) -> Slot:
        """Return the state of one reader now. DeviceAbsent without it or the service, DeviceSilent if that hangs."""
        return self._call(partial(self._states, [reader]), CALL_LIMIT_S, "asking for the reader")[0]

    def wait_for_change(self, slots: list[Slot], timeout_s: float) -> None:
        """Return when a state differs from these, a reader came or went, the wait is interrupted, or after the time-out."""
        known = [(slot.reader, slot.state) for slot in slots]
        wait = partial(self._changed, [*known, (PLUG_AND_PLAY, scard.SCARD_STATE_UNAWARE)], int(timeout_s * 1000))
        self._call(wait, timeout_s + CALL_LIMIT_S, "waiting for a card")

    def interrupt(self) -> None:
        """End the wait in progress, from any thread, at once: what the service takes for it is waited for by nobody."""
        with self._lock:
            context = self._context
        if context is not None:
            threading.Thread(target=scard.SCardCancel, args=(context,), name="card-cancel", daemon=True).start()

    def close(self) -> None:
        """Let the context go."""
        self._forget()

    def _call(self, work: Callable[[Any], T], limit_s: float, doing: str) -> T:
        """Run with the context; make a new one, once, where the service has been restarted since."""
        if self._context is not None:
            try:
                return self._run(partial(work, self._context), limit_s, doing)
            except DeviceAbsent as fault:
                if fault.reason != "no_service":
                    raise
        context = self._run(new_context, CALL_LIMIT_S, doing)
        with self._lock:
            self._context = context
        return self._run(partial(work, context), limit_s, doing)

    def _run(self, work: Callable[[], T], limit_s: float, doing: str) -> T:
        self._lane = self._lane or Lane("card-service")
        try:
            return self._lane.call(work, limit_s, doing)
        except DeviceFault as fault:
            if isinstance(fault, DeviceSilent) or fault.reason == "no_service":
                self._forget()
            raise

    def _forget(self) -> None:
        """Leave the context; its lane releases it, as soon as the call in hand comes back."""
        with self._lock:
            lane, self._lane = self._lane, None
            context, self._context = self._context, None
        if lane is not None:
            lane.end(partial(_release, context), 0.0 if lane.lost else CALL_LIMIT_S)

    def _slots(self, context: Any) -> list[Slot]:
        result, names = scard.SCardListReaders(context, [])
        if result & _MASK != NO_READERS:
            check(result, "listing the readers")
        wanted = [name for name in names if self._wanted in name.casefold()]
        if not wanted:
            raise DeviceAbsent(f"no reader named …{self._wanted}… among: {', '.join(names)}" if names else "no reader")
        return self._states(wanted, context)

    @staticmethod
    def _states(readers: list[str], context: Any) -> list[Slot]:
        asked = [(name, scard.SCARD_STATE_UNAWARE) for name in readers]
        result, states = scard.SCardGetStatusChange(context, 0, asked)
        if result & _MASK != TIMEOUT:
            check(result, "asking for the readers' states")
        return [Slot(name, state, bytes(atr)) for name, state, atr in states]

    @staticmethod
    def _changed(asked: list[tuple[str, int]], timeout_ms: int, context: Any) -> None:
        result, _ = scard.SCardGetStatusChange(context, timeout_ms, asked)
        if result & _MASK not in {TIMEOUT, CANCELLED, UNKNOWN_READER}:
            check(result, "waiting for a card")


def _release(context: Any) -> None:
    if context is not None:
        with suppress(Exception):
            scard.SCardReleaseContext(context)
