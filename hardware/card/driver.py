"""The card reader's driver (ports.CardReader) over PC/SC: any reader that pcscd knows, contact or contactless."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from hardware.card.apdu import Transmit
from hardware.card.capabilities import says_extended
from hardware.card.checkup import check_up
from hardware.card.connection import Connection, Workplace
from hardware.card.dialogue import learn_size, read_citizen
from hardware.card.files import STEPS, AskedTooMuch, ReadSize
from hardware.card.newcomers import Newcomers
from hardware.card.pcsc import Service, Slot, card_in
from hardware.card.piv import authenticate
from hardware.card.readers import ReadBytes, read_bytes_max
from hardware.card.refusal import Refused
from hardware.card.technician_cards import first_technician
from hardware.card.technicians import Technicians
from hardware.card.trust import Anchors
from hardware.card.trust_folder import TrustFolder
from kiosk.domain.card_profile import GENERIC, CardProfile
from kiosk.domain.citizen import Citizen
from kiosk.domain.faults import DeviceAbsent, DeviceFault, DeviceSilent, ProtocolError
from kiosk.domain.health import Failed, Health, Ready, SelfTest
from kiosk.domain.secret import Secret
from kiosk.domain.signals import CardRefusal
from kiosk.domain.technician import Technician, TechnicianRefusal

Seconds = Annotated[float, Meta(gt=0, le=600)]

_SLICE_S = 1.0
"""A wait looks again at least this often: an interruption in the instant before it began would be lost else."""

_POLL_S = 0.6
"""pcscd looks at readers that cannot report by themselves every 0.4 s."""

_PAUSE_S, _PAUSE_MAX_S = 0.05, 0.8


class CardSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[card]``. ``reader``: part of the reader's name, "" for any; ``profiles``: the kinds of cards (``config/cards``), found.

    ``transmit_timeout_s`` bounds one command, ``read_timeout_s`` a whole reading; for ``settle_s`` a wait bears that
    the service or the reader is away, as they are while they restart. ``trust``: the folder that ``kiosk cards import``
    fills, an absolute path; with it every card must prove that it is genuine, as far as it can. "": nothing is proven.
    ``read_bytes_max`` overrides what is known of the reader (``readers.toml``): the most that one READ BINARY asks for; up
    to 223 no APDU is longer than a short one. 0: what is known, and what card and reader say.
    ``technicians`` and ``revocations``: whose technicians' cards are believed (``hardware.card.technicians``), absolute paths;
    "": nobody's.
    ``portrait``: read the holder's picture too, which takes a card up to some seconds.
    """

    reader: str = ""
    profiles: tuple[CardProfile, ...] = (GENERIC,)
    transmit_timeout_s: Seconds = 8.0
    read_timeout_s: Seconds = 30.0
    settle_s: Seconds = 3.0
    trust: str = ""
    technicians: str = ""
    revocations: str = ""
    read_bytes_max: ReadBytes | Literal[0] = 0
    portrait: bool = False

    def __post_init__(self) -> None:
        """Refuse a folder that depends on where we were started."""
        for name in ("trust", "technicians", "revocations"):
            if (path := getattr(self, name)) and not Path(path).is_absolute():
                raise ValueError(f"{name}: expected an absolute path")
        if self.technicians and not self.revocations:
            raise ValueError("revocations: expected the folder in which the technicians' revocation lists are kept")


class PcscCardReader:
    """The reader. All calls but ``cancel`` come from one thread."""

    def __init__(self, settings: CardSettings) -> None:
        self._settings = settings
        self._service = Service(settings.reader)
        self._trust = TrustFolder(Path(settings.trust)) if settings.trust else None
        own = settings.technicians
        self._technicians = Technicians(Path(own), Path(settings.revocations)) if own else None
        self._cancelled = threading.Event()
        self._place: Workplace | None = None
        self._newcomers = Newcomers(settings.reader)
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
            slots = self._service.slots()
            citizen = self._read(card_in(slots), access_key)
        except Refused as refused:
            if refused.refusal.reason == "removed":
                self._let_the_service_see()
            return refused.refusal
        except ProtocolError as error:
            return CardRefusal("unreadable", str(error))
        self._newcomers.known(slots)
        return citizen

    def watch(self, report: Callable[[], None] | None) -> None:
        """Report the first card that comes after the one that was read last; None: no more. From any thread."""
        self._newcomers.watch(report)

    def authenticate_technician(self, pin: Secret, *, last_try: str = "") -> Technician | TechnicianRefusal:
        """Have a technician's card prove itself, in whichever reader it lies. The PIN is wiped."""
        try:
            if self._technicians is None:
                return TechnicianRefusal("untrusted", evidence="[card] technicians names no authority")
            judge = partial(self._technicians.judge, at=datetime.now(tz=UTC))
            ask = partial(authenticate, pin=pin, judge=judge, last_try=last_try)
            outcome = first_technician(self._service.slots(), self._connect, ask)
            if isinstance(outcome, TechnicianRefusal) and outcome.reason == "removed":
                self._let_the_service_see()
            return outcome
        finally:
            pin.wipe()

    def renew_revocations(self, newest: bytes) -> str:
        """Keep a newer revocation list of technicians; return "" or why not. From any thread."""
        if self._technicians is None:
            return "[card] technicians names no authority"
        try:
            return self._technicians.take(newest, datetime.now(tz=UTC))
        except OSError as error:
            raise DeviceFault(f"{self._settings.revocations}: {error}", "no_trust") from error

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
        test = check_up(self._service, self._connect)
        own = (self._technicians.check_up(datetime.now(tz=UTC)),) if self._technicians else ()
        return SelfTest(test.device, (*test.checks, *own))

    def cancel(self) -> None:
        """End the wait in progress."""
        self._cancelled.set()
        self._service.interrupt()

    def close(self) -> None:
        """Let the service go."""
        self.cancel()
        if self._place is not None:
            self._place.give_up()
        self.watch(None)
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

    def _read(self, slot: Slot, access_key: Secret) -> Citizen:
        """Read; anew, from the reset on, where the session ended because too many bytes were asked for at once."""
        deadline = time.monotonic() + self._settings.read_timeout_s
        for _ in STEPS:
            try:
                return self._read_once(slot, access_key, deadline - time.monotonic())
            except AskedTooMuch as error:
                asked_too_much = error
        try:
            raise asked_too_much
        finally:
            del asked_too_much  # its traceback holds this frame: the two would keep what was read

    def _read_once(self, slot: Slot, access_key: Secret, limit_s: float) -> Citizen:
        anchors = self._anchors()
        connection = self._connect(slot.reader, limit_s)
        try:
            with self._decoder() as picture:
                citizen = connection.use(partial(self._holder, slot, connection, access_key, anchors, picture))
            self._verify_still_there(slot)
            return citizen
        finally:
            connection.close()

    def _holder(
        self,
        slot: Slot,
        connection: Connection,
        access_key: Secret,
        anchors: Anchors | None,
        picture: Callable[[bytes], bytes] | None,
        transmit: Transmit,
    ) -> Citizen:
        """Read the holder, in the connection's thread."""
        size = self._size_of(slot, connection, transmit)
        today = datetime.now(tz=UTC).date()
        return read_citizen(transmit, access_key, today, self._settings.profiles, size, anchors, picture)

    def _decoder(self) -> AbstractContextManager[Callable[[bytes], bytes] | None]:
        """Return what makes a portrait of EF.DG2, where that is wanted."""
        if not self._settings.portrait:
            return nullcontext()
        from hardware.card.portrait import portraits  # noqa: PLC0415 - only a kiosk that shows pictures pays for Pillow

        return portraits()

    def _anchors(self) -> Anchors | None:
        return self._trust.anchors() if self._trust else None

    def _size_of(self, slot: Slot, connection: Connection, transmit: Transmit) -> ReadSize:
        """Return what is known of how much this kind of card bears in this reader; ask a reader or card of a new kind."""
        size = self._sizes.get((slot.reader, slot.atr))
        if size is None:
            most = read_bytes_max(slot.reader, self._settings.read_bytes_max, connection.reader_extended())
            size = self._sizes[slot.reader, slot.atr] = ReadSize(most)
        if size.long_apdus and says_extended(slot.atr) is not False:
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
        now = self._service.state_of(before.reader)
        if not now.present or now.counter != before.counter:
            raise Refused("removed", f"the card in {before.reader} was moved while it was being read")

    def _connect(self, reader: str, limit_s: float | None = None) -> Connection:
        self._refuse_while_stuck()
        settings, failed = self._settings, self._last is not None and self._last.failed
        whole_limit_s = settings.read_timeout_s if limit_s is None else limit_s
        if self._place is None or self._place.lane.ended:
            self._place = Workplace()
        self._last = Connection(self._place, reader, settings.transmit_timeout_s, whole_limit_s, reset=failed)
        return self._last

    def _refuse_while_stuck(self) -> None:
        if self._last is not None and self._last.stuck:
            raise DeviceSilent(f"the card in {self._last.reader} has still not answered; it must be taken out")


def open_driver(settings: CardSettings) -> PcscCardReader:
    """Open the reader. Never fails: service, reader and card may all come later."""
    return PcscCardReader(settings)
