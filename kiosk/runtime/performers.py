"""Effects to calls, answers to events. This file only translates: it decides nothing and repeats nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from kiosk.domain.faults import CentralRefused, CentralUnreachable, DeviceFault, JournalFault
from kiosk.domain.health import DeviceName, SelfTest
from kiosk.domain.receipt import Receipt
from kiosk.domain.signals import Progress
from kiosk.domain.technician import Technician
from kiosk.journey import effects as do
from kiosk.journey import events as did
from kiosk.journey.events import AnyEvent
from kiosk.log import logger, place_of
from kiosk.ports import (
    CardReader,
    CashAcceptor,
    CentralApi,
    Device,
    DocumentPrinter,
    FiscalRegister,
    MrzScanner,
    Panel,
    PaymentTerminal,
    ReceiptPrinter,
)
from kiosk.runtime.cashier import CASH, Cashier
from kiosk.runtime.crew import Job, Post, Ticket, Worker
from kiosk.runtime.desk import Desk
from kiosk.runtime.documents import print_document
from kiosk.runtime.gathering import Gathering
from kiosk.runtime.limits import CARD_WAIT_S, LIMIT_S, REMOVAL_WAIT_S
from kiosk.runtime.opening import read_card, scan_zone
from kiosk.runtime.outcomes import central, certain, copied, matters, paid, reversed_, settled
from kiosk.runtime.registrar import FISCAL, Registrar
from kiosk.runtime.spending import spend


class Devices(Struct, frozen=True):
    """The drivers the kiosk works with."""

    card: CardReader
    terminal: PaymentTerminal
    printer: ReceiptPrinter
    panel: Panel
    cash: CashAcceptor | None = None
    scanner: MrzScanner | None = None
    fiscal: FiscalRegister | None = None
    document: DocumentPrinter | None = None

    @property
    def optional(self) -> dict[DeviceName, Device]:
        """Those that this kiosk has of what not every kiosk has."""
        found: dict[DeviceName, Device | None] = {
            "cash": self.cash,
            "scanner": self.scanner,
            "fiscal": self.fiscal,
            "document": self.document,
        }
        return {name: device for name, device in found.items() if device is not None}


class Office(Struct, frozen=True):
    """What is no device: the centre, its outbox, the composing of papers, the technician's PIN, and forgetting."""

    central: CentralApi
    desk: Desk
    forget: Callable[[int], None]


class Performers:
    """Carries out effects with the crew; an instance is the runner's ``perform``."""

    def __init__(self, devices: Devices, office: Office, workers: dict[DeviceName, Worker], post: Post) -> None:
        self._devices, self._office, self._workers, self._post = devices, office, workers, post

    def __call__(self, effect: do.Effect) -> None:
        """Begin one effect."""
        match effect:
            case do.Forget(journey):
                self._office.forget(journey)
            case do.SettledOtherwise(reference):
                self._signal(partial(self._office.desk.settled_otherwise, reference))
            case do.PaperAbandoned():
                self._signal(self._devices.printer.abandon)
            case do.Light(lamp, pattern):
                self._signal(partial(self._devices.panel.light, lamp, pattern))
            case do.WatchReaders(order):
                self._signal(partial(self._devices.card.watch, partial(self._post, did.AnotherCardCame(order))))
            case do.StopWatching():
                self._signal(partial(self._devices.card.watch, None))
            case do.StopWaiting(device):
                devices = self._devices
                waiting: dict[DeviceName, Device] = {
                    "card": devices.card,
                    "terminal": devices.terminal,
                    **devices.optional,
                }
                if (cancellable := waiting.get(device)) is not None:
                    self._signal(cancellable.cancel)
            case do.TestDevices(order, names):
                self._test(order, names)
            case do.Order(order):
                ticket = Ticket(order, self._post)
                if self._kept(effect, ticket):
                    device, work = self._job(effect)
                    worker = self._workers.get(device)
                    if worker is None:
                        ticket.answer(did.DeviceFailed(effect.order, device, "absent"))
                        return
                    worker.add(Job(work, ticket, self._late(effect), dropped(effect)), LIMIT_S[type(effect)])

    def forget_with(self, forget: Callable[[int], None]) -> None:
        """Forget in another journal from now on."""
        self._office = replace(self._office, forget=forget)

    def _signal(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - a dark lamp is no reason to stop serving
            logger().warning("signal_failed", error=place_of(error))

    def _kept(self, effect: do.Order, ticket: Ticket) -> bool:
        """Put what must not be lost into the outbox before anything else is tried, here and at once.

        So a DeviceFailed of the central system means "not kept", and being overdue means "kept".
        """
        try:
            self._office.desk.keep(effect)
        except JournalFault as fault:
            logger().error("not_kept", error=str(fault))
            ticket.answer(did.DeviceFailed(effect.order, "central", "not_kept", "the outbox cannot be written"))
            return False
        return True

    def _late(self, effect: do.Order) -> Callable[[AnyEvent], None] | None:
        if isinstance(effect, do.ScanZone):
            return spend
        return partial(self._office.desk.late, effect.submission) if isinstance(effect, do.Submit) else None

    def _job(self, effect: do.Order) -> tuple[DeviceName, Callable[[], AnyEvent]]:  # noqa: C901, PLR0912 - one table
        terminal, desk = self._devices.terminal, self._office.desk
        if isinstance(effect, CASH):
            cashier = Cashier(self._devices.cash, desk)
            return "cash", lambda: cashier.perform(effect)
        if isinstance(effect, FISCAL):
            registrar = Registrar(self._devices.fiscal, desk)
            return "fiscal", lambda: registrar.perform(effect)
        match effect:
            case do.WaitForCard():
                return "card", lambda: self._wait_for_card(effect)
            case do.ReadCard(order, key):
                return "card", lambda: read_card(order, self._devices.card, key)
            case do.ScanZone(order):
                return "scanner", lambda: scan_zone(order, self._devices.scanner)
            case do.WaitForRemoval(order):
                return "card", lambda: self._wait_for_removal(order)
            case do.AskQuote():
                return "central", lambda: self._quote(effect)
            case do.AskMatters():
                return "central", lambda: matters(effect, self._office.central)
            case do.AskCopy():
                return "central", lambda: copied(effect, self._office.central)
            case do.PreparePayment(order):
                return "terminal", lambda: self._prepare(order)
            case do.TakePayment():
                return "terminal", lambda: self._pay(effect)
            case do.SettlePayment(order, reference):
                return "terminal", lambda: settled(order, certain(lambda: terminal.settle(reference)))
            case do.QueryPayment(order, reference, amount, before):
                ask = partial(terminal.outcome_of, reference, amount, before)
                return "terminal", lambda: paid(order, certain(ask), settled=True)
            case do.ReversePayment(order, _, authorisation):
                return "terminal", lambda: reversed_(order, certain(lambda: terminal.reverse(authorisation)))
            case do.Submit(order, submission, keep):
                return "central", lambda: central(order, lambda: desk.submit(order, submission, keep=keep), keep=keep)
            case do.FileClaim(order, claim):
                return "central", lambda: desk.file_claim(order, claim)
            case do.PrintPaper():
                return "printer", lambda: self._print(effect.order, desk.paper(effect))
            case do.PrintDocument():
                return "document", lambda: print_document(effect, self._office.central, self._devices.document)
            case do.PrintReport(order, tests, language):
                return "printer", lambda: self._print(order, desk.report(tests, language, effect.by))
            case do.PrintCollection():
                return "printer", lambda: self._print(effect.order, desk.slip(effect))
            case do.CheckPin(order, pin):
                return "panel", lambda: desk.check_pin(order, pin)
            case do.CheckTechnicianCard():
                return "card", lambda: self._check_card(effect)
        raise NotImplementedError(type(effect).__name__)  # a test walks all orders

    def _wait_for_card(self, effect: do.WaitForCard) -> AnyEvent:
        card = self._devices.card
        if effect.fresh and not card.wait_for_removal(CARD_WAIT_S / 2):
            return did.NoCardCame(effect.order)
        came = card.wait_for_card(CARD_WAIT_S / 2)
        return did.CardInserted(effect.order) if came else did.NoCardCame(effect.order)

    def _check_card(self, effect: do.CheckTechnicianCard) -> AnyEvent:
        found = self._devices.card.authenticate_technician(effect.pin, last_try=effect.last_try)
        if isinstance(found, Technician):
            return did.TechnicianAccepted(effect.order, found)
        return did.TechnicianRefused(effect.order, found)

    def _wait_for_removal(self, order: int) -> AnyEvent:
        taken = self._devices.card.wait_for_removal(REMOVAL_WAIT_S)
        return did.CardTaken(order) if taken else did.CardForgotten(order)

    def _prepare(self, order: int) -> AnyEvent:
        try:
            self._office.desk.stand_ready()
        except JournalFault as fault:
            raise DeviceFault(str(fault), "no_keeping") from fault
        return did.PaymentPrepared(order, self._devices.terminal.last_transaction())

    def _quote(self, effect: do.AskQuote) -> AnyEvent:
        try:
            quote = self._office.central.quote(effect.service_id, effect.answers, effect.citizen, effect.language)
        except CentralRefused as refused:
            return did.QuoteRefused(effect.order, refused.type)
        except CentralUnreachable:
            return did.CentralUnanswered(effect.order)
        return did.AmountQuoted(effect.order, quote)

    def _pay(self, effect: do.TakePayment) -> AnyEvent:
        def progressed(progress: Progress) -> None:
            self._post(did.PaymentProgressed(effect.order, progress))

        pay = partial(self._devices.terminal.pay, effect.amount, effect.reference, progressed)
        return paid(effect.order, certain(pay), settled=False)

    def _print(self, order: int, receipt: Receipt) -> AnyEvent:
        return did.ReceiptEnded(order, self._devices.printer.print(receipt))

    def _test(self, order: int, names: tuple[DeviceName, ...]) -> None:
        names = tuple(name for name in names if name in self._workers)
        if not names:
            self._post(did.TestsFinished(order, ()))
            return
        Gathering(self, order, names, Ticket(order, self._post), LIMIT_S[do.TestDevices] - 5).begin()

    def self_test(self, name: DeviceName) -> SelfTest:
        """Run one device's self-test, in that device's thread."""
        if name == "central":
            return self._office.desk.test_central()
        devices = self._devices
        every: dict[DeviceName, Device] = {
            "card": devices.card,
            "terminal": devices.terminal,
            "printer": devices.printer,
            "panel": devices.panel,
            **devices.optional,
        }
        device = every.get(name)
        return device.self_test() if device is not None else SelfTest(name, ())

    def add(self, name: DeviceName, job: Job, limit_s: float) -> None:
        """Queue a job with a device's worker."""
        self._workers[name].add(job, limit_s)


def dropped(effect: do.Order) -> Callable[[], None] | None:
    """Return what is done where an order is too old to be begun: its secret is wiped, if it has one."""
    match effect:
        case do.ReadCard(_, secret) | do.CheckPin(_, secret) | do.CheckTechnicianCard(_, secret):
            return secret.wipe
    return None
