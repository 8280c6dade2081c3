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
        self.credited: set[int] = set()
        self.owed: int | None = None
        self.told = b""
        self.resetting = False
        self.places: dict[int, str] = {}
        self.switch_on()
        self.make_ready()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def switch_on(self) -> None:
        notes = Notes(self.folder / "notes.json")
        quirks = frozenset({"slips"} if self.slips else set())
        self.machine = Machine(notes, Times(), lambda: self.now_s, quirks, self.broken)

    def ask(self, command: int, data: bytes = b"") -> bytes:
        """Give one order and keep account of what is owed: "stacked", until an ACK follows it, a RESET or a power cut."""
        if command == ACK and self.told[:1] == b"\x81" and self.owed:
            self.credited.add(self.owed)
            self.owed = None
        if command == RESET:
            self.owed, self.resetting = None, True
        answer = self.machine.reply(Order(command, data))[3:-2]
        self.told = answer if command != ACK else b""
        return answer

    def watch(self) -> None:
        """Notice what has moved, and keep the promises about it."""
        places = {row["note"]: row["place"] for row in self.rows()}
        for note, before in self.places.items():
            if before in {"stacker", "hand"}:
                assert places[note] == before
        fresh = [note for note, place in places.items() if place == "stacker" != self.places.get(note)]
        assert set(fresh) <= self.ordered, "stacked unasked"
        if fresh and not self.resetting:
            (self.owed,) = fresh
        self.places = places

    def rows(self) -> list[dict]:
        return Notes(self.folder / "notes.json").rows

    @precondition(lambda self: self.machine)
    @rule()
    def make_ready(self) -> None:
        """Go the straight way to idling, from wherever it is: without it a random walk seldom sees a note."""
        self.machine.mend()
        self.ask(RESET)
        self.wait(2.0)
        self.enable(0x7F)

    @precondition(lambda self: self.machine)
    @rule(value=st.sampled_from(VALUES), seconds=st.sampled_from((0.1, 0.7)))
    def insert_when_ready(self, value: int, seconds: float) -> None:
        """Put a note into a validator that idles; it is then in the path or in escrow."""
        self.make_ready()
        self.insert(value)
        self.wait(seconds)

    @precondition(lambda self: self.machine)
    @rule(value=st.sampled_from((*VALUES, 2)))
    def insert(self, value: int) -> None:
        said = self.machine.insert(value)
        self.taken += 1
        self.resetting = self.resetting and said != "taken"

    @precondition(lambda self: self.machine)
    @rule()
    def poll_and_acknowledge(self) -> None:
        owed = self.owed
        told = self.ask(POLL)
        assert (told[0] == 0x81) == (owed is not None)
        if owed is not None:
            row = next(row for row in self.rows() if row["note"] == owed)
            assert (row["place"], VALUES[told[1]]) == ("stacker", row["value"])
            assert owed not in self.credited, "told again after it was acknowledged"
        if told[0] == 0x82:
            assert not any(row["place"] in UNDER_WAY for row in self.rows())
        self.ask(ACK)

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

    @precondition(lambda self: self.machine)
    @rule()
    def stack_to_the_end(self) -> None:
        self.stack()
        self.wait(0.9)

    @precondition(lambda self: self.machine)
    @rule(value=st.sampled_from(VALUES), trouble=st.sampled_from(("", "", "cassette_full", "failure")))
    def one_whole_note(self, value: int, trouble: str) -> None:
        """Bring a note to where "stacked" is owed, at times with a trouble on top."""
        self.insert_when_ready(value, 0.7)
        self.stack_to_the_end()
        if trouble:
            self.break_down(trouble)

    @precondition(lambda self: self.machine)
    @rule(command=st.sampled_from((0x31, 0x37, 0x99)))
    def acknowledge_something_else(self, command: int) -> None:
        self.ask(POLL)
        self.ask(command)
        self.ask(ACK)

    @precondition(lambda self: self.machine)
    @rule(types=st.sampled_from((0x7F, 0b10, 0)))
    def enable_and_wait(self, types: int) -> None:
        self.enable(types)
        self.wait(0.7)

    @rule(seconds=st.sampled_from((0.1, 0.7, 2.0, 10.5)))
    def wait(self, seconds: float) -> None:
        self.now_s += seconds
        if self.machine:
            self.machine.tick()
        self.watch()

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
        self.owed, self.told = None, b""

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
    def what_has_moved_may_move(self) -> None:
        self.watch()


EveryOrder.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)


class TestEveryOrder(EveryOrder.TestCase):
    """No note is lost, doubled, credited twice or stacked unasked, whatever hands, host, troubles and power cuts do."""
