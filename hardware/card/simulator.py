"""The simulated ID card and the hand that holds it: the far end of the wire behind a virtual reader.

Commands: ``insert`` (card), ``remove``, ``swap`` (card; faster than the service can see), ``remove_at``, ``hang_at`` and
``garble_at`` (apdu: the first command after this is 1), ``slow`` (ms per command), ``normal``. The ledger has an entry
for each time a card was powered and spoken to: its name, what was read, how often a wrong CAN was tried.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hardware.card.sim_chip import Chip, Session
from hardware.card.sim_persons import PERSONS
from hardware.card.sim_slot import Faults, InsertedCard

_MAX_APDU = 10_000
_MAX_SLOW_MS = 60_000
# From one card to the next a hand needs longer than pcscd's poll of 0.4 s. A faster change (swap) goes unnoticed: after a
# handle was closed with a reset on a card already gone, pcscd 1.9 even takes the next card for absent until it is removed.
_HAND_S = 0.6


class SimulatedCardReader:
    """A hand with three cards at vpcd's slot. `folder` keeps the ledger; `port` is VirtualReader.port."""

    def __init__(self, folder: Path, port: int, host: str = "127.0.0.1") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "ledger.json"
        self._address = (host, port)
        self._lock = threading.RLock()
        self._faults = Faults()
        self._card: InsertedCard | None = None
        self._empty_since = 0.0
        self._past: list[dict[str, Any]] = json.loads(self._file.read_text()) if self._file.exists() else []
        self._sessions: list[Session] = []
        self._written: list[dict[str, Any]] = self._past
        self._started = False
        self._commands: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "insert": self._insert,
            "remove": self._remove,
            "swap": self._swap,
            "remove_at": lambda command: self._arm("remove", command),
            "hang_at": lambda command: self._arm("hang", command),
            "garble_at": lambda command: self._arm("garble", command),
            "slow": self._slow,
            "normal": self._normal,
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
        action = self._commands.get(str(command.get("do")))
        if action is None or not self._started:
            return _refusal("not started" if action else f"unknown command {command.get('do')!r}")
        with self._lock:
            return action(command)

    def ledger(self) -> list[dict[str, Any]]:
        """Return every session: card, apdus, read (file names in order), wrong_can, wrong_mrz."""
        with self._lock:
            return self._past + [asdict(session) for session in self._sessions]

    def _insert(self, command: dict[str, Any]) -> dict[str, Any]:
        if self._card is not None and self._card.is_in:
            return _refusal(f"{self._card.name} lies in the slot")
        return self._put_in(command, _HAND_S)

    def _swap(self, command: dict[str, Any]) -> dict[str, Any]:
        if self._card is None or not self._card.is_in:
            return _refusal("no card in the slot")
        return self._put_in(command, 0.0)

    def _put_in(self, command: dict[str, Any], after_s: float) -> dict[str, Any]:
        person = PERSONS.get(str(command.get("card")))
        if person is None:
            return _refusal(f"unknown card {command.get('card')!r}; there are {', '.join(PERSONS)}")
        self._take_out()
        not_before = self._empty_since + after_s
        self._card = InsertedCard(person.name, Chip(person), self._address, self._faults, self._saw, not_before)
        return {"ok": True, "card": person.name}

    def _remove(self, _: dict[str, Any]) -> dict[str, Any]:
        if self._card is None or not self._card.is_in:
            return _refusal("no card in the slot")
        name = self._card.name
        self._take_out()
        return {"ok": True, "card": name}

    def _take_out(self) -> None:
        card, self._card = self._card, None
        if card is not None:
            card.take_out()
            self._empty_since = card.gone_at
            self._write()

    def _arm(self, fault: str, command: dict[str, Any]) -> dict[str, Any]:
        apdu = command.get("apdu")
        if not isinstance(apdu, int) or not 1 <= apdu <= _MAX_APDU:
            return _refusal(f"apdu must be a number from 1 to {_MAX_APDU}, not {apdu!r}")
        self._faults.arm(fault, apdu)
        return {"ok": True}

    def _slow(self, command: dict[str, Any]) -> dict[str, Any]:
        milliseconds = command.get("ms")
        if not isinstance(milliseconds, int | float) or not 0 <= milliseconds <= _MAX_SLOW_MS:
            return _refusal(f"ms must be a number from 0 to {_MAX_SLOW_MS}, not {milliseconds!r}")
        self._faults.slow_down(milliseconds / 1000)
        return {"ok": True}

    def _normal(self, _: dict[str, Any]) -> dict[str, Any]:
        self._faults.clear()
        return {"ok": True}

    def _saw(self, session: Session) -> None:
        """Keep the ledger; called by the card's thread after each APDU."""
        if not self._sessions or self._sessions[-1] is not session:
            self._sessions.append(session)
            self._write()
        elif (session.read, session.wrong_can, session.wrong_mrz) != self._last_written():
            self._write()

    def _last_written(self) -> tuple[list[str], int, int]:
        entry = self._written[-1]
        return entry["read"], entry["wrong_can"], entry["wrong_mrz"]

    def _write(self) -> None:
        """Write the ledger whole, so that a power cut leaves the old one or the new one."""
        self._written = self._past + [asdict(session) for session in list(self._sessions)]
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps(self._written, indent=1))
        part.replace(self._file)


def _refusal(error: str) -> dict[str, Any]:
    return {"ok": False, "error": error}
