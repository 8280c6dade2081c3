"""The simulated validator's machine under every order of hands, host, troubles and power cuts, with a clock of its own."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hardware.cash.sim_frame import Order
from hardware.cash.sim_machine import TROUBLES, VALUES, Machine, Times
from hardware.cash.sim_notes import Notes

ACK, RESET, POLL, ENABLE, STACK, RETURN, HOLD = 0x00, 0x30, 0x33, 0x34, 0x35, 0x36, 0x38
UNDER_WAY = {"path", "escrow", "transit"}


class EveryOrder(RuleBasedStateMachine):
    """All seven types go through escrow, so that a note is the kiosk's only after STACK."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.now_s = 0.0
        self.broken: tuple[int, bytes] = (0, b"")
        self.machine: Machine | None = None
        self.slips = False
        self.taken = 0
        self.ordered: set[int] = set()
        self.credited: list[int] = []
        self.places: dict[int, str] = {}
        self.switch_on()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def switch_on(self) -> None:
        notes = Notes(self.folder / "notes.json")
        quirks = frozenset({"slips"} if self.slips else set())
        self.machine = Machine(notes, Times(), lambda: self.now_s, quirks, self.broken)

    def ask(self, command: int, data: bytes = b"") -> bytes:
        assert self.machine is not None
        return self.machine.reply(Order(command, data))[3:-2]

    def rows(self) -> list[dict]:
        return Notes(self.folder / "notes.json").rows

    @precondition(lambda self: self.machine)
    @rule(value=st.sampled_from((*VALUES, 2)))
    def insert(self, value: int) -> None:
        self.taken += self.machine.insert(value) in {"taken", "refused"}

    @precondition(lambda self: self.machine)
    @rule()
    def poll_and_acknowledge(self) -> None:
        told = self.ask(POLL)
        if told[0] == 0x81:
            last = [row for row in self.rows() if row["place"] == "stacker"][-1]
            assert told[1] == VALUES.index(last["value"])
            assert last["note"] not in self.credited, "told again after it was acknowledged"
            self.credited.append(last["note"])
        if told[0] == 0x82:
            assert not any(row["place"] in UNDER_WAY for row in self.rows())
        self.machine.reply(Order(ACK))

    @precondition(lambda self: self.machine)
    @rule(command=st.sampled_from((POLL, RETURN, HOLD, RESET, ACK, 0xFF, 0x31, 0x37, 0x41, 0x99)))
    def say(self, command: int) -> None:
        self.ask(command)

    @precondition(lambda self: self.machine)
    @rule(types=st.sampled_from((0x7F, 0b10, 0)))
    def enable(self, types: int) -> None:
        self.ask(ENABLE, types.to_bytes(3, "big") * 2)

    @precondition(lambda self: self.machine)
    @rule()
    def stack(self) -> None:
        held = [row["note"] for row in self.rows() if row["place"] == "escrow"]
        if self.ask(STACK) == bytes((ACK,)):
            assert held
            self.ordered.update(held)

    @rule(seconds=st.sampled_from((0.1, 0.7, 2.0, 10.5)))
    def wait(self, seconds: float) -> None:
        self.now_s += seconds
        if self.machine:
            self.machine.tick()

    @precondition(lambda self: self.machine)
    @rule(word=st.sampled_from(sorted(TROUBLES)))
    def break_down(self, word: str) -> None:
        self.machine.break_down(TROUBLES[word], b"\x51" if word == "failure" else b"")

    @precondition(lambda self: self.machine)
    @rule()
    def jam_next(self) -> None:
        self.machine.jam_next = True

    @precondition(lambda self: self.machine)
    @rule()
    def mend(self) -> None:
        self.machine.mend()

    @precondition(lambda self: self.machine)
    @rule()
    def cut(self) -> None:
        self.broken, self.machine = self.machine.lose_power(), None

    @precondition(lambda self: not self.machine)
    @rule(slips=st.booleans())
    def power(self, slips: bool) -> None:
        self.slips = slips
        self.switch_on()

    @invariant()
    def no_note_vanishes_or_multiplies(self) -> None:
        assert [row["note"] for row in self.rows()] == list(range(1, self.taken + 1))

    @invariant()
    def one_note_at_most_is_under_way(self) -> None:
        assert sum(row["place"] in UNDER_WAY for row in self.rows()) <= 1

    @invariant()
    def the_stacker_keeps_what_it_has(self) -> None:
        places = {row["note"]: row["place"] for row in self.rows()}
        for note, before in self.places.items():
            if before in {"stacker", "hand"}:
                assert places[note] == before
        self.places = places

    @invariant()
    def nothing_is_stacked_unasked(self) -> None:
        assert {row["note"] for row in self.rows() if row["place"] == "stacker"} <= self.ordered


EveryOrder.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)


class TestEveryOrder(EveryOrder.TestCase):
    """No note is lost, doubled, credited twice or stacked unasked, whatever hands, host, troubles and power cuts do."""
