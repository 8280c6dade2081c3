"""Any order of notes, choices, deaths of the kiosk and power cuts of the validator: what the driver credits lies in the cash box."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kiosk.domain.cash import Returned, Stacked
from kiosk.domain.faults import DeviceFault
from kiosk.domain.money import Money
from kiosk.domain.payment import Unresolved
from tests.hardware.cash.test_driver import Desk

PATIENCE_S = 10.0
ESCROW_S = 0.8
"""Longer than the quick validator keeps a note that nobody holds."""
CUTS = ("the kiosk dies", "the validator loses power", "both")


class AnyOrder(RuleBasedStateMachine):
    """``credited`` is what the journal would hold, ``doubtful`` how many notes became claims."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kc-"))
        self.desk = Desk(self.folder)
        self.held: Money | None = None
        self.credited = self.doubtful = 0

    def teardown(self) -> None:
        self.desk.driver.close()
        self.desk.validator.stop()
        shutil.rmtree(self.folder)

    @precondition(lambda self: self.held is None)
    @rule(value=st.sampled_from((1, 5, 20)))
    def offer(self, value):
        """Somebody puts a note in; a validator in trouble takes none."""
        try:
            self.held = self.desk.offer(value)
        except DeviceFault:
            self.held = None

    @precondition(lambda self: self.held is not None)
    @rule(late=st.booleans())
    def take(self, late):
        """The journey takes the note; a late one has gone back by itself."""
        time.sleep(ESCROW_S * late)
        try:
            outcome = self.desk.driver.stack(self.held)
        except DeviceFault:
            outcome = self.asked(stacking=False)
        self.judged(self.asked(stacking=True) if isinstance(outcome, Unresolved) else outcome)

    @precondition(lambda self: self.held is not None)
    @rule()
    def refuse(self):
        """The citizen wants the note back."""
        self.judged(self.desk.driver.give_back())

    @precondition(lambda self: self.held is not None)
    @rule(cut=st.sampled_from(CUTS), late=st.booleans())
    def cut_while_held(self, cut, late):
        """The power goes before the note was ordered anywhere, or after it has gone back by itself."""
        time.sleep(ESCROW_S * late)
        self.cut(cut)
        self.judged(self.asked(stacking=False))

    @precondition(lambda self: self.held is None)
    @rule(cut=st.sampled_from(CUTS))
    def cut_at_rest(self, cut):
        """The power goes while no note is under way."""
        self.cut(cut)
        self.desk.driver.health()

    def cut(self, how):
        if how != CUTS[1]:
            self.desk.die()
        if how != CUTS[0]:
            self.desk.do("power_cycle")

    def asked(self, *, stacking):
        """Ask as recovery does, until the validator has come back."""
        end = time.monotonic() + PATIENCE_S
        while True:
            outcome = self.desk.driver.outcome_of_note(self.held, stacking=stacking)
            if not isinstance(outcome, Unresolved) or time.monotonic() > end:
                return outcome
            time.sleep(0.05)

    def judged(self, outcome):
        """Book what the driver said; a stacked note is acknowledged as soon as the validator hears it."""
        if isinstance(outcome, Stacked):
            assert outcome.value == self.held
            self.credited += 1
            self.acknowledged()
        elif not isinstance(outcome, Returned):
            self.doubtful += 1
        self.held = None

    def acknowledged(self):
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                self.desk.driver.acknowledge()
            except DeviceFault:
                assert time.monotonic() < end, "it cannot be acknowledged"
                time.sleep(0.05)
            else:
                return

    @invariant()
    def box_and_journal_agree(self):
        """No note is lost or counted twice, but for those that were told as doubtful."""
        stacked = self.desk.places().count("stacker")
        assert self.credited <= stacked <= self.credited + self.doubtful


AnyOrder.TestCase.settings = settings(
    max_examples=20, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyOrder = AnyOrder.TestCase
