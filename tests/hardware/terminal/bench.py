"""A kiosk's driver and the simulated terminal, with a wire between them."""

from __future__ import annotations

from pathlib import Path

from hardware.sim_times import Delays
from hardware.terminal.driver import ZvtTerminal, open_driver
from hardware.terminal.settings import TerminalSettings, TerminalTimings
from hardware.terminal.sim_times import Timings
from hardware.terminal.simulator import SimulatedTerminal
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentOutcome
from kiosk.domain.signals import Progress

SALE = Money(240)
OURS = TerminalTimings(
    t1_s=0.1, t2_s=0.4, stall_s=0.4, t3_s=0.8, t4_s=1.5, health_limit_s=2.0, enquiry_limit_s=3.0, pay_limit_s=3.5, settle_limit_s=4.0,
    recovery_limit_s=8.0, retry_first_s=0.05, retry_longest_s=0.3,
)  # fmt: skip
THEIRS = Timings(t1_s=0.1, t2_s=0.4, t3_s=0.8, goods_s=1.0, ask_again_s=0.2, card_s=1.5, status_every_s=0.5)


class Bench:
    """A kiosk's driver and a terminal, with a wire between them."""

    def __init__(self, folder: Path, transport: str = "serial", baud: int | None = None) -> None:
        self.sim = SimulatedTerminal(
            folder / "memory", folder / "terminal", delays=Delays.none(), timings=THEIRS, baud=baud,
            tcp_port=None if transport == "serial" else 0,
        )  # fmt: skip
        self.sim.start()
        assert self.sim.wait_until("idle")
        self.heard: list[Progress] = []
        self.driver = self._opened(OURS)

    def _opened(self, timings: TerminalTimings) -> ZvtTerminal:
        return open_driver(TerminalSettings(port=self.sim.port, delivery_timeout_s=1, timings=timings))

    def use(self, timings: TerminalTimings) -> None:
        """Open the driver anew, as a kiosk that lost power does: its memory is gone, its end of the line is new."""
        self.driver.close()
        self.driver = self._opened(timings)

    def do(self, what: str, **options: object) -> None:
        answer = self.sim.do({"do": what, **options})
        assert answer["ok"], answer

    def pay(self, reference: str = "A-1") -> PaymentOutcome:
        return self.driver.pay(SALE, reference, self.heard.append)

    def taken(self) -> int:
        """Qəpik that the terminal holds, by its own ledger."""
        return sum(row["amount_minor"] for row in self.sim.ledger() if row["outcome"] == "stored")

    def outcomes(self) -> list[str]:
        return [row["outcome"] for row in self.sim.ledger()]

    def close(self) -> None:
        self.driver.close()
        self.sim.stop()
