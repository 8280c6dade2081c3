"""The card reader's driver (ports.CardReader) over PC/SC: any reader that pcscd knows, contact or contactless."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from hardware.card.apdu import Transmit
from hardware.card.capabilities import says_extended
from hardware.card.checkup import check_up
from hardware.card.connection import Connection
from hardware.card.dialogue import learn_size, read_citizen
from hardware.card.files import STEPS, AskedTooMuch, ReadSize
from hardware.card.mrz import FIN_PATTERN
from hardware.card.pcsc import Service, Slot
from hardware.card.refusal import Refused
from hardware.card.trust import Anchors
from hardware.card.trust_folder import TrustFolder
from kiosk.domain.citizen import Citizen
from kiosk.domain.faults import DeviceAbsent, DeviceFault, DeviceSilent, ProtocolError
from kiosk.domain.health import Failed, Health, Ready, SelfTest
from kiosk.domain.secret import Secret
from kiosk.domain.signals import CardRefusal

Seconds = Annotated[float, Meta(gt=0, le=600)]

_SLICE_S = 1.0
"""A wait looks again at least this often: an interruption in the instant before it began would be lost else."""

_POLL_S = 0.6
"""pcscd looks at readers that cannot report by themselves every 0.4 s."""

_PAUSE_S, _PAUSE_MAX_S = 0.05, 0.8


class CardSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[card]``. ``reader``: part of the reader's name, "" for any; ``personal_number``: a regular expression.

    ``transmit_timeout_s`` bounds one command, ``read_timeout_s`` a whole reading; for ``settle_s`` a wait bears that
    the service or the reader is away, as they are while they restart. ``trust``: the folder that ``kiosk cards import``
    fills, an absolute path; with it every card must prove that it is genuine, as far as it can. "": nothing is proven.
    ``portrait``: read the holder's picture too, which takes a card up to some seconds.
    """

    reader: str = ""
    personal_number: str = FIN_PATTERN
    transmit_timeout_s: Seconds = 8.0
    read_timeout_s: Seconds = 30.0
    settle_s: Seconds = 3.0
    trust: str = ""
    portrait: bool = False

    def __post_init__(self) -> None:
        """Refuse a personal number that is no regular expression, and a folder that depends on where we were started."""
        if self.trust and not Path(self.trust).is_absolute():
            raise ValueError("trust: expected an absolute path")
        try:
            re.compile(self.personal_number)
        except re.error as error:
            raise ValueError(f"personal_number is no regular expression: {error}") from error


class PcscCardReader:
    """The reader. All calls but ``cancel`` come from one thread."""

    def __init__(self, settings: CardSettings) -> None:
        self._settings = settings
        self._service = Service(settings.reader)
        self._trust = TrustFolder(Path(settings.trust)) if settings.trust else None
        self._cancelled = threading.Event()
        self._last: Connection | None = None
        self._sizes: dict[tuple[str, bytes], ReadSize] = {}

    def wait_for_card(self, timeout_s: float) -> bool:
        """Wait until a card lies in any reader."""
        return self._wait(lambda slots: any(slot.present for slot in slots), timeout_s)

    def wait_for_removal(self, timeout_s: float) -> bool:
        """Wait until no card lies in any reader. Raises DeviceFault without a reader or service: then nobody knows."""
        return self._wait(lambda slots: not any(slot.present for slot in slots), timeout_s)

    def read_citizen(self, access_key: Secret) -> Citizen | CardRefusal:
        """Open the card that lies in a reader now and read its holder."""
        if not access_key:
            return CardRefusal("wrong_key", "no access number was given")
        try:
            return self._read(self._card_now(), access_key)
        except Refused as refused:
            if refused.refusal.reason == "removed":
                self._let_the_service_see()
            return refused.refusal
        except ProtocolError as error:
            return CardRefusal("unreadable", str(error))

    def health(self) -> Health:
        """Ask the service for its readers: two short calls."""
        try:
            self._refuse_while_stuck()
            slots = self._service.slots()
            self._anchors()
        except DeviceFault as fault:
            return Failed(fault.reason, str(fault))
        return Ready(", ".join(f"{slot.reader} ({'card' if slot.present else 'empty'})" for slot in slots))

    def self_test(self) -> SelfTest:
        """Look at the service, the reader, and the card if one lies there."""
        return check_up(self._service, self._connect)

    def cancel(self) -> None:
        """End the wait in progress."""
        self._cancelled.set()
        self._service.interrupt()

    def close(self) -> None:
        """Let the service go."""
        self.cancel()
        self._service.close()

    def _wait(self, reached: Callable[[list[Slot]], bool], timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        self._cancelled.clear()
        away_since, pause_s = 0.0, _PAUSE_S  # 0: the reader is there
        while True:
            now = time.monotonic()
            try:
                slots = self._service.slots()
                if reached(slots):
                    return True
                if now >= deadline:
                    return False
                self._service.wait_for_change(slots, min(_SLICE_S, deadline - now))
                away_since, pause_s = 0.0, _PAUSE_S
                if self._cancelled.is_set():
                    return False
            except DeviceAbsent:
                away_since = away_since or now
                left_s = min(deadline, away_since + self._settings.settle_s) - now
                if left_s <= 0:
                    raise
                if self._cancelled.wait(min(pause_s, left_s)):
                    return False
                pause_s = min(2 * pause_s, _PAUSE_MAX_S)

    def _card_now(self) -> Slot:
        for slot in self._service.slots():
            if slot.present:
                return slot
        raise Refused("removed", "no card in any reader")

    def _read(self, slot: Slot, access_key: Secret) -> Citizen:
        """Read; anew, from the reset on, where the session ended because too many bytes were asked for at once."""
        deadline = time.monotonic() + self._settings.read_timeout_s
        for _ in STEPS:
            try:
                return self._read_once(slot, access_key, deadline - time.monotonic())
            except AskedTooMuch as error:
                asked_too_much = error
        raise asked_too_much

    def _read_once(self, slot: Slot, access_key: Secret, limit_s: float) -> Citizen:
        anchors = self._anchors()
        connection = self._connect(slot.reader, limit_s)
        try:
            with self._decoder() as picture:
                today = datetime.now(tz=UTC).date()
                transmit = connection.open()
                size = self._size_of(connection, transmit)
                pattern = self._settings.personal_number
                citizen = read_citizen(transmit, access_key, today, pattern, size, anchors, picture)
            self._verify_still_there(slot)
            return citizen
        finally:
            connection.close()

    def _decoder(self) -> AbstractContextManager[Callable[[bytes], bytes] | None]:
        """Return what makes a portrait of EF.DG2, where that is wanted."""
        if not self._settings.portrait:
            return nullcontext()
        from hardware.card.portrait import portraits  # noqa: PLC0415 - only a kiosk that shows pictures pays for Pillow

        return portraits()

    def _anchors(self) -> Anchors | None:
        return self._trust.anchors() if self._trust else None

    def _size_of(self, connection: Connection, transmit: Transmit) -> ReadSize:
        """Return what is known of how much this kind of card bears in this reader; ask a card of a new kind."""
        size = self._sizes.setdefault((connection.reader, connection.atr), ReadSize())
        if connection.reader_extended is not False and says_extended(connection.atr) is not False:
            learn_size(transmit, size)
        return size

    def _let_the_service_see(self) -> None:
        """Wait until the service has seen the card go, lest the next wait finds it; it may have been swapped, too fast.

        Raises where it is the reader or the service that went.
        """
        give_up = time.monotonic() + _POLL_S
        slots = self._service.slots()
        while any(slot.present for slot in slots) and time.monotonic() < give_up:
            self._service.wait_for_change(slots, max(0.0, give_up - time.monotonic()))
            slots = self._service.slots()

    def _verify_still_there(self, before: Slot) -> None:
        """Refuse what was read if since then any card came or went."""
        now = next((slot for slot in self._service.slots() if slot.reader == before.reader), None)
        if now is None or not now.present or now.counter != before.counter:
            raise Refused("removed", f"the card in {before.reader} was moved while it was being read")

    def _connect(self, reader: str, limit_s: float | None = None) -> Connection:
        self._refuse_while_stuck()
        settings, failed = self._settings, self._last is not None and self._last.failed
        whole_limit_s = settings.read_timeout_s if limit_s is None else limit_s
        self._last = Connection(reader, settings.transmit_timeout_s, whole_limit_s, reset=failed)
        return self._last

    def _refuse_while_stuck(self) -> None:
        if self._last is not None and self._last.stuck:
            raise DeviceSilent(f"the card in {self._last.reader} has still not answered; it must be taken out")


def open_driver(settings: CardSettings) -> PcscCardReader:
    """Open the reader. Never fails: service, reader and card may all come later."""
    return PcscCardReader(settings)
