"""Plays a journey on the pure machine: events in, states and effects out. No device, no journal, no clock."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from kiosk.config import load_services
from kiosk.domain.application import Acceptance, Quote
from kiosk.domain.citizen import Citizen
from kiosk.domain.fiscal import FiscalDocument
from kiosk.domain.health import Failed, Ready
from kiosk.domain.matter import Copy, Matter
from kiosk.domain.money import Money
from kiosk.domain.payment import Authorisation, TransactionMark
from kiosk.domain.receipt import Printed
from kiosk.domain.secret import Secret
from kiosk.domain.signals import PanelReading
from kiosk.domain.technician import WayIn
from kiosk.journey import events as e
from kiosk.journey import events_fiscal as f
from kiosk.journey import events_key as k
from kiosk.journey.effects import Order
from kiosk.journey.machine import complete, step
from kiosk.journey.state import Kiosk

SERVICES = {service.id: service for service in load_services(Path(__file__).parents[2] / "config" / "services", [])}
ELECTRICITY = SERVICES["electricity"]
CERTIFICATE = SERVICES["residence-certificate"]
FINE = SERVICES["traffic-fine"]
AYGUN = Citizen("AA0000001", "7ABC1D2", "MAMMADOVA", "AYGUN", "1990-01-01", "F", "2030-01-01", "AZE", "AZE")
QUOTE = Quote("q1", Money(2360), Money(40), payer="A***** M.")
MARK = TransactionMark("0001", "000001", "000001", "101500", "1124")
MATTER = Matter("AGALI-1-000009", "electricity", 1_790_000_000_000, QUOTE.total, "paid", "R-9", "receipt")
COPY = Copy(2, "receipt", MATTER.reference, "electricity", MATTER.made_at_ms, "az", QUOTE, receipt_number="R-9")
DOCUMENT = FiscalDocument(
    "BX2RFjuzMF1v" + "7" * 32,
    "BX2RFjuzMF1v",
    27,
    3,
    Money(40),
    "2001G57500300007",
    "2000000001",
    "https://monitoring.e-kassa.gov.az/#/index?doc=BX2RFjuzMF1v" + "7" * 32,
    18,
)
SALE = Authorisation(QUOTE.total, TransactionMark("0002", "000002", "000002", "101700", "1124"), "123456")


class Play:
    """A kiosk and the events it has been given, numbered and a second apart."""

    def __init__(self, kiosk: Kiosk | None = None) -> None:
        self.kiosk = kiosk or Kiosk("AGALI-1", tuple(SERVICES.values()))
        self.first = self.kiosk
        self.entries: list[e.Entry] = []
        self.effects: tuple = ()
        self.orders: list[Order] = []

    @property
    def state(self):
        return self.kiosk.state

    @property
    def order(self) -> int:
        """The number of the last order given."""
        return self.orders[-1].order

    def event(self, event: e.AnyEvent) -> Play:
        event = complete(self.kiosk, event, "1")
        entry = e.Entry(len(self.entries) + 1, 1_790_000_000_000 + len(self.entries) * 1000, event)
        self.entries.append(entry)
        self.kiosk, self.effects = step(self.kiosk, entry)
        self.orders += [effect for effect in self.effects if isinstance(effect, Order)]
        return self

    def restart(self) -> Play:
        """The power fails and comes back."""
        return self.event(e.PowerRestored("1"))

    def to_choosing(self) -> Play:
        return self.event(e.PowerRestored("1")).event(e.JourneyStarted("az"))

    def to_card(self, service=ELECTRICITY) -> Play:
        return self.to_choosing().event(e.ServiceChosen(service))

    def to_key(self, service=ELECTRICITY) -> Play:
        return self.to_card(service).event(e.CardInserted(self.order))

    def to_scanning(self) -> Play:
        return self.event(e.HealthChanged("scanner", Ready())).to_key()

    def to_finding_digits(self) -> Play:
        return self.to_scanning().event(k.KeyWayChosen("where"))

    def to_document(self) -> Play:
        return self.to_scanning().event(k.KeyWayChosen("document"))

    def to_without_chip(self) -> Play:
        return self.to_card().event(k.ChipMissing())

    def to_reading(self, service=ELECTRICITY) -> Play:
        return self.to_key(service).event(e.AccessKeyEntered(Secret("123456")))

    def to_answering(self, service=ELECTRICITY) -> Play:
        return self.to_reading(service).event(e.CitizenRead(self.order, AYGUN))

    def to_quoting(self) -> Play:
        return self.to_answering().event(e.AnswerGiven("customer_number", "104558210"))

    def to_confirming(self) -> Play:
        return self.to_quoting().event(e.AmountQuoted(self.order, QUOTE))

    def to_preparing(self) -> Play:
        return self.to_confirming().event(e.PaymentConfirmed())

    def to_taking(self) -> Play:
        return self.to_preparing().event(e.PaymentPrepared(self.order, MARK))

    def to_settling(self) -> Play:
        return self.to_taking().event(e.PaymentApproved(self.order, SALE))

    def to_submitting(self) -> Play:
        return self.to_settling().event(e.PaymentSettled(self.order))

    def to_registering(self) -> Play:
        self.event(e.HealthChanged("fiscal", Ready())).to_submitting()
        return self.event(e.SubmissionAccepted(self.order, "R-1", Acceptance("R-1")))

    def to_checking_sale(self) -> Play:
        self.to_registering()
        return self.event(f.SaleUnresolved(self.order, "answer lost"))

    def to_filing_unregistered(self) -> Play:
        self.to_registering()
        return self.event(f.SaleNotRegistered(self.order, "offline", "code 604"))

    def to_printing(self) -> Play:
        return self.to_submitting().event(e.SubmissionAccepted(self.order, "R-1", Acceptance("R-1")))

    def to_farewell(self) -> Play:
        return self.to_printing().event(e.ReceiptEnded(self.order, Printed()))

    def to_preparing_cash(self) -> Play:
        return self.event(e.HealthChanged("cash", Ready())).to_confirming().event(e.PaymentConfirmed("cash"))

    def to_taking_cash(self) -> Play:
        return self.to_preparing_cash().event(e.CashPrepared(self.order))

    def to_stacking_note(self) -> Play:
        return self.to_taking_cash().event(e.NoteHeld(self.order, Money(2000)))

    def to_acknowledging_note(self) -> Play:
        return self.to_stacking_note().event(e.NoteStacked(self.order, Money(2000)))

    def to_choosing_surplus(self) -> Play:
        play = self.to_acknowledging_note().event(e.NoteAcknowledged(self.order))
        return play.event(e.NoteHeld(self.order, Money(1000)))

    def to_returning_note(self) -> Play:
        return self.to_choosing_surplus().event(e.NoteKept(self.order))

    def to_checking_note(self) -> Play:
        return self.to_stacking_note().restart()

    def to_servicing(self) -> Play:
        self.event(e.PowerRestored("1")).event(e.HealthChanged("cash", Ready()))
        self.event(e.PanelChanged(PanelReading(door_open=True))).event(e.PinEntered(Secret("2468")))
        return self.event(e.TechnicianAccepted(self.order))

    def to_asking_card(self, way_in: WayIn = "card_or_pin") -> Play:
        self.kiosk = self.first = replace(self.kiosk, way_in=way_in)
        return self.event(e.HealthChanged("cash", Ready())).event(e.PanelChanged(PanelReading(door_open=True)))

    def to_checking_card(self) -> Play:
        return self.to_asking_card().event(e.PinEntered(Secret("246810")))

    def to_collecting(self) -> Play:
        return self.to_servicing().event(e.CollectionWanted())

    def to_filing_collection(self) -> Play:
        return self.to_collecting().event(e.CashCollected(Money(2500)))

    def to_printing_collection(self) -> Play:
        return self.to_filing_collection().event(e.ClaimFiled(self.order, delivered=True))

    def to_no_paper(self) -> Play:
        return self.event(e.HealthChanged("printer", Failed("paper_out"))).to_card()

    def to_matters(self) -> Play:
        self.to_card(SERVICES["my-payments"]).event(e.CardInserted(self.order))
        self.event(e.AccessKeyEntered(Secret("123456"))).event(e.CitizenRead(self.order, AYGUN))
        return self.event(e.MattersFound(self.order, (MATTER,)))

    def to_asking_copy(self) -> Play:
        return self.to_matters().event(e.CopyWanted(MATTER.reference))

    def to_printing_copy(self) -> Play:
        return self.to_asking_copy().event(e.CopyGiven(self.order, COPY))

    def to_printing_document(self) -> Play:
        self.event(e.HealthChanged("document", Ready())).to_answering(CERTIFICATE).event(e.PaymentConfirmed())
        answer = Acceptance("C-1", ("line",), "http://127.0.0.1/v1/verify/x")
        return self.event(e.SubmissionAccepted(self.order, "C-1", answer))

    def to_ended_by_card(self) -> Play:
        return self.to_answering().event(e.AnotherCardCame(self.kiosk.state.journey.card_order))

    def to_certificate(self) -> Play:
        self.to_answering(CERTIFICATE).event(e.PaymentConfirmed())
        answer = Acceptance("C-1", ("line",), "http://127.0.0.1/v1/verify/x")
        self.event(e.SubmissionAccepted(self.order, "C-1", answer))
        return self.event(e.ReceiptEnded(self.order, Printed()))


WAY = (
    "to_choosing", "to_card", "to_key", "to_scanning", "to_finding_digits", "to_document",
    "to_without_chip", "to_reading", "to_answering", "to_quoting", "to_confirming", "to_preparing",
    "to_taking", "to_settling", "to_submitting", "to_printing", "to_farewell", "to_certificate",
    "to_preparing_cash", "to_taking_cash", "to_stacking_note", "to_acknowledging_note", "to_choosing_surplus",
    "to_returning_note", "to_checking_note",
    "to_asking_card", "to_checking_card", "to_collecting", "to_filing_collection", "to_printing_collection",
    "to_no_paper", "to_matters", "to_asking_copy", "to_printing_copy",
    "to_registering", "to_checking_sale", "to_filing_unregistered",
    "to_printing_document", "to_ended_by_card",
)  # fmt: skip
"""Every stop of a bill's way, by the method that leads there, and a whole certificate."""
