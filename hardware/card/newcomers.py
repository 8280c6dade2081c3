"""Newcomers: whether another card comes after one was read. Watched in a thread and a context of their own, so that no wait is disturbed.

The service counts in each reader how often a card came or went (the high word of the event state, pcsclite's winscard.h): a card
that took the place of another between two looks is noticed, and one that only stays is not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress

from hardware.card.pcsc import Service, Slot
from kiosk.domain.faults import DeviceAbsent, DeviceFault

_SLICE_S = 5.0
"""A wait looks again at least this often: an interruption in the instant before it began would be lost else."""

_PAUSE_S, _PAUSE_MAX_S = 0.1, 2.0
_COUNTER_MAX = 0xFFFF


def moved_in(before: Slot, now: Slot) -> bool:
    """Say whether a card was put into this reader since; one that has gone again counts too."""
    changes = (now.counter - before.counter) & _COUNTER_MAX
    return changes > 1 or (changes == 1 and now.present)


class Watch:
    """Reports once the first card that comes, until it is ended."""

    def __init__(self, reader: str, before: Iterable[Slot], report: Callable[[], None]) -> None:
        """``reader``: part of the names wanted. ``before``: what the readers held when the known card was read."""
        self._service = Service(reader)
        self._before = {slot.reader: slot for slot in before}
        self._report = report
        self._over = threading.Event()
        self._session: object = None
        self._thread = threading.Thread(target=self._run, name="card-watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def end(self) -> None:
        """Report nothing any more; from any thread, at once."""
        self._over.set()
        self._service.interrupt()

    def _run(self) -> None:
        pause_s = _PAUSE_S
        while not self._over.is_set():
            try:
                slots = self._service.slots()
                if self._came(slots):
                    break
                self._service.wait_for_change(slots, _SLICE_S)
                pause_s = _PAUSE_S
            except DeviceFault as fault:
                if isinstance(fault, DeviceAbsent):
                    self._before.clear()
                self._session = None  # a service that was only slow still counts as before
                self._over.wait(pause_s)
                pause_s = min(2 * pause_s, _PAUSE_MAX_S)
            except Exception:  # noqa: BLE001 - a watch that cannot look must not look away
                break
        with suppress(DeviceFault):
            self._service.close()
        if not self._over.is_set():
            self._report()

    def _came(self, slots: list[Slot]) -> bool:
        """Compare. Of a card in a reader that was away, nobody knows whose it is: it counts as one that came."""
        if self._session not in (None, self._service.session):  # the service was restarted, and counts anew
            self._before.clear()
        self._session = self._service.session
        came = [
            moved_in(self._before[slot.reader], slot) if slot.reader in self._before else slot.present for slot in slots
        ]
        self._before = {slot.reader: self._before.get(slot.reader, slot) for slot in slots}
        return any(came)


class Newcomers:
    """What the readers held at the last reading, and the watch that began from there."""

    def __init__(self, reader: str) -> None:
        self._reader = reader
        self._slots: list[Slot] = []
        self._lock = threading.Lock()
        self._watch: Watch | None = None

    def known(self, slots: list[Slot]) -> None:
        """Remember that the card which lies in one of these has just been read, and what the others held."""
        self._slots = slots

    def watch(self, report: Callable[[], None] | None) -> None:
        """Watch from the last reading on, instead of what was watched before; None: nothing any more. From any thread."""
        with self._lock:
            if self._watch is not None:
                self._watch.end()
            self._watch = Watch(self._reader, self._slots, report) if report is not None else None
            if self._watch is not None:
                self._watch.start()
