"""One kiosk without its window: the real core and the real drivers on real wires, in one thread, with a power switch."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from hardware.bench.bench import Bench
from hardware.terminal.settings import TerminalTimings
from kiosk.domain.health import DeviceName
from kiosk.domain.receipt import Receipt
from kiosk.domain.secret import Secret
from kiosk.domain.service import Service
from kiosk.domain.technician import WayIn
from kiosk.journal import Journal
from kiosk.journey import events as e
from kiosk.journey.machine import screen_of
from kiosk.journey.state import Apology, Confirming, Farewell, Kiosk, State
from kiosk.journey.state_cash import TakingCash
from kiosk.journey.turn import at_rest
from kiosk.ports import CardReader
from kiosk.runtime.clock import SystemClock
from kiosk.runtime.desk import Desk
from kiosk.runtime.inbox import Inbox
from kiosk.runtime.performers import Office, Performers
from kiosk.runtime.runner import Runner
from kiosk.uplink.outbox import Outbox
from tests.world.parts import QUICK, kept_papers, open_central, open_devices, text_of
from tests.world.power import CuttableJournal, InlineWorker, PowerCut, Switch
from tests.world.words import languages, message_ids

STEPS_AT_MOST = 400
TRIES = 300
NEWS_S = 3.0
WAITS_FOR_CARD = "before a card is waited for"
Action = Callable[[], object]
E = TypeVar("E", bound=e.Event)


class Place(Struct, frozen=True):
    """Where a kiosk stands: its folder and bench, and how the centre knows it."""

    folder: Path
    bench: Bench
    kiosk_id: str
    url: str
    token: str


class World(Switch):
    """A kiosk, its bench and its citizen. ``service`` is what the citizen wants; ``answers`` what the citizen knows.

    With ``notes`` (manat, one after another) the kiosk has an acceptor and the citizen pays in cash; a note that comes back is kept.

    ``shown`` are the screens in their order, ``said`` the ids of all messages on them, ``composed`` the papers.
    """

    def __init__(
        self,
        place: Place,
        service: Service,
        answers: dict[str, str],
        card: CardReader | None = None,
        timings: TerminalTimings = QUICK,
        *,
        notes: tuple[int, ...] | None = None,
        scanner: bool = False,
        way_in: WayIn = "pin",
        fiscal: bool = False,
        document: str = "",
    ) -> None:
        super().__init__()
        self.place, self.service, self.answers = place, service, answers
        self.bench, self.kiosk_id = place.bench, place.kiosk_id
        self.shown: list[State] = []
        self.said: set[str] = set()
        self.composed: list[Receipt] = []
        self._card, self._timings, self._scanner, self.way_in = card, timings, scanner, way_in
        self._fiscal = place.folder if fiscal else None
        self._document = document
        self.hand: threading.Thread | None = None
        self._purse = list(notes) if notes is not None else None
        self._cues: defaultdict[object, list[Action]] = defaultdict(list)

    # --- power ---
    def boot(self) -> None:
        """Give the kiosk power: open everything, replay, say that the power is back."""
        self.turn_on()
        place = self.place
        path = place.folder / "journal.db"
        new = not path.exists()
        self.journal = Journal(path, self.kiosk_id)
        if new:  # it has run before: the very first start of a kiosk cuts a blank piece off
            self.journal.append(e.PowerRestored("1"), 0, 0, 0)
        self.central = open_central(place.url, self.kiosk_id, place.token)
        self.outbox = Outbox(place.folder / "outbox.db", self.journal.cipher("outbox"), self.central)
        self.devices = open_devices(
            self.bench,
            self._timings,
            self._card,
            cash=self._purse is not None,
            scanner=self._scanner,
            fiscal=self._fiscal,
            document=self._document,
        )
        self.inbox = Inbox()
        desk = Desk(kept_papers(self.composed, self.kiosk_id), self.central, self.outbox, "")
        self.workers = {name: InlineWorker(name, look, self._post, self) for name, look in self._looks().items()}
        performers = Performers(self.devices, Office(self.central, desk, self.journal.forget), self.workers, self._post)  # type: ignore[arg-type]
        kiosk, journal = Kiosk(self.kiosk_id, (self.service,), way_in=self.way_in), CuttableJournal(self.journal, self)
        self.runner = Runner(kiosk, journal, self.inbox, performers, self._show, SystemClock(), "1")  # type: ignore[arg-type]
        for name in ("cash", "fiscal"):
            if name in self.workers:
                self.workers[name].look()  # the crew looks before it hears of any order: nothing may be lost by that
        self.devices.panel.watch(lambda reading: self._post(e.PanelChanged(reading)))
        self.runner.handle(e.PowerRestored("1"))

    def _looks(self) -> dict[DeviceName, Any]:
        devices = self.devices
        looks: dict[DeviceName, Any] = {
            "card": devices.card.health,
            "terminal": devices.terminal.health,
            "printer": devices.printer.health,
            "panel": devices.panel.health,
            "central": self.central.health,
        }
        return looks | {name: device.health for name, device in devices.optional.items()}

    def shut(self) -> None:
        """Close what a dead process's kernel would close: files and sockets, no goodbye on any wire."""
        if self.devices.cash is not None:
            self.devices.cash._validator.link.close()  # type: ignore[attr-defined] # close() would say goodbye
        optional = tuple(each for each in (self.devices.scanner, self.devices.fiscal, self.devices.document) if each)
        for device in (self.devices.terminal, self.devices.printer, self.devices.panel, *optional):
            with suppress(PowerCut):
                device.close()
        self.outbox.close()
        self.journal.close()
        self.central.close()

    def instant(self, name: str) -> None:
        """Note an instant, and do what a test wants done at it."""
        super().instant(name)
        self._play(name)

    def fail(self) -> None:
        """Take the power now."""
        self.dead = True
        raise PowerCut

    def restart(self) -> None:
        """Take the power, if it is not gone yet, and give it back."""
        self.dead = True
        self.shut()
        self.boot()
        self.pump()

    # --- the runner ---
    def _show(self, kiosk: Kiosk) -> None:
        if not self.shown or screen_of(self.shown[-1]) != screen_of(kiosk.state):
            self.shown.append(kiosk.state)
        self.said |= message_ids(kiosk.state)
        if self._purse and isinstance(kiosk.state, TakingCash):
            self._reach_out(self._purse[0])
        self._play(type(kiosk.state))

    def _post(self, event: e.AnyEvent) -> None:
        self.inbox.post(event)
        if isinstance(event, e.PaymentProgressed):  # the runner hears of it while the terminal is still at work
            self.hear()
            self._play(event.progress.code)

    def when(self, cue: type[State] | str, action: Action) -> None:
        """Do something once: when a screen comes (before its order is carried out), at a word of the terminal, or an instant."""
        self._cues[cue].append(action)

    def _play(self, cue: object) -> None:
        for action in self._cues.pop(cue, []):
            action()

    def hear(self) -> None:
        """Let the runner take in what has come."""
        while not self.inbox._queue.empty():
            self.runner.accept(self.inbox.take(0.0))  # type: ignore[arg-type] # nobody posts Stop

    def pump(self) -> None:
        """Let everything happen that needs no citizen."""
        for _ in range(STEPS_AT_MOST):
            self.hear()
            worker = next((each for each in self.workers.values() if each.waiting), None)
            if worker is None:
                return
            worker.work()
        raise AssertionError("the kiosk does not come to rest")

    def news(self) -> None:
        """Wait for something that comes by itself from a device, then let everything happen that follows."""
        letter = self.inbox.take(NEWS_S)
        assert letter is not None, "no news came"
        self.runner.accept(letter)  # type: ignore[arg-type]
        self.pump()

    def look(self, *names: DeviceName) -> None:
        """Let the crew ask after devices."""
        for name in names:
            self.workers[name].look()
        self.pump()

    def bench_do(self, device: str, **command: Any) -> dict[str, Any]:
        """Do something to a device."""
        answer = self.bench.do({"device": device, **command})
        assert answer["ok"], answer
        return answer

    # --- the citizen ---
    @property
    def state(self) -> State:
        """What the screen shows now."""
        return self.runner.kiosk.state

    def do(self, *events: e.AnyEvent) -> None:
        """The citizen does something; then everything happens that follows."""
        for event in events:
            self.runner.accept(event)
            self.pump()

    def wait_out(self) -> None:
        """The citizen does nothing for as long as this screen waits."""
        self.runner.accept(None)
        self.pump()

    def begin(self) -> None:
        """Begin a visit and choose the service."""
        self.pump()
        self.do(e.JourneyStarted("az"), e.ServiceChosen(self.service))

    def identify(self, can: str) -> None:
        """Enter the six digits of the ID card."""
        self.do(e.AccessKeyEntered(Secret(can)))

    def answer(self) -> None:
        """Answer every question."""
        for field in self.service.fields:
            self.do(e.AnswerGiven(field.id, self.answers[field.id]))

    def pay(self) -> None:
        """Agree to what is shown, in cash where there is an acceptor."""
        if self._purse is not None:
            self.look("cash")
        self.do(e.PaymentConfirmed("card" if self._purse is None else "cash"))

    def _reach_out(self, value: int) -> None:
        """Hold a note to the slot until it is taken or the power is gone; it is out of the purse once it was taken."""

        def hold_out() -> None:
            for _ in range(TRIES):
                if self.dead or self.hand is not threading.current_thread():
                    return
                if self.bench.do({"device": "validator", "do": "insert", "value": value})["note"] == "taken":
                    self._purse = (self._purse or [value])[1:]
                    return
                time.sleep(0.01)

        self.hand = threading.Thread(target=hold_out, daemon=True)
        self.hand.start()

    def visit(self) -> None:
        """One citizen's whole visit, from the welcome screen to the end."""
        self.begin()
        self.answer()
        self.pay()
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

    def deliver(self) -> int:
        """The line is good: the outbox delivers what it holds. Returns how many messages."""
        return self.outbox.deliver_due(2**60)

    # --- the truth of each side ---
    def screens(self) -> list[str]:
        """Return the names of the screens in their order."""
        return [type(state).__name__ for state in self.shown]

    def events(self) -> list[e.AnyEvent]:
        """Return all journalled events."""
        return [event for _, _, _, _, event, _ in self.journal.read()]

    def names(self) -> list[str]:
        """Return the kinds of all journalled events."""
        return [type(event).__name__ for event in self.events()]

    def last(self, kind: type[E]) -> E:
        """Return the last journalled event of a kind."""
        return [event for event in self.events() if isinstance(event, kind)][-1]

    def notes(self) -> list[int]:
        """Return the values, in manat, of the notes that lie in the cash box."""
        return [row["value"] for row in self.bench.devices["validator"].ledger() if row["place"] == "stacker"]

    def sales(self, outcome: str = "stored") -> list[dict[str, Any]]:
        """Return the sales at the terminal that ended so; those that stand, if nothing else is said."""
        return [row for row in self.bench.devices["terminal"].ledger() if row["outcome"] == outcome]

    def pieces(self) -> int:
        """Count the papers that came out."""
        count: int = self.bench_do("printer", do="state")["pieces"]
        return count

    @staticmethod
    def says(message_id: str, **values: str) -> str:
        """Return a message in the citizen's language."""
        return languages()["az"].text(message_id, **values)

    def last_paper(self) -> str:
        """Return the text of the paper that was composed last."""
        return text_of(self.composed[-1])

    def papers(self) -> list[str]:
        """Return the texts of all papers that were composed."""
        return [text_of(paper) for paper in self.composed]
