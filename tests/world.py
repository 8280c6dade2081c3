"""A whole kiosk without its window: the real core and the real drivers on real wires, in one thread, with a power switch.

The world calls ``instant`` wherever a power cut could make a difference: around every journal entry, around every order, and
at every read and write on the terminal's and the printer's wire. ``World.cut_at = n`` takes the power at the n-th instant:
``PowerCut`` unwinds everything, and from then on no byte leaves the kiosk.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from hardware.bench.bench import Bench
from hardware.panel.driver import PanelSettings
from hardware.panel.driver import open_driver as open_panel
from hardware.printer.driver import PrinterSettings
from hardware.printer.driver import open_driver as open_printer
from hardware.printer.transport import Line
from hardware.terminal.driver import open_driver as open_terminal
from hardware.terminal.link import SerialLink
from hardware.terminal.settings import TerminalSettings, TerminalTimings
from kiosk.commands.parts import Devices
from kiosk.domain.faults import DeviceFault
from kiosk.domain.health import Check, Ready, SelfTest
from kiosk.domain.secret import Secret
from kiosk.domain.service import Service
from kiosk.journal import Journal
from kiosk.journey import events as e
from kiosk.journey.state import Apology, Confirming, Farewell, Kiosk, State
from kiosk.journey.turn import at_rest
from kiosk.language import load_languages
from kiosk.runtime.clock import SystemClock
from kiosk.runtime.crew import Job
from kiosk.runtime.desk import Desk
from kiosk.runtime.inbox import Inbox
from kiosk.runtime.papers import Letterhead, Papers
from kiosk.runtime.performers import Office, Performers
from kiosk.runtime.runner import Runner
from kiosk.uplink.client import HttpCentral, UplinkSettings
from kiosk.uplink.outbox import Outbox
from tests.journey.play import SERVICES

CONFIG = Path(__file__).parents[1] / "config"
HEAD = Letterhead(dict.fromkeys(("az", "ru", "en"), "Terminal"), dict.fromkeys(("az", "ru", "en"), "Ağalı"), "1", "108")
STEPS_AT_MOST = 400
QUICK = TerminalTimings(t2_s=1.0, t3_s=1.0, t4_s=6.0, recovery_limit_s=12.0, retry_first_s=0.05, retry_longest_s=0.2)


class PowerCut(BaseException):
    """The power is gone. Not an Exception: nothing in the kiosk may catch it."""


class NoCard:
    """For services that ask for no card: the reader is there and empty. (Cards have wires of their own: tests/hardware/card.)"""

    def health(self) -> Ready:
        return Ready()

    def wait_for_card(self, timeout_s: float) -> bool:
        return False

    def read_citizen(self, access_key: Secret) -> Any:
        raise DeviceFault("no card here")

    def wait_for_removal(self, timeout_s: float) -> bool:
        return True

    def self_test(self) -> SelfTest:
        return SelfTest("card", (Check("reader", "passed"),))

    def cancel(self) -> None:
        pass

    def close(self) -> None:
        pass


def without_card(service: Service) -> Service:
    """Return the service as one that asks nobody who is there."""
    return replace(service, needs="nothing")


class InlineWorker:
    """The crew's worker, in the world's own thread: one job after another, each between two instants."""

    def __init__(self, world: World, name: str) -> None:
        self._world, self._name = world, name

    def add(self, job: Job, _limit_s: float) -> None:
        self._world.jobs.append((self._name, job))


class CuttableJournal:
    """The real journal, with an instant before and after each entry."""

    def __init__(self, journal: Journal, instant: Callable[[str], None]) -> None:
        self._journal, self._instant = journal, instant

    def append(self, event: e.AnyEvent, *rest: int) -> e.Entry:
        self._instant(f"before {type(event).__name__} is on disk")
        entry = self._journal.append(event, *rest)
        self._instant(f"after {type(event).__name__} is on disk")
        return entry

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)


class World:
    """One kiosk, its bench and its centre. ``service`` is what the citizen wants; ``answers`` what the citizen knows."""

    def __init__(
        self, folder: Path, bench: Bench, kiosk_id: str, url: str, token: str, service: Service, answers: dict[str, str]
    ) -> None:
        self.folder, self.bench, self.service, self.answers = folder, bench, service, answers
        self._url, self._token = url, token
        self.kiosk_id = kiosk_id
        self.cut_at: int | None = None
        self.instants: list[str] = []
        self.dead = False
        self.shown: list[State] = []
        self.jobs: deque[tuple[str, Job]] = deque()

    # --- power ---
    def instant(self, name: str) -> None:
        """Note an instant; take the power if this is the one. A dead kiosk does nothing more."""
        if self.dead:
            raise PowerCut(name)
        self.instants.append(name)
        if self.cut_at is not None and len(self.instants) == self.cut_at:
            self.dead = True
            raise PowerCut(name)

    def boot(self) -> None:
        """Give the kiosk power: open everything, replay, say that the power is back."""
        self.dead = False
        self.jobs.clear()
        self.journal = Journal(self.folder / "journal.db", self.kiosk_id)
        central = HttpCentral(
            UplinkSettings(
                url=self._url,
                kiosk_id=self.kiosk_id,
                token=Secret(self._token),
                connect_timeout_s=1,
                answer_timeout_s=3,
            )
        )
        self.central = central
        self.outbox = Outbox(self.folder / "outbox.db", self.journal.cipher("outbox"), central)
        self.devices = Devices(
            card=NoCard(),
            terminal=open_terminal(
                TerminalSettings(port=str(self.bench.terminal_port), delivery_timeout_s=1, timings=QUICK)
            ),
            printer=open_printer(PrinterSettings(port=str(self.bench.printer_port), grace_s=0.2)),
            panel=open_panel(PanelSettings(pins=f"bench:{self.bench.panel_socket}", bounce_s=0)),
        )
        self.inbox = Inbox()
        papers = Papers(load_languages(CONFIG / "languages"), HEAD, self.kiosk_id, SystemClock(), "1")
        office = Office(central, Desk(papers, central, self.outbox, ""), self.journal.forget)
        workers = {name: InlineWorker(self, name) for name in ("card", "terminal", "printer", "panel", "central")}
        performers = Performers(self.devices, office, workers, self.inbox.post)
        kiosk = Kiosk(self.kiosk_id, (self.service,))
        journal = CuttableJournal(self.journal, self.instant)
        self.runner = Runner(kiosk, journal, self.inbox, performers, self._show, SystemClock(), "1")
        self.runner.handle(e.PowerRestored("1"))

    def shut(self) -> None:
        """Close what a dead process's kernel would close: files and sockets, no goodbye on any wire."""
        for each in ("terminal", "printer", "panel"):
            close_silently(getattr(self.devices, each))
        self.outbox.close()
        self.journal.close()
        self.central.close()

    def _show(self, kiosk: Kiosk) -> None:
        if not self.shown or type(self.shown[-1]) is not type(kiosk.state):
            self.shown.append(kiosk.state)

    # --- the citizen and the devices' threads ---
    def pump(self) -> None:
        """Let everything happen that needs no citizen."""
        for _ in range(STEPS_AT_MOST):
            letter = self.inbox.take(0.0) if self._has_letters() else None
            if letter is not None:
                self.runner.accept(letter)
            elif self.jobs:
                self._work()
            else:
                return
        raise AssertionError("the kiosk does not come to rest")

    def _has_letters(self) -> bool:
        return not self.inbox._queue.empty()

    def _work(self) -> None:
        name, job = self.jobs.popleft()
        self.instant(f"before the {name} works")
        try:
            event = job.work()
        except DeviceFault as fault:
            event = e.DeviceFailed(job.ticket.order, name, fault.reason, str(fault))
        self.instant(f"after the {name} worked")
        job.ticket.answer(event)

    def do(self, event: e.AnyEvent) -> None:
        """The citizen does something; then everything happens that follows."""
        self.runner.accept(event)
        self.pump()

    @property
    def state(self) -> State:
        return self.runner.kiosk.state

    def visit(self) -> None:
        """One citizen's whole visit, from the welcome screen to the end."""
        self.pump()
        self.do(e.JourneyStarted("az"))
        self.do(e.ServiceChosen(self.service))
        for field in self.service.fields:
            self.do(e.AnswerGiven(field.id, self.answers[field.id]))
        self.do(e.PaymentConfirmed())
        self.leave()

    def leave(self) -> None:
        """The citizen reads the last screen and goes; one who is asked again goes too."""
        for _ in range(6):
            self.pump()
            if isinstance(self.state, Farewell | Apology):
                self.do(e.Acknowledged())
            elif isinstance(self.state, Confirming):
                self.do(e.CancelPressed())
            elif at_rest(self.runner.kiosk):
                return
        assert at_rest(self.runner.kiosk), self.state

    def deliver(self) -> None:
        """The line is good: the outbox delivers what it holds."""
        self.outbox.deliver_due(2**60)

    # --- the truth of each side ---
    def events(self) -> list[e.AnyEvent]:
        """Return all journalled events."""
        return [event for _, _, _, _, event, _ in self.journal.read()]

    def charged(self) -> list[dict[str, Any]]:
        """Return the sales that stand at the terminal."""
        return [row for row in self.bench.devices["terminal"].ledger() if row["outcome"] == "stored"]

    def papers(self) -> list[dict[str, Any]]:
        """Return the papers that came out."""
        return self.bench.devices["printer"].ledger()


def close_silently(device: Any) -> None:
    """Close a driver whose kiosk has lost power: whatever it still wants to say stays unsaid."""
    with suppress(PowerCut):
        device.close()


def wired(world: World, monkeypatch: Any) -> None:
    """Make every read and write on the terminal's and the printer's wire an instant."""
    for owner, method, name in (
        (SerialLink, "_write", "the terminal is written to"),
        (SerialLink, "_read", "the terminal is read"),
        (Line, "step", "the printer's wire moves"),
    ):
        monkeypatch.setattr(owner, method, _instrumented(world, getattr(owner, method), name))


def _instrumented(world: World, original: Callable[..., Any], name: str) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        world.instant(f"before {name}")  # the instant after it is the one before the next
        return original(*arguments)

    return call


__all__ = ["SERVICES", "NoCard", "PowerCut", "World", "wired", "without_card"]
