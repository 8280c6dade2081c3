"""What a CashCode validator does: motion, states and answers. Pure of wires: bytes of an order in, bytes of an answer out.

10/11/12 power up ─RESET→ 13 initialise → 19 disabled ─ENABLE→ 14 idling → 15 accepting → 80 escrow
80 ─STACK→ 17 stacking → 81 stacked (until acknowledged) → 14        80 ─RETURN, or 10 s→ 18 returning → 82 returned → 14
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from hardware.cash.sim_frame import Order, answer, facts
from hardware.cash.sim_notes import Notes

ACK, NAK, ILLEGAL = 0x00, 0xFF, 0x30
RESET, STATUS, SECURITY, POLL, ENABLE, STACK, RETURN, IDENTIFICATION, HOLD, TABLE, CRC32 = (
    0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x41, 0x51,
)  # fmt: skip
POWER_UP, IN_VALIDATOR, IN_STACKER, INITIALISE, IDLING, ACCEPTING, STACKING, RETURNING, DISABLED, HOLDING, REJECTED = (
    0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x17, 0x18, 0x19, 0x1A, 0x1C,
)  # fmt: skip
FULL, REMOVED, JAM, CASSETTE_JAM, CHEATED, PAUSE, FAILURE = 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47
IN_ESCROW, STACKED, RETURNED = 0x80, 0x81, 0x82
TROUBLES = {"cassette_full": FULL, "cassette_removed": REMOVED, "jam": JAM, "cassette_jam": CASSETTE_JAM, "cheated": CHEATED, "pause": PAUSE, "failure": FAILURE}  # fmt: skip
INHIBITED, UNRECOGNISED = 0x68, 0x60
VALUES = (1, 5, 10, 20, 50, 100, 200)
"""Manat by bill type. A table entry: leading digit, three letters, how many zeros follow."""
WAITING = (IDLING, DISABLED)
PATIENCE_S = 1.0
"""How long a state that was told waits for its acknowledgement before the host is taken to be gone."""
EVENTS = (STACKED, RETURNED)
"""What is told until it is acknowledged, whatever else happens meanwhile."""
TALKATIVE = (POWER_UP, IN_VALIDATOR, IN_STACKER, INITIALISE, DISABLED, *TROUBLES.values())
"""States in which it says who it is and what it takes."""
LASTING = (FULL, REMOVED, JAM, CASSETTE_JAM, FAILURE)
"""Troubles that do not go with the power: somebody must mend them."""


class Times(Struct, frozen=True):
    """How long the motions take, in seconds; ``escrow_s``: how long a note is held by itself."""

    accept_s: float = 0.6
    stack_s: float = 0.8
    return_s: float = 0.6
    init_s: float = 1.5
    escrow_s: float = 10.0

    @classmethod
    def quick(cls) -> Times:
        """Return times for tests."""
        return cls(0.02, 0.03, 0.02, 0.15, 0.6)


class Machine:
    """One validator under power. A new one is made when the power comes back: only ``notes`` are remembered.

    Quirks: ``once``: tells 81 and 82 only once; ``silent_return``: never tells 82; ``slips``: a note on its way into the stacker
    comes back into the path when the power fails again during the RESET. ``broken``: a trouble from before, with its code.
    """

    def __init__(
        self,
        notes: Notes,
        times: Times,
        clock: Callable[[], float],
        quirks: frozenset[str],
        broken: tuple[int, bytes] = (0, b""),
    ) -> None:
        self.notes, self._times, self._clock, self._quirks = notes, times, clock, quirks
        self.state = {"": POWER_UP, "path": IN_VALIDATOR, "escrow": IN_VALIDATOR}.get(self._place(), IN_STACKER)
        self.detail = b""
        self.trouble, self._code = broken
        self.jam_next = False
        self._accepts = self._escrows = 0
        self._due: float | None = None
        self._then: Callable[[], None] = lambda: None
        self._owed = self._said = b""
        self._frozen_until = 0.0
        self._orders: dict[int, Callable[[bytes], bytes]] = {
            POLL: self._poll,
            RESET: self._reset,
            STATUS: self._status,
            SECURITY: lambda _data: answer(ACK),
            ENABLE: self._enable,
            STACK: self._stack,
            RETURN: self._return,
            HOLD: self._hold,
            IDENTIFICATION: self._identify,
            TABLE: self._table,
            CRC32: lambda _data: facts(b"\x4a\x3b"),
        }

    # --- the world ---
    def insert(self, value: int) -> str:
        """Put a note to the mouth: "taken" or "refused"."""
        self.tick()
        kind = VALUES.index(value) if value in VALUES else -1
        if self.state != IDLING or self.trouble or kind < 0 or not self._accepts >> kind & 1:
            self.notes.refuse(value)
            if self.state == IDLING:
                self._enter(
                    REJECTED, bytes((INHIBITED if kind >= 0 else UNRECOGNISED,)), self._times.return_s, self._rest
                )
            return "refused"
        self.notes.put_in(value)
        self._enter(ACCEPTING, b"", self._times.accept_s, self._accepted)
        return "taken"

    def break_down(self, trouble: int, code: bytes = b"") -> None:
        """Fail, until mended. An event that nobody has acknowledged is told first."""
        self.tick()
        self.trouble, self._code = trouble, code
        if self.state not in EVENTS:
            self._rest()

    def mend(self) -> None:
        """Be well again; a note on its way wants a RESET."""
        if not self.trouble:
            return
        self.trouble, self._code = 0, b""
        self._accepts = self._escrows = 0
        if self.state not in TROUBLES.values():
            return
        self.detail = b""
        self.state = {"": DISABLED, "path": IN_VALIDATOR, "escrow": IN_VALIDATOR}.get(self._place(), IN_STACKER)

    def lose_power(self) -> tuple[int, bytes]:
        """Stop where everything is; return the trouble that will be there when the power comes back."""
        self.tick()
        if "slips" in self._quirks and self.state == INITIALISE and self._place() == "transit":
            self.notes.move("path")
        return (self.trouble, self._code) if self.trouble in LASTING else (0, b"")

    def tick(self) -> None:
        """Let the motions of the time that has passed happen: none while what was told waits for its acknowledgement."""
        if self._clock() < self._frozen_until:
            return
        while self._due is not None and self._clock() >= self._due:
            then, self._due = self._then, None
            then()

    # --- the host ---
    def reply(self, order: Order) -> bytes:
        """Return the answer to an order; none to an acknowledgement, which is about the last answer. What the host refuses is told again."""
        self.tick()
        if not order.whole:
            return answer(NAK)
        if order.command == NAK:
            return self._said
        self._frozen_until = 0.0
        if order.command == ACK:
            if self._owed:
                self._owed = b""
                self._rest()
            return b""
        self._owed = b""
        self._said = self._orders.get(order.command, self._illegal)(order.data)
        return self._said

    def _illegal(self, _data: bytes) -> bytes:
        return answer(ILLEGAL)

    def _poll(self, _data: bytes) -> bytes:
        told = answer(self.state, self.detail)
        self._frozen_until = self._clock() + PATIENCE_S
        if self.state in EVENTS:
            self._owed = bytes((self.state,))
            if "once" in self._quirks:
                self._owed = b""
                self._rest()
        return told

    def _reset(self, _data: bytes) -> bytes:
        self._accepts = self._escrows = 0
        self._enter(INITIALISE, b"", self._times.init_s, self._cleared)
        return answer(ACK)

    def _enable(self, data: bytes) -> bytes:
        if self.state in (POWER_UP, IN_VALIDATOR, IN_STACKER, INITIALISE):
            return answer(NAK)
        if len(data) != 6 or self.trouble:
            return answer(ILLEGAL)
        self._accepts, self._escrows = int.from_bytes(data[:3], "big"), int.from_bytes(data[3:], "big")
        if self.state in WAITING:
            self._rest()
        return answer(ACK)

    def _stack(self, _data: bytes) -> bytes:
        if self.state not in (IN_ESCROW, HOLDING):
            return answer(ILLEGAL)
        self._begin_stacking()
        return answer(ACK)

    def _return(self, _data: bytes) -> bytes:
        if self.state not in (IN_ESCROW, HOLDING):
            return answer(ILLEGAL)
        self._begin_returning()
        return answer(ACK)

    def _hold(self, _data: bytes) -> bytes:
        if self.state not in (IN_ESCROW, HOLDING):
            return answer(ILLEGAL)
        self._enter(HOLDING, b"", self._times.escrow_s, self._begin_returning)
        return answer(ACK)

    def _identify(self, _data: bytes) -> bytes:
        if self.state not in TALKATIVE:
            return answer(ILLEGAL)
        return facts(b"SM-AZN1007     " + b"17KC90001234" + bytes(7))

    def _table(self, _data: bytes) -> bytes:
        if self.state not in TALKATIVE:
            return answer(ILLEGAL)
        rows = b"".join(bytes((int(str(value)[0]),)) + b"AZN" + bytes((len(str(value)) - 1,)) for value in VALUES)
        return facts(rows.ljust(120, b"\0"))

    def _status(self, _data: bytes) -> bytes:
        return facts(self._accepts.to_bytes(3, "big") + self._escrows.to_bytes(3, "big"))

    # --- motion ---
    def _enter(self, state: int, detail: bytes, seconds: float, then: Callable[[], None]) -> None:
        self.state, self.detail = state, detail
        self._due, self._then = self._clock() + seconds, then

    def _rest(self) -> None:
        self.state, self.detail, self._due = (IDLING if self._accepts else DISABLED), b"", None
        if self.trouble:
            self.state, self.detail = self.trouble, self._code

    def _place(self) -> str:
        note = self.notes.under_way
        return str(note["place"]) if note else ""

    def _kind(self) -> bytes:
        note = self.notes.under_way
        return bytes((VALUES.index(note["value"]),)) if note else b"\0"

    def _accepted(self) -> None:
        if not self._accepts >> self._kind()[0] & 1:
            self._enter(REJECTED, bytes((INHIBITED,)), self._times.return_s, self._rejected)
            return
        if not self._escrows >> self._kind()[0] & 1:
            self._begin_stacking()
            return
        self.notes.move("escrow")
        self._enter(IN_ESCROW, self._kind(), self._times.escrow_s, self._begin_returning)

    def _rejected(self) -> None:
        self.notes.move("hand")
        self._rest()

    def _begin_stacking(self) -> None:
        kind = self._kind()
        self.notes.move("transit")
        if self.jam_next:
            self.jam_next = False
            self.break_down(JAM)
            return
        self._enter(STACKING, b"", self._times.stack_s, lambda: self._stacked(kind))

    def _stacked(self, kind: bytes) -> None:
        self.notes.move("stacker")
        self.state, self.detail = STACKED, kind

    def _begin_returning(self) -> None:
        kind = self._kind()
        self._enter(RETURNING, b"", self._times.return_s, lambda: self._returned(kind))

    def _returned(self, kind: bytes) -> None:
        self.notes.move("hand")
        if "silent_return" in self._quirks:
            self._rest()
        else:
            self.state, self.detail = RETURNED, kind

    def _cleared(self) -> None:
        """At the end of a RESET: what lay in the validator has come out, what was on its way into the stacker is in it. Unless it is stuck."""
        if self._place() == "transit" and not self.trouble:
            self.notes.move("stacker")
        elif self._place() in ("path", "escrow") and self.trouble != JAM:
            self.notes.move("hand")
        self._rest()

    def describe(self) -> dict[str, Any]:
        """Describe the validator for the bench."""
        self.tick()
        note = self.notes.under_way
        return {"state": f"{self.state:02X}", "accepts": [v for k, v in enumerate(VALUES) if self._accepts >> k & 1],
                "note": note["value"] if note else 0, "place": note["place"] if note else ""}  # fmt: skip
