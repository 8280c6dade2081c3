"""The simulated ID card and the hand that holds it: the far end of the wire behind a virtual reader.

Commands: ``insert`` (card), ``remove``, ``swap`` (card; faster than the service can see), ``remove_at``, ``hang_at`` and
``garble_at`` (apdu: the first command after this is 1), ``slow`` (ms per command), ``normal``, ``cards`` (what there is).
A card is a name (``aygun``; ``aygun:tampered`` for a broken variant; ``technician``) or the path of a card file. The
ledger has an entry for each time a card was powered and spoken to: its name, what was read, how often a wrong CAN was tried.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from hardware.card.sim_chip import Chip
from hardware.card.sim_memory import CardMemory, Session, TechnicianSession
from hardware.card.sim_persons import BROKEN, PERSONS, TECHNICIAN, named_card
from hardware.card.sim_piv import TechnicianChip
from hardware.card.sim_profile import CardProfile, Profile, load_card
from hardware.card.sim_slot import Faults, InsertedCard
from hardware.sim_manners import BadCommand, Command, carry_out

_MAX_APDU = 10_000
_MAX_SLOW_MS = 60_000
# From one card to the next a hand needs longer than pcscd's poll of 0.4 s. A faster change (swap) goes unnoticed: after a
# handle was closed with a reset on a card already gone, pcscd 1.9 even takes the next card for absent until it is removed.
_HAND_S = 0.6


class SimulatedCardReader:
    """A hand with cards at vpcd's slot. `folder` keeps the ledger and the cards' counters; `port` is VirtualReader.port."""

    def __init__(self, folder: Path, port: int, host: str = "127.0.0.1") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file, self._counters = folder / "ledger.json", folder / "counters.json"
        self._address = (host, port)
        self._lock = threading.RLock()
        self._faults, self._own_faults = Faults(), Faults()
        self._card: InsertedCard | None = None
        self._empty_since = 0.0
        self._past: list[dict[str, Any]] = json.loads(self._file.read_text()) if self._file.exists() else []
        self._memories = _read_counters(self._counters)
        self._sessions: list[Session | TechnicianSession] = []
        self._written: list[dict[str, Any]] = self._past
        self._started = False
        self._commands: dict[str, Callable[[Command], Command | None]] = {
            "insert": self._insert,
            "remove": self._remove,
            "swap": self._swap,
            "remove_at": partial(self._arm, "remove"),
            "hang_at": partial(self._arm, "hang"),
            "garble_at": partial(self._arm, "garble"),
            "slow": self._slow,
            "normal": self._normal,
            "cards": lambda _: {"cards": [*PERSONS, TECHNICIAN.name], "broken": [*BROKEN]},
        }

    def start(self) -> None:
        """Be ready for commands. Idempotent."""
        self._started = True

    def stop(self) -> None:
        """Take the card out and end its thread. Idempotent."""
        self._started = False
        self._take_out()

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Obey one command of the bench: {"ok": true, …} or {"ok": false, "error": …}."""
        if not self._started:
            return {"ok": False, "error": "not started"}
        with self._lock:
            return carry_out(self._commands, command)

    def ledger(self) -> list[dict[str, Any]]:
        """Return every session: card, apdus, read (file names in order), wrong_can, wrong_mrz."""
        with self._lock:
            return self._past + [asdict(session) for session in self._sessions]

    def _insert(self, command: Command) -> Command:
        if self._card is not None and self._card.is_in:
            raise BadCommand(f"{self._card.name} lies in the slot")
        return self._put_in(command, _HAND_S)

    def _swap(self, command: Command) -> Command:
        if self._card is None or not self._card.is_in:
            raise BadCommand("no card in the slot")
        return self._put_in(command, 0.0)

    def _put_in(self, command: Command, after_s: float) -> Command:
        name = str(command.get("card"))
        try:
            profile = named_card(name) or load_card(Path(name))
        except OSError:
            known = ", ".join((*PERSONS, TECHNICIAN.name))
            raise BadCommand(f"unknown card {name!r}; there are {known}, and card files") from None
        except (ValueError, msgspec.MsgspecError) as error:
            raise BadCommand(f"{name}: {error}") from None
        self._take_out()
        self._own_faults = _faults_of(profile)
        self._card = InsertedCard(
            profile.name,
            self._chip(profile),
            self._address,
            self._faults,
            self._own_faults,
            self._saw,
            self._empty_since + after_s,
        )
        return {"card": profile.name}

    def _chip(self, profile: Profile) -> Chip | TechnicianChip:
        memory = self._memories.setdefault(profile.name, CardMemory())
        if isinstance(profile, CardProfile):
            return Chip(profile, memory=memory)
        return TechnicianChip(profile, memory)

    def _remove(self, _: Command) -> Command:
        if self._card is None or not self._card.is_in:
            raise BadCommand("no card in the slot")
        name = self._card.name
        self._take_out()
        return {"card": name}

    def _take_out(self) -> None:
        card, self._card = self._card, None
        if card is not None:
            card.take_out()
            self._empty_since = card.gone_at
            self._write()

    def _arm(self, fault: str, command: Command) -> None:
        apdu = command.get("apdu")
        if not isinstance(apdu, int) or not 1 <= apdu <= _MAX_APDU:
            raise BadCommand(f"apdu must be a number from 1 to {_MAX_APDU}, not {apdu!r}")
        self._faults.arm(fault, apdu)

    def _slow(self, command: Command) -> None:
        milliseconds = command.get("ms")
        if not isinstance(milliseconds, int | float) or not 0 <= milliseconds <= _MAX_SLOW_MS:
            raise BadCommand(f"ms must be a number from 0 to {_MAX_SLOW_MS}, not {milliseconds!r}")
        self._faults.slow_down(milliseconds / 1000)

    def _normal(self, _: Command) -> None:
        self._faults.clear()
        self._own_faults.clear()

    def _saw(self, session: Session | TechnicianSession) -> None:
        """Keep the ledger; called by the card's thread after each APDU."""
        if not self._sessions or self._sessions[-1] is not session:
            self._sessions.append(session)
            self._write()
        elif {**asdict(session), "apdus": 0} != {**self._written[-1], "apdus": 0}:
            self._write()

    def _write(self) -> None:
        """Write ledger and counters whole, so that a power cut leaves the old ones or the new ones."""
        self._written = self._past + [asdict(session) for session in list(self._sessions)]
        _replace(self._file, self._written)
        counters = {name: asdict(memory) for name, memory in self._memories.items() if memory != CardMemory()}
        if counters or self._counters.exists():
            _replace(self._counters, counters)


def _faults_of(profile: Profile) -> Faults:
    """Arm what the card's profile says happens at an APDU."""
    faults = Faults()
    for fault, apdu in (("hang", profile.faults.silent_at), ("remove", profile.faults.removed_at)):
        if apdu:
            faults.arm(fault, apdu)
    return faults


def _read_counters(file: Path) -> dict[str, CardMemory]:
    known = json.loads(file.read_text()) if file.exists() else {}
    return {name: CardMemory(**counters) for name, counters in known.items()}


def _replace(file: Path, content: object) -> None:
    part = file.with_suffix(".part")
    part.write_text(json.dumps(content, indent=1))
    part.replace(file)
