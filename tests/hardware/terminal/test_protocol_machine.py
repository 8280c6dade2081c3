"""Any order of sales, troubles, power cuts and recoveries: what the kiosk believes is what the terminal's ledger holds, or doubt."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from hardware.sim_times import Delays
from hardware.terminal.driver import ZvtTerminal, open_driver
from hardware.terminal.settings import TerminalSettings
from hardware.terminal.simulator import SimulatedTerminal
from kiosk.domain.faults import DeviceFault
from kiosk.domain.health import Health
from kiosk.domain.money import Money
from kiosk.domain.payment import (
    Approved,
    BatchTotals,
    Cancelled,
    Declined,
    PaymentOutcome,
    Unresolved,
)
from tests.hardware.terminal.fault_world import OURS, THEIRS

PATIENT = replace(
    OURS, pay_limit_s=1.5, settle_limit_s=1.5, recovery_limit_s=2.0, enquiry_limit_s=1.5, batch_limit_s=2.0
)
ALL_OF_IT_S = 20.0
"""After so long every further step does nothing: a slow machine does fewer of them."""

TROUBLES = (
    {"do": "decline", "code": "05"}, {"do": "cancel"}, {"do": "silent"}, {"do": "busy"}, {"do": "wrong_amount"},
    {"do": "mute_after", "message": "06 0F", "times": 1}, {"do": "mute_after", "message": "06 0F", "then": "silent"},
    {"do": "mute_after", "message": "04 0F", "times": 1}, {"do": "mute_after", "message": "80 00", "times": 1},
    {"do": "lose_acks", "n": 2, "side": "terminal"}, {"do": "lose_acks", "n": 2, "side": "register"},
    {"do": "corrupt", "n": 2}, {"do": "half", "n": 2}, {"do": "double", "n": 6}, {"do": "noise", "bytes": 5},
    {"do": "refuse_repeat"}, {"do": "late", "ms": 100}, {"do": "next_receipt", "number": 9999},
)  # fmt: skip
Trouble = dict[str, object] | None
PHASES = ("card", "pin", "bank", "remove", "held", "completing", "reversing")
CALM = (None,)
BLOWS = ("unplug", "power_cycle", "silent")


class KioskAndTerminal(RuleBasedStateMachine):
    """A kiosk's driver and the simulated terminal on a real line. Each sale has an amount of its own to know it by."""

    began = 0.0
    tcp_port: int | None = None

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="zvt-machine-"))
        self.sim = SimulatedTerminal(
            self.folder / "memory", self.folder / "port", delays=Delays.none(), timings=THEIRS, tcp_port=self.tcp_port
        )
        self.sim.start()
        assert self.sim.wait_until("idle")
        self.driver = self._opened()
        self.believed: dict[int, PaymentOutcome] = {}
        self.given_back: dict[int, Cancelled | Declined | Unresolved] = {}

    def _opened(self) -> ZvtTerminal:
        return open_driver(TerminalSettings(port=self.sim.port, delivery_timeout_s=1, timings=PATIENT))

    def teardown(self) -> None:
        self.driver.close()
        self.sim.stop()
        shutil.rmtree(self.folder)

    def in_time(self) -> bool:
        return time.monotonic() < KioskAndTerminal.began + ALL_OF_IT_S

    def ready(self) -> bool:
        """End what troubles the terminal; say whether the kiosk finds it ready in the time that is left."""
        self.sim.do({"do": "normal"})
        return self.in_time() and self.sim.wait_until("idle", 3.0)

    @rule(
        trouble=st.sampled_from((*CALM * 8, *TROUBLES)), blow=st.sampled_from((*CALM * 6, *BLOWS)),
        phase=st.sampled_from(PHASES), dies=st.sampled_from((False, False, True)), impatient=st.sampled_from((False, False, True)),
        heals=st.sampled_from((True, True, False)),
    )  # fmt: skip
    def a_sale(
        self, trouble: Trouble, blow: str | None, phase: str, *, dies: bool, impatient: bool, heals: bool
    ) -> None:
        """The kiosk sells; something may be wrong, strike in one phase, or the kiosk die before it settles."""
        if not self.ready():
            return
        amount = Money(240 + len(self.believed))
        try:
            before = self.driver.last_transaction()
        except DeviceFault:
            return
        self.begin(trouble)
        if impatient:
            threading.Timer(0.01, self.driver.cancel).start()
        striking = threading.Thread(target=self._strike, args=(blow, phase))
        striking.start()
        try:
            outcome = self._sold(amount, dies=dies)
        except DeviceFault:  # not a byte of the payment left
            outcome = Cancelled()
        striking.join(10)
        if heals:
            self.sim.do({"do": "normal"})
        if isinstance(outcome, Unresolved):
            outcome = self.driver.outcome_of(f"A-{amount.minor}", amount, before)
        self.believed[amount.minor] = outcome

    def begin(self, trouble: Trouble) -> None:
        if trouble:
            self.sim.do(trouble)

    def _strike(self, blow: str | None, phase: str) -> None:
        if blow and self.sim.wait_until(phase, 0.5):
            self.sim.do({"do": blow})
            time.sleep(0.1)
            self.sim.do({"do": "plug"})

    def _sold(self, amount: Money, *, dies: bool) -> PaymentOutcome:
        outcome = self.driver.pay(amount, f"A-{amount.minor}", lambda _: None)
        if not isinstance(outcome, Approved):
            return outcome
        if dies:
            self.driver.close()
            self.driver = self._opened()
            return Unresolved("the kiosk came up again")
        return self.driver.settle(f"A-{amount.minor}")

    @rule(trouble=st.sampled_from((None, *TROUBLES)))
    def a_sale_is_given_back(self, trouble: Trouble) -> None:
        """The last sale that stands cannot be delivered."""
        standing = [each for each in self.sold() if not isinstance(self.given_back.get(each[0]), Cancelled)]
        if not standing or not self.ready():
            return
        minor, sold = standing[-1]
        self.begin(trouble)
        with suppress(DeviceFault):
            self.given_back[minor] = self.driver.reverse(sold.authorisation)

    def sold(self) -> list[tuple[int, Approved]]:
        return [(minor, outcome) for minor, outcome in self.believed.items() if isinstance(outcome, Approved)]

    @rule(trouble=st.sampled_from((None, *TROUBLES, {"do": "refuse_batch"})))
    def the_day_ends(self, trouble: Trouble) -> None:
        """The kiosk has the batch closed: its total is never anything else than what stands in it."""
        if not self.sold() or not self.ready():
            return
        assert isinstance(self.driver.health(), Health)
        before = sum(sale.amount_minor for sale in self.sim.memory.open_batch())
        self.begin(trouble)
        with suppress(DeviceFault):
            closed = self.driver.close_batch()
            if isinstance(closed, BatchTotals):
                assert closed.amount.minor == before
            if isinstance(closed, Declined):
                assert sum(sale.amount_minor for sale in self.sim.memory.open_batch()) == before

    @invariant()
    def both_sides_agree(self) -> None:
        """Each sale was charged once at most; where the kiosk is sure, the ledger holds exactly that."""
        rows = self.sim.ledger()
        for minor, outcome in self.believed.items():
            charged = sum(row["outcome"] == "stored" for row in rows if row["amount_minor"] == minor)
            assert charged <= 1, (minor, outcome, rows)
            back = self.given_back.get(minor)
            if isinstance(outcome, Unresolved) or isinstance(back, Unresolved):
                continue
            stands = isinstance(outcome, Approved) and not isinstance(back, Cancelled)
            assert charged == stands, (minor, outcome, back, rows)


class OverTcp(KioskAndTerminal):
    """The same over TCP."""

    tcp_port = 0


@pytest.mark.parametrize("machine", [KioskAndTerminal, OverTcp], ids=["serial", "tcp"])
def test_any_order_of_events(machine: type[KioskAndTerminal]):
    """No order of sales, reversals, ends of day, troubles and power cuts lets kiosk and terminal disagree, or charges twice."""
    KioskAndTerminal.began = time.monotonic()
    case = machine.TestCase
    case.settings = settings(
        max_examples=25, stateful_step_count=30, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
    )  # what happened cannot be made smaller: its times never come again
    case().runTest()
